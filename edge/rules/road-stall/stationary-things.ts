/** Memory of stationary things, by place and not by track: the ground on which composites are built. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Concept, Track } from '../../domain/detection.ts';
import { iou, mixBoxes } from '../../geometry/box.ts';
import { MIN_STATIONARY_IOU, THING_GAIN } from './tuning.ts';

export type StationaryThing = {
  readonly concept: Concept;
  readonly box: BoxXywh;
  readonly score: number;
  readonly track: number;
  /** First and last sight, ms. */
  readonly since: number;
  readonly seenAt: number;
  /** Sights, and frames since the first. */
  readonly hits: number;
  readonly looks: number;
};

function refreshed(thing: StationaryThing, track: Track, at: number): StationaryThing {
  const box = mixBoxes(thing.box, track.box, THING_GAIN);
  const score = thing.score + THING_GAIN * (track.score - thing.score);
  return { ...thing, box, score, track: track.id, seenAt: at, hits: thing.hits + 1, looks: thing.looks + 1 };
}

/** Memory after one frame. What was not seen for `forgetMs` is forgotten. */
export function rememberStationary(
  memory: readonly StationaryThing[],
  tracks: readonly Track[],
  at: number,
  forgetMs: number,
): StationaryThing[] {
  const free = new Set(tracks);
  const next = memory.map((thing) => {
    let best: Track | null = null;
    let bestIou = MIN_STATIONARY_IOU;
    for (const track of free) {
      const overlap = track.concept === thing.concept ? iou(track.box, thing.box) : 0;
      if (overlap >= bestIou) {
        best = track;
        bestIou = overlap;
      }
    }
    if (!best) return { ...thing, looks: thing.looks + 1 };
    free.delete(best);
    return refreshed(thing, best, at);
  });
  const born = [...free].map(
    (track): StationaryThing => ({
      concept: track.concept,
      box: track.box,
      score: track.score,
      track: track.id,
      since: at,
      seenAt: at,
      hits: 1,
      looks: 1,
    }),
  );
  return [...next.filter((thing) => at - thing.seenAt <= forgetMs), ...born];
}

/** Unknown time passed: nothing is forgotten for it. */
export function shiftSeen<T extends StationaryThing>(memory: readonly T[], unknownMs: number): T[] {
  return memory.map((thing) => ({ ...thing, seenAt: thing.seenAt + unknownMs }));
}
