/** Whether trade in a zone is forbidden at an instant, in which words the rule says so, and for which stall. */
import type { RuleContext } from '../../domain/rule.ts';
import { permitState, windowsText } from '../../geometry/schedule.ts';
import { FLICKER_MS, type Place, type Verdict } from './place.ts';

export type Permission = {
  /** Stalls allowed now, oldest first; a huge number without a limit, 0 when trade is forbidden. */
  readonly allowed: number;
  readonly permit: string | null;
  readonly ruleWindow: string;
};

const UNLIMITED = Number.MAX_SAFE_INTEGER;
/** What was seen less often may be nothing, and takes nobody's pitch. */
const CERTAIN_HITS = 3;

const takesPitch = (place: Place) => place.inside && place.hits >= CERTAIN_HITS;

/** Stands in the zone and was seen a moment ago. */
export function isSurelyThere(place: Place): boolean {
  return takesPitch(place) && place.missMs + place.blindMs <= FLICKER_MS;
}

/** Grace allows as many as there are: they are packing up. */
export function permissionAt(context: RuleContext<'road-stall'>, at: number): Permission {
  const permits = context.zone.permits ?? [];
  if (permits.length === 0) return { allowed: 0, permit: null, ruleWindow: 'always' };
  const states = permits.map((permit) => ({ permit, state: permitState(permit, context.calendar, at) }));
  const open = states.filter(({ state }) => state === 'open').map(({ permit }) => permit);
  const first = open[0] ?? permits[0];
  if (open.length === 0) {
    const allowed = states.some(({ state }) => state === 'grace') ? UNLIMITED : 0;
    return { allowed, permit: first?.id ?? null, ruleWindow: `outside ${windowsText(permits)}` };
  }
  const allowed = open.reduce((sum, permit) => sum + (permit.capacity ?? UNLIMITED), 0);
  return { allowed, permit: first?.id ?? null, ruleWindow: `over capacity ${allowed}` };
}

/**
 * Over capacity those that came last are too many. A stall that has not been seen for a while may be there or not: while
 * it matters which, nothing is said of those that came after it.
 */
export function createVerdicts(permission: Permission) {
  let surely = 0;
  let perhaps = 0;
  return {
    /** Asked for each place in order of arrival. */
    next(place: Place | null): Verdict {
      const verdict: Verdict =
        surely >= permission.allowed ? 'forbidden' : perhaps < permission.allowed ? 'lawful' : 'unclear';
      if (place && takesPitch(place)) perhaps++;
      if (place && isSurelyThere(place)) surely++;
      return verdict;
    },
  };
}
