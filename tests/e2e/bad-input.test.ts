/** Bad files as people meet them: one clear line with a code, the right exit code, and nothing lost. */
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { clip, expectOneClearLine, writeEdge } from './refusals.ts';
import { kerbwatch, temporaryFolder } from './stage.ts';

const folder = temporaryFolder('bad-input');
afterAll(() => folder.remove());
const config = (name: string, more: object = {}) => writeEdge(folder.path, name, more);
const replay = (file: string, configFile: string) =>
  kerbwatch(['replay', file, '--config', configFile, '--camera', 'c1', '--json'], { BAD: 'x' });

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
