/** A protocol is a folder and a line in the list: one from outside the house is added to a copy of it and runs through the line. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { copyHouse } from '../walls/sources.ts';
import { frames } from './frames/index.ts';
import { folder } from './stage.ts';

const root = packageRoot();
const house = join(folder, 'house');

function addProtocol(): void {
  cpSync(join(root, 'tests', 'source', 'frames'), join(house, 'edge', 'source', 'frames'), { recursive: true });
  const path = join(house, 'edge', 'source', 'protocols.ts');
  const list = readFileSync(path, 'utf8');
  const changed = list
    .replace('import { rtsp }', "import { frames } from './frames/index.ts';\nimport { rtsp }")
    .replace('[file, rtsp]', '[file, rtsp, frames]');
  expect(changed.split('frames')).toHaveLength(4);
  writeFileSync(path, changed);
}

const PROGRAM = `
import { replayClip } from './edge/replay.ts';
import { createLog } from './platform/log.ts';
const [clip, modelDir, camera] = process.argv.slice(2);
const log = createLog({ level: 'silent' });
const played = await replayClip({ clip, modelDir, camera: JSON.parse(camera), node: 'n', log }).catch(({ code }) => ({ code }));
console.log(JSON.stringify(played));
`;

function play(url: string): { readonly frames?: number; readonly inferred?: number; readonly code?: string } {
  const clips = join(root, 'test-media', 'clips');
  const truth = JSON.parse(readFileSync(join(clips, 'stall-day.truth.json'), 'utf8')) as { camera: object };
  const camera = JSON.stringify({ ...truth.camera, source: { url, cadence: 5 } });
  const model = join(root, 'models', 'kerb-s-int8');
  const program = ['--import', 'tsx', join(house, 'play.ts'), url, model, camera];
  const output = execFileSync(process.execPath, program, { cwd: house, encoding: 'utf8' });
  return JSON.parse(output);
}

it.skipIf(!needs('ffmpeg'))('another protocol is a folder and a line', { timeout: 120_000 }, () => {
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const clip = join(root, 'test-media', 'clips', 'stall-day.mp4');
  execFileSync('ffmpeg', ['-v', 'error', '-i', clip, '-vf', 'fps=5', '-frames:v', '12', join(pictures, '%04d.jpg')]);
  mkdirSync(house);
  copyHouse(house, ['contracts', 'platform', 'edge', 'package.json', 'tsconfig.json', 'tsconfig.base.json']);
  writeFileSync(join(house, 'play.ts'), PROGRAM);
  const url = `${frames.schemes[0]}://${pictures}`;
  // Without the line nobody knows the scheme.
  expect(play(url)).toEqual({ code: 'EDGE_SOURCE_UNREACHABLE' });
  addProtocol();
  const played = play(url);
  expect(played.frames).toBe(readdirSync(pictures).length);
  expect(played.inferred).toBeGreaterThan(0);
  expect(play(`${url}-gone`)).toEqual({ code: 'EDGE_SOURCE_UNREACHABLE' });
});
