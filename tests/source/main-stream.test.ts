/** A camera that is looked at on its sub-stream: which picture of the main stream it gives beside a frame, and when it connects. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Frame, MainPicture } from '../../edge/domain/frame.ts';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { makeNumberedCamera, type NumberedCamera, numberOf } from './numbered.ts';
import { sourceOf } from './stage.ts';

const FPS = 10;
const FRAMES = 600;
const SUB = [320, 180] as const;
const MAIN = [960, 540] as const;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

type Shown = {
  /** Number that the frame shows, and when it came. */
  readonly n: number;
  readonly main: { readonly n: number; readonly offsetMs: number; readonly size: readonly number[] } | null;
};

describe.skipIf(!needs('ffmpeg'))('the main stream', () => {
  let sub: NumberedCamera;
  let main: NumberedCamera;
  beforeAll(() => {
    const x264 = (keyint: number) => [
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-qp', '20'],
      ...['-x264-params', `keyint=${keyint}:min-keyint=${keyint}:scenecut=0:bframes=0`],
    ];
    const size = ([width, height]: readonly [number, number]) => ({ width, height });
    sub = makeNumberedCamera('sub.264', { frames: FRAMES, rate: FPS, codec: x264(10), ...size(SUB) });
    main = makeNumberedCamera('main.264', { frames: FRAMES, rate: FPS, codec: x264(20), ...size(MAIN) });
  }, 60_000);

  async function camera(options: Partial<CameraOptions> = {}): Promise<RtspCamera> {
    const started = await startRtspCamera({
      fps: FPS,
      running: true,
      files: { sub: sub.file, main: main.file },
      ...options,
    });
    endings.push(started.close);
    return started;
  }

  /** Looks at the sub-stream at two frames a second; asks for the main picture where `asks` says so. */
  async function looking(of: RtspCamera, policy: 'always' | 'on-demand', asks: (frame: Frame) => boolean) {
    const shown: Shown[] = [];
    const source = await sourceOf(of.url('main'), {
      mode: 'live',
      config: { cadence: 2, main: policy, analyse: { url: of.url('sub') } },
    });
    const seen = (given: MainPicture | null | undefined): Shown['main'] => {
      if (!given) return null;
      const { full, offsetMs } = given;
      const result = { n: numberOf(full), offsetMs, size: [full.width, full.height] };
      given.release();
      return result;
    };
    const stop = new AbortController();
    const running = source.run(
      {
        async onFrame(frame) {
          const n = numberOf(frame.full);
          shown.push({ n, main: asks(frame) ? seen(await frame.main?.()) : null });
        },
      },
      stop.signal,
    );
    endings.push(async () => {
      stop.abort();
      await running;
      await source.close();
    });
    return shown;
  }

  const describes = (of: RtspCamera) =>
    of.requests.filter(({ method, uri }) => method === 'DESCRIBE' && /main/.test(uri));
  const leaves = (of: RtspCamera) => of.requests.filter(({ method, uri }) => method === 'TEARDOWN' && /main/.test(uri));
  /** The offset says by how much the two pictures differ. */
  function expectTrue({ n, main: given }: Shown, withinMs: number): void {
    expect(given?.size).toEqual(MAIN);
    expect(Math.abs((given?.offsetMs ?? 0) - (((given?.n ?? 0) - n) * 1000) / FPS)).toBeLessThan(withinMs);
  }

  test('always there gives the very picture, anywhere between two keyframes', { timeout: 90_000 }, async () => {
    const of = await camera();
    // Before ten seconds the streams' own times are not believed yet.
    const shown = await looking(of, 'always', ({ index }) => index >= 20);
    await until('pictures', () => shown.filter((one) => one.main).length >= 12, 60_000);
    for (const one of shown.filter(({ main: given }) => given)) {
      expect(one.main?.n, `beside ${one.n}`).toBe(one.n);
      expectTrue(one, 60);
    }
    expect(shown.slice(20).every(({ main: given }) => given !== null)).toBe(true);
    expect(describes(of)).toHaveLength(1);
  });

  test('on demand connects when it is wanted, gives a keyframe and says how far off it is, and leaves', {
    timeout: 120_000,
  }, async () => {
    const of = await camera();
    const shown = await looking(of, 'on-demand', ({ index }) => index === 6 || index === 7 || index === 16);
    await until('frames', () => shown.length >= 6, 60_000);
    expect(describes(of)).toHaveLength(0);
    await until('pictures', () => shown.filter((one) => one.main).length >= 3, 60_000);
    for (const one of shown.filter(({ main: given }) => given)) {
      expect((one.main?.n ?? 1) % 20).toBe(0);
      expectTrue(one, 150);
    }
    expect(describes(of)).toHaveLength(1);
    await until('nobody wants more of it', () => leaves(of).length === 1, 60_000);
    expect(of.viewers()).toBe(1);
  });

  test('that is away or refuses gives none in time, and the sub-stream goes on', { timeout: 60_000 }, async () => {
    const answer: CameraOptions['answer'] = ({ method, uri }) =>
      method === 'DESCRIBE' && /main/.test(uri) ? ['503 Service Unavailable'] : null;
    const of = await camera({ answer });
    const shown = await looking(of, 'always', ({ index }) => index === 3);
    await until('frames', () => shown.length >= 10, 60_000);
    expect(shown[3]?.main).toBeNull();
    // Four seconds of waiting, no more.
    expect((shown[4]?.n ?? 0) - (shown[3]?.n ?? 0)).toBeLessThan(60);
  });
});
