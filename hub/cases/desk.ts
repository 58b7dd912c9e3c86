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
import { addHistory, enteredAt } from '../storage/case-history.ts';
import {
  type CaseCursor,
  type CaseRow,
  casesByIds,
  countByState,
  pageOfCases,
  renewClaim,
  writeCases,
} from '../storage/cases.ts';
import { readSearch } from '../storage/search.ts';
import type { Db, Store, Trx } from '../storage/store.ts';
import { AT_ONCE, expireSome, lapseSome } from './by-clock.ts';
import { caseDetail } from './case-detail.ts';
import { readFacts } from './facts.ts';
import { extendHistory } from './history.ts';
import { claimOf, noClaim } from './lifecycle/claim.ts';
import { dueAt } from './lifecycle/deadline.ts';
import { type Actor, type Decision, decide, type LifecycleFacts } from './lifecycle/decide.ts';
import { over } from './lifecycle/transitions.ts';
import { haulageOf, type KnownPlate, plateOfCase } from './plate.ts';
import { mergeCase, type Rearrangement, splitCase, unmergeCase } from './rearrange.ts';
import { type CaseSettings, caseSettings } from './settings.ts';
import { reasonsOfCase, toCaseSummary } from './summary.ts';

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
  /** Claims whose holder gives no sign of life any more are free again. @returns how many */
  lapse(): Promise<number>;
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
  /** In the transaction that takes a confirmation back, by whom decided it or by a second person. */
  readonly onTakenBack?: (trx: Trx, caseRow: CaseRow, actor: Actor, now: number) => Promise<void>;
  /** In the transaction that takes a void back. */
  readonly onReinstated?: (trx: Trx, caseRow: CaseRow, actor: Actor, now: number) => Promise<void>;
  readonly settings?: CaseSettings;
};

const PAGE = 50;

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
    now: at,
    ...(search ? { search } : {}),
    ...(overdue === undefined ? {} : overdue ? { dueBefore: at } : { dueFrom: at }),
  };
}

const writeCursor = (row: CaseRow) => Buffer.from(`${row.opened_at} ${row.id}`, 'utf8').toString('base64url');

/** The end of an entry's data and note as they are kept: blanks around them say nothing. */
function trimmed(command: CaseCommand): CaseCommand {
  const fields = Object.entries(command).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.trim() : value,
  ]);
  return Object.fromEntries(fields.filter(([name, value]) => value !== '' || name === 'command')) as CaseCommand;
}

/** What its sender may say of a case that has changed since: of their own claim, of their own decision, a remark. */
function needsVersion(row: CaseRow, command: CaseCommand, actor: Actor): boolean {
  const { command: name } = command;
  if (name === 'comment' || name === 'undo') return false;
  return !((name === 'claim' || name === 'release') && row.claimed_by === actor.name);
}

function claimAfter(row: CaseRow, by: string | null, settings: CaseSettings, now: number) {
  if (by === null) return noClaim;
  if (claimOf(row, now)?.by === by) return {};
  return { claimed_by: by, claimed_at: timestamp(now), claim_until: timestamp(now + settings.claimMs) };
}

type Decided = Decision & { ok: true };

/** What a command says that lists and searches ask for. */
function factsIn(command: CaseCommand): Partial<Pick<CaseRow, 'plate' | 'unit'>> {
  if (command.command === 'confirm') return { plate: command.plate || null };
  return command.command === 'dispatch' ? { unit: command.unit } : {};
}

/** The row after a decision; the same state keeps its deadline running. @param since when the state began, for its deadline */
function decided(row: CaseRow, decision: Decided, settings: CaseSettings, now: number, since: number): CaseRow {
  const at = timestamp(now);
  const moved = decision.to !== row.state;
  // The clock of handling starts at dispatch and is not set back by beginning to handle.
  const keeps = !moved || (row.state === 'dispatched' && decision.to === 'handling');
  const due = dueAt(decision.to, row.kind as ViolationKind, reasonsOfCase(row), since, settings.calendar);
  return {
    ...row,
    ...claimAfter(row, decision.claimedBy, settings, now),
    state: decision.to,
    version: row.version + 1,
    rework: decision.rework,
    outcome: decision.outcome === 'keep' ? row.outcome : decision.outcome,
    due_at: keeps ? row.due_at : due === null ? null : timestamp(due),
    closed_at: !over.includes(decision.to) ? null : moved ? at : row.closed_at,
    confirmed_at: decision.to === 'filed' ? (row.confirmed_at ?? at) : row.confirmed_at,
  };
}

/** A decision taken back leaves the case as it was: its deadline, and evidence that nobody has confirmed. */
async function takenBack(trx: Trx, row: CaseRow, decision: Decided, facts: LifecycleFacts, settings: CaseSettings) {
  const since = Date.parse((await enteredAt(trx, row.id, decision.to)) ?? row.opened_at);
  const after = decided(row, decision, settings, facts.now, since);
  if (facts.lastMove?.action !== 'confirm') return after;
  const first = Date.parse(row.confirmed_at ?? '') === facts.lastMove.at;
  return { ...after, plate: null, ...(first ? { confirmed_at: null } : {}) };
}

