/** What the tests of the source share: clips made by FFmpeg, a camera, and a run that notes what came. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, ModelInput } from '../../edge/domain/frame.ts';
import { createSource, type SourceOrder, type SourceState } from '../../edge/source/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';

export const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-source-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

export const input: ModelInput = {
  width: 128,
  height: 96,
  pixelFormat: 'gbrp',
  resize: 'letterbox',
  align: 'top-left',
  pad: 114,
};

/** Makes a clip of a moving test picture and gives its path. */
export function makeClip(
  name: string,
  options: { size: string; seconds: number; rate?: number; codec?: string[] },
): string {
  const path = join(folder, name);
  const { size, seconds, rate = 25, codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25'] } = options;
  const picture = `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`;
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', picture, '-pix_fmt', 'yuv420p', ...codec, path]);
  return path;
}

export type Note = { at: number; index: number; width: number; height: number; hash: string };

export async function sourceOf(
  url: string,
  options: Partial<Omit<SourceOrder, 'config'>> & { config?: Partial<SourceOrder['config']> } = {},
) {
  const { config, ...rest } = options;
  return createSource({
    camera: 'cam-1',
    config: { url, cadence: 5, ...config },
    kind: 'street',
    logins: { main: null, analyse: null },
    input,
    mode: 'replay',
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    random: () => 0,
    ...rest,
  });
}

export function noteOf(frame: Frame): Note {
  const hash = createHash('sha256').update(frame.pixels).update(frame.full.i420).digest('hex');
  return { at: frame.at, index: frame.index, width: frame.full.width, height: frame.full.height, hash };
}

/** Runs a recording to its end and gives what came. */
export async function replay(url: string, options: Parameters<typeof sourceOf>[1] = {}, slowMs = 0): Promise<Note[]> {
  const notes: Note[] = [];
  const source = await sourceOf(url, options);
  await source.run(
    {
      async onFrame(frame) {
        notes.push(noteOf(frame));
        if (slowMs > 0) await new Promise((go) => setTimeout(go, slowMs));
      },
    },
    new AbortController().signal,
  );
  return notes;
}

/** A live run in the background: what came so far, and waiting for more. `onFrame` is shown each frame as it comes. */
export async function watch(
  url: string,
  options: Parameters<typeof sourceOf>[1] = {},
  onFrame: (frame: Frame) => void = () => {},
) {
  const source = await sourceOf(url, { mode: 'live', ...options });
  const stop = new AbortController();
  const notes: Note[] = [];
  const states: SourceState[] = [];
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  const running = source.run(
    {
      onFrame(frame) {
        notes.push(noteOf(frame));
        onFrame(frame);
        tell();
      },
      onState(state) {
        states.push(state);
        tell();
      },
    },
    stop.signal,
  );
  return {
    source,
    notes,
    states,
    running,
    /** Settles as soon as the fact holds; rejects with what is known after the time. */
    until(fact: () => boolean, what: string, ms = 30_000): Promise<void> {
      return new Promise((done, fail) => {
        const look = () => {
          if (!fact()) return;
          clearTimeout(timer);
          waiting.delete(look);
          done();
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          fail(new Error(`${what}: not within ${ms} ms; ${notes.length} frames, states ${states.map((s) => s.state)}`));
        }, ms);
        waiting.add(look);
        look();
      });
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** A camera: `tests/rtsp-server.py` on this clip. */
export async function startCamera(
  clip: string,
  args: readonly string[] = [],
): Promise<{ url: string; child: ChildProcess; port: string; kill: () => Promise<void> }> {
  const script = join(packageRoot(), 'tests', 'rtsp-server.py');
  const child = spawn('/usr/bin/python3', [script, clip, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    // The whole group: the file's reader too.
    process.kill(-(child.pid as number), 'SIGKILL');
    await gone;
  };
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const url = line.toString().trim();
  return { url, child, port: new URL(url.replace('rtsp:', 'http:')).port, kill };
}
