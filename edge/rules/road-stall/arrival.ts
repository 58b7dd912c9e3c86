/**
 * Arrival proof: something stands here that did not when the place was first seen (decision 32). What a detector takes for
 * a stall and has stood since the first look, a painted cabinet, a planter or a poster, is no event.
 */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { BackgroundMap, Scene } from '../../domain/scene.ts';
import { clamp } from '../../geometry/numbers.ts';
import type { Arrival, Place } from './place.ts';
import {
  ARRIVAL_MS,
  BOX_MARGIN,
  DWELLS_TO_HOLD,
  MAX_AGREEMENT,
  MAX_HOLD_MS,
  MIN_ARRIVED_SHARE,
  MIN_PROOF_DWELL_SECONDS,
  MIN_REPLACED_SHARE,
  MIN_STANDING_AGREEMENT,
  MIN_STANDING_SHARE,
  MIN_TELLING_BLOCKS,
} from './tuning.ts';

/** Blocks of a box by what they tell, and how much the structure of the whole box is that of before (cosine, −1..1). */
export type BoxHistory = {
  readonly arrived: number;
  readonly standing: number;
  readonly differing: number;
  readonly agreement: number;
};

/**
 * @param box shares of the frame
 * @param from ms; what changed before it is no arrival of what is there now
 */
export function historyOf(box: BoxXywh, map: BackgroundMap, from: number): BoxHistory {
  const { cols, rows, states, since, now, before } = map;
  const [x, y, w, h] = box;
  const left = clamp(Math.floor((x + BOX_MARGIN * w) * cols), 0, cols - 1);
  const right = clamp(Math.floor((x + (1 - BOX_MARGIN) * w) * cols), 0, cols - 1);
  const top = clamp(Math.floor((y + BOX_MARGIN * h) * rows), 0, rows - 1);
  const bottom = clamp(Math.floor((y + (1 - BOX_MARGIN) * h) * rows), 0, rows - 1);
  const blocks = { arrived: 0, standing: 0, differing: 0 };
  let [both, mine, theirs] = [0, 0, 0];
  for (let row = top; row <= bottom; row++) {
    for (let at = row * cols + left; at <= row * cols + right; at++) {
      const state = states[at];
      if (state === 2) blocks.differing++;
      if (state !== 1 && state !== 4) continue;
      const isNew = (since[at] as number) * 1000 >= from;
      if (isNew) blocks.arrived++;
      else blocks.standing++;
      const old = isNew && state === 4 ? before : now;
      const [nx, ny, ox, oy] = [now.x[at] as number, now.y[at] as number, old.x[at] as number, old.y[at] as number];
      both += nx * ox + ny * oy;
      mine += nx * nx + ny * ny;
      theirs += ox * ox + oy * oy;
    }
  }
  return { ...blocks, agreement: mine > 0 && theirs > 0 ? both / Math.sqrt(mine * theirs) : 0 };
}

/** Enough blocks tell, enough of them are new, and the box as a whole does not show what it showed before. */
function hasArrived({ arrived, standing, differing, agreement }: BoxHistory, share: number): boolean {
  const telling = arrived + standing + differing;
  return telling >= MIN_TELLING_BLOCKS && arrived >= share * telling && agreement < MAX_AGREEMENT;
}

/** A composite is made of people who come and go: what they prove has arrived. */
const provesItself = ({ source, mustAttend }: Place): boolean =>
  source === 'vehicle' || (source === 'props' && mustAttend > 0);

/** How long an appearance must hold to be a place's, ms; null where the zone asks for no proof. */
export function proofHoldMs({ zone, params }: RuleContext<'road-stall'>): number | null {
  if (zone.arrival === 'off' || params.dwellSeconds < MIN_PROOF_DWELL_SECONDS) return null;
  return Math.min(MAX_HOLD_MS, (1000 * params.dwellSeconds) / DWELLS_TO_HOLD);
}

/** Whether what stands on a place has arrived there; once it is known it stays known. */
export function arrivalOf(place: Place, scene: Scene, context: RuleContext<'road-stall'>): Arrival {
  if (place.arrival !== null) return place.arrival;
  if (!scene.background || provesItself(place) || proofHoldMs(context) === null) return 'arrived';
  const history = historyOf(place.box, scene.background, place.firstAt - ARRIVAL_MS);
  if (hasArrived(history, MIN_ARRIVED_SHARE)) return 'arrived';
  const { arrived, standing, differing, agreement } = history;
  const telling = arrived + standing + differing;
  if (telling < MIN_TELLING_BLOCKS) return null;
  return standing >= MIN_STANDING_SHARE * telling || agreement >= MIN_STANDING_AGREEMENT ? 'standing' : null;
}

/** Whether something else stands where a standing thing was found. */
export function isReplaced({ arrival, standingFrom, box }: Place, { background }: Scene): boolean {
  if (arrival !== 'standing' || standingFrom === null || !background) return false;
  return hasArrived(historyOf(box, background, standingFrom), MIN_REPLACED_SHARE);
}
