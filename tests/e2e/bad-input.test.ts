/** Bad input as people meet it: one clear line with a code, the right exit code, and nothing lost. */
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import { EdgeConfig } from '../../edge/config.ts';
import { HubConfig } from '../../hub/config.ts';
import { checkConfig } from '../../platform/load-config.ts';
import { packageRoot } from '../../platform/paths.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import { kerbwatch, temporaryFolder, writeConfig } from './stage.ts';

const folder = temporaryFolder('bad-input');
afterAll(() => folder.remove());

const clip = loadClips()[0]?.file ?? '';
const zone = {
  id: 'z',
  kind: 'road-stall',
  polygon: [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
  ],
};

function config(name: string, more: object = {}, camera: object = {}): string {
  return writeConfig(join(folder.path, `${name}.yaml`), {
    node: 'bad-edge',
    dataDir: join(folder.path, name),
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    uplink: { mqtt: 'mqtt://127.0.0.1:9', password: 'env:BAD', evidence: 'http://127.0.0.1:9' },
    cameras: [{ id: 'c1', kind: 'street', source: { url: clip }, zones: [zone], ...camera }],
    ...more,
  });
}

/** The first line is the message: a code, what, where. The arrow line says how to mend it. */
function expectOneClearLine(
  result: { status: number; stderr: string },
  status: number,
  code: string,
  ...words: string[]
) {
  const lines = result.stderr.trim().split('\n');
  expect(lines[0]).toContain(`kerbwatch: ${code} `);
  for (const word of words) expect(result.stderr).toContain(word);
  expect(lines.at(-1)).toContain('→');
  expect(result.stderr).not.toMatch(/\n\s+at .*\(/);
  expect(result.status).toBe(status);
}

const replay = (file: string, configFile: string) =>
  kerbwatch(['replay', file, '--config', configFile, '--camera', 'c1', '--json'], { BAD: 'x' });

describe('configuration', () => {
  test('unknown keys, bad polygons and wrong values are all named at once', () => {
    const crossed = {
      ...zone,
      id: 'x',
      polygon: [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
      ],
    };
    const unknown = { ...zone, id: 'y', colour: 'red', params: { dwellSeconds: -1 } };
    const result = kerbwatch([
      'check',
      '--config',
      config(
        'faults',
        { hue: 1 },
        {
          zones: [
            zone,
            crossed,
            unknown,
            {
              ...zone,
              polygon: [
                [0, 0],
                [0.5, 0.5],
              ],
            },
          ],
        },
      ),
    ]);
    expectOneClearLine(
      result,
      2,
      'CFG_INVALID',
      'hue: unknown key',
      'zones[1].polygon: edges 1 and 3 cross',
      'zones[2].colour: unknown key',
      'zones[2].params.dwellSeconds',
      'zones[3].polygon',
      'zones[3].id: another zone',
    );
  });

  test('a file that is not there, and YAML that is none', () => {
    expectOneClearLine(
      kerbwatch(['check', '--config', join(folder.path, 'none.yaml')]),
      2,
      'CFG_NOT_FOUND',
      'none.yaml',
    );
    writeFileSync(join(folder.path, 'tab.yaml'), 'node: a\n\tb: c\n');
    expectOneClearLine(kerbwatch(['check', '--config', join(folder.path, 'tab.yaml')]), 2, 'CFG_SYNTAX', 'tab.yaml:2');
  });

  test('a command or an option that does not exist is a usage fault', () => {
    expect(kerbwatch(['watch']).status).toBe(2);
    expect(kerbwatch(['check', '--colour']).status).toBe(2);
    expect(kerbwatch(['replay', '--help']).status).toBe(0);
  });
});

describe('what a configuration points at', () => {
  const gaps = (more: object = {}) =>
    config(
      'gaps',
      {
        model: 'nosuch',
        uplink: {
          mqtt: 'mqtts://127.0.0.1:9',
          password: 'file:no-password',
          ca: 'no-ca.crt',
          evidence: 'https://127.0.0.1:9',
        },
        colour: 'red',
        ...more,
      },
      { source: { url: 'no-clip.mp4', user: 'u', password: 'file:no-camera-password' } },
    );

  test('an edge: everything that is not there, with its line, beside what is written wrongly', () => {
    const result = kerbwatch(['check', '--config', gaps()]);
    expectOneClearLine(
      result,
      2,
      'CFG_INVALID',
      'colour: unknown key',
      'model: no model is called nosuch; there are',
      `uplink.password: ${join(folder.path, 'no-password')}: no such file`,
      `uplink.ca: ${join(folder.path, 'no-ca.crt')}: no such file`,
      `cameras[0].source.password: ${join(folder.path, 'no-camera-password')}: no such file`,
      `cameras[0].source.url: ${join(folder.path, 'no-clip.mp4')}: no such file`,
    );
    for (const line of result.stderr.split('\n').filter((text) => text.startsWith('  ') && !text.includes('→')))
      expect(line).toMatch(/^ {2}line \d+: /);
  });

  test('`edge` says the same of what it cannot do without', () => {
    const result = kerbwatch(['edge', '--config', gaps({ colour: undefined })]);
    expectOneClearLine(result, 2, 'CFG_INVALID', 'uplink.password', 'uplink.ca', 'model: no model', 'source.password');
    // A camera that is not there is the camera's own affair.
    expect(result.stderr).not.toContain('no-clip.mp4');
  });

  test('an empty secret, a folder for a file; a variable of the unit is a note', () => {
    writeFileSync(join(folder.path, 'empty'), '\n');
    const wrong = config('empty', {
      uplink: { mqtt: 'mqtts://h:9', password: 'file:empty', ca: folder.path, evidence: 'https://h' },
    });
    expectOneClearLine(kerbwatch(['check', '--config', wrong]), 2, 'CFG_INVALID', 'empty: empty', 'a folder');
    const good = kerbwatch(['check', '--config', config('good')]);
    expect(good.stdout).toMatch(/a valid edge configuration\n {2}note: line \d+: uplink.password: BAD is not set/);
    expect(good.status).toBe(0);
  });

  test('a hub: certificates, passwords, proxies, and parts that do not go together', () => {
    const file = writeConfig(join(folder.path, 'hub.yaml'), {
      dataDir: 'data',
      databasePassword: 'file:none-1',
      mqtt: 'mqtt://broker.example',
      mqttCa: 'none-2',
      http: {
        tls: { cert: 'none-3', key: 'none-4' },
        publicUrl: 'http://hub.example',
        trustProxy: ['10.0.0.0/24', 'proxy'],
      },
    });
    for (const command of ['check', 'hub'])
      expectOneClearLine(
        kerbwatch([command, '--config', file]),
        2,
        'CFG_INVALID',
        ...['none-1', 'none-2', 'none-3', 'none-4'].map((name) => `${join(folder.path, name)}: no such file`),
        'http.trustProxy[1]: expected an address or a network',
        'http.publicUrl: http.tls is set',
        'mqttCa: mqtt:// is not encrypted',
      );
  });

  test('a YAML bomb is refused with its code, by each program', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`,
    );
    const file = join(folder.path, 'bomb.yaml');
    writeFileSync(file, ['a0: &a0 [1]', ...levels, ''].join('\n'));
    for (const command of ['check', 'edge', 'hub'])
      expectOneClearLine(kerbwatch([command, '--config', file]), 2, 'CFG_SYNTAX', 'bomb.yaml:');
  });
});

test('the examples are valid and meet each other', () => {
  const read = (path: string) => parseYaml(readFileSync(join(packageRoot(), path), 'utf8'), path);
  for (const [hubFile, edgeFile, hubName] of [
    ['configs/hub.example.yaml', 'configs/edge.example.yaml', 'hub.example'],
    ['deploy/compose/hub.yaml', 'deploy/compose/edge.yaml', 'hub'],
  ] as const) {
    const hub = checkConfig(HubConfig, read(hubFile), hubFile);
    const edge = checkConfig(EdgeConfig, read(edgeFile), edgeFile);
    const evidence = new URL(edge.uplink.evidence);
    expect([evidence.protocol, evidence.hostname, Number(evidence.port)]).toEqual(['https:', hubName, hub.http?.port]);
    expect(hub.http?.tls).toBeDefined();
    const mqtt = new URL(edge.uplink.mqtt);
    if (hub.mqtt === 'embedded') {
      expect([mqtt.protocol, mqtt.hostname, Number(mqtt.port)]).toEqual(['mqtts:', hubName, hub.broker?.port]);
      expect(hub.broker?.tls).toBeDefined();
    } else expect(edge.uplink.mqtt).toBe(hub.mqtt);
  }
});

describe('video', () => {
  test('a file that is no video', () => {
    const file = join(folder.path, 'notes.mp4');
    writeFileSync(file, 'these are notes and no video\n'.repeat(500));
    expectOneClearLine(replay(file, config('no-video')), 1, 'EDGE_SOURCE_NO_VIDEO', 'c1');
  });

  test('a file that is not there, a camera that does not answer', () => {
    expectOneClearLine(replay(join(folder.path, 'gone.mp4'), config('gone')), 1, 'EDGE_SOURCE_UNREACHABLE', 'gone.mp4');
    const probe = kerbwatch(['camera', 'probe', 'rtsp://user:hidden@127.0.0.1:9/main']);
    expectOneClearLine(probe, 1, 'EDGE_SOURCE_UNREACHABLE', '127.0.0.1:9');
    expect(probe.stderr).not.toContain('hidden');
  });
});

describe('models', () => {
  const model = (name: string, change: (dir: string) => void) => {
    const dir = join(folder.path, `models-${name}`, 'kerb-s');
    cpSync(join(packageRoot(), 'models', 'kerb-s'), dir, { recursive: true });
    change(dir);
    return config(name, { modelsDir: join(folder.path, `models-${name}`) });
  };
  const card = (dir: string, change: (text: string) => string) =>
    writeFileSync(join(dir, 'model.yaml'), change(readFileSync(join(dir, 'model.yaml'), 'utf8')));

  test('a truncated model is refused by its hash', () => {
    expectOneClearLine(
      replay(
        clip,
        model('truncated', (dir) => truncateSync(join(dir, 'model.onnx'), 20_000)),
      ),
      1,
      'EDGE_MODEL_HASH',
      'kerb-s',
    );
  });

  test('a card with a wrong hash', () => {
    const wrong = model('wrong-hash', (dir) =>
      card(dir, (text) => text.replace(/sha256: .*/, `sha256: ${'0'.repeat(64)}`)),
    );
    expectOneClearLine(replay(clip, wrong), 1, 'EDGE_MODEL_HASH', 'kerb-s');
  });

  test('a card that lies about the input, and one with an unknown key', () => {
    expectOneClearLine(
      replay(
        clip,
        model('lies', (dir) => card(dir, (text) => text.replace(/width: 416/, 'width: 640'))),
      ),
      1,
      'EDGE_MODEL_SHAPE',
      'kerb-s',
    );
    expectOneClearLine(
      replay(
        clip,
        model('unknown-key', (dir) => card(dir, (text) => `${text}\ncolour: red\n`)),
      ),
      1,
      'EDGE_MODEL_CARD',
      'colour',
    );
  });

  test('a picture that is none', () => {
    const file = join(folder.path, 'notes.jpg');
    writeFileSync(file, 'no picture');
    expectOneClearLine(kerbwatch(['detect', '--model', 'kerb-s', file]), 1, 'EDGE_IMAGE', 'notes.jpg');
  });
});

test('a detections file with a short line names the line', () => {
  const file = join(folder.path, 'det.txt');
  writeFileSync(file, '1,-1,10,10,5,5,0.9\n2,-1,10\n');
  expectOneClearLine(kerbwatch(['track', '--detections', file]), 1, 'TRACK_FORMAT', 'det.txt', '2');
});
