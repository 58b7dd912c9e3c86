/** Which handling limit applies to which kind and reason, with the time that it would end now. */
import type { LimitInForce, LimitView } from '../../contracts/api/limit.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';
import type { HandlingLimit } from '../../contracts/violations/violation.ts';
import { timestamp } from '../../platform/clock.ts';
import type { Db } from '../storage/store.ts';
import { handledBy, handlingLimit } from './lifecycle/deadline.ts';
import { type LimitTable, limitTable } from './lifecycle/limits.ts';
import { listMatters } from './matters.ts';
import type { CaseSettings } from './settings.ts';

const units = {
  'running-hours': 'urgent_hour',
  'working-hours': 'work_hour',
  'working-days': 'work_day',
} as const satisfies Record<HandlingLimit['unit'], string>;

/** The words that the kind's entry knows as reasons. */
function reasonsOfKind(kind: ViolationKind): string[] {
  const { detailValues, reasonField } = violations[kind];
  return Object.keys((detailValues as Readonly<Record<string, object | undefined>>)[reasonField] ?? {});
}

/** One line for the kind, and one for each reason whose limit is another. */
function linesOf(kind: ViolationKind, table: LimitTable, { calendar }: CaseSettings, now: number): LimitInForce[] {
  const line = (reason: string | null): LimitInForce => {
    const { limit, from } = handlingLimit(kind, reason === null ? [] : [reason], table);
    const dueAt = timestamp(handledBy(now, limit, calendar));
    return { kind, reason, limit: { amount: limit.amount, unit: units[limit.unit] }, from, dueAt };
  };
  const any = line(null);
  const same = (other: LimitInForce) =>
    other.limit.amount === any.limit.amount && other.limit.unit === any.limit.unit && other.from === any.from;
  return [
    any,
    ...reasonsOfKind(kind)
      .map(line)
      .filter((other) => !same(other)),
  ];
}

/** @param now ms since the epoch */
export async function limitView(db: Db, settings: CaseSettings, now: number): Promise<LimitView> {
  const { scheme, closureCode, escalation } = settings;
  const matters = await listMatters(db, scheme);
  const table = limitTable(matters, scheme);
  return {
    scheme,
    schemes: [...new Set([scheme, ...matters.map((matter) => matter.scheme)])].sort(),
    closureCode,
    escalation: [...escalation],
    at: timestamp(now),
    inForce: violationKinds.flatMap((kind) => linesOf(kind, table, settings, now)),
  };
}
