/** Merging, splitting and taking a merge back: events move between cases, and both trails say so. */
import { randomUUID } from 'node:crypto';
import type { CaseState } from '../../contracts/api/case.ts';
import { GENESIS } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { addHistory, lastAction } from '../storage/case-history.ts';
import { type CaseRow, casesByIds, writeCases } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventFactsOfCases, moveEvents } from '../storage/events.ts';
import type { Store, Trx } from '../storage/store.ts';
import type { Actor } from './decide.ts';
import { extendHistory } from './history.ts';
import { type CaseSettings, caseNumber, localDay } from './settings.ts';
import { refreshCase } from './summary.ts';
import { confirmed, over } from './transitions.ts';

type Desk = { readonly dialect: Store['dialect']; readonly settings: CaseSettings; readonly now: number };

/** What the case at hand becomes, what else changed, and what its trail shall say. */
export type Rearrangement = {
  readonly caseRow: CaseRow;
  readonly others: readonly CaseRow[];
  readonly data: Readonly<Record<string, unknown>>;
};

async function tell(trx: Trx, desk: Desk, row: CaseRow, actor: Actor, action: string, data: Record<string, unknown>) {
  const state = row.state as CaseState;
  const step = { at: timestamp(desk.now), actor: actor.name, action, from: state, to: state, data };
  const { caseRow, entry } = extendHistory({ ...row, version: row.version + 1 }, step);
  await writeCases(trx, desk.dialect, [caseRow]);
  await addHistory(trx, desk.dialect, [entry]);
  return caseRow;
}

export async function mergeCase(
  trx: Trx,
  desk: Desk,
  row: CaseRow,
  into: string,
  actor: Actor,
): Promise<Rearrangement> {
  const [target] = await casesByIds(trx, [into]);
  if (!target) throw new AppError('API_NOT_FOUND', `case ${into}`);
  if (target.id === row.id) throw new AppError('API_VALIDATION', 'a case cannot be merged into itself');
  if (target.kind !== row.kind) throw new AppError('API_TRANSITION', 'only cases of one kind can be merged');
  if (over.includes(target.state as CaseState)) {
    throw new AppError('API_TRANSITION', `case ${target.number} is ${target.state}`);
  }
  if (confirmed.includes(row.state as CaseState) && !confirmed.includes(target.state as CaseState)) {
    throw new AppError('API_TRANSITION', 'a confirmed case cannot go into one that nobody has confirmed');
  }
  const events = (await eventFactsOfCases(trx, [row.id])).map((event) => event.id);
  await moveEvents(trx, events, target.id);
  const data = { case: row.id, number: row.number, events };
  const joined = await tell(trx, desk, await refreshCase(trx, target), actor, 'merged-in', data);
  return { caseRow: { ...row, merged_into: target.id }, others: [joined], data: { into: target.id, events } };
}

export async function splitCase(
  trx: Trx,
  desk: Desk,
  row: CaseRow,
  events: readonly string[],
  actor: Actor,
): Promise<Rearrangement> {
  const held = new Set((await eventFactsOfCases(trx, [row.id])).map((event) => event.id));
  const moving = [...new Set(events)];
  const strange = moving.find((id) => !held.has(id));
  if (strange !== undefined) throw new AppError('API_VALIDATION', `event ${strange} is not of this case`);
  if (moving.length === held.size) throw new AppError('API_VALIDATION', 'at least one event must stay');
  const day = localDay(desk.now, desk.settings);
  const number = caseNumber(desk.settings, day, await takeNumbers(trx, `cases ${day}`, 1));
  const blank: CaseRow = {
    ...row,
    id: randomUUID(),
    number,
    version: 0,
    opened_at: timestamp(desk.now),
    claimed_by: null,
    claimed_at: null,
    recurrence_of: null,
    history_length: 0,
    history_head: GENESIS,
    pinned: 1,
  };
  await moveEvents(trx, moving, blank.id);
  const data = { case: row.id, number: row.number, events: moving };
  const made = await tell(trx, desk, await refreshCase(trx, blank), actor, 'split-off', data);
  const left = { ...(await refreshCase(trx, row)), pinned: 1 };
  return { caseRow: left, others: [made], data: { case: made.id, number: made.number, events: moving } };
}

/** Gives a merged case its events back, as far as the other case still holds them. */
export async function unmergeCase(trx: Trx, desk: Desk, row: CaseRow, actor: Actor): Promise<Rearrangement> {
  const entry = await lastAction(trx, row.id, ['merge', 'merged']);
  const [target] = row.merged_into ? await casesByIds(trx, [row.merged_into]) : [];
  if (!entry || !target) throw new AppError('API_TRANSITION', 'the case it was merged into is not known any more');
  const taken = new Set((JSON.parse(entry.data) as { events?: string[] }).events ?? []);
  const held = (await eventFactsOfCases(trx, [target.id])).map((event) => event.id);
  const back = held.filter((id) => taken.has(id));
  if (back.length === 0 || back.length === held.length) {
    throw new AppError('API_TRANSITION', `case ${target.number} no longer holds what was merged; split it instead`);
  }
  await moveEvents(trx, back, row.id);
  const other = { ...(await refreshCase(trx, target)), pinned: 1 };
  const told = await tell(trx, desk, other, actor, 'merged-out', { case: row.id, number: row.number, events: back });
  const caseRow = await refreshCase(trx, { ...row, merged_into: null, pinned: 1 });
  return { caseRow, others: [told], data: { from: target.id, events: back } };
}
