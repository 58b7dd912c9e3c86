/** A bad configuration as people meet it: every fault at once, with a code, its line and the right exit code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EdgeConfig } from '../../edge/config.ts';
import { HubConfig } from '../../hub/config.ts';
import { checkConfig } from '../../platform/load-config.ts';
import { packageRoot } from '../../platform/paths.ts';
import { parseYaml } from '../../platform/read-yaml.ts';
import { expectOneClearLine, writeEdge, zone } from './refusals.ts';
import { kerbwatch, temporaryFolder, writeConfig } from './stage.ts';

const folder = temporaryFolder('bad-config');
afterAll(() => folder.remove());
const config = (name: string, more: object = {}, camera: object = {}) => writeEdge(folder.path, name, more, camera);

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
