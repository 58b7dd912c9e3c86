/** Which pictures of a truck are worth keeping: its approach, its bed, its plate; and the clip of its pass. */
import type { Track } from '../../domain/detection.ts';
import type { RuleContext, SlotUpdate } from '../../domain/rule.ts';
import { area } from '../../geometry/box.ts';
import type { Truck } from './truck.ts';
import { BETTER, CLIP_HEIGHTS, CUT_QUALITY, MIN_CLIP_SPEED } from './tuning.ts';
import { isCut, showsBed } from './votes.ts';

type Context = RuleContext<'muck-truck'>;
export const pictures = ['approach', 'bed', 'plate'] as const;
type Picture = (typeof pictures)[number];

/** Name of a truck's slot, among those of all zones of a camera. */
export const slotOf = ({ zone }: Context, truck: Truck, what: Picture | 'pass') =>
  `${zone.id}-truck-${truck.id}-${what}`;

/** How good this frame is to show the bed; 0 where it does not. */
function bedQuality(track: Track): number {
  return showsBed(track) ? track.score * Math.sqrt(area(track.box)) * (isCut(track.box) ? CUT_QUALITY : 1) : 0;
}

/** A plate is as large as the truck is high, and whole where the truck is. */
function plateQuality(track: Track): number {
  return track.box[3] * (isCut(track.box) ? CUT_QUALITY : 1);
}

/** Only trucks from the site's side: what comes in is no pass of ours. */
export function keepBest(truck: Truck, track: Track, context: Context): { truck: Truck; slots: SlotUpdate[] } {
  const { side, crossed } = truck.passage;
  if (side !== 'home' && crossed?.direction !== 'outbound') return { truck, slots: [] };
  const size = crossed ? 0 : Math.sqrt(area(track.box));
  const found = { approach: size / BETTER, bed: bedQuality(track), plate: plateQuality(track) };
  const better = pictures.filter((what) => found[what] > truck[what] * BETTER);
  if (better.length === 0) return { truck, slots: [] };
  const best = Object.fromEntries(better.map((what) => [what, what === 'approach' ? size : found[what]]));
  return { truck: { ...truck, ...best }, slots: better.map((what) => ({ slot: slotOf(context, truck, what) })) };
}

/** Whether this frame belongs to the clip of the pass: one that waits in the yard all day would fill it. */
export function clipPass(truck: Truck, context: Context): SlotUpdate[] {
  const { side, crossed, depth } = truck.passage;
  if (side !== 'home' && crossed?.direction !== 'outbound') return [];
  const speed = Math.hypot(...truck.velocity) / truck.box[3];
  return Math.abs(depth) <= CLIP_HEIGHTS && speed >= MIN_CLIP_SPEED ? [{ clip: slotOf(context, truck, 'pass') }] : [];
}

/** Lets go of all that is kept of a truck. */
export function dropAll(truck: Truck, context: Context): SlotUpdate[] {
  return [...pictures, 'pass' as const].map((what) => ({ drop: slotOf(context, truck, what) }));
}
