/** The chains of the hub walked from end to end: messages of nodes, trails of cases, audit log, signed bulletins. */
import { GENESIS, type ViolationEvent } from '../../../contracts/event.ts';
import { eventHash, verifyEvent } from '../../../platform/signing.ts';
import { checkAudit } from '../../audit.ts';
import { historyHash } from '../../cases/history.ts';
import { isIntact } from '../../reports/monthly.ts';
import type { HistoryRow } from '../../storage/case-history.ts';
import {
  forkedNumbers,
  messagesAfter,
  missingNumbers,
  nodesWithNumbers,
  signedReportsAfter,
  type TrailEnd,
  trailEndsAfter,
  trailsOf,
} from '../../storage/examination.ts';
import type { MessageRow } from '../../storage/messages.ts';
import { keysOfNodes } from '../../storage/node-keys.ts';
import type { Db } from '../../storage/store.ts';
import type { Findings } from './findings.ts';

const PAGE = 500;

function parsed(body: string): ViolationEvent | null {
  try {
    return JSON.parse(body) as ViolationEvent;
  } catch {
    return null;
  }
}

/** What is wrong with one message by itself, or null. @param keys every key that its node ever had, PEM */
function faultOf(row: MessageRow, keys: readonly string[]): string | null {
  const event = parsed(row.body);
  if (!event?.chain) return 'its body is no event';
  if (eventHash(event) !== row.hash) return 'its body does not have its hash';
  if (event.seq !== row.seq || event.id !== row.event_id || event.rev !== row.rev || event.chain.prev !== row.prev)
    return 'its row says otherwise than its body';
  return keys.some((key) => verifyEvent(event, key)) ? null : 'no key of its node has signed it';
}

async function checkNode(db: Db, node: { id: string; last_seq: number }, findings: Findings): Promise<number> {
  const { id } = node;
  const keys = (await keysOfNodes(db, [id])).map((key) => key.public_key);
  const forked = await forkedNumbers(db, id);
  let last = { seq: 0, hash: GENESIS };
  let count = 0;
  for (;;) {
    const page = await messagesAfter(db, id, last.seq, PAGE);
    for (const row of page) {
      const follows = row.seq !== last.seq + 1 || row.prev === last.hash || forked.has(row.seq);
      const fault = faultOf(row, keys) ?? (follows ? null : 'it does not go on from the one before');
      if (fault) findings.add('HUB_CHECK_MESSAGES', `node ${id} seq ${row.seq}`, fault);
      last = { seq: row.seq, hash: row.hash };
    }
    count += page.length;
    if (page.length < PAGE) break;
  }
  const missing = await missingNumbers(db, id);
  const unaccounted = node.last_seq - count - missing;
  if (unaccounted !== 0 || last.seq > node.last_seq) {
    const detail = `acknowledged up to ${node.last_seq}, ${count} messages are there and ${missing} counted as missing`;
    findings.add('HUB_CHECK_SEQUENCE', `node ${id}`, detail);
  }
  return count;
}

/** Every message against its own hash and signature, and each against the one before. @returns how many */
export async function checkMessages(db: Db, findings: Findings, onChecked: (done: number) => void): Promise<number> {
  let done = 0;
  for (const node of await nodesWithNumbers(db)) {
    done += await checkNode(db, node, findings);
    onChecked(done);
  }
  return done;
}

function trailFault(end: TrailEnd, entries: readonly HistoryRow[]): string | null {
  let last = { n: 0, hash: GENESIS };
  for (const { hash, ...entry } of entries) {
    if (entry.n !== last.n + 1 || entry.prev_hash !== last.hash) return `entry ${last.n + 1} is missing or changed`;
    if (historyHash(entry) !== hash) return `entry ${entry.n} was changed`;
    last = { n: entry.n, hash };
  }
  const { history_length: length, history_head: head } = end;
  return last.n === length && last.hash === (head || GENESIS)
    ? null
    : `it has ${last.n} entries, the case says ${length}`;
}

/** Every case's trail. @param onCase each case's number, for who counts them @returns how many */
export async function checkTrails(db: Db, findings: Findings, onCase: (number: string) => void): Promise<number> {
  let done = 0;
  for (let after = ''; ; ) {
    const page = await trailEndsAfter(db, after, PAGE);
    const entries = new Map<string, HistoryRow[]>();
    for (const row of await trailsOf(
      db,
      page.map(({ id }) => id),
    ))
      entries.set(row.case_id, [...(entries.get(row.case_id) ?? []), row]);
    for (const end of page) {
      const fault = trailFault(end, entries.get(end.id) ?? []);
      if (fault) findings.add('HUB_CHECK_TRAIL', `case ${end.number}`, fault);
      onCase(end.number);
    }
    done += page.length;
    if (page.length < PAGE) return done;
    after = page.at(-1)?.id ?? '';
  }
}

/** The log of who did what. @returns how many entries fit */
export async function checkAuditLog(db: Db, findings: Findings): Promise<number> {
  const { entries, sound, brokenAt } = await checkAudit({ db });
  if (!sound) findings.add('HUB_CHECK_AUDIT', `entry ${brokenAt}`, `the ${entries} before it fit`);
  return entries;
}

/** Signed bulletins, each by itself and in their order. @returns how many */
export async function checkReports(db: Db, findings: Findings): Promise<number> {
  let last = { n: 0, hash: GENESIS };
  for (;;) {
    const page = await signedReportsAfter(db, last.n, PAGE);
    for (const row of page) {
      const where = `${row.month} version ${row.version}`;
      if (!isIntact(row)) findings.add('HUB_CHECK_REPORTS', where);
      else if (row.n !== last.n + 1 || row.prev_hash !== last.hash)
        findings.add('HUB_CHECK_REPORTS', where, 'it does not go on from the one before');
      last = { n: row.n, hash: row.hash };
    }
    if (page.length < PAGE) return last.n;
  }
}
