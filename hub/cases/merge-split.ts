/** Merging, splitting and taking a merge back: events move between cases, and both trails record it. */
import { randomUUID } from 'node:crypto';
import type { CaseCommand, CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { GENESIS } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { addHistory, lastAction } from '../storage/case-history.ts';
import { type CaseRow, caseByNumber, casesByIds, writeCases } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventFactsOfCases, moveEvents } from '../storage/events.ts';
import { isWithin, reachOf } from '../storage/reach.ts';
import type { Store, Trx } from '../storage/store.ts';
import { extendHistory } from './history.ts';
import { noClaim } from './lifecycle/claim.ts';
import type { Actor } from './lifecycle/facts.ts';
import { confirmed, over } from './lifecycle/transitions.ts';
import { type CaseSettings, caseNumber, localDay } from './settings.ts';
import { refreshCase } from './summary.ts';

/** `now` in ms since the epoch. */
type Context = { readonly dialect: Store['dialect']; readonly settings: CaseSettings; readonly now: number };

/** What the case at hand becomes, which others changed and are written already, and what its trail shall say. */
type MovedEvents = {
  readonly caseRow: CaseRow;
  readonly others: readonly CaseRow[];
  readonly data: Readonly<Record<string, unknown>>;
};

/** Writes a case that a command to another one changed, with an entry of its trail. */
async function writeOther(
  trx: Trx,
  context: Context,
  row: CaseRow,
  actor: Actor,
  action: HistoryAction,
  data: Record<string, unknown>,
) {
  const state = row.state as CaseState;
  const step = { at: timestamp(context.now), actor: actor.name, action, from: state, to: state, data };
  const { caseRow, entry } = extendHistory({ ...row, version: row.version + 1 }, step);
  await writeCases(trx, context.dialect, [caseRow]);
  await addHistory(trx, context.dialect, [entry]);
  return caseRow;
}

const CASE_NAME = /^[0-9A-Za-z-]+$/;

/** By its number, as people write it, or by its id; one out of reach is none. */
async function findTarget(trx: Trx, into: string, actor: Actor): Promise<CaseRow | undefined> {
  if (!CASE_NAME.test(into)) return undefined;
  const [byId] = await casesByIds(trx, [into]);
  const found = byId ?? (await caseByNumber(trx, into));
  return found && (await isWithin(trx, reachOf(actor), 'case', found.id)) ? found : undefined;
}

function targetError(code: 'API_NOT_FOUND' | 'API_VALIDATION' | 'API_TRANSITION', message: string, messageZh: string) {
  return new AppError(code, message, { faults: [{ path: 'into', message, messageZh }] });
}

function mergeRefusal(row: CaseRow, target: CaseRow): AppError | null {
  const { number } = target;
  if (target.id === row.id)
    return targetError('API_VALIDATION', 'a case cannot be merged into itself', '案件不能并入自身');
  if (target.kind !== row.kind)
    return targetError('API_TRANSITION', `case ${number} is of another kind`, `案件 ${number} 类型不同`);
  // What a case shows, its place and its zone, is one camera's; what was only reported shows none.
  if (row.camera !== '' && target.camera !== row.camera)
    return targetError('API_TRANSITION', `case ${number} is of another camera`, `案件 ${number} 属于另一台摄像机`);
  if (over.includes(target.state as CaseState))
    return targetError('API_TRANSITION', `case ${number} is over (${target.state})`, `案件 ${number} 已办结或已终止`);
  if (confirmed.includes(row.state as CaseState) && !confirmed.includes(target.state as CaseState))
    return targetError(
      'API_TRANSITION',
      `this case is confirmed, case ${number} is not: merge that one into this`,
      `本案已确认而案件 ${number} 尚未确认，请将后者并入本案`,
    );
  return null;
}

async function mergeCase(trx: Trx, context: Context, row: CaseRow, into: string, actor: Actor): Promise<MovedEvents> {
  // A Chinese keyboard writes digits at full width, too.
  const name = into.normalize('NFKC').trim();
  const target = await findTarget(trx, name, actor);
  if (!target) throw targetError('API_NOT_FOUND', `there is no case ${name}`, `没有案件 ${name}`);
  const refusal = mergeRefusal(row, target);
  if (refusal) throw refusal;
  const events = (await eventFactsOfCases(trx, [row.id])).map((event) => event.id);
  await moveEvents(trx, events, target.id);
  const data = { case: row.id, number: row.number, events };
  const joined = await writeOther(trx, context, await refreshCase(trx, target), actor, 'merged-in', data);
  return { caseRow: { ...row, merged_into: target.id }, others: [joined], data: { into: target.id, events } };
}

async function splitCase(
  trx: Trx,
  context: Context,
  row: CaseRow,
  events: readonly string[],
  actor: Actor,
): Promise<MovedEvents> {
  const held = new Set((await eventFactsOfCases(trx, [row.id])).map((event) => event.id));
  const moving = [...new Set(events)];
  const unknown = moving.find((id) => !held.has(id));
  if (unknown !== undefined) throw new AppError('API_VALIDATION', `event ${unknown} is not of this case`);
  if (moving.length === held.size) throw new AppError('API_VALIDATION', 'at least one event must stay');
  const day = localDay(context.now, context.settings);
  const number = caseNumber(context.settings, day, await takeNumbers(trx, `cases ${day}`, 1));
  const blank: CaseRow = {
    ...row,
    id: randomUUID(),
    number,
    version: 0,
    opened_at: timestamp(context.now),
    ...noClaim,
    recurrence_of: null,
    extension: null,
    appeal: null,
    escalation: 0,
    closure: null,
    history_length: 0,
    history_head: GENESIS,
    pinned: 1,
  };
  await moveEvents(trx, moving, blank.id);
  const data = { case: row.id, number: row.number, events: moving };
  const made = await writeOther(trx, context, await refreshCase(trx, blank), actor, 'split-off', data);
  const left = { ...(await refreshCase(trx, row)), pinned: 1 };
  return { caseRow: left, others: [made], data: { case: made.id, number: made.number, events: moving } };
}

/** Gives a merged case its events back, as far as the other case still holds them. */
async function unmergeCase(trx: Trx, context: Context, row: CaseRow, actor: Actor): Promise<MovedEvents> {
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
  const rest = { ...(await refreshCase(trx, target)), pinned: 1 };
  const other = await writeOther(trx, context, rest, actor, 'merged-out', {
    case: row.id,
    number: row.number,
    events: back,
  });
  const caseRow = await refreshCase(trx, { ...row, merged_into: null, pinned: 1 });
  return { caseRow, others: [other], data: { from: target.id, events: back } };
}

/**
 * Moves events as the command asks; any other command leaves them where they are.
 *
 * @throws API_NOT_FOUND, API_VALIDATION, API_TRANSITION where the other case or the events do not fit
 */
export async function mergeOrSplit(
  trx: Trx,
  context: Context,
  row: CaseRow,
  command: CaseCommand,
  actor: Actor,
): Promise<MovedEvents> {
  if (command.command === 'merge') return mergeCase(trx, context, row, command.into, actor);
  if (command.command === 'split') return splitCase(trx, context, row, command.events, actor);
  if (command.command === 'reopen' && row.merged_into !== null) return unmergeCase(trx, context, row, actor);
  return { caseRow: row, others: [], data: {} };
}
