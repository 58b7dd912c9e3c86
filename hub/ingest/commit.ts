/** One batch, one transaction: messages, events, evidence, cases, trails, gaps and the quarantine, all or nothing. */
import type { Insertable } from 'kysely';
import type { ErrorCode } from '../../contracts/errors.ts';
import { timestamp } from '../../platform/clock.ts';
import { type CaseSettings, caseNumber, localDay } from '../cases/settings.ts';
import { addHistory } from '../storage/case-history.ts';
import { type CaseRow, writeCases } from '../storage/cases.ts';
import { takeNumbers } from '../storage/counters.ts';
import { eventBody, moveEvents, widenEvent, writeEvents } from '../storage/events.ts';
import { type AnnouncedFile, announceEvidence, type EventEvidenceRow } from '../storage/evidence.ts';
import { addMessages } from '../storage/messages.ts';
import { advanceNode, gapsWithin, lastSeq, replaceGaps } from '../storage/nodes.ts';
import { addQuarantine } from '../storage/quarantine.ts';
import type { QuarantineTable } from '../storage/schema.ts';
import type { Store, Trx } from '../storage/store.ts';
import type { RefusedMessage, ValidMessage } from './message.ts';
import { createPlanner, type Plan } from './plan.ts';
import { advance } from './sequence.ts';
import { readWorld } from './world.ts';

export type Checked = {
  /** Node of the topic. */
  readonly node: string;
  readonly payload: Uint8Array;
  readonly result: ValidMessage | RefusedMessage;
};

export type Outcome = {
  readonly id: string;
  readonly rev: number;
  readonly seq: number;
  readonly status: 'stored' | 'duplicate' | 'quarantined';
  readonly code: ErrorCode | null;
  readonly reason: string | null;
};

export type Committed = {
  /** One for each message, in order. */
  readonly outcomes: readonly Outcome[];
  readonly cases: readonly { readonly row: CaseRow; readonly action: string }[];
};

const KEPT_PAYLOAD = 4096;

type Quarantined = Insertable<QuarantineTable>;

export function quarantineRow(
  node: string,
  code: ErrorCode,
  reason: string,
  payload: Uint8Array,
  at: string,
): Quarantined {
  const head = Buffer.from(payload.subarray(0, KEPT_PAYLOAD)).toString('base64');
  return { node: node.slice(0, 64), code, reason, payload: head, bytes: payload.length, received_at: at };
}

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
    const planner =
      valid.length > 0
        ? createPlanner({ world: await readWorld(trx, valid, settings.recurrenceMs), settings, now })
        : null;
    const stored: ValidMessage[] = [];
    const quarantined: Quarantined[] = [];
    const outcomes = batch.map(({ node, payload, result }): Outcome => {
      const { id, rev, seq } = result.ok ? result.event : result;
      const refuse = (code: ErrorCode, reason: string): Outcome => {
        quarantined.push(quarantineRow(node, code, reason, payload, at));
        return { id, rev, seq, status: 'quarantined', code, reason };
      };
      if (!result.ok) return refuse(result.code, result.reason);
      const verdict = planner?.take(result) ?? { status: 'duplicate' as const };
      if (verdict.status === 'quarantined') return refuse('ING_CONFLICT', verdict.reason);
      if (verdict.status === 'stored') stored.push(result);
      return { id, rev, seq, status: verdict.status, code: null, reason: null };
    });
    await addQuarantine(trx, dialect, quarantined);
    if (!planner || stored.length === 0) return { outcomes, cases: [] };
    const plan = planner.finish();
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
    await writePlan(trx, dialect, plan);
    await writeEvidence(trx, dialect, stored);
    const cases = await writeDetails(trx, await writeNumbers(trx, plan, settings, now), plan.stale);
    await writeCases(trx, dialect, cases);
    await addHistory(trx, dialect, plan.history);
    await writeSequence(trx, dialect, stored, at);
    return { outcomes, cases: cases.map((row) => ({ row, action: plan.opened.has(row.id) ? 'opened' : 'sighting' })) };
  });
}
