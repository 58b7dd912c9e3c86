/**
 * Whose heads a still makes coarse: the persons of the very picture that it shows. What stands for a far region from an
 * earlier frame has walked on meanwhile: it would blot what is there now, and leave the face that it means bare.
 */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Detection } from '../domain/detection.ts';
import type { Frame, FullPicture } from '../domain/frame.ts';
import type { FarInference } from '../regions/far-inference.ts';

/** Persons of one frame, shares of it. */
export type SeenPersons = {
  /** Seen in the frame itself. */
  readonly now: readonly BoxXywh[];
  /** Seen in far regions a while ago; null where every far region was looked at in this frame. */
  readonly earlier: readonly BoxXywh[] | null;
};

/** Boxes of the persons among them, shares of the frame. */
export function personsIn(detections: readonly Detection[]): BoxXywh[] {
  return detections.filter((thing) => thing.concept === 'person').map((thing) => thing.box);
}

/** @param held those of `detections` that an earlier frame showed; null where each far region had its turn */
export function personsSeen(detections: readonly Detection[], held: ReadonlySet<Detection> | null): SeenPersons {
  if (held === null) return { now: personsIn(detections), earlier: null };
  return {
    now: personsIn(detections.filter((thing) => !held.has(thing))),
    earlier: personsIn(detections.filter((thing) => held.has(thing))),
  };
}

/** For one camera; both reject with EDGE_INFERENCE. */
export function createStillPersons(inferFar: FarInference) {
  let last: { readonly full: FullPicture; readonly at: number; readonly persons: Promise<BoxXywh[]> } | null = null;

  return {
    /** Of a frame: far regions that stand from earlier are looked at again, once however often this is asked. */
    async ofFrame({ full, at }: Pick<Frame, 'full' | 'at'>, seen: SeenPersons): Promise<readonly BoxXywh[]> {
      if (seen.earlier === null) return seen.now;
      if (last?.full !== full || last.at !== at) last = { full, at, persons: inferFar(full).then(personsIn) };
      return [...seen.now, ...(await last.persons)];
    },
    /** In the far zones of any picture. */
    farIn: async (full: FullPicture): Promise<BoxXywh[]> => personsIn(await inferFar(full)),
  };
}
