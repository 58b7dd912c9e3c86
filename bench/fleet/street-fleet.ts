/** A city's street cameras: most see a street without a violation, some a stall; each a sub-stream and a main stream. */
import type { BenchCamera } from '../checkout.ts';
import { type Media, mainStream, type Picture, type Size, shippedClip, subStream, wideZone } from '../media.ts';
import { type Publisher, publish } from './publisher.ts';

export type StreetFleet = {
  readonly cameras: readonly BenchCamera[];
  readonly close: () => Promise<void>;
};

/** One camera of so many sees a stall come and go, so that stills are made. */
const STALL_EACH = 12;
const seesStall = (i: number) => i % STALL_EACH === 0;

function cameraOf(i: number, url: string, main: string, loop: boolean): BenchCamera {
  const zones = seesStall(i) ? shippedClip('stall-day').truth.camera.zones : [wideZone];
  const id = `street-${String(i + 1).padStart(3, '0')}`;
  return { id, zones, cadence: 'keyframes', url, main, ...(loop ? { loop } : {}) };
}

/** Over RTSP on loopback, from one process a stream's content that repeats prepared packets. */
export async function openRtspFleet(count: number, media: Media): Promise<StreetFleet> {
  const publishers: Publisher[] = [];
  const open = async (picture: Picture, size: Size) => {
    const publisher = await publish(media.annexB(picture, size), size.fps);
    publishers.push(publisher);
    return publisher.url;
  };
  const streams = async (picture: Picture) =>
    [await open(picture, subStream), await open(picture, mainStream)] as const;
  const [calm, stall] = [await streams('calm'), await streams('stall')];
  return {
    cameras: Array.from({ length: count }, (_, i) => {
      const [sub, main] = seesStall(i) ? stall : calm;
      return cameraOf(i, sub, main, false);
    }),
    async close() {
      for (const publisher of publishers) await publisher.close();
    },
  };
}

/** From files that are played again and again at their own pace. */
export function openFileFleet(count: number, media: Media): StreetFleet {
  return {
    cameras: Array.from({ length: count }, (_, i) => {
      const picture = seesStall(i) ? 'stall' : 'calm';
      return cameraOf(i, media.clip(picture, subStream, 1), media.clip(picture, mainStream, 1), true);
    }),
    close: async () => {},
  };
}
