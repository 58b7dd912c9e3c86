/** One batch, one transaction: messages, events, evidence, cases, trails, gaps and the quarantine, all or nothing. */
import type { AckHead } from '../../contracts/ack.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { timestamp } from '../../platform/clock.ts';
import { type CaseSettings, caseNumber, localDay } from '../cases/settings.ts';
import { addHistory } from '../storage/case-history.ts';
import { type CaseRow, writeCases } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventBody, moveEvents, widenEvent, writeEvents } from '../storage/events.ts';
import { type AnnouncedFile, announceEvidence, type EventEvidenceRow } from '../storage/evidence.ts';
import { addForks } from '../storage/forks.ts';
import { addMessages, headOf } from '../storage/messages.ts';
import { advanceNode, gapsWithin, lastSeq, replaceGaps } from '../storage/nodes.ts';
import { addQuarantine, settleQuarantine } from '../storage/quarantine.ts';
import type { Store, Trx } from '../storage/store.ts';
import { readBatchState } from './batch-state.ts';
import type { Fork } from './chain.ts';
import type { RefusedMessage, ValidMessage } from './message.ts';
import { createPlanner, type Plan, type Planner } from './plan.ts';
import { type Refusal, refusalRow } from './refusal.ts';
import { advance } from './sequence.ts';

export type Checked = {
  /** Node of the topic. */
  readonly node: string;
  readonly payload: Uint8Array;
  readonly result: ValidMessage | RefusedMessage;
};

export type CommitOutcome = {
  readonly id: string;
  readonly rev: number;
  readonly seq: number;
  readonly status: 'stored' | 'duplicate' | 'quarantined';
  /** Of the message, where it was read and its signature is right. */
  readonly hash: string | null;
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  /** What the node needs to go on when one of its numbers is another message's. */
  readonly clash: {
    /** null: it was stored, behind the highest revision of its event. */
    readonly taken: 'seq' | 'rev' | null;
    readonly head: AckHead | null;
    readonly knownRev: number;
  } | null;
};

export type Committed = {
  /** One for each message, in order. */
  readonly outcomes: readonly CommitOutcome[];
  readonly cases: readonly { readonly row: CaseRow; readonly action: string }[];
  /** Forks that nobody knew of yet. */
  readonly forks: readonly Fork[];
};

async function writeNumbers(trx: Trx, plan: Plan, settings: CaseSettings, now: number): Promise<CaseRow[]> {
  const count = plan.cases.filter((row) => plan.opened.has(row.id)).length;
  if (count === 0) return [...plan.cases];
  const day = localDay(now, settings);
  let n = await takeNumbers(trx, `cases ${day}`, count);
  return plan.cases.map((row) => (plan.opened.has(row.id) ? { ...row, number: caseNumber(settings, day, n++) } : row));
}

async function writeDetails(trx: Trx, cases: CaseRow[], stale: Plan['stale']): Promise<CaseRow[]> {
  const details = new Map<string, string>();
  for (const { caseId, event } of stale) {
    const body = await eventBody(trx, event);
    if (body !== null) details.set(caseId, JSON.stringify((JSON.parse(body) as { detail: unknown }).detail));
  }
  return cases.map((row) => ({ ...row, detail: details.get(row.id) ?? row.detail }));
}

async function writeEvidence(trx: Trx, dialect: Store['dialect'], messages: readonly ValidMessage[]): Promise<void> {
  const files = new Map<string, AnnouncedFile>();
  const uses = new Map<string, EventEvidenceRow>();
  for (const { event } of messages) {
    for (const { role, at, ...file } of event.evidence) {
      if (!files.has(file.sha256)) files.set(file.sha256, { ...file, node: event.node, received: 0 });
      uses.set(`${event.id} ${file.sha256} ${role}`, { event_id: event.id, role, at, ...file });
    }
  }
  await announceEvidence(trx, dialect, { files: [...files.values()], uses: [...uses.values()] });
}

async function writeSequence(trx: Trx, dialect: Store['dialect'], messages: readonly ValidMessage[], at: string) {
  const seqs = new Map<string, number[]>();
  for (const { event } of messages) seqs.set(event.node, [...(seqs.get(event.node) ?? []), event.seq]);
  for (const [node, list] of seqs) {
    const last = await lastSeq(trx, node);
    const least = list.reduce((a, b) => Math.min(a, b));
    const rows = least > last ? [] : await gapsWithin(trx, node, least, last);
    const known = rows.map((row) => ({ from: row.from_seq, to: row.to_seq }));
    const next = advance({ last, gaps: known }, list);
    const after = next.gaps.map((gap) => ({ node, from_seq: gap.from, to_seq: gap.to }));
    await replaceGaps(trx, dialect, rows, after);
    await advanceNode(trx, node, next.last, at);
  }
}

async function writePlan(trx: Trx, dialect: Store['dialect'], plan: Plan): Promise<void> {
  await writeEvents(trx, dialect, plan.events);
  for (const event of plan.changed) {
    await moveEvents(trx, [event.id], event.case_id);
    await widenEvent(trx, event.id, { places: event.places, until: event.until });
  }
}

