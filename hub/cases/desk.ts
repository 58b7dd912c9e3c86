/** The desk where people move cases: commands with their checks, lists and single cases. */
import {
  type CaseCommand,
  type CaseDetail,
  type CasePage,
  type CaseQuery,
  type CaseState,
  type CaseSummary,
  caseStates,
  type HaulageCheck,
} from '../../contracts/api/case.ts';
import { Uuid } from '../../contracts/ids.ts';
import { Timestamp } from '../../contracts/time.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { isValid } from '../../platform/validate.ts';
import type { Changes } from '../changes.ts';
import { addHistory, lastAction } from '../storage/case-history.ts';
import {
  type CaseCursor,
  type CaseRow,
  casesByIds,
  countByState,
  pageOfCases,
  unreviewedBefore,
  writeCases,
} from '../storage/cases.ts';
import { readSearch } from '../storage/search.ts';
import type { Db, Store, Trx } from '../storage/store.ts';
import { caseDetail } from './case-detail.ts';
import { dueAt } from './deadline.ts';
import { type Actor, type Decision, decide } from './decide.ts';
import { extendHistory, SYSTEM } from './history.ts';
import { haulageOf, type KnownPlate, plateOfCase } from './plate.ts';
import { mergeCase, type Rearrangement, splitCase, unmergeCase } from './rearrange.ts';
import { type CaseSettings, caseSettings } from './settings.ts';
import { findingsOf, toCaseSummary } from './summary.ts';
import { over } from './transitions.ts';

/** Who asks is known to the API alone: `mine` comes here as `claimedBy`. */
export type ListQuery = Omit<CaseQuery, 'mine'>;

export type CaseDesk = {
  /**
   * Carries out one command. A comment neither needs nor changes the version.
   * @throws API_NOT_FOUND, API_VERSION, API_FORBIDDEN, API_TRANSITION, API_VALIDATION
   */
  apply(caseId: string, command: CaseCommand, actor: Actor, ifVersion: number): Promise<CaseSummary>;
  /** @throws API_VALIDATION on an unknown state, kind or cursor */
  list(query: ListQuery): Promise<CasePage>;
  /** @throws API_NOT_FOUND */
  get(id: string, actor: Actor): Promise<CaseDetail>;
  /** What the site's permits say of a plate, before anybody confirms it. @throws API_NOT_FOUND */
  haulage(id: string, plate: string): Promise<HaulageCheck | null>;
  /** Cases nobody reviewed in time end as `expired`. @returns how many */
  expire(): Promise<number>;
};

export type CaseDeskOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  /** In the transaction of the confirmation: what must happen with it or not at all. */
  readonly onConfirmed?: (
    trx: Trx,
    caseRow: CaseRow,
    actor: Actor,
    now: number,
    plate: KnownPlate | null,
  ) => Promise<void>;
  readonly settings?: CaseSettings;
};

const EXPIRED_AT_ONCE = 200;
const PAGE = 50;
/** Actions that ended a case, for taking the end back. */
const ENDS = ['reject', 'expired', 'close', 'void', 'merge', 'merged'];

function checkList(name: string, text: string | undefined, known: readonly string[]) {
  const strange = text?.split(',').find((part) => !known.includes(part.trim()));
  if (strange === undefined) return;
  const faults = [{ path: name, message: `expected one or more of ${known.join(', ')}` }];
  throw new AppError('API_VALIDATION', `${name} "${strange}"`, { faults });
}

function checkDay(path: 'from' | 'to', at: string | undefined) {
  if (at === undefined || isRealDay(at.slice(0, 10))) return;
  throw new AppError('API_VALIDATION', path, { faults: [{ path, message: 'no day of the calendar' }] });
}

