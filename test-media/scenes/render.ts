// Renders one planned scene to a clip with its truth: <name>.mp4, <name>.truth.json and <name>.boxes.jsonl.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SceneBrowser } from './browser.ts';
import type { OpenedScene, SceneSpec, TruthZone } from './types.ts';

export interface ClipRequest {
  name: string;
  spec: SceneSpec;
  cameraId: string;
  fps: number;
  out: string;
}

/** H.264 as a surveillance camera sends it: a key frame each 2 s, no B-frames, some sensor noise. */
function encoder(file: string, fps: number, seed: number) {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  const input = ['-f', 'image2pipe', '-framerate', String(fps), '-c:v', 'mjpeg', '-i', '-'];
  const filter = ['-vf', `noise=alls=3:allf=t:all_seed=${seed % 100000},format=yuv420p`];
  const codec = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '30', '-bf', '0', '-threads', '1'];
  const groups = ['-g', String(fps * 2), '-keyint_min', String(fps * 2), '-sc_threshold', '0'];
  const plain = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', '-movflags', '+faststart'];
  return spawn('ffmpeg', [...quiet, ...input, ...filter, ...codec, ...groups, ...plain, file], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
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

function truth(request: ClipRequest, scene: OpenedScene) {
  const times = (v: OpenedScene['violations'][number]) => ({
    ...v,
    from: round(v.from, 2),
    to: round(v.to, 2),
    dueAt: round(v.dueAt, 2),
  });
  return {
    clip: `${request.name}.mp4`,
    fps: request.fps,
    camera: { id: request.cameraId, kind: scene.kind, zones: scene.zones.map(tidyZone) },
    violations: scene.violations.map(times),
    boxes: `${request.name}.boxes.jsonl`,
  };
}

export async function renderClip(browser: SceneBrowser, request: ClipRequest): Promise<void> {
  const { name, spec, fps, out } = request;
  const frames = Math.round((spec.options?.duration ?? 1) * fps);
  await mkdir(out, { recursive: true });
  const scene = await browser.open(spec);
  const ffmpeg = encoder(join(out, `${name}.mp4`), fps, spec.seed);
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
  await writeFile(join(out, `${name}.truth.json`), `${JSON.stringify(truth(request, scene), null, 2)}\n`);
}