async function writeStored(trx: Trx, dialect: Store['dialect'], stored: readonly ValidMessage[], at: string) {
  const messages = stored.map(({ event, hash, text }) => ({
    node: event.node,
    seq: event.seq,
    event_id: event.id,
    rev: event.rev,
    hash,
    prev: event.chain.prev,
    received_at: at,
    body: text,
  }));
  await addMessages(trx, dialect, messages);
  const settled = stored.map(({ event, hash }) => ({ node: event.node, hash, eventId: event.id }));
  await settleQuarantine(trx, settled, at);
}

/** Where the nodes whose numbers clashed can go on, after everything of the batch is written. */
async function withHeads(
  trx: Trx,
  outcomes: readonly CommitOutcome[],
  nodes: readonly string[],
  knownRev: (id: string) => number,
): Promise<CommitOutcome[]> {
  const heads = new Map<string, AckHead | null>();
  for (const [i, node] of nodes.entries()) {
    if (outcomes[i]?.clash?.taken && !heads.has(node)) heads.set(node, await headOf(trx, node));
  }
  return outcomes.map((outcome, i) =>
    outcome.clash
      ? {
          ...outcome,
          clash: { ...outcome.clash, head: heads.get(nodes[i] ?? '') ?? null, knownRev: knownRev(outcome.id) },
        }
      : outcome,
  );
}

type EvaluatedBatch = {
  readonly outcomes: readonly CommitOutcome[];
  readonly stored: readonly ValidMessage[];
  readonly refused: readonly Refusal[];
};

/** Every message in order, against what is stored and what came before it in the batch. */
function evaluateBatch(batch: readonly Checked[], planner: Planner | null): EvaluatedBatch {
  const stored: ValidMessage[] = [];
  const refused: Refusal[] = [];
  const outcomes = batch.map(({ node, payload, result }): CommitOutcome => {
    const { id, rev, seq } = result.ok ? result.event : result;
    const hash = result.ok ? result.hash : null;
    const refuse = (code: ErrorCode, reason: string, taken: 'seq' | 'rev' | null): CommitOutcome => {
      refused.push({ node, code, reason, payload, id, seq });
      const clash = taken && { taken, head: null, knownRev: 0 };
      return { id, rev, seq, status: 'quarantined', hash, code, reason, clash };
    };
    if (!result.ok) return refuse(result.code, result.reason, null);
    const decision = planner?.take(result) ?? { status: 'duplicate' as const };
    if (decision.status === 'quarantined') return refuse(decision.code, decision.reason, decision.taken);
    if (decision.status === 'stored') stored.push(result);
    const behind = decision.status === 'stored' && decision.behind;
    const clash = behind ? { taken: null, head: null, knownRev: 0 } : null;
    return { id, rev, seq, status: decision.status, hash, code: null, reason: null, clash };
  });
  return { outcomes, stored, refused };
}

async function writeNews(
  trx: Trx,
  dialect: Store['dialect'],
  plan: Plan,
  stored: readonly ValidMessage[],
  settings: CaseSettings,
  now: number,
): Promise<Committed['cases']> {
  const at = timestamp(now);
  await writeStored(trx, dialect, stored, at);
  await writePlan(trx, dialect, plan);
  await writeEvidence(trx, dialect, stored);
  const cases = await writeDetails(trx, await writeNumbers(trx, plan, settings, now), plan.stale);
  await writeCases(trx, dialect, cases);
  await addHistory(trx, dialect, plan.history);
  await writeSequence(trx, dialect, stored, at);
  return cases.map((row) => ({ row, action: plan.opened.has(row.id) ? 'opened' : 'sighting' }));
}

/**
 * Commits a batch alone among all hubs on the database: reads what it may touch, plans, writes.
 * @param now ms since the epoch @throws what the database throws; then nothing of the batch is stored
 */
export async function commitBatch(
  store: Store,
  batch: readonly Checked[],
  settings: CaseSettings,
  now: number,
): Promise<Committed> {
  const at = timestamp(now);
  const { dialect } = store;
  return store.exclusive(async (trx) => {
    const valid = batch.flatMap(({ result }) => (result.ok ? [result] : []));
    const state = valid.length > 0 ? await readBatchState(trx, valid, settings) : null;
    const planner = state && createPlanner({ state, settings, now });
    const { outcomes, stored, refused } = evaluateBatch(batch, planner);
    await addQuarantine(
      trx,
      dialect,
      refused.map((refusal) => refusalRow(refusal, at)),
    );
    const cases =
      planner && stored.length > 0 ? await writeNews(trx, dialect, planner.finish(), stored, settings, now) : [];
    const forks = planner?.forks() ?? [];
    const fresh = await addForks(
      trx,
      dialect,
      forks.map((fork) => ({ ...fork, at })),
    );
    return {
      outcomes: await withHeads(
        trx,
        outcomes,
        batch.map(({ node }) => node),
        (id) => state?.events.get(id)?.rev ?? 0,
      ),
      cases,
      forks: fresh as Fork[],
    };
  });
}