function readCursor(text: string | undefined): CaseCursor | null {
  if (text === undefined) return null;
  const [openedAt, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  if (openedAt && id && isValid(Timestamp, openedAt) && isValid(Uuid, id)) return { openedAt, id };
  throw new AppError('API_VALIDATION', 'cursor', { faults: [{ path: 'cursor', message: 'not one of ours' }] });
}

/** Words of the query in terms of the tables. */
async function readFilters(db: Db, query: Omit<ListQuery, 'cursor' | 'limit' | 'order'>, now: number) {
  const { q, overdue, ...filters } = query;
  const search = q === undefined || q.trim() === '' ? undefined : await readSearch(db, q);
  const at = timestamp(now);
  return {
    ...filters,
    ...(search ? { search } : {}),
    ...(overdue === undefined ? {} : overdue ? { dueBefore: at } : { dueFrom: at }),
  };
}

const writeCursor = (row: CaseRow) => Buffer.from(`${row.opened_at} ${row.id}`, 'utf8').toString('base64url');

async function readFacts(trx: Trx, row: CaseRow, command: CaseCommand) {
  const confirmation = command.command === 'void' ? await lastAction(trx, row.id, ['confirm']) : undefined;
  const end = command.command === 'reopen' ? await lastAction(trx, row.id, ENDS) : undefined;
  return {
    state: row.state as CaseState,
    claimedBy: row.claimed_by,
    sightings: row.sightings,
    rework: row.rework,
    confirmedBy: confirmation?.actor ?? null,
    stateBefore: (end?.from_state ?? null) as CaseState | null,
  };
}

/** The row after a decision; `sameState` keeps the deadline running. */
function decided(
  row: CaseRow,
  command: CaseCommand,
  decision: Decision & { ok: true },
  settings: CaseSettings,
  now: number,
): CaseRow {
  const at = timestamp(now);
  const moved = decision.to !== row.state;
  // The clock of handling starts at dispatch and is not set back by beginning to handle.
  const keeps = !moved || (row.state === 'dispatched' && decision.to === 'handling');
  const due = dueAt(decision.to, row.kind as ViolationKind, findingsOf(row), now, settings.calendar);
  return {
    ...row,
    state: decision.to,
    version: row.version + 1,
    claimed_by: decision.claimedBy,
    claimed_at: decision.claimedBy === null ? null : decision.claimedBy === row.claimed_by ? row.claimed_at : at,
    rework: decision.rework,
    plate: command.command === 'confirm' ? command.plate || null : row.plate,
    unit: command.command === 'dispatch' ? command.unit : row.unit,
    outcome: decision.outcome === 'keep' ? row.outcome : decision.outcome,
    due_at: keeps ? row.due_at : due === null ? null : timestamp(due),
    closed_at: !over.includes(decision.to) ? null : moved ? at : row.closed_at,
    confirmed_at: decision.to === 'filed' ? (row.confirmed_at ?? at) : row.confirmed_at,
  };
}

export function createCaseDesk({
  store,
  clock,
  changes,
  onConfirmed,
  settings = caseSettings(),
}: CaseDeskOptions): CaseDesk {
  async function rearrange(
    trx: Trx,
    row: CaseRow,
    command: CaseCommand,
    actor: Actor,
    now: number,
  ): Promise<Rearrangement> {
    const desk = { dialect: store.dialect, settings, now };
    if (command.command === 'merge') return mergeCase(trx, desk, row, command.into, actor);
    if (command.command === 'split') return splitCase(trx, desk, row, command.events, actor);
    if (command.command === 'reopen' && row.merged_into !== null) return unmergeCase(trx, desk, row, actor);
    return { caseRow: row, others: [], data: {} };
  }

  async function carryOut(trx: Trx, caseId: string, command: CaseCommand, actor: Actor, ifVersion: number) {
    const now = clock.now();
    const [row] = await casesByIds(trx, [caseId]);
    if (!row) throw new AppError('API_NOT_FOUND', `case ${caseId}`);
    const comments = command.command === 'comment';
    if (!comments && row.version !== ifVersion) {
      throw new AppError('API_VERSION', `case ${row.number} is at version ${row.version}, not ${ifVersion}`);
    }
    const decision = decide(await readFacts(trx, row, command), command, actor);
    if (!decision.ok) throw new AppError(decision.code, `case ${row.number}: ${decision.why}`);
    const moved = await rearrange(trx, row, command, actor, now);
    const after = comments ? row : decided(moved.caseRow, command, decision, settings, now);
    const { command: action, ...fields } = command;
    const { note, ...data } = { note: undefined as string | undefined, ...fields };
    const { caseRow, entry } = extendHistory(after, {
      at: timestamp(now),
      actor: actor.name,
      action,
      from: row.state as CaseState,
      to: decision.to,
      note,
      data: { ...data, ...moved.data },
    });
    await writeCases(trx, store.dialect, [caseRow]);
    await addHistory(trx, store.dialect, [entry]);
    if (command.command === 'confirm') {
      await onConfirmed?.(trx, caseRow, actor, now, await plateOfCase(trx, caseRow, command.plate));
    }
    return [caseRow, ...moved.others];
  }

  async function expireSome(): Promise<CaseRow[]> {
    return store.exclusive(async (trx) => {
      const now = clock.now();
      const before = timestamp(now - settings.expireMs);
      const rows = await unreviewedBefore(trx, ['pending-review'], before, EXPIRED_AT_ONCE);
      const steps = rows.map((row) => {
        const at = timestamp(now);
        const ended = { ...row, state: 'expired', version: row.version + 1, claimed_by: null, claimed_at: null };
        const from = row.state as CaseState;
        const step = { at, actor: SYSTEM, action: 'expired', from, to: 'expired' as const };
        return extendHistory({ ...ended, due_at: null, closed_at: at }, step);
      });
      const expired = steps.map((step) => step.caseRow);
      await writeCases(trx, store.dialect, expired);
      await addHistory(
        trx,
        store.dialect,
        steps.map((step) => step.entry),
      );
      return expired;
    });
  }

  return {
    async apply(caseId, command, actor, ifVersion) {
      const rows = await store.exclusive((trx) => carryOut(trx, caseId, command, actor, ifVersion));
      const [own, ...others] = rows.map(toCaseSummary);
      if (!own) throw new AppError('API_INTERNAL', 'a command answers with its case');
      changes.emit({ type: 'case', case: own, action: command.command });
      for (const other of others) changes.emit({ type: 'case', case: other, action: command.command });
      return own;
    },
    async list({ cursor, limit = PAGE, order = 'newest', ...query }) {
      checkList('state', query.state, caseStates);
      checkList('kind', query.kind, violationKinds);
      checkDay('from', query.from);
      checkDay('to', query.to);
      const filters = await readFilters(store.db, query, clock.now());
      const page = { after: readCursor(cursor), newestFirst: order === 'newest', limit };
      const rows = await pageOfCases(store.db, filters, page);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        cases: rows.slice(0, limit).map(toCaseSummary),
        next: last ? writeCursor(last) : null,
        counts: await countByState(store.db, filters),
      };
    },
    async get(id, actor) {
      const [row] = await casesByIds(store.db, [id]);
      if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
      return caseDetail(store.db, row, actor, settings.calendar);
    },
    async haulage(id, plate) {
      const [row] = await casesByIds(store.db, [id]);
      if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
      return haulageOf(store.db, row, plate, settings.calendar);
    },
    async expire() {
      let count = 0;
      for (;;) {
        const rows = await expireSome();
        for (const row of rows) changes.emit({ type: 'case', case: toCaseSummary(row), action: 'expired' });
        count += rows.length;
        if (rows.length < EXPIRED_AT_ONCE) return count;
      }
    },
  };
}
