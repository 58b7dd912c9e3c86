/** Which bikes stand: remembered by place, so that flicker and switched identities do not change the count. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Params } from '../../../contracts/violations/index.ts';
import type { Track } from '../../domain/detection.ts';
import type { Scene } from '../../domain/scene.ts';
import { area, coveredShare, intersection, iou } from '../../geometry/box.ts';

export type StandingBike = {
  readonly box: BoxXywh;
  readonly score: number;
  readonly track: number;
  readonly since: number;
  readonly seenAt: number;
};

/** Least overlap from look to look for a bike to have stood still; in a pile neighbours overlap less than this. */
const STILL_IOU = 0.5;
/** A bike that was sure to stand is counted on through short misses: passers-by hide it. */
const HIDDEN_MS = 4000;
/** A detector blinks even over what it has only just found. */
const BLINK_MS = 1500;
/** A bike that is carried lies this far within a vehicle's box. */
const CARRIED_SHARE = 0.8;
/** Share of the smaller outline within the larger: a bike that is half hidden is still that bike. */
const HALF_HIDDEN = 0.75;
const GAIN = 0.2;

function isCarried(bike: Track, scene: Scene): boolean {
  return scene.tracks.some(
    (t) =>
      (t.concept === 'truck' || t.concept === 'muck_truck') &&
      coveredShare(bike.box, t.box) >= CARRIED_SHARE &&
      // A bike in front of a lorry has its wheels below the lorry's.
      bike.box[1] + bike.box[3] < t.box[1] + 0.9 * t.box[3],
  );
}

/** Memory after one look; `unknownMs` passed without looks and makes nobody leave. */
export function rememberBikes(
  memory: readonly StandingBike[],
  scene: Scene,
  params: Params<'bike-clutter'>,
  unknownMs: number,
): StandingBike[] {
  const at = scene.at;
  const free = new Set(
    scene.tracks.filter((t) => t.concept === 'bicycle' && t.score >= params.minScore && !isCarried(t, scene)),
  );
  const known = memory.map((bike) => (unknownMs > 0 ? { ...bike, seenAt: bike.seenAt + unknownMs } : bike));
  const pairs = known
    .flatMap((bike, index) => [...free].map((track) => ({ index, track, overlap: iou(bike.box, track.box) })))
    .filter((pair) => pair.overlap >= STILL_IOU)
    .sort((a, b) => b.overlap - a.overlap);
  const seen = new Map<number, Track>();
  for (const { index, track } of pairs) {
    if (seen.has(index) || !free.has(track)) continue;
    seen.set(index, track);
    free.delete(track);
  }
  for (const [index, bike] of known.entries()) {
    if (seen.has(index)) continue;
    for (const track of free) {
      const smaller = Math.min(area(bike.box), area(track.box));
      if (intersection(bike.box, track.box) < HALF_HIDDEN * smaller) continue;
      seen.set(index, { ...track, box: area(track.box) < area(bike.box) ? bike.box : track.box });
      free.delete(track);
      break;
    }
  }
  const next = known.flatMap((bike, index): StandingBike[] => {
    const track = seen.get(index);
    // What stood for long may be hidden for long; what was only just seen may have ridden on.
    if (!track)
      return at - bike.seenAt <= Math.min(HIDDEN_MS, Math.max(BLINK_MS, (bike.seenAt - bike.since) / 2)) ? [bike] : [];
    const box = bike.box.map((value, i) => value + GAIN * ((track.box[i] as number) - value)) as BoxXywh;
    return [{ ...bike, box, score: track.score, track: track.id, seenAt: at }];
  });
  for (const track of free) {
    next.push({ box: track.box, score: track.score, track: track.id, since: at, seenAt: at });
  }
  return next;
}

/** Stood for long enough; a rider is where he was only for a moment. */
export function stands(bike: StandingBike, at: number, params: Params<'bike-clutter'>): boolean {
  return at - bike.since >= params.standSeconds * 1000 && bike.seenAt - bike.since >= params.standSeconds * 750;
}
