/** Merging, splitting and taking a merge back: events move between cases, and both trails record it. */
import { randomUUID } from 'node:crypto';
import type { CaseCommand, CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { GENESIS } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { cameraPlaces } from '../storage/cameras.ts';
import { addHistory, lastAction } from '../storage/case-history.ts';
import { addLinks, linkOf, linksOfCases, pairOf } from '../storage/case-links.ts';
import { type CaseRow, caseByNumber, casesByIds, writeCases } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventFactsByIds, eventFactsOfCases, moveEvents } from '../storage/events.ts';
import { isWithin, reachOf } from '../storage/reach.ts';
import type { Store, Trx } from '../storage/store.ts';
import { extendHistory } from './history.ts';
import { noClaim } from './lifecycle/claim.ts';
import type { Actor } from './lifecycle/facts.ts';
import { confirmed, over } from './lifecycle/transitions.ts';
import { decideLink, isLinkCommand, linkTarget, markLink } from './link-decisions.ts';
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

/** @param linked the hub has proposed the two as likely the same */
function mergeRefusal(row: CaseRow, target: CaseRow, linked: boolean): AppError | null {
  const { number } = target;
  if (target.id === row.id)
    return targetError('API_VALIDATION', 'a case cannot be merged into itself', '案件不能并入自身');
  if (target.kind !== row.kind)
    return targetError('API_TRANSITION', `case ${number} is of another kind`, `案件 ${number} 类型不同`);
  // What a case shows, its place and its zone, is one camera's; what was only reported shows none, what the hub has
  // proposed may be of two.
  if (row.camera !== '' && target.camera !== row.camera && !linked)
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
  const linked = (await linkOf(trx, row.id, target.id))?.state === 'proposed';
  const refusal = mergeRefusal(row, target, linked);
  if (refusal) throw refusal;
  const events = (await eventFactsOfCases(trx, [row.id])).map((event) => event.id);
  await moveEvents(trx, events, target.id);
  const data = { case: row.id, number: row.number, events };
  const joined = await writeOther(trx, context, await refreshCase(trx, target), actor, 'merged-in', data);
  if (linked) await decideLink(trx, [row, target], 'merged', actor, context.now);
  return { caseRow: { ...row, merged_into: target.id }, others: [joined], data: { into: target.id, events } };
}

/** Where a case of these events lies: a merge of two cameras that is split gives each camera its own back. */
async function placeOfEvents(trx: Trx, row: CaseRow, ids: readonly string[]): Promise<Partial<CaseRow>> {
  const events = await eventFactsByIds(trx, ids);
  const [first] = events;
  if (!first || events.some(({ camera }) => camera === row.camera)) return {};
  const { node, camera, zone } = first;
  const place = (await cameraPlaces(trx, [camera])).get(camera);
  return { node, camera, zone, lon: place?.lon ?? null, lat: place?.lat ?? null, site: place?.site ?? row.site };
}

/** What a person has split of two cameras is not proposed to be one again. */
async function refuseLikeLink(trx: Trx, { dialect, now }: Context, row: CaseRow, made: CaseRow, actor: Actor) {
  const before = (await linksOfCases(trx, [row.id])).find(({ state }) => state === 'merged');
  if (!before || made.camera === row.camera) return;
  const at = timestamp(now);
  const refused = { state: 'refused', reason: before.reason, proposed_at: at, decided_by: actor.name, decided_at: at };
  await addLinks(trx, dialect, [{ ...pairOf(row.id, made.id), ...refused }]);
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
    ...(await placeOfEvents(trx, row, moving)),
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
  await refuseLikeLink(trx, context, row, made, actor);
  const left = { ...(await refreshCase(trx, row)), pinned: 1 };
  return { caseRow: left, others: [made], data: { case: made.id, number: made.number, events: moving } };
}

/** Gives a merged case its events back, as far as the other case still holds them. */
async function unmergeCase(trx: Trx, context: Context, row: CaseRow, actor: Actor): Promise<MovedEvents> {
  const entry = await lastAction(trx, row.id, ['merge', 'link-merge', 'merged']);
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
  if ((await linkOf(trx, row.id, target.id))?.state === 'merged')
    await decideLink(trx, [row, target], 'proposed', actor, context.now);
  const caseRow = await refreshCase(trx, { ...row, merged_into: null, pinned: 1 });
  return { caseRow, others: [other], data: { from: target.id, events: back } };
}

async function moveForLink(
  trx: Trx,
  context: Context,
  row: CaseRow,
  command: Parameters<typeof linkTarget>[2],
  actor: Actor,
): Promise<MovedEvents> {
  if (command.command === 'link-refuse' || command.command === 'link-restore') {
    const other = await markLink(trx, row, command, actor, context.now);
    return { caseRow: row, others: [other], data: { number: other.number } };
  }
  const target = await linkTarget(trx, row, command);
  const merges = command.command === 'link-merge';
  return merges ? mergeCase(trx, context, row, target.id, actor) : unmergeCase(trx, context, row, actor);
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
  if (isLinkCommand(command)) return moveForLink(trx, context, row, command, actor);
  if (command.command === 'split') return splitCase(trx, context, row, command.events, actor);
  if (command.command === 'reopen' && row.merged_into !== null) return unmergeCase(trx, context, row, actor);
  return { caseRow: row, others: [], data: {} };
}
