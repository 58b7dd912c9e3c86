/** The hub's acknowledgements: the only thing by which a message leaves the outbox. */
import type { Ack } from '../../contracts/ack.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { type NodeKey, verifyEvent } from '../../platform/signing.ts';
import type { SqliteFile } from '../../platform/sqlite.ts';
import { createReissuer, type KeptMessage } from './reissue.ts';

export type Refused = {
  readonly seq: number;
  readonly id: string;
  readonly code: string;
  readonly reason: string;
  /** How often it was refused by now. */
  readonly tries: number;
};

/** What a batch of acks did. `unknown`: acks that name no message of this outbox (late repetitions, mostly). */
export type Settled = {
  /** Numbers that wait for no ack any more: stored, refused or numbered anew. */
  readonly settled: readonly number[];
  /** Kept for another try later. */
  readonly refused: readonly Refused[];
  readonly unknown: number;
  /** Messages that keep their number and go out again at once, signed anew. */
  readonly again?: readonly number[];
  /** Messages that go on under other numbers: the hub had theirs with other content. */
  readonly renumbered?: readonly number[];
};

type Row = KeptMessage & { readonly table: 'events' | 'refused' };

/** A refused message is tried again this long after, the longer the more often it was refused. */
const RETRY = { minMs: 60_000, maxMs: 3_600_000 };
/** So often it is numbered anew at once; then at the pace of the retries: two machines under one name never end. */
const AT_ONCE = 5;

