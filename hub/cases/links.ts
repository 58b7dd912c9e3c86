/** Links between cases: proposed of what events are known by, decided by people, read with the other case. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { CaseLink, CaseLinkReason, CaseLinkState, CaseLinkStep } from '../../contracts/api/case-link.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { timestamp } from '../../platform/clock.ts';
import { type LikelyPair, type LinkReason, likelyPairs } from '../dedupe/link.ts';
import { camerasByIds } from '../storage/cameras.ts';
import { addHistory, type HistoryRow } from '../storage/case-history.ts';
import {
  addLinks,
  type CaseLinkRow,
  linksOfCases,
  marksNear,
  marksOfEvents,
  pairOf,
  writeMarks,
} from '../storage/case-links.ts';
import { type CaseRow, casesByIds, writeCases } from '../storage/cases.ts';
import { eventBodies } from '../storage/events.ts';
import { casesWithinOf, reachOf } from '../storage/reach.ts';
import type { Db, Store, Trx } from '../storage/store.ts';
import { extendHistory, SYSTEM } from './history.ts';
import type { Actor } from './lifecycle/facts.ts';
import { confirmed, isLocked, over, transitions, undecided } from './lifecycle/transitions.ts';
import { markRow, probesOf, toLinkMark } from './link-marks.ts';
import type { CaseSettings } from './settings.ts';
import { toCaseSummary } from './summary.ts';

const isOver = (row: Pick<CaseRow, 'state'>) => over.includes(row.state as CaseState);

/** Writes down what these events are known by. */
async function keepMarks(store: Store, ids: readonly string[]): Promise<void> {
  const stored = await eventBodies(store.db, ids);
  const events = stored.map(({ body, plate }) => ({ event: JSON.parse(body) as ViolationEvent, plate }));
  const wanted = [...new Set(events.map(({ event }) => event.camera))];
  const cameras = new Map((await camerasByIds(store.db, wanted)).map((camera) => [camera.id, camera]));
  const rows = events.flatMap(({ event, plate }) => markRow(event, cameras.get(event.camera), plate) ?? []);
  await writeMarks(store.db, store.dialect, rows);
}

/** What these events are likely one with, each pair of cases once. */
async function pairsOf(db: Db, ids: readonly string[], { links }: CaseSettings): Promise<LikelyPair[]> {
  const marks = (await marksOfEvents(db, ids)).map(toLinkMark);
  const near = (
    await marksNear(
      db,
      marks.flatMap((mark) => probesOf(mark, links)),
    )
  ).map(toLinkMark);
  const pairs = new Map<string, LikelyPair>();
  for (const pair of marks.flatMap((mark) => likelyPairs(mark, near, links))) {
    const { a, b } = pairOf(pair.mark.case, pair.other.case);
    if (!pairs.has(`${a} ${b}`)) pairs.set(`${a} ${b}`, pair);
  }
  const cases = [...new Set([...pairs.values()].flatMap(({ mark, other }) => [mark.case, other.case]))];
  for (const { a, b } of await linksOfCases(db, cases)) pairs.delete(`${a} ${b}`);
  return [...pairs.values()];
}

/** Adds to the trail of a case; its version stays: nobody who works on it is held up. */
function said(row: CaseRow, actor: string, action: HistoryAction, now: number, data: Record<string, unknown>) {
  const state = row.state as CaseState;
  return extendHistory(row, { at: timestamp(now), actor, action, from: state, to: state, data });
}

