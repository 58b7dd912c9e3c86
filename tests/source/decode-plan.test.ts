/** The decode plan on what real encoders make of a gate where something passes between two keyframes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDecodePlan } from '../../edge/source/decode/decode-plan.ts';
import { type Packet, play } from './play-plan.ts';

const run = promisify(execFile);
const [PASSES_FROM, PASSES_TO] = [32.5, 34.5];
const SECONDS = 60;
const during = (atMs: number) => atMs >= PASSES_FROM * 1000 && atMs <= PASSES_TO * 1000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-plan-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A noisy still scene with keyframes 4 s apart; something enters from the left and is gone again between two of them. */
async function encode(name: string, options: readonly string[]): Promise<Packet[]> {
  const file = join(folder, `${name}.mkv`);
  const scene = `testsrc=size=640x360:rate=15:duration=1,trim=end_frame=1,noise=alls=60:allf=u:all_seed=3,gblur=1,loop=-1:1`;
  const thing = `testsrc2=size=120x80:rate=15:duration=${SECONDS}`;
  const path = `x='(t-${PASSES_FROM})*400-120':y=200:enable='between(t,${PASSES_FROM},${PASSES_TO})'`;
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-t', `${SECONDS}`, '-i', scene, '-f', 'lavfi', '-i', thing],
    ...['-filter_complex', `[0][1]overlay=${path}:shortest=1,noise=alls=3:allf=t:all_seed=7`, '-threads', '1'],
    ...['-pix_fmt', 'yuv420p', '-g', '60', '-keyint_min', '60', '-sc_threshold', '0', ...options, file],
  ]);
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_entries', 'packet=pts_time,size,flags', '-of', 'csv=p=0', file],
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [at = '', bytes, flags = ''] = line.split(',');
      return { atMs: Number(at) * 1000, bytes: Number(bytes), key: flags.includes('K') };
    });
}

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast'];
const steady = ['-b:v', '500k', '-maxrate', '500k', '-bufsize', '250k'];

describe('what passes a gate between two keyframes', () => {
  it.each([
    ['quality', [...x264, '-crf', '26', '-bf', '0'], true],
    ['B-frames', [...x264, '-crf', '26', '-bf', '3'], true],
    ['MPEG-4', ['-c:v', 'mpeg4', '-q:v', '6'], true],
    ['constant bit rate', [...x264, ...steady, '-bf', '0'], false],
    ['constant bit rate with B-frames', [...x264, ...steady, '-bf', '2'], false],
  ] as const)('is looked at, at the cadence: %s', async (name, options, rests) => {
    const packets = await encode(name, options);
    const { taken, decoded } = play(createDecodePlan({ cadence: 5, gate: true }), packets, (atMs) =>
      during(atMs) ? Math.round(atMs) : 0,
    );
    expect(taken.filter(during).length).toBeGreaterThanOrEqual(9);
    expect(taken).toEqual([...taken].sort((a, b) => a - b));
    // Where sizes tell, keyframes are enough before and after.
    const before = decoded.filter((atMs) => atMs > 16_000 && atMs < 28_000).length;
    if (rests) expect(before).toBeLessThanOrEqual(3);
    else expect(before).toBeGreaterThan(170);
  });
});
