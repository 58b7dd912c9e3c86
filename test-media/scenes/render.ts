/** Renders one planned scene to a clip with its truth: <name>.mp4, <name>.truth.json and <name>.boxes.jsonl. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SceneBrowser } from './browser.ts';
import { describeScene } from './plan.ts';
import type { Encoding, OpenedScene, SceneSpec, TruthZone } from './types.ts';

export interface ClipRequest {
  name: string;
  spec: SceneSpec;
  cameraId: string;
  fps: number;
  out: string;
  size: { width: number; height: number };
  encoding: Encoding;
  /** Path of the program. */
  ffmpeg: string;
}

/** As a surveillance camera sends it: a held bit rate, a key frame each few seconds, no B-frames. */
function encoder(request: ClipRequest) {
  const { fps, size, encoding } = request;
  const group = String(Math.round(fps * encoding.gopSeconds));
  const rate = Math.round((size.width * size.height * fps * encoding.bitsPerPixel) / 1000);
  const rates = ['-b:v', `${rate}k`, '-maxrate', `${Math.round(rate * 1.3)}k`, '-bufsize', `${rate * 2}k`];
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  const input = ['-f', 'image2pipe', '-framerate', String(fps), '-c:v', 'mjpeg', '-i', '-'];
  const groups = ['-vf', 'format=yuv420p', '-bf', '0', '-g', group, '-keyint_min', group, '-sc_threshold', '0'];
  const codec =
    encoding.codec === 'h265'
      ? [
          '-c:v',
          'libx265',
          '-preset',
          'fast',
          '-x265-params',
          'log-level=error:pools=1:frame-threads=1',
          '-tag:v',
          'hvc1',
        ]
      : ['-c:v', 'libx264', '-preset', 'medium', '-threads', '1'];
  const plain = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart'];
  const file = join(request.out, `${request.name}.mp4`);
  return spawn(request.ffmpeg, [...quiet, ...input, ...codec, ...groups, ...rates, ...plain, file], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
}

/** Whether this FFmpeg can write H.265; where it cannot, every clip is H.264. */
export async function canWriteH265(ffmpeg: string): Promise<boolean> {
  const probe = spawn(ffmpeg, ['-hide_banner', '-h', 'encoder=libx265'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  probe.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await Promise.race([once(probe, 'close'), once(probe, 'error')]);
  return said.includes('Encoder libx265');
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function roundPoints(value: unknown): unknown {
  if (typeof value === 'number') return round(value, 4);
  return Array.isArray(value) ? value.map(roundPoints) : value;
}

function tidyZone(zone: TruthZone): TruthZone {
  const entries = Object.entries(zone).map(([key, value]) => [
    key,
    Array.isArray(value) && key !== 'bays' ? roundPoints(value) : value,
  ]);
  return Object.fromEntries(entries) as TruthZone;
}

/** What a truth file says of a clip, but for its boxes. */
export function clipTruth(request: Pick<ClipRequest, 'name' | 'spec' | 'fps' | 'cameraId'>, scene: OpenedScene) {
  const end = request.spec.options?.duration ?? 1;
  const times = (v: OpenedScene['violations'][number]) => ({
    ...v,
    from: round(v.from, 2),
    to: round(Math.min(v.to, end), 2),
    dueAt: round(v.dueAt, 2),
  });
  // A clip cut short of its story shows no violation that has not come true by its end.
  const due = scene.violations.filter(({ dueAt }) => dueAt < end);
  return {
    clip: `${request.name}.mp4`,
    fps: request.fps,
    scene: describeScene(request.spec),
    camera: { id: request.cameraId, kind: scene.kind, zones: scene.zones.map(tidyZone) },
    violations: due.map(times),
  };
}

/** Writes the clip, its truth and its boxes into the folder. */
export async function renderClip(browser: SceneBrowser, request: ClipRequest): Promise<void> {
  const { name, spec, fps, out } = request;
  const frames = Math.round((spec.options?.duration ?? 1) * fps);
  await mkdir(out, { recursive: true });
  const scene = await browser.open(spec);
  const ffmpeg = encoder(request);
  const finished = once(ffmpeg, 'close');
  const lines: string[] = [];
  for (let i = 0; i < frames; i++) {
    const { jpeg, objects } = await browser.frame(i / fps, 0.95);
    if (!ffmpeg.stdin.write(jpeg)) await once(ffmpeg.stdin, 'drain');
    lines.push(JSON.stringify({ t: round(i / fps, 3), objects }));
  }
  ffmpeg.stdin.end();
  const [code] = (await finished) as [number];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${name}.mp4`);
  await writeFile(join(out, `${name}.boxes.jsonl`), `${lines.join('\n')}\n`);
  const truth = { ...clipTruth(request, scene), boxes: `${name}.boxes.jsonl` };
  await writeFile(join(out, `${name}.truth.json`), `${JSON.stringify(truth, null, 2)}\n`);
}
