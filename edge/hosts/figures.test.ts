import { expect, test } from 'vitest';
import type { CameraFigures } from '../pipeline/camera.ts';
import { createFigures } from './figures.ts';

const figures = (frames: number, drops: number): CameraFigures => ({
  restarts: 0,
  source: {
    frames,
    drops,
    damaged: 0,
    reconnects: 2,
    clockOffsetMs: 5,
    clockSource: 'pts',
    jumps: 0,
    width: 1,
    height: 1,
  },
  line: {
    frames,
    inferred: 1,
    fps: 5,
    latencyMs: 9,
    detailLooks: 0,
    detailSkipped: 0,
    lateLooks: 0,
    lateFrames: 0,
    inferenceWaitMs: 0,
    presentSinceStart: 0,
  },
});

test('counts go on over the end of a process, rates do not', () => {
  const all = createFigures();
  all.take({ a: figures(10, 1) });
  all.take({ a: figures(20, 3) });
  all.ended('a');
  expect(all.of('a')).toMatchObject({ frames: 20, drops: 3, reconnects: 3, inferred: 1, fps: 0, latencyMs: 0 });
  all.take({ a: figures(4, 0) });
  expect(all.of('a')).toMatchObject({ frames: 24, drops: 3, reconnects: 5, inferred: 2, fps: 5, clockOffsetMs: 5 });
  expect(all.of('unknown')).toMatchObject({ frames: 0, reconnects: 0 });
});
