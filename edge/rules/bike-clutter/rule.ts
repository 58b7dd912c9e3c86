/** Skeleton of the rule; the reducer lands next. */
import type { Rule } from '../../domain/rule.ts';

export type State = { readonly v: 1 };

export const bikeClutter: Rule<'bike-clutter', State> = {
  kind: 'bike-clutter',
  version: '1.0.0',
  init: () => ({ v: 1 }),
  step: (state) => ({ state, findings: [], keeps: [] }),
};
