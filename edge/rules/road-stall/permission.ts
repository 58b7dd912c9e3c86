/** Whether trade in a zone is forbidden at an instant, which permit and window say so, and for which stall. */
import type { RuleContext } from '../../domain/rule.ts';
import { permitState, windowsText } from '../../geometry/schedule.ts';
import type { Place, TradeStatus } from './place.ts';
import { FLICKER_MS, MIN_CERTAIN_HITS } from './tuning.ts';

export type Permission = {
  /** Stalls allowed now, oldest first; a huge number without a limit, 0 when trade is forbidden. */
  readonly allowed: number;
  readonly permit: string | null;
  readonly ruleWindow: string;
};

const UNLIMITED = Number.MAX_SAFE_INTEGER;

const takesPitch = (place: Place) => place.inside && place.hits >= MIN_CERTAIN_HITS;

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
 * it matters which, those that came after it are `unclear`.
 */
export function createPitches(permission: Permission) {
  let surely = 0;
  let perhaps = 0;
  return {
    /** Asked for each place in order of arrival. */
    next(place: Place | null): TradeStatus {
      const status: TradeStatus =
        surely >= permission.allowed ? 'forbidden' : perhaps < permission.allowed ? 'lawful' : 'unclear';
      if (place && takesPitch(place)) perhaps++;
      if (place && isSurelyThere(place)) surely++;
      return status;
    },
  };
}
