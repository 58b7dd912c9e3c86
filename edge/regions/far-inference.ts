/** What can be seen in the far zones of one picture, at once and outside the budget: for a still, which shows one moment. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { FullPicture } from '../domain/frame.ts';
import { isCut } from './cut-boxes.ts';
import { farRegions } from './far-regions.ts';

/** Detections of all far regions of a picture that no inner edge cuts, as shares of it; one thing may stand in two regions. */
export type FarInference = (picture: FullPicture) => Promise<Detection[]>;

/** The look rejects with EDGE_INFERENCE. `picture` must stay valid until it settles. */
export function createFarInference(camera: Pick<CameraConfig, 'zones'>, detector: Detector): FarInference {
  let size = '';
  let regions: readonly BoxXywh[] = [];

  return async (picture) => {
    const now = `${picture.width}x${picture.height}`;
    if (now !== size) regions = camera.zones.flatMap((zone) => farRegions(zone, picture, detector.input));
    size = now;
    const all: Detection[] = [];
    for (const region of regions) {
      const found = await detector.detectIn(picture, region);
      all.push(...(found ?? []).filter(({ box }) => !isCut(box, region)));
    }
    return all;
  };
}
