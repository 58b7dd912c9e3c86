/** The clips that cameras show in the bench: the shipped street scenes at a camera's size and rate, and a test pattern. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ZoneConfig } from '../contracts/zone.ts';
import { loadClips } from '../demo/clips.ts';
import { type Ffmpeg, findFfmpeg } from '../platform/find-ffmpeg.ts';

export type Size = { readonly width: number; readonly height: number; readonly fps: number; readonly bitrate: string };

export const full: Size = { width: 1920, height: 1080, fps: 25, bitrate: '3M' };
export const mainStream: Size = { width: 1920, height: 1080, fps: 10, bitrate: '2M' };
export const subStream: Size = { width: 640, height: 360, fps: 10, bitrate: '400k' };

/** What a clip shows. `quiet` and `busy` end in the shipped scene, `pattern` forms need no file. */
export type BenchPicture = 'busy' | 'busy-pattern' | 'quiet' | 'quiet-pattern' | 'calm' | 'stall';

export type Media = {
  readonly folder: string;
  readonly ffmpeg: Ffmpeg;
  /** An MP4 of that picture, a keyframe each 2 s, played `times` times over. */
  readonly clip: (picture: BenchPicture, size: Size, times: number) => string;
  /** The same, once, as an Annex B file. */
  readonly annexB: (picture: BenchPicture, size: Size) => string;
  /** Arguments with which FFmpeg decodes `input` on one thread into nothing. */
  readonly decoding: (input: readonly string[], keyframesOnly: boolean) => string[];
  readonly close: () => void;
};

/** Length of each clip before it is repeated, s. */
export const CLIP_SECONDS = 20;
const KEYFRAME_SECONDS = 2;
const STALL_SECONDS = 52;

/** A clip of test-media/clips with its truth. @param name without `.mp4`. @throws where it is not shipped */
export function shippedClip(name: string) {
  const clip = loadClips().find(({ truth }) => truth.clip === `${name}.mp4`);
  if (!clip) throw new Error(`the clip ${name} is not shipped`);
  return clip;
}

/** Most of the picture, near enough to need no inference on regions; the rule's parameters as they are by default. */
export const wideZone: ZoneConfig = {
  id: 'kerb',
  kind: 'road-stall',
  polygon: [
    [0.05, 0.3],
    [0.95, 0.3],
    [0.95, 0.95],
    [0.05, 0.95],
  ],
};

/** FFmpeg's input and filter for a picture. The shipped scenes have 5 frames a second: what is between is blended. */
function pictureOf(picture: BenchPicture, { width, height, fps }: Size): { input: string[]; filter: string } {
  const scaled = `scale=${width}:${height}:flags=bicubic`;
  const moving = `minterpolate=fps=${fps}:mi_mode=blend,${scaled},noise=alls=3:allf=t`;
  const shipped = (name: string) => ['-i', shippedClip(name).file];
  const still = `loop=loop=-1:size=1,setpts=N/${fps}/TB,${scaled},noise=alls=6:allf=t`;
  switch (picture) {
    case 'busy':
    case 'stall':
      return { input: shipped('stall-day'), filter: moving };
    case 'calm':
      return { input: shipped('calm-street'), filter: moving };
    case 'busy-pattern':
      return { input: lavfi(`testsrc2=size=${width}x${height}:rate=${fps}`), filter: 'noise=alls=4:allf=t' };
    case 'quiet':
      return { input: shipped('calm-street'), filter: still };
    case 'quiet-pattern': {
      const source = `mandelbrot=size=${width}x${height}:end_scale=0.3:maxiter=200`;
      return { input: lavfi(source), filter: `loop=loop=-1:size=1,setpts=N/${fps}/TB,noise=alls=6:allf=t` };
    }
  }
}
const lavfi = (source: string) => ['-f', 'lavfi', '-i', source];

/** Clips of each kind and size, made once a run in a folder that `close` removes. */
export async function openMedia(): Promise<Media> {
  const ffmpeg = await findFfmpeg();
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const run = (args: readonly string[]) => execFileSync(ffmpeg.path, ['-v', 'error', '-nostdin', '-y', ...args]);

  /** Made once a run. No B-frames: cameras send none. */
  function once(picture: BenchPicture, size: Size): string {
    const file = join(folder, `${picture}-${size.width}x${size.height}-${size.fps}.mp4`);
    if (existsSync(file)) return file;
    const { input, filter } = pictureOf(picture, size);
    const seconds = picture === 'stall' ? STALL_SECONDS : CLIP_SECONDS;
    const coding = ['-c:v', 'libx264', '-preset', 'superfast', '-bf', '0', '-pix_fmt', 'yuv420p'];
    const gop = String(size.fps * KEYFRAME_SECONDS);
    const rate = ['-b:v', size.bitrate, '-g', gop, '-keyint_min', gop, '-sc_threshold', '0'];
    run([...input, '-vf', filter, '-t', String(seconds), '-r', String(size.fps), '-an', ...coding, ...rate, file]);
    return file;
  }
  return {
    folder,
    ffmpeg,
    clip(picture, size, times) {
      const single = once(picture, size);
      if (times === 1) return single;
      const file = single.replace(/\.mp4$/, `-x${times}.mp4`);
      if (!existsSync(file)) run(['-stream_loop', String(times - 1), '-i', single, '-c', 'copy', file]);
      return file;
    },
    annexB(picture, size) {
      const file = once(picture, size).replace(/\.mp4$/, '.264');
      const single = once(picture, size);
      if (!existsSync(file)) run(['-i', single, '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', file]);
      return file;
    },
    decoding: (input, keyframesOnly) => [
      ...['-v', 'error', '-nostdin', '-threads', '1', ...(keyframesOnly ? ['-skip_frame', 'nokey'] : [])],
      ...[...input, '-map', '0:v:0', ...(ffmpeg.libavcodec < 59 ? ['-vsync', '0'] : ['-fps_mode', 'passthrough'])],
      ...['-f', 'null', '-'],
    ],
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
