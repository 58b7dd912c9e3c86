/** P2: processor time of a quiet 1080p camera at keyframe cadence, against FFmpeg decoding its keyframes alone. */
import { costOf, openCameraBench } from './camera-cost.ts';
import type { BenchRow } from './row.ts';

const SECONDS = 20;
const TIMES = 15;
/** Where rules work in minutes a look a minute is enough; each costs one run of the model. */
const FORCED_LOOK_SECONDS = 60;
const LIMIT = 1.25;

export async function run(): Promise<BenchRow[]> {
  const bench = await openCameraBench();
  try {
    // A street at rest: a fixed picture with the noise of a sensor.
    const clip = bench.clip(
      'mandelbrot=size=1920x1080:end_scale=0.3:maxiter=200,loop=-1:1,noise=alls=6:allf=t',
      SECONDS,
      TIMES,
    );
    await bench.line(clip, 'keyframes', FORCED_LOOK_SECONDS);
    const seconds = SECONDS * TIMES;
    const ceiling = await costOf(() => bench.decode(clip, ['-skip_frame', 'nokey']));
    const line = await costOf(() => bench.line(clip, 'keyframes', FORCED_LOOK_SECONDS));
    const ratio = line.seconds / ceiling.seconds;
    const { frames, inferred, evidence } = line.result;
    return [
      {
        id: 'P2',
        figure: 'CPU of a quiet 1080p camera, keyframes each 2 s',
        value: line.seconds / seconds,
        unit: 'CPU-s a second',
        ceiling: { what: 'FFmpeg decoding its keyframes alone', value: ceiling.seconds / seconds },
        ratio,
        aim: `≤ ${LIMIT} ×`,
        met: ratio <= LIMIT,
        note: `${frames} keyframes, ${inferred} looks (forced each ${FORCED_LOOK_SECONDS} s), ${evidence.files} stills`,
      },
    ];
  } finally {
    await bench.close();
  }
}
