/** The audit log: one chain of hashes over every change of the registry, view, export and deletion. */
import type { AuditAction, AuditCheck, AuditEntry, AuditPage, AuditQuery, AuditThing } from '../contracts/api/audit.ts';
import { GENESIS } from '../contracts/event.ts';
import { canonicalJson, sha256Hex } from '../platform/canonical.ts';
import { systemClock, timestamp } from '../platform/clock.ts';
import { type AuditRow, addAudit, auditAfter, auditHead, auditPage, lockAuditHead } from './storage/audit.ts';
import type { Store, Trx } from './storage/store.ts';

/** Who does something, from where, and when (ms). */
export type Author = { readonly actor: string; readonly address: string | null; readonly now: number };

/** What was done; never secrets, and no personal data beyond names. */
export type AuditStep = {
  readonly action: AuditAction;
  readonly thing: AuditThing;
  readonly id: string;
  readonly data?: Readonly<Record<string, unknown>>;
};

const PAGE = 50;
const CHECK_AT_ONCE = 1000;

/** The hub itself, or a person at its terminal. */
export function systemAuthor(now = systemClock.now()): Author {
  return { actor: 'system', address: null, now };
}

/** SHA-256 over the RFC 8785 form of the entry with the hash before it. */
function auditHash(row: Omit<AuditRow, 'hash'>): string {
  return sha256Hex(canonicalJson({ ...row, data: JSON.parse(row.data) as unknown }));
}

/** Adds to the log, in the transaction of the change that it tells of. */
export async function appendAudit(
  trx: Trx,
  { actor, address, now }: Author,
  steps: readonly AuditStep[],
): Promise<void> {
  if (steps.length === 0) return;
  const rows: AuditRow[] = [];
  let { n, hash } = await lockAuditHead(trx);
  for (const { action, thing, id, data = {} } of steps) {
    const entry = { at: timestamp(now), actor, address, action, thing, thing_id: id, data: JSON.stringify(data) };
    const unhashed = { n: n + 1, ...entry, prev_hash: hash };
    const row = { ...unhashed, hash: auditHash(unhashed) };
    rows.push(row);
    ({ n, hash } = row);
  }
  await addAudit(trx, rows);
}

/** For what changes nothing in the database: an export. */
export function recordAudit(store: Store, author: Author, step: AuditStep): Promise<void> {
  return store.transaction((trx) => appendAudit(trx, author, [step]));
}

function toEntry({ thing_id, prev_hash, data, action, thing, ...row }: AuditRow): AuditEntry {
  return {
    ...row,
    action: action as AuditAction,
    thing: thing as AuditThing,
    id: thing_id,
    data: JSON.parse(data) as AuditEntry['data'],
    prevHash: prev_hash,
  };
}

/** One page of the log, the latest first. @param caseId only what is about this case, its files and its notices */
export async function readAudit(store: Store, query: AuditQuery, caseId?: string): Promise<AuditPage> {
  const limit = query.limit ?? PAGE;
  const rows = await auditPage(store.db, query, limit + 1, caseId);
  const shown = rows.slice(0, limit);
  return { entries: shown.map(toEntry), next: rows.length > limit ? (shown.at(-1)?.n ?? null) : null };
}

/**
 * Reads the whole chain: a row that was changed, left out, put between or cut off at the end shows. What is appended
 * meanwhile is left to the next check.
 */
export async function checkAudit(store: Store): Promise<AuditCheck> {
  const end = await auditHead(store.db);
  let last = { n: 0, hash: GENESIS };
  const result = (brokenAt: number | null): AuditCheck => ({
    entries: last.n,
    head: last.hash,
    sound: brokenAt === null,
    brokenAt,
  });
  for (;;) {
    const rows = (await auditAfter(store.db, last.n, CHECK_AT_ONCE)).filter(({ n }) => n <= end.n);
    for (const { hash, ...row } of rows) {
      if (row.n !== last.n + 1 || row.prev_hash !== last.hash || auditHash(row) !== hash) return result(last.n + 1);
      last = { n: row.n, hash };
    }
    if (rows.length < CHECK_AT_ONCE) break;
  }
  return result(last.n === end.n && last.hash === end.hash ? null : last.n + 1);
}
