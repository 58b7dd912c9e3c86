/** A detector that answers the same pixels from memory: a repeated clip is inferred once, and played as often as wanted. */
import { createHash } from 'node:crypto';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Detector } from '../../edge/domain/detector.ts';

/** Some hundred bytes each; of a longer recording the later pictures are inferred each time. */
const MAX_REMEMBERED = 50_000;

/**
 * The detector with a memory. Detections of a frame are the same for the same pixels (`Detector.detect`), so nothing but
 * time is saved. A region that was left out for want of time is asked for again.
 */
export function rememberDetections(detector: Detector): Detector {
  const known = new Map<string, readonly Detection[]>();

  async function ask(key: string, infer: () => Promise<Detection[] | null>): Promise<Detection[] | null> {
    const found = known.get(key);
    if (found) return [...found];
    const fresh = await infer();
    if (fresh && known.size < MAX_REMEMBERED) known.set(key, [...fresh]);
    return fresh;
  }

  return {
    ...detector,
    detect: async (pixels, frame, request = null) => {
      const key = `${frame.width}x${frame.height} ${createHash('sha1').update(pixels).digest('base64')}`;
      return (await ask(key, () => detector.detect(pixels, frame, request))) ?? [];
    },
    detectIn: (picture, region, request = null) => {
      const key = `${region.join(' ')} ${createHash('sha1').update(picture.i420).digest('base64')}`;
      return ask(key, () => detector.detectIn(picture, region, request));
    },
  };
}
