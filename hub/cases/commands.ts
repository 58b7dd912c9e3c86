/** Commands on cases: each is checked, carried out with its trail in one transaction, and reported to whoever listens. */
import type { CaseCommand, CaseState, CaseSummary } from '../../contracts/api/case.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { addHistory } from '../storage/case-history.ts';
import { type CaseRow, casesByIds, renewClaim, writeCases } from '../storage/cases.ts';
import { isWithin, reachOf } from '../storage/reach.ts';
import type { Store, Trx } from '../storage/store.ts';
import { AT_ONCE, escalateSome, expireSome, lapseSome } from './by-clock.ts';
import { fieldsOf } from './case-fields.ts';
import { checkClosure } from './closure-codes.ts';
import { decidedRow, takenBackRow } from './decided-row.ts';
import { checkTarget } from './dispatch-unit.ts';
import { extendHistory } from './history.ts';
import { decide } from './lifecycle/decide.ts';
import type { Actor, LifecycleFacts } from './lifecycle/facts.ts';
import { readLifecycleFacts } from './lifecycle-facts.ts';
import { readLimits } from './matters.ts';
import { mergeOrSplit } from './merge-split.ts';
import { type KnownPlate, plateOfCase } from './plate.ts';
import { type CaseSettings, caseSettings } from './settings.ts';
import { toCaseSummary } from './summary.ts';

export type CaseCommands = {
  /**
   * Carries out one command. A comment neither needs nor changes the version.
   * @throws API_NOT_FOUND, API_VERSION, API_FORBIDDEN, API_TRANSITION, API_UNDO, API_VALIDATION
   */
  apply(caseId: string, command: CaseCommand, actor: Actor, ifVersion: number): Promise<CaseSummary>;
  /** Cases nobody reviewed in time end as `expired`. @returns how many */
  expire(): Promise<number>;
  /** Claims whose holder gives no sign of life any more are free again. @returns how many */
  lapse(): Promise<number>;
  /** Cases that have come near their limit or passed it rise a level. @returns how many */
  escalate(): Promise<number>;
};

/** Runs in the transaction of a command: what must happen with it or not at all. `now` in ms since the epoch. */
type CaseHook = (trx: Trx, caseRow: CaseRow, actor: Actor, now: number) => Promise<void>;

export type CaseCommandsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly onConfirmed?: (...args: [...Parameters<CaseHook>, plate: KnownPlate | null]) => Promise<void>;
  /** A confirmation is taken back, by whom decided it or by a second person. */
  readonly onTakenBack?: CaseHook;
  /** A void is taken back. */
  readonly onReinstated?: CaseHook;
  /** After any command. */
  readonly onCommand?: (trx: Trx, caseRow: CaseRow, command: CaseCommand, actor: Actor, now: number) => Promise<void>;
  /** A case has risen to this level. */
  readonly onEscalated?: (level: number) => void;
  readonly settings?: CaseSettings;
};

/** The command as it is kept: blanks around its texts say nothing. */
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

/** Checks and carries out one command in its transaction. */
function createExecution({ store, clock, settings = caseSettings(), ...hooks }: Omit<CaseCommandsOptions, 'changes'>) {
  /** What must happen with the step or not at all. */
  async function runHooks(trx: Trx, caseRow: CaseRow, command: CaseCommand, facts: LifecycleFacts, actor: Actor) {
    const { now } = facts;
    if (command.command === 'confirm') {
      await hooks.onConfirmed?.(trx, caseRow, actor, now, await plateOfCase(trx, caseRow, command.plate));
    }
    const unconfirms = command.command === 'undo' && facts.lastMove?.action === 'confirm';
    if (unconfirms || command.command === 'void') await hooks.onTakenBack?.(trx, caseRow, actor, now);
    if (command.command === 'reopen' && facts.state === 'voided') await hooks.onReinstated?.(trx, caseRow, actor, now);
    await hooks.onCommand?.(trx, caseRow, command, actor, now);
  }

  async function carryOut(trx: Trx, row: CaseRow, command: CaseCommand, actor: Actor) {
    const facts = await readLifecycleFacts(trx, row, settings, clock.now());
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
    const checked = {
      ...(await checkTarget(trx, command, settings.calendar, now)),
      ...(await checkClosure(trx, command)),
    };
    const moved = await mergeOrSplit(trx, { dialect: store.dialect, settings, now }, row, command, actor);
    const limits = { ...settings, table: await readLimits(trx, settings.scheme) };
    const after =
      command.command === 'comment'
        ? row
        : command.command === 'undo'
          ? await takenBackRow(trx, row, decision, facts, limits)
          : {
              ...decidedRow(moved.caseRow, decision, limits, now, now),
              ...fieldsOf(command, decision.to, facts, actor, checked),
            };
    const { command: action, ...fields } = command;
    const { note, ...data } = { note: undefined as string | undefined, ...fields };
    const [from, to] = [row.state as CaseState, decision.to];
    const said = { action, note, data: { ...data, ...checked, ...moved.data } };
    const step = { at: timestamp(now), actor: actor.name, from, to, ...said };
    const { caseRow, entry } = extendHistory(after, step);
    await writeCases(trx, store.dialect, [caseRow]);
    await addHistory(trx, store.dialect, [entry]);
    await runHooks(trx, caseRow, command, facts, actor);
    return [caseRow, ...moved.others];
  }

  /** @returns the rows it changed, the case itself first, and whether others are to hear of it */
  return async (trx: Trx, caseId: string, command: CaseCommand, actor: Actor, ifVersion: number) => {
    const [row] = await casesByIds(trx, [caseId]);
    // A case out of reach is none that this user could know of.
    if (!row || !(await isWithin(trx, reachOf(actor), 'case', caseId)))
      throw new AppError('API_NOT_FOUND', `case ${caseId}`);
    if (needsVersion(row, command, actor) && row.version !== ifVersion) {
      throw new AppError('API_VERSION', `case ${row.number} is at version ${row.version}, not ${ifVersion}`);
    }
    // Nobody has to read the case again because its holder is still there.
    const renews = command.command === 'claim' && row.claimed_by === actor.name;
    return { rows: await carryOut(trx, row, command, actor), report: !renews };
  };
}

/** @param options hooks run in the transaction of the command they belong to; a hook that throws undoes it */
export function createCaseCommands(options: CaseCommandsOptions): CaseCommands {
  const { store, clock, changes, settings = caseSettings() } = options;
  const execute = createExecution(options);

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
      const { rows, report } = await store.exclusive((trx) => execute(trx, caseId, step, actor, ifVersion));
      const summaries = rows.map((row) => toCaseSummary(row, clock.now()));
      const [own] = summaries;
      if (!own) throw new AppError('API_INTERNAL', 'a command answers with its case');
      if (report) for (const summary of summaries) changes.emit({ type: 'case', case: summary, action: step.command });
      return own;
    },
    expire: () => untilNone(() => expireSome(store, settings, clock.now)),
    lapse: () => untilNone(() => lapseSome(store, settings, clock.now)),
    escalate: () =>
      untilNone(async () => {
        const moved = await escalateSome(store, settings, clock.now);
        for (const { escalation } of moved.rows) options.onEscalated?.(escalation);
        return moved;
      }),
  };
}
