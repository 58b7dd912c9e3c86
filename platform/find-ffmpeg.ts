/** Finds FFmpeg: the configured one, the system's, else the one shipped inside an npm package (no root needed). */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
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

function shippedPath(): string | null {
  try {
    return (createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { path: string }).path;
  } catch {
    return null;
  }
}

export async function findFfmpeg(configured?: string): Promise<Ffmpeg> {
  if (configured) {
    const found = await probe(configured);
    if (found) return found;
    throw new AppError('CFG_PROGRAM_MISSING', `FFmpeg at ${configured} does not run`);
  }
  const shipped = shippedPath();
  const found = (await probe('ffmpeg')) ?? (shipped ? await probe(shipped) : null);
  if (!found) throw new AppError('CFG_PROGRAM_MISSING', 'ffmpeg is neither on PATH nor in node_modules');
  return found;
}
