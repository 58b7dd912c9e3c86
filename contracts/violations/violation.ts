/** What a violation entry must say: everything the hub, the console and the reports need to show it. */
import type { Static, TObject } from '@sinclair/typebox';
import type { Bilingual } from '../text.ts';

/** A code means nothing without its table: two tables with the same numbers are in use (GB/T 30428, city tables). */
export type MatterCode = { readonly scheme: string; readonly code: string };

/** One figure that is counted of observations, hour by hour: `sum` adds them up, `max` keeps the largest. */
export type Statistic<T> = {
  readonly title: Bilingual;
  readonly fold: 'sum' | 'max';
  readonly of: (observation: T) => number;
};

export type ViolationEntry<
  K extends string,
  P extends TObject,
  D extends TObject,
  G extends TObject,
  O extends TObject,
> = {
  readonly kind: K;
  readonly title: Bilingual;
  readonly summary: Bilingual;
  readonly matters: readonly MatterCode[];
  /** Rule parameters of a zone, each with a default, bounds, a unit and a description. */
  readonly params: P;
  /** `detail` of the event. */
  readonly detail: D;
  /** What is drawn for a zone of this kind beside its polygon. */
  readonly geometry: G;
  /** What cannot be true between shapes that are each sound, with the field to look at; null when all is well. */
  readonly geometryFault?: (geometry: Static<G>) => { readonly field: string; readonly message: string } | null;
  /**
   * What makes two events of one zone the same case: `place` = seen on the same spot, `zone` = anywhere in the zone,
   * `event` = never, each event is a case of its own.
   */
  readonly joins: 'place' | 'zone' | 'event';
  /** Labels of the detail's fields, for people; a test holds them complete. */
  readonly detailLabels: Readonly<Record<string, Bilingual>>;
  /** What a rule of this kind saw, said whether or not it is a violation: one gate pass, one count of what stands. */
  readonly observation: O;
  /** What is counted of observations for the hub's statistics. */
  readonly statistics: Readonly<Record<string, Statistic<Static<O>>>>;
};

/** An entry with its literal types kept: kind, parameter, detail, geometry and observation schemas. */
export function defineViolation<
  const K extends string,
  P extends TObject,
  D extends TObject,
  G extends TObject,
  O extends TObject,
>(entry: ViolationEntry<K, P, D, G, O>): ViolationEntry<K, P, D, G, O> {
  return entry;
}
