/** A far zone in a large picture: a shipped clip played small into a corner of a grey wall, with real inference. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZoneDetail } from '../../contracts/zone.ts';
import type { CameraConfig } from '../../edge/config.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import { type Replay, replayClip } from '../../edge/replay.ts';
import { overlapOf } from '../../evaluation/metrics/coco-ap.ts';
import { parseBoxes, parseTruth } from '../../evaluation/truth/truth.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';

const clips = join(packageRoot(), 'test-media', 'clips');
const START = Date.UTC(2026, 0, 1);
/** Where the clip lies in the wall of 1920 × 1080, 480 × 270 px of it, in shares. */
const [LEFT, TOP, SIDE] = [0.5, 0.25, 1 / 4];
/** The stall comes at second 7 of the clip; the wall shows it from here on, s. */
const FROM = 8;
const SECONDS = 9;
let folder: string;
let wall: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-far-'));
  wall = join(folder, 'wall.mp4');
  const { path } = await findFfmpeg();
  const graph = `[1:v]scale=480:270[small];[0:v][small]overlay=${LEFT * 1920}:${TOP * 1080}:shortest=1`;
  const grey = ['-f', 'lavfi', '-i', 'color=c=0x6a6a6a:s=1920x1080:r=5'];
  const coding = ['-r', '5', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-pix_fmt', 'yuv420p'];
  execFileSync(path, [
    ...[
      '-v',
      'error',
      '-nostdin',
      '-y',
      ...grey,
      '-t',
      String(SECONDS),
      '-ss',
      String(FROM),
      '-i',
      join(clips, 'stall-day.mp4'),
    ],
    ...['-filter_complex', graph, ...coding, wall],
  ]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Seen = { readonly at: number; readonly detections: readonly Detection[] };

async function play(detail: ZoneDetail): Promise<{ readonly replay: Replay; readonly seen: Seen[] }> {
  const truth = parseTruth(
    JSON.parse(readFileSync(join(clips, 'stall-day.truth.json'), 'utf8')),
    'stall-day.truth.json',
  );
  const drawn = truth.camera.zones[0]?.polygon ?? [];
  const polygon = drawn.map(([x, y]): [number, number] => [LEFT + x * SIDE, TOP + y * SIDE]);
  const params = { candidateSeconds: 1, dwellSeconds: 4 };
  const zones = [{ id: 'far', kind: 'road-stall', polygon, detail, params }] as unknown as CameraConfig['zones'];
  const seen: Seen[] = [];
  const replay = await replayClip({
    clip: wall,
    camera: { id: 'wall', kind: 'street', source: { url: wall, cadence: 2 }, gate: { enabled: false }, zones },
    node: 'test',
    modelDir: join(packageRoot(), 'models', 'kerb-s'),
    startAt: START,
    log: createLog({ level: 'silent' }),
    onFrame: ({ at, detections }) => seen.push({ at: FROM + (at - START) / 1000, detections }),
  });
  return { replay, seen };
}

/** Share of the clip's things, where they are in the wall, that were found under the right name. */
function recall(seen: readonly Seen[]): { readonly things: number; readonly found: number } {
  const frames = parseBoxes(readFileSync(join(clips, 'stall-day.boxes.jsonl'), 'utf8'), 'stall-day.boxes.jsonl');
  let [things, found] = [0, 0];
  for (const { at, detections } of seen) {
    const frame = frames.reduce((best, one) => (Math.abs(one.t - at) < Math.abs(best.t - at) ? one : best));
    for (const { class: label, box, visible } of frame.objects) {
      if (visible < 0.6) continue;
      things += 1;
      const placed = [LEFT + box[0] * SIDE, TOP + box[1] * SIDE, box[2] * SIDE, box[3] * SIDE] as const;
      if (detections.some((one) => one.concept === label && overlapOf(one.box, placed) > 0.5)) found += 1;
    }
  }
  return { things, found };
}

describe('a zone in which things are too small in the whole picture', () => {
  it('is seen by inferences of its own, counted, and a replay gives the same bytes twice', async () => {
    const off = await play('off');
    const on = await play({ tiles: 1 });
    const before = recall(off.seen);
    const after = recall(on.seen);
    process.stderr.write(
      `far zone: ${before.found} of ${before.things} found without, ${after.found} with its own inferences\n`,
    );
    expect(before.things).toBe(after.things);
    expect(after.things).toBeGreaterThan(10);
    expect(after.found).toBeGreaterThanOrEqual(before.found + 0.25 * after.things);
    expect(on.replay.events.map(({ kind, zone, phase }) => [kind, zone, phase])).toContainEqual([
      'road-stall',
      'far',
      'start',
    ]);
    expect(off.replay.detailLooks).toBe(0);
    // Two frames a second and one region: within the budget, at every frame.
    expect(on.replay.detailLooks).toBe(on.replay.inferred);
    const again = await play({ tiles: 1 });
    expect(again.seen).toEqual(on.seen);
    expect(JSON.stringify(again.replay.events)).toBe(JSON.stringify(on.replay.events));
  }, 600_000);
});