/** Proposals in the trails of both cases of each. @returns the cases as they are now */
async function propose(trx: Trx, dialect: Store['dialect'], pairs: readonly LikelyPair[], now: number) {
  const ids = [...new Set(pairs.flatMap(({ mark, other }) => [mark.case, other.case]))];
  const rows = new Map((await casesByIds(trx, ids)).map((row) => [row.id, row]));
  const entries: HistoryRow[] = [];
  const links: CaseLinkRow[] = [];
  const tell = (row: CaseRow, { id, number }: CaseRow, reason: LinkReason) => {
    const step = said(row, SYSTEM, 'link-proposed', now, { case: id, number, ...reason });
    rows.set(row.id, step.caseRow);
    entries.push(step.entry);
  };
  for (const { mark, other, reason } of pairs) {
    const [first, second] = [rows.get(mark.case), rows.get(other.case)];
    // Meanwhile somebody may have decided about one of them.
    if (!first || !second || isOver(first) || isOver(second)) continue;
    const link = { ...pairOf(first.id, second.id), state: 'proposed', reason: JSON.stringify(reason) };
    links.push({ ...link, proposed_at: timestamp(now), decided_by: null, decided_at: null });
    tell(first, second, reason);
    tell(second, first, reason);
  }
  const told = new Set(entries.map((entry) => entry.case_id));
  const changed = [...rows.values()].filter(({ id }) => told.has(id));
  await addLinks(trx, dialect, links);
  await writeCases(trx, dialect, changed);
  await addHistory(trx, dialect, entries);
  return changed;
}

/**
 * Looks for what stored events are likely one with, and proposes it. Outside of any batch: only where there is
 * something to propose are cases held, for a moment.
 * @returns the cases that have a proposal now and had none
 */
export async function proposeLinks(
  store: Store,
  settings: CaseSettings,
  events: readonly string[],
  now: number,
): Promise<CaseRow[]> {
  await keepMarks(store, events);
  const likely = await pairsOf(store.db, events, settings);
  if (likely.length === 0) return [];
  // Read again: another hub may have proposed the same.
  return store.exclusive(async (trx) => propose(trx, store.dialect, await pairsOf(trx, events, settings), now));
}

/** What a person may do about a link of a case. */
function stepsOf(link: CaseLinkRow, own: CaseRow, other: CaseRow, actor: Actor): CaseLinkStep[] {
  const may = (name: CaseLinkStep, row: CaseRow) => {
    const { from, roles, locked } = transitions[name];
    return (
      roles.includes(actor.role) &&
      from.includes(row.state as CaseState) &&
      !(locked && isLocked(row.claimed_by, actor))
    );
  };
  if (link.state === 'merged')
    return [own, other].some((row) => row.merged_into !== null && may('link-split', row)) ? ['link-split'] : [];
  if (isOver(own) || isOver(other)) return [];
  if (link.state === 'refused') return may('link-restore', own) ? ['link-restore'] : [];
  const steps: readonly CaseLinkStep[] = ['link-merge', 'link-refuse'];
  return steps.filter((name) => may(name, own) && (name !== 'link-merge' || mayMergeInto(own, other)));
}

/** What nobody has confirmed goes into what somebody has, and never the other way round. */
function mayMergeInto(own: CaseRow, other: CaseRow): boolean {
  return undecided.includes(own.state as CaseState) || confirmed.includes(other.state as CaseState);
}

const order: Readonly<Record<CaseLinkState, number>> = { proposed: 0, merged: 1, refused: 2 };

/** Links of a case with the other case of each, what waits first. What is over and was never decided is not shown. */
export async function linksOfCase(db: Db, own: CaseRow, actor: Actor, now: number): Promise<CaseLink[]> {
  const rows = await linksOfCases(db, [own.id]);
  const ids = rows.map(({ a, b }) => (a === own.id ? b : a));
  const within = await casesWithinOf(db, reachOf(actor), ids);
  const others = new Map((await casesByIds(db, [...within])).map((row) => [row.id, row]));
  return rows
    .flatMap((link): CaseLink[] => {
      const other = others.get(link.a === own.id ? link.b : link.a);
      if (!other) return [];
      if (link.state === 'proposed' && (isOver(own) || isOver(other))) return [];
      return [
        {
          other: toCaseSummary(other, now),
          state: link.state as CaseLinkState,
          reason: JSON.parse(link.reason) as CaseLinkReason,
          ...{ proposedAt: link.proposed_at, decidedBy: link.decided_by, decidedAt: link.decided_at },
          steps: stepsOf(link, own, other, actor),
          giveTo: link.state === 'merged' && other.merged_into !== null ? 'other' : 'this',
        },
      ];
    })
    .sort((a, b) => order[a.state] - order[b.state] || (a.proposedAt < b.proposedAt ? -1 : 1));
}
