/** Frames of a pass as a short film that every browser plays: H.264 in MP4, the same bytes for the same frames. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import type { Shot } from './jpeg-encoder.ts';

/** Wide enough to see a sheet and a spill; the stills have every pixel. */
export const FILM_WIDTH = 640;
/** Forty seconds at five frames a second, about 8 MB in memory; the oldest go first. */
const MOST_FRAMES = 200;
/** Fewer show no movement. */
const LEAST_FRAMES = 5;
const MOST_RATE = 25;

export function createFilms() {
  const films = new Map<string, Shot[]>();
  return {
    add(name: string, shot: Shot): void {
      const frames = films.get(name) ?? [];
      // A camera that changed its size begins a new film.
      const same = frames[0]?.width === shot.width && frames[0].height === shot.height;
      films.set(name, same ? [...frames.slice(1 - MOST_FRAMES), shot] : [shot]);
    },
    /** The frames so far, or null where there are too few. */
    take(name: string): readonly Shot[] | null {
      const frames = films.get(name) ?? [];
      return frames.length < LEAST_FRAMES ? null : frames;
    },
    drop: (name: string): boolean => films.delete(name),
    clear: (): void => films.clear(),
  };
}

/** Frames a second as they were looked at; halts, which are not filmed, do not count. */
function rateOf(frames: readonly Shot[]): number {
  const gaps = frames.slice(1).map((shot, i) => shot.at - (frames[i] as Shot).at);
  const usual = gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 200;
  return Math.min(MOST_RATE, Math.max(1, Math.round(10_000 / Math.max(1, usual)) / 10));
}

function argumentsOf(rate: number, file: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-f', 'image2pipe', '-c:v', 'mjpeg', '-framerate', String(rate)],
    ...['-i', 'pipe:0', '-vf', 'scale=trunc(iw/2)*2:trunc(ih/2)*2', '-pix_fmt', 'yuv420p'],
    // One thread and no dates: the hash in a replayed event must not change from run to run.
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '26', '-threads', '1'],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact'],
    ...['-movflags', '+faststart', '-f', 'mp4', '-y', file],
  ];
}

/** Rejects with EDGE_EVIDENCE, as where this FFmpeg has no H.264 encoder. */
export async function encodeFilm(ffmpeg: string, frames: readonly Shot[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'kerbwatch-film-'));
  const file = join(folder, 'film.mp4');
  try {
    const child = spawn(ffmpeg, argumentsOf(rateOf(frames), file), { stdio: ['pipe', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-500);
    });
    child.stderr.on('error', () => {});
    const ended = new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(words.trim() || `exit ${code}`))));
    });
    const fed = pipeline(
      frames.map(({ jpeg }) => jpeg),
      child.stdin,
    );
    // What FFmpeg says is told, not that it no longer read.
    await Promise.all([ended, fed.catch(() => {})]);
    return await readFile(file);
  } catch (cause) {
    throw new AppError('EDGE_EVIDENCE', `a film of ${frames.length} frames could not be encoded`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
