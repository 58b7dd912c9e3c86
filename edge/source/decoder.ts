/** One FFmpeg child from birth to death: no shell, no orphan, and one line that says why it stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';
import { createLogReader, type FrameInfo, faultCode } from './ffmpeg-log.ts';

/** From asking politely (RTSP says goodbye) to SIGKILL. */
const GRACE_MS = 1500;

/** Children of this process; none may outlive it, however it ends. */
const children = new Set<ChildProcess>();
let guarded = false;
function guard(child: ChildProcess): void {
  children.add(child);
  child.once('close', () => children.delete(child));
  if (guarded) return;
  guarded = true;
  process.once('exit', () => {
    for (const left of children) left.kill('SIGKILL');
  });
}

export type Decoder = {
  readonly pixels: Readable;
  readonly full: Readable;
  /** How the video stream describes itself, once it is known. */
  readonly stream: () => string | null;
  /** Settles when the child is gone: null when it came to the end of its input, else why it stopped. */
  readonly ended: Promise<AppError | null>;
  /** Ends it; `ended` settles within the grace time. */
  readonly stop: () => void;
  readonly pid: number | undefined;
};

export function startDecoder(order: {
  readonly ffmpegPath: string;
  /** Where it reads from, without credentials: for messages. */
  readonly source: string;
  readonly args: readonly string[];
  readonly camera: string;
  readonly secrets: readonly string[];
  readonly onFrameInfo: (info: FrameInfo) => void;
}): Decoder {
  const child = spawn(order.ffmpegPath, order.args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], windowsHide: true });
  guard(child);
  const log = createLogReader(order.secrets);
  let frames = 0;
  let stopping = false;
  let killTimer: NodeJS.Timeout | null = null;

  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    for (const info of log.read(text)) {
      frames++;
      order.onFrameInfo(info);
    }
  });
  const pixels = child.stdout as Readable;
  const full = child.stdio[3] as Readable;
  // A pipe of a killed child may report a reset; `ended` tells the reason.
  for (const pipe of [pixels, full, child.stderr]) pipe?.on('error', () => {});

  const ended = new Promise<AppError | null>((resolve) => {
    // More than once: a child that started may still refuse a signal.
    child.on('error', (cause) => {
      resolve(new AppError('CFG_PROGRAM_MISSING', `FFmpeg at ${order.ffmpegPath} does not start`, { cause }));
    });
    child.once('close', (code, signal) => {
      if (killTimer) clearTimeout(killTimer);
      if (stopping || (code === 0 && frames > 0)) return resolve(null);
      const reason = log.reason() ?? (signal ? `FFmpeg was ended by ${signal}` : 'no frame in it');
      resolve(new AppError(faultCode(log.reason(), frames), `camera ${order.camera}, ${order.source}: ${reason}`));
    });
  });
  return {
    pixels,
    full,
    stream: log.stream,
    ended,
    pid: child.pid,
    stop() {
      if (stopping || child.exitCode !== null) return;
      stopping = true;
      child.kill('SIGTERM');
      // Whatever is still in the pipes must not keep it from leaving.
      for (const pipe of [pixels, full]) pipe.destroy();
      killTimer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    },
  };
}