function statementsOf(db: SqliteFile) {
  const columns = (table: 'events' | 'refused', since: string) =>
    `SELECT seq, id, rev, body, born, tries, ${since} AS appendedAt, '${table}' AS "table" FROM ${table}`;
  const named = 'WHERE seq = ? AND id = ? AND rev = ?';
  return {
    find: db.prepare<[number, string, number], Row>(`${columns('events', 'appended_at')} ${named}`),
    findRefused: db.prepare<[number, string, number], Row>(`${columns('refused', 'refused_at')} ${named}`),
    remove: {
      events: db.prepare<[number]>('DELETE FROM events WHERE seq = ?'),
      refused: db.prepare<[number]>('DELETE FROM refused WHERE seq = ?'),
    },
    acked: db.prepare<[number, string]>('UPDATE heads SET acked_rev = MAX(acked_rev, ?) WHERE id = ?'),
    makeKnown: db.prepare<[string, number]>(
      `UPDATE evidence SET known = 1 WHERE known = 0
       AND sha256 IN (SELECT sha256 FROM evidence_refs WHERE event_id = ? AND rev = ?)`,
    ),
    earlier: db
      .prepare<[string, number, string, number], number>(
        `SELECT 1 FROM events WHERE id = ? AND born < ?
         UNION ALL SELECT 1 FROM refused WHERE id = ? AND born < ? LIMIT 1`,
      )
      .pluck(),
    keepBody: db.prepare<[string, string]>('UPDATE heads SET body = ? WHERE id = ?'),
    refuse: db.prepare<[number, string, number, string, number, string, string, number, number, number, number]>(
      `INSERT INTO refused (seq, id, rev, body, born, code, reason, tries, refused_at, last_at, next_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    firstRefusal: db.prepare<[number], number>('SELECT refused_at FROM refused WHERE seq = ?').pluck(),
  };
}

/** What a hub says of a message that the node's new key can repair. */
const OF_THE_KEY: ReadonlySet<string> = new Set(['ING_SIGNATURE', 'ING_KEY_REVOKED']);

const codeOf = ({ code, reason }: Ack): string => code ?? /^([A-Z_]+):/.exec(reason ?? '')?.[1] ?? '';

/**
 * Settles a batch of acks in one transaction.
 *
 * @param key what the node signs with now
 */
export function createSettler(db: SqliteFile, key: NodeKey): (acks: readonly Ack[], now: number) => Settled {
  const sql = statementsOf(db);
  const reissuer = createReissuer(db, key);

  function takeStored(row: Row, knownRev: number): void {
    sql.acked.run(row.rev, row.id);
    sql.makeKnown.run(row.id, row.rev);
    sql.remove[row.table].run(row.seq);
    if (reissuer.isHidden(row, knownRev)) reissuer.reissueLatest(row, knownRev);
    else if (reissuer.headOf(row.id)?.born === row.born && sql.earlier.get(row.id, row.born, row.id, row.born)) {
      sql.keepBody.run(row.body, row.id);
    }
  }

  function keepRefused(row: Row, ack: Ack, now: number): Refused {
    const first = row.table === 'refused' ? (sql.firstRefusal.get(row.seq) ?? now) : now;
    const tries = row.tries + 1;
    const code = codeOf(ack);
    const reason = ack.reason ?? 'no reason given';
    const next = now + backOffMs(tries - 1, () => 1, RETRY);
    sql.remove[row.table].run(row.seq);
    sql.refuse.run(row.seq, row.id, row.rev, row.body, row.born, code, reason, tries, first, now, next);
    return { seq: row.seq, id: row.id, code, reason, tries };
  }

  /** Gives a refused message what it lacks, where the node itself can. */
  function repair(row: Row, ack: Ack): 'elsewhere' | 'in-place' | null {
    if (row.tries >= AT_ONCE && row.table === 'events') return null;
    const tried = { ...row, tries: row.tries + 1 };
    if (ack.taken) {
      sql.remove[row.table].run(row.seq);
      reissuer.renumber(tried, ack.taken, ack.head ?? null, ack.knownRev ?? 0);
      return ack.taken === 'seq' ? 'elsewhere' : 'in-place';
    }
    const event = JSON.parse(row.body) as ViolationEvent;
    if (!OF_THE_KEY.has(codeOf(ack)) || verifyEvent(event, key.publicKeyPem)) return null;
    // The node has another key than when it signed: the hub can know the new one only.
    sql.remove[row.table].run(row.seq);
    reissuer.signAgain(tried);
    return 'in-place';
  }

  /** Earlier contents that got a revision above the latest one, which the hub has and this file no longer sends. */
  function uncover(ids: ReadonlySet<string>, now: number): void {
    for (const id of ids) {
      const head = reissuer.headOf(id);
      if (!head?.body) continue;
      const event = JSON.parse(head.body) as ViolationEvent;
      if (head.raised <= event.rev) continue;
      reissuer.reissueLatest({ ...event, body: head.body, born: head.born, tries: 0, appendedAt: now }, 0);
    }
  }

  const run = db.transaction((acks: readonly Ack[], now: number): Settled => {
    const settled: number[] = [];
    const refused: Refused[] = [];
    const again: number[] = [];
    const renumbered: number[] = [];
    const moved = new Set<string>();
    let unknown = 0;
    for (const ack of acks) {
      const row = sql.find.get(ack.seq, ack.id, ack.rev) ?? sql.findRefused.get(ack.seq, ack.id, ack.rev);
      // The same numbers may name another content: one that was sent before this file was restored.
      if (!row || (ack.hash !== undefined && ack.hash !== sha256Hex(row.body))) {
        unknown++;
        continue;
      }
      settled.push(row.seq);
      if (ack.status !== 'quarantined') {
        takeStored(row, ack.knownRev ?? 0);
        continue;
      }
      const repaired = repair(row, ack);
      if (repaired === null) refused.push(keepRefused(row, ack, now));
      else moved.add(row.id);
      if (repaired === 'in-place') again.push(row.seq);
      if (ack.taken && repaired !== null) renumbered.push(row.seq);
    }
    uncover(moved, now);
    return {
      ...{ settled, refused, unknown },
      ...(again.length > 0 ? { again } : {}),
      ...(renumbered.length > 0 ? { renumbered } : {}),
    };
  });
  return (acks, now) => run.immediate(acks, now);
}
