/**
 * Two opinions of one place, where a model has a class of its own for a stall and its card composes stalls too: the own
 * box stays, with one score that both give it. Pure.
 */
import type { EventObject } from '../../../contracts/event.ts';
import { SECOND_OPINION_WEIGHT } from './tuning.ts';

type Opinion = {
  readonly score: number;
  readonly attended: boolean;
  readonly objects: readonly Pick<EventObject, 'track' | 'score'>[];
};

/**
 * Chance that at least one of two opinions is right (noisy-or; Pearl 1988, Probabilistic Reasoning in Intelligent Systems,
 * 4.3.2), the second one discounted because both are of the same pixels: 1 − (1 − own) · (1 − weight · other). Never less
 * than `own`, as props that are not seen prove nothing, and never more than independent opinions would give.
 *
 * @param own score of the model's own class, 0..1
 * @param other score of the composite, 0..1
 * @example weighedTogether(0.4, 0.6) // 0.58
 */
export function weighedTogether(own: number, other: number): number {
  return 1 - (1 - own) * (1 - SECOND_OPINION_WEIGHT * other);
}

/** Mean score of the composite's parts that are not the own box itself: a cart does not speak for itself twice. */
function opinionOf(composite: Opinion, own: Opinion): number {
  const tracks = new Set(own.objects.map(({ track }) => track));
  const others = composite.objects.filter(({ track }) => !tracks.has(track));
  return others.length > 0 ? others.reduce((sum, { score }) => sum + score, 0) / others.length : 0;
}

/**
 * The model's own sighting with what composites say of its place: of several the surest, and only while somebody attends,
 * as props alone are a café's. The composites themselves are to be left out then.
 */
export function withSecondOpinion<Sighting extends Opinion>(own: Sighting, composites: readonly Opinion[]): Sighting {
  const attended = composites.filter((composite) => composite.attended);
  const other = attended.reduce((best, composite) => Math.max(best, opinionOf(composite, own)), 0);
  return other > 0 ? { ...own, score: weighedTogether(own.score, other), attended: true } : own;
}
