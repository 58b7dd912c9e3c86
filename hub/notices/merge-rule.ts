/** Whether a notice waits for others of its site's shift, and until when. Pure. */
import type { UnitBody } from '../../contracts/api/unit.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { dutyAt } from '../cases/lifecycle/duty.ts';

export type MergeRule = {
  readonly shifts: UnitBody['roster'];
  /** What is gathered goes out so long before the first of it would be warned of its limit, ms. */
  readonly leadMs: number;
  /** So long before the limit a site is warned, ms; 0 = when it is reached. */
  readonly beforeMs: number;
  /** Reasons that never wait, by kind; what a kind's entry says where it is left out. */
  readonly urgent: Readonly<Partial<Record<string, readonly string[]>>>;
};

/** Whether the case has a reason that is never held back. */
export function isUrgent(kind: ViolationKind, reasons: readonly string[], { urgent }: Pick<MergeRule, 'urgent'>) {
  const own = urgent[kind] ?? violations[kind].notice?.urgent ?? [];
  return reasons.some((reason) => own.includes(reason));
}

/**
 * @param limit when it is to be corrected. @param now when it was confirmed; both ms since the epoch
 * @returns when the shift ends that `now` lies in, and until when its notices are gathered; null where nothing is gathered
 */
export function gathering(
  { now, limit }: { readonly now: number; readonly limit: number },
  { shifts, leadMs, beforeMs }: Omit<MergeRule, 'urgent'>,
  calendar: Calendar,
): { readonly shiftUntil: number; readonly sendAt: number } | null {
  const { until } = dutyAt({ roster: shifts }, calendar, now);
  if (until === null) return null;
  const sendAt = Math.min(until, limit - beforeMs - leadMs);
  return sendAt > now ? { shiftUntil: until, sendAt } : null;
}
