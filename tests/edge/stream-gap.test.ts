/** A stream that was away for a while, through the whole edge line: the time is unknown, neither presence nor absence. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { type DemoClip, loadClips } from '../../demo/clips.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { replayClip } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';

const GAP_S = 40;
const folder = temporaryFolder('gap');
afterAll(folder.remove);

function clipOf(kind: ViolationKind, finding?: string): DemoClip {
  const wanted = ({ truth }: DemoClip) =>
    truth.violations.some(
      (violation) =>
        violation.kind === kind &&
        (finding === undefined || JSON.stringify(violation.detail ?? {}).includes(`"${finding}"`)),
    );
  const clip = loadClips().find(wanted);
  if (!clip) throw new Error(`no clip with ${kind} ${finding ?? ''} is shipped`);
  return clip;
}

/** The clip with nothing sent for forty seconds from `second` on: what came before and after is all there. */
function withGap(clip: DemoClip, second: number): string {
  const file = join(folder.path, `gap-${clip.truth.camera.id}.mp4`);
  const later = `setpts=PTS+gte(T\\,${second})*${GAP_S}/TB`;
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-bf', '0', '-g', '10'];
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    clip.file,
    '-vf',
    later,
    '-fps_mode',
    'passthrough',
    ...encode,
    file,
  ]);
  return file;
}

async function eventsOf({ truth }: DemoClip, file: string): Promise<ViolationEvent[]> {
  const { id, kind, zones } = truth.camera;
  const { events } = await replayClip({
    clip: file,
    camera: { id, kind, source: { url: file, cadence: Math.min(2, truth.fps) }, zones } as CameraConfig,
    node: 'gap-node',
    modelDir: join(packageRoot(), 'models', 'kerb-s'),
    log: createLog({ level: 'silent' }),
  });
  return events;
}

const second = (time: string | undefined) => (Date.parse(time ?? '') - Date.UTC(2026, 0, 1)) / 1000;

describe.skipIf(!needs('ffmpeg'))('a stream that was away in mid-dwell', () => {
  test.each<[ViolationKind, string | undefined, (event: ViolationEvent) => boolean]>([
    ['road-stall', undefined, ({ phase }) => phase === 'start'],
    ['bike-clutter', undefined, ({ phase }) => phase === 'start'],
    ['muck-truck', 'spill', ({ detail }) => JSON.stringify(detail).includes('"spill"]')],
  ])('%s: one event, begun where it began, said so much later', { timeout: 600_000 }, async (kind, finding, isSaid) => {
    const clip = clipOf(kind, finding);
    const plain = (await eventsOf(clip, clip.file)).filter((event) => event.kind === kind);
    const said = plain.find(isSaid);
    expect(said, 'found without a gap').toBeDefined();
    // Well within the dwell: three seconds before it is over.
    const gapped = (await eventsOf(clip, withGap(clip, second(said?.at) - 3))).filter((event) => event.kind === kind);
    const starts = gapped.filter(({ phase }) => phase === 'start');
    expect(starts).toHaveLength(plain.filter(({ phase }) => phase === 'start').length);
    expect(Math.abs(second(starts[0]?.startedAt) - second(said?.startedAt))).toBeLessThan(1);
    const later = second(gapped.find(isSaid)?.at) - second(said?.at);
    expect(later).toBeGreaterThan(GAP_S - 1);
    expect(later).toBeLessThan(GAP_S + 4);
  });
});
