/** A camera that sends what it has since its last keyframe at once: what is past is never shown as if it were now. */
import { afterEach, describe, expect, test } from 'vitest';
import { type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { randomOf } from '../crash/rounds.ts';
import { createWire } from '../crash/stream/wire.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { makeStream, x264 } from './rtsp-stage.ts';
import { sourceOf } from './stage.ts';

const FPS = 5;
/** Luma by which a picture is brighter than the one before. */
const STEP = 2;

type Shown = { readonly n: number; readonly at: number };

/** Numbered pictures: each says by its brightness which it is. */
const numbered = () =>
  makeStream('numbered.264', {
    seconds: 20,
    rate: FPS,
    filter: `geq=lum='16+${STEP}*N':cb=128:cr=128`,
    codec: x264('keyint=10:bframes=0:slices=1'),
  });

describe.skipIf(!needs('ffmpeg'))('a burst of the past', () => {
  let camera: RtspCamera;
  afterEach(() => camera.close());

  test.each(['gate', 'street'] as const)('%s: after a cut and in mid-stream', async (kind) => {
    const wire = createWire(randomOf(1));
    const ended = new AbortController();
    camera = await startRtspCamera({
      fps: FPS,
      files: { '': numbered() },
      send: wire.send,
      onJoin: wire.onJoin,
      goesOn: true,
    });
    const source = await sourceOf(camera.url('cam'), { mode: 'live', kind, config: { cadence: FPS } });
    const shown: Shown[] = [];
    const running = source.run(
      {
        onFrame(frame) {
          shown.push({ n: Math.round(((frame.full.i420[0] ?? 0) - 16) / STEP), at: frame.at });
          // Long enough for more to wait.
          return new Promise((go) => setTimeout(() => go({ changed: true, active: true }), 25));
        },
      },
      ended.signal,
    );
    try {
      const more = (count: number) => {
        const enough = shown.length + count;
        return until('more pictures', () => shown.length >= enough, 20_000);
      };
      await more(14);
      camera.cut();
      await more(8);
      camera.cut();
      await more(8);
      await wire.repeat();
      await more(8);
      const steps = shown.slice(1).map(({ n, at }, i) => {
        const before = shown[i] as Shown;
        return { pictures: n - before.n, offMs: at - before.at - ((n - before.n) * 1000) / FPS };
      });
      expect(steps.filter(({ pictures }) => pictures < 1)).toEqual([]);
      // The newest of a burst may itself be a picture old.
      expect(steps.filter(({ offMs }) => Math.abs(offMs) > 400)).toEqual([]);
      // Nothing but what the cuts took is missing.
      expect(steps.filter(({ pictures }) => pictures > 1).length).toBeLessThanOrEqual(3);
    } finally {
      ended.abort();
      await running;
      await source.close();
    }
  });
});
