/** Bad input as people meet it: one clear line with a code, the right exit code, and nothing lost. */
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadClips } from '../../demo/clips.ts';
import { packageRoot } from '../../platform/paths.ts';
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
