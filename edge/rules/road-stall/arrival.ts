/**
 * Arrival proof: something stands here that did not when the place was first seen (decision 32). What a detector takes for
 * a stall and has stood since the first look, a painted cabinet, a planter or a poster, is no event.
 */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { BackgroundMap, Scene } from '../../domain/scene.ts';
import { clamp } from '../../geometry/numbers.ts';
import type { Place } from './place.ts';
import {
  ARRIVAL_MS,
  BOX_MARGIN,
  MIN_ARRIVED_SHARE,
  MIN_REPLACED_SHARE,
  MIN_STANDING_SHARE,
  MIN_TELLING_BLOCKS,
} from './tuning.ts';

/** `standing`: as it is since the first look; null: not to be told yet. */
export type Arrival = 'arrived' | 'standing' | null;

/** Blocks of a box by what they tell. */
export type ArrivalCounts = { readonly arrived: number; readonly standing: number; readonly differing: number };

/**
 * @param box shares of the frame
 * @param from ms; what changed before it is no arrival of what is there now
 */
export function countBlocks(box: BoxXywh, { cols, rows, states, since }: BackgroundMap, from: number): ArrivalCounts {
  const [x, y, w, h] = box;
  const left = clamp(Math.floor((x + BOX_MARGIN * w) * cols), 0, cols - 1);
  const right = clamp(Math.floor((x + (1 - BOX_MARGIN) * w) * cols), 0, cols - 1);
  const top = clamp(Math.floor((y + BOX_MARGIN * h) * rows), 0, rows - 1);
  const bottom = clamp(Math.floor((y + (1 - BOX_MARGIN) * h) * rows), 0, rows - 1);
  const counts = { arrived: 0, standing: 0, differing: 0 };
  for (let row = top; row <= bottom; row++) {
    for (let at = row * cols + left; at <= row * cols + right; at++) {
      if (states[at] === 2) counts.differing++;
      else if (states[at] === 1) {
        if ((since[at] as number) * 1000 >= from) counts.arrived++;
        else counts.standing++;
      }
    }
  }
  return counts;
}

/** A composite is made of people who come and go: what they prove has arrived. */
const provesItself = ({ source, mustAttend }: Place): boolean =>
  source === 'vehicle' || (source === 'props' && mustAttend > 0);

/** Whether what stands on a place has arrived there; once it is known it stays known. */
export function arrivalOf(place: Place, scene: Scene, { params }: RuleContext<'road-stall'>): Arrival {
  if (place.arrival !== null) return place.arrival;
  if (params.arrival === 'off' || !scene.background || provesItself(place)) return 'arrived';
  const { arrived, standing, differing } = countBlocks(place.box, scene.background, place.firstAt - ARRIVAL_MS);
  const telling = arrived + standing + differing;
  if (telling < MIN_TELLING_BLOCKS) return null;
  if (arrived >= MIN_ARRIVED_SHARE * telling) return 'arrived';
  return standing >= MIN_STANDING_SHARE * telling ? 'standing' : null;
}

/** Whether something else stands where a standing thing was found. */
export function isReplaced({ arrival, standingFrom, box }: Place, { background }: Scene): boolean {
  if (arrival !== 'standing' || standingFrom === null || !background) return false;
  const { arrived, standing, differing } = countBlocks(box, background, standingFrom);
  const telling = arrived + standing + differing;
  return telling >= MIN_TELLING_BLOCKS && arrived >= MIN_REPLACED_SHARE * telling;
}