export function createCaseDesk({
  store,
  clock,
  changes,
  onConfirmed,
  onTakenBack,
  onReinstated,
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

  /** What must happen with the step or not at all. */
  async function follow(trx: Trx, caseRow: CaseRow, command: CaseCommand, facts: LifecycleFacts, actor: Actor) {
    const { now } = facts;
    if (command.command === 'confirm') {
      await onConfirmed?.(trx, caseRow, actor, now, await plateOfCase(trx, caseRow, command.plate));
    }
    const unconfirms = command.command === 'undo' && facts.lastMove?.action === 'confirm';
    if (unconfirms || command.command === 'void') await onTakenBack?.(trx, caseRow, actor, now);
    if (command.command === 'reopen' && facts.state === 'voided') await onReinstated?.(trx, caseRow, actor, now);
  }

  async function carryOut(trx: Trx, row: CaseRow, command: CaseCommand, actor: Actor) {
    const facts = await readFacts(trx, row, settings, clock.now());
    const { now } = facts;
    const decision = decide(facts, command, actor);
    if (!decision.ok) {
      const { en, zh } = decision.why;
      const faults = [{ path: 'command', message: en, messageZh: zh }];
      throw new AppError(decision.code, `case ${row.number}: ${en}`, { faults });
    }
    if (command.command === 'claim' && row.claimed_by === actor.name) {
      const until = timestamp(now + settings.claimMs);
      await renewClaim(trx, row.id, until);
      return [{ ...row, claim_until: until }];
    }
    const moved = await rearrange(trx, row, command, actor, now);
    const after =
      command.command === 'comment'
        ? row
        : command.command === 'undo'
          ? await takenBack(trx, row, decision, facts, settings)
          : { ...decided(moved.caseRow, decision, settings, now, now), ...factsIn(command) };
    const { command: action, ...fields } = command;
    const { note, ...data } = { note: undefined as string | undefined, ...fields };
    const [from, to] = [row.state as CaseState, decision.to];
    const step = { at: timestamp(now), actor: actor.name, action, from, to, note, data: { ...data, ...moved.data } };
    const { caseRow, entry } = extendHistory(after, step);
    await writeCases(trx, store.dialect, [caseRow]);
    await addHistory(trx, store.dialect, [entry]);
    await follow(trx, caseRow, command, facts, actor);
    return [caseRow, ...moved.others];
  }

  async function applyOne(trx: Trx, caseId: string, command: CaseCommand, actor: Actor, ifVersion: number) {
    const [row] = await casesByIds(trx, [caseId]);
    if (!row) throw new AppError('API_NOT_FOUND', `case ${caseId}`);
    if (needsVersion(row, command, actor) && row.version !== ifVersion) {
      throw new AppError('API_VERSION', `case ${row.number} is at version ${row.version}, not ${ifVersion}`);
    }
    // Nobody has to look again because its holder is still there.
    const renews = command.command === 'claim' && row.claimed_by === actor.name;
    return { rows: await carryOut(trx, row, command, actor), tell: !renews };
  }

  async function untilNone(some: () => ReturnType<typeof expireSome>): Promise<number> {
    let count = 0;
    for (;;) {
      const { rows, action } = await some();
      for (const row of rows) changes.emit({ type: 'case', case: toCaseSummary(row, clock.now()), action });
      count += rows.length;
      if (rows.length < AT_ONCE) return count;
    }
  }

  return {
    async apply(caseId, command, actor, ifVersion) {
      const step = trimmed(command);
      const { rows, tell } = await store.exclusive((trx) => applyOne(trx, caseId, step, actor, ifVersion));
      const summaries = rows.map((row) => toCaseSummary(row, clock.now()));
      const [own] = summaries;
      if (!own) throw new AppError('API_INTERNAL', 'a command answers with its case');
      if (tell) for (const summary of summaries) changes.emit({ type: 'case', case: summary, action: step.command });
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
        cases: rows.slice(0, limit).map((row) => toCaseSummary(row, clock.now())),
        next: last ? writeCursor(last) : null,
        counts: await countByState(store.db, filters),
      };
    },
    async get(id, actor) {
      const [row] = await casesByIds(store.db, [id]);
      if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
      return caseDetail(store.db, row, actor, settings, clock.now());
    },
    async haulage(id, plate) {
      const [row] = await casesByIds(store.db, [id]);
      if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
      return haulageOf(store.db, row, plate, settings.calendar);
    },
    expire: () => untilNone(() => expireSome(store, settings, clock.now)),
    lapse: () => untilNone(() => lapseSome(store, settings, clock.now)),
  };
}
