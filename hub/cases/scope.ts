/** Whose cases a user sees: the office sees all of them, a unit its own. */
import type { CaseRow } from '../storage/cases.ts';
import type { Actor } from './lifecycle/facts.ts';

/** Whether this user may know of the case at all. */
export function isWithin({ unit }: Pick<CaseRow, 'unit'>, actor: Actor): boolean {
  return actor.role !== 'unit' || (unit !== null && unit === actor.unit);
}

/** The filter that keeps a list within a user's own cases; empty for the office. */
export function scopeOf(actor: Actor): { readonly unit?: string } {
  // A user of a unit without its name sees nothing: no unit is called so.
  return actor.role === 'unit' ? { unit: actor.unit ?? '' } : {};
}
