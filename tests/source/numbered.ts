/** Streams whose every picture shows its own number, and reading it again: which picture is it, whatever its time says. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { FullPicture } from '../../edge/domain/frame.ts';
import type { CameraFile } from '../../test-media/cameras/annex-b.ts';
import { readFile } from '../../test-media/cameras/rtsp-camera.ts';
import { folder } from './stage.ts';

/** One upright bar for each bit: black 0, white 1; wide enough for any codec and scaling. */
const BITS = 12;

/** Upright bars over a grey picture with something that moves below them, as I420. */
function paint(n: number, width: number, height: number): Buffer {
  const picture = Buffer.alloc((width * height * 3) / 2, 128);
  const bars = height >> 1;
  for (let x = 0; x < width; x++) {
    const bit = (n >> Math.floor((x * BITS) / width)) & 1;
    for (let y = 0; y < bars; y++) picture[y * width + x] = bit ? 235 : 16;
  }
  const left = (n * 8) % (width - 16);
  for (let y = bars + 8; y < height - 8; y++) picture.fill(200, y * width + left, y * width + left + 16);
  return picture;
}

/** Makes a file of pictures 0, 1, 2, … and gives its path. */
export function makeNumbered(
  name: string,
  options: { frames: number; rate: number; codec: readonly string[]; width?: number; height?: number },
): string {
  const { frames, rate, codec, width = 192, height = 96 } = options;
  const path = join(folder, name);
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', `${rate}`, '-i', 'pipe:0'];
  const pictures = Array.from({ length: frames }, (_, n) => paint(n, width, height));
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...codec, path], { input: Buffer.concat(pictures) });
  return path;
}

/** The number that the picture shows; NaN where a bar is neither black nor white: no whole picture. */
export function numberOf({ width, height, i420 }: FullPicture): number {
  let n = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const level = i420[(height >> 2) * width + Math.floor(((bit + 0.5) * width) / BITS)] as number;
    if (level > 80 && level < 170) return Number.NaN;
    if (level >= 170) n |= 1 << bit;
  }
  return n;
}

export type NumberedCamera = { readonly file: CameraFile; readonly timeOf: (n: number) => number };

/**
 * The same as a camera sends it: in the decoder's order, each picture with the time at which it is shown. `name` ends
 * with `.264` or `.265`; the camera begins with picture `startAt` in the order of sending.
 */
export function makeNumberedCamera(
  name: string,
  options: Parameters<typeof makeNumbered>[1] & { startAt?: number },
): NumberedCamera {
  const whole = makeNumbered(`${name}.mkv`, options);
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', whole, '-c', 'copy', path]);
  const probed = ['-v', 'error', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', whole];
  const times = execFileSync('ffprobe', probed, { encoding: 'utf8' }).trim().split('\n').map(Number.parseFloat);
  const { startAt = 0, rate, frames } = options;
  const timeOf = (n: number) => {
    const sent = n + startAt;
    const seconds = (times[sent % frames] as number) + Math.floor(sent / frames) * (frames / rate);
    return Math.round(seconds * 90_000);
  };
  return { file: readFile(path), timeOf };
}
