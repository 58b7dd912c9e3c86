/** P3: processor time of a busy 1080p camera at 5 fps, against FFmpeg decoding it plus the bare runs of the model. */
import { costOf, openCameraBench } from './camera-cost.ts';
import type { BenchRow } from './row.ts';

const SECONDS = 20;
const TIMES = 3;
const FPS = 5;
const LIMIT = 1.15;

export async function run(): Promise<BenchRow[]> {
  const bench = await openCameraBench();
  try {
    const clip = bench.clip('testsrc2=size=1920x1080:rate=25,noise=alls=4:allf=t', SECONDS, TIMES);
    const seconds = SECONDS * TIMES;
    const decoding = await costOf(() => bench.decode(clip, []));
    const line = await costOf(() => bench.line(clip, FPS, 5));
    const { frames, inferred } = line.result;
    const ceiling = decoding.seconds + inferred * (await bench.bareInference());
    const ratio = line.seconds / ceiling;
    return [
      {
        id: 'P3',
        figure: `CPU of a busy 1080p camera at ${FPS} fps`,
        value: line.seconds / seconds,
        unit: 'CPU-s a second',
        ceiling: { what: 'FFmpeg decoding it + bare inference of the frames passed', value: ceiling / seconds },
        ratio,
        aim: `≤ ${LIMIT} ×`,
        met: ratio <= LIMIT,
        note: `${frames} frames, ${inferred} looks; decoding alone ${(decoding.seconds / seconds).toFixed(3)}`,
      },
    ];
  } finally {
    await bench.close();
  }
}
