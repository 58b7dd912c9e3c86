/** Whose heads a still makes coarse where a far region's turn was in an earlier frame: who is there now, by the clip's truth. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../../edge/config.ts';
import type { Detector } from '../../edge/domain/detector.ts';
import type { Frame } from '../../edge/domain/frame.ts';
import { createInference } from '../../edge/inference/index.ts';
import { createStillPersons, personsSeen } from '../../edge/pipeline/still-persons.ts';
import { createFarInference } from '../../edge/regions/far-inference.ts';
import { createRegionBudget } from '../../edge/regions/region-budget.ts';
import { createRegionInference } from '../../edge/regions/region-inference.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { stallDay, truePersons } from './stall-stills.ts';

const [WIDTH, HEIGHT] = [768, 432];
/** In the far zone somebody walks by a width between these two. */
const [EARLIER, NOW] = [84, 86];
const inference = createInference({ workers: 1, log: createLog({ level: 'silent' }) });
let detector: Detector;

function frameOf(n: number): Frame {
  const out = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1'];
  const filter = ['-vf', `select=eq(n\\,${n}),scale=${WIDTH}:${HEIGHT}`];
  const i420 = execFileSync('ffmpeg', ['-v', 'error', '-i', stallDay().file, ...filter, ...out], {
    maxBuffer: 1 << 22,
  });
  const full = { width: WIDTH, height: HEIGHT, i420 };
  return { index: n, at: n * 200, pixels: i420, full, release: () => {} };
}

/** Is the top of the box where a person of picture n has his? */
function isOnHead([x, y, w, h]: BoxXywh, n: number): boolean {
  return truePersons(n).some(
    ([left, top, width, height]) =>
      Math.abs(x + w / 2 - left - width / 2) < 0.6 * width && Math.abs(y - top) < 0.25 * height && h > 0,
  );
}

beforeAll(async () => {
  detector = await inference.loadDetector(join(packageRoot(), 'models', 'kerb-s'));
});
afterAll(() => inference.close());

test.skipIf(!needs('ffmpeg'))(
  'a far region that stands from an earlier frame blots nobody’s former place',
  async () => {
    const camera = { ...stallDay().truth.camera, source: { url: 'x' } } as CameraConfig;
    const regions = createRegionInference(camera, detector, createRegionBudget(1e-6));
    const whole = async ({ full }: Frame) => (await detector.detectIn(full, [0, 0, 1, 1])) ?? [];
    const [earlier, now] = [frameOf(EARLIER), frameOf(NOW)];
    await regions.infer(earlier, await whole(earlier), 0);
    expect(regions.held()).toBeNull();
    const seen = personsSeen(await regions.infer(now, await whole(now), 400), regions.held());
    expect(seen.earlier?.filter((box) => !isOnHead(box, NOW)).length, 'who has walked on').toBeGreaterThan(0);

    const inferFar = createFarInference(camera, detector);
    let looks = 0;
    const heads = createStillPersons((picture) => {
      looks++;
      return inferFar(picture);
    });
    const shown = await heads.ofFrame(now, seen);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((box) => !isOnHead(box, NOW))).toEqual([]);
    await heads.ofFrame(now, seen);
    expect(looks, 'looks at one frame').toBe(1);
    expect(await heads.ofFrame(now, { now: seen.now, earlier: null })).toEqual(seen.now);
    expect(looks).toBe(1);
  },
);
