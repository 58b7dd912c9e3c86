/** Canonical form, signing, back-off, event ids and configuration faults. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENESIS } from '../contracts/event.ts';
import { violationKinds } from '../contracts/violations/index.ts';
import { EdgeConfig } from '../edge/config.ts';
import { AppError, describeError } from './app-error.ts';
import { backOffMs } from './back-off.ts';
import { canonicalJson } from './canonical.ts';
import { eventId } from './event-id.ts';
import { checkConfig } from './load-config.ts';
import { publicUrl } from './log.ts';
import { parseYaml } from './read-yaml.ts';
import { createNodeKey, deriveNodeKey, eventHash, signEvent, type UnsignedEvent, verifyEvent } from './signing.ts';

test('canonical JSON: the example of RFC 8785 §3.2.3', () => {
  const value = {
    numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'B"\\\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('back-off stays within its limits and grows', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, r) => {
      const wait = backOffMs(attempt, () => r, { minMs: 1000, maxMs: 30_000 });
      expect(wait).toBeGreaterThanOrEqual(1000);
      expect(wait).toBeLessThanOrEqual(30_000);
    }),
  );
  expect(backOffMs(10, () => 1, { minMs: 1000, maxMs: 30_000 })).toBe(30_000);
});

test('event ids are name-based, version 5, and differ by each part', () => {
  const id = eventId('n', 'c', 'z', 'road-stall', 'k');
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(eventId('n', 'c', 'z', 'road-stall', 'k')).toBe(id);
  expect(eventId('n', 'c', 'z', 'road-stall', 'k2')).not.toBe(id);
});

describe('signing', () => {
  const event = { v: 1, id: 'x', rev: 1, seq: 1, node: 'n', detail: { b: 2, a: 1 } } as unknown as UnsignedEvent;

  test('a signed event verifies; any change, another key or another chain does not', () => {
    const key = createNodeKey();
    const signed = signEvent(event, GENESIS, key);
    expect(verifyEvent(signed, key.publicKeyPem)).toBe(true);
    expect(verifyEvent({ ...signed, rev: 2 } as typeof signed, key.publicKeyPem)).toBe(false);
    expect(verifyEvent({ ...signed, chain: { ...signed.chain, prev: eventHash(signed) } }, key.publicKeyPem)).toBe(
      false,
    );
    expect(verifyEvent(signed, createNodeKey().publicKeyPem)).toBe(false);
    expect(verifyEvent(signed, 'not a key')).toBe(false);
  });

  test('a derived key is the same each time', () => {
    expect(deriveNodeKey('a').publicKeyPem).toBe(deriveNodeKey('a').publicKeyPem);
    expect(signEvent(event, GENESIS, deriveNodeKey('a'))).toEqual(signEvent(event, GENESIS, deriveNodeKey('a')));
  });
});

test('no user, password or query survives in a public URL', () => {
  expect(publicUrl('rtsp://admin:secret@10.0.0.1:554/main?token=1')).toBe('rtsp://10.0.0.1:554/main');
  expect(publicUrl('/data/clip.mp4')).toBe('/data/clip.mp4');
  expect(publicUrl('/data/clip@2.mp4')).toBe('/data/clip@2.mp4');
  expect(publicUrl('file:///data/clip@2.mp4')).toBe('file:///data/clip@2.mp4');
  expect(publicUrl('mqtts://hub.example:8883')).toBe('mqtts://hub.example:8883');
  for (const password of ['se#cret', 'se?cret', 'se/cret', 'se@cret', '12?34', '12#34', '12/34', 'a%zz', 's e:c', '[x'])
    expect(publicUrl(`rtsp://admin:${password}@10.0.0.1:554/main`), password).toBe('rtsp://10.0.0.1:554/main');
  expect(publicUrl('postgres://kerbwatch:pa#ss@db.example/hub')).toBe('postgres://db.example/hub');
  expect(publicUrl('rtsp:admin:secret@10.0.0.1/main')).not.toContain('secret');
  expect(publicUrl('rtsp://admin:secret@10.0.0.1:99999/main')).not.toContain('secret');
});

describe('configuration', () => {
  const zone = {
    id: 'z',
    kind: 'road-stall',
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  };
  const config = (zones: unknown[], more: object = {}) => ({
    node: 'n1',
    dataDir: 'data',
    model: 'kerb-s',
    uplink: { mqtt: 'mqtt://h', password: 'env:P', evidence: 'http://h' },
    cameras: [{ id: 'c', kind: 'street', source: { url: 'x.mp4' }, zones }],
    ...more,
  });
  const faultsOf = (value: unknown): string[] => {
    try {
      checkConfig(EdgeConfig, value, 'edge.yaml');
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(describeError(error)).toContain('CFG_INVALID');
      return error.faults.map((fault) => `${fault.path}: ${fault.message}`);
    }
  };

  test('a good one passes and gets its defaults', () => {
    const checked = checkConfig(EdgeConfig, config([zone]), 'edge.yaml');
    expect(checked.cameras[0]?.source.timeoutSeconds).toBe(10);
  });

  test('every fault at once, each with its path', () => {
    const bowTie = {
      id: 'z2',
      kind: 'road-stall',
      polygon: [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    };
    const wrong = {
      ...zone,
      id: 'z3',
      params: { dwellSecond: 3, gapSeconds: -1 },
      polygon: [
        [0, 0],
        [2, 0],
      ],
    };
    const faults = faultsOf({ ...config([zone, zone, bowTie, wrong, { id: 'q', kind: 'parking' }]), colour: 'red' });
    expect(faults).toEqual(
      expect.arrayContaining([
        'colour: unknown key',
        'cameras[0].zones[1].id: another zone of this camera has this id',
        'cameras[0].zones[2].polygon: edges 1 and 3 cross: give the corners in order around the zone',
        'cameras[0].zones[3].params.dwellSecond: unknown key',
        `cameras[0].zones[4].kind: expected one of ${violationKinds.join(', ')}`,
      ]),
    );
    expect(faults.some((fault) => fault.startsWith('cameras[0].zones[3].params.gapSeconds'))).toBe(true);
    expect(faults.some((fault) => fault.startsWith('cameras[0].zones[3].polygon'))).toBe(true);
  });

  test('a ground plane that cannot be true is refused, with the measure to look at', () => {
    const groundPlane = {
      points: [
        [0.2, 0.9],
        [0.8, 0.9],
        [0.7, 0.6],
        [0.3, 0.6],
      ],
      sidesM: [6, 8, 6, 8],
      diagonalM: 10,
    };
    expect(faultsOf(config([{ ...zone, groundPlane }]))).toEqual([]);
    expect(faultsOf(config([{ ...zone, groundPlane: { ...groundPlane, diagonalM: 15 } }]))).toEqual([
      'cameras[0].zones[0].groundPlane.diagonalM: sides 1–2 (6 m) and 2–3 (8 m) and the diagonal 1–3 (15 m) form no triangle: measure again',
    ]);
  });

  test('145 cameras share their zones by anchors', () => {
    const cameras = Array.from({ length: 144 }, (_, i) => `  - { <<: *street, id: c${i}, source: { url: c${i}.mp4 } }`);
    const text = [
      'node: n1',
      'dataDir: data',
      'model: kerb-s',
      'uplink: { mqtt: "mqtt://h", password: "env:P", evidence: "http://h" }',
      'cameras:',
      '  - &street',
      '    id: c',
      '    kind: street',
      '    source: { url: c.mp4 }',
      '    zones: [{ id: z, kind: road-stall, polygon: [[0, 0], [1, 0], [1, 1]] }]',
      ...cameras,
    ].join('\n');
    const checked = checkConfig(EdgeConfig, parseYaml(text, 'edge.yaml'), 'edge.yaml');
    expect(checked.cameras).toHaveLength(145);
    expect(checked.cameras.every((camera) => camera.zones[0]?.id === 'z')).toBe(true);
    expect(checked.cameras[144]?.source.url).toBe('c143.mp4');
  });

  test('a YAML fault names its line', () => {
    expect(() => parseYaml('a: 1\n\tb: 2\n', 'x.yaml')).toThrow(/CFG|x\.yaml:2/);
    expect(() => parseYaml('a: 1\na: 2\n', 'x.yaml')).toThrow(/x\.yaml:2/);
  });

  test('a fault names its line, and what is wanted in words', () => {
    const text = [
      'node: n1',
      'dataDir: data',
      'model: kerb-s',
      'uplink: { mqtt: "http://h", password: secret, evidence: "http://h" }',
      'cameras:',
      '  - id: c',
      '    kind: street',
      '    source: { url: x.mp4, cadence: often, transport: smoke }',
      '    zones: [{ id: z, kind: road-stall, polygon: [[0, 0], [1, 0], [1, 1]] }]',
      'log: loud',
    ].join('\n');
    const value = parseYaml(text, 'edge.yaml');
    let said = '';
    try {
      checkConfig(EdgeConfig, value, 'edge.yaml');
    } catch (error) {
      said = describeError(error);
    }
    for (const line of [
      'line 4: uplink.mqtt: expected: Broker, e.g. mqtts://hub.example:8883',
      'line 4: uplink.password: expected: Reference to a secret: file:/path (mode 0600) or env:NAME; never the secret itself',
      'line 8: cameras[0].source.cadence: expected keyframes or a number from 0.1 to 30',
      'line 8: cameras[0].source.transport: expected one of tcp, udp',
      'line 10: log: expected one of debug, info, warn, error',
    ])
      expect(said).toContain(line);
  });
});
