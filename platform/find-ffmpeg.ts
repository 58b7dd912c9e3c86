/** The system's FFmpeg program: for rendering scenes, pictures of an evaluation and the bench. Cameras are decoded without it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from './app-error.ts';

const run = promisify(execFile);

export type Ffmpeg = {
  readonly path: string;
  /** Major version of libavcodec: 58 = FFmpeg 4.x, 59 = 5.x, 60 = 6.x …; build names are not reliable. */
  readonly libavcodec: number;
  readonly version: string;
};

async function probe(path: string): Promise<Ffmpeg | null> {
  try {
    const { stdout } = await run(path, ['-hide_banner', '-version']);
    const version = /ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
    const libavcodec = Number(/libavcodec\s+(\d+)\./.exec(stdout)?.[1] ?? 0);
    return { path, libavcodec, version };
  } catch {
    return null;
  }
}

/** @throws CFG_PROGRAM_MISSING */
export async function findFfmpeg(): Promise<Ffmpeg> {
  const found = await probe('ffmpeg');
  if (!found) throw new AppError('CFG_PROGRAM_MISSING', 'ffmpeg is not on PATH');
  return found;
}
