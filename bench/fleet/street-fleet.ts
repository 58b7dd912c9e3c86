/** A city's street cameras: most see a street without a violation, some a stall; each a sub-stream and a main stream. */
import type { BenchCamera } from '../checkout.ts';
import { type BenchPicture, type Media, mainStream, type Size, shippedClip, subStream, wideZone } from '../media.ts';
import { startPublisher } from './publisher.ts';

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

/** Over RTSP on loopback, from one process that repeats prepared packets. */
export async function openRtspFleet(count: number, media: Media): Promise<StreetFleet> {
  const clip = (picture: BenchPicture, size: Size) => media.annexB(picture, size);
  const publisher = await startPublisher(
    {
      'calm-sub': clip('calm', subStream),
      'calm-main': clip('calm', mainStream),
      'stall-sub': clip('stall', subStream),
      'stall-main': clip('stall', mainStream),
    },
    subStream.fps,
  );
  return {
    cameras: Array.from({ length: count }, (_, i) => {
      const scene = seesStall(i) ? 'stall' : 'calm';
      return cameraOf(i, publisher.url(`${scene}-sub`, i), publisher.url(`${scene}-main`, i), false);
    }),
    close: publisher.close,
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
