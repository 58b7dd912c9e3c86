/** The hub's acknowledgements: the only thing by which a message leaves the outbox. */
import type { Ack } from '../../contracts/ack.ts';
import type { SqliteFile } from '../../platform/sqlite.ts';

/** What a batch of acks did. `strange`: acks that name no message of this outbox (late repetitions, mostly). */
export type Settled = {
  readonly settled: readonly number[];
  readonly refused: readonly { readonly seq: number; readonly id: string; readonly reason: string }[];
  readonly strange: number;
};

type Row = { seq: number; id: string; rev: number };

export function createSettler(db: SqliteFile): (acks: readonly Ack[], now: number) => Settled {
  const find = db.prepare<[number, string, number], Row>(
    'SELECT seq, id, rev FROM events WHERE seq = ? AND id = ? AND rev = ?',
  );
  const remove = db.prepare<[number]>('DELETE FROM events WHERE seq = ?');
  const acked = db.prepare<[number, string]>('UPDATE heads SET acked_rev = MAX(acked_rev, ?) WHERE id = ?');
  const makeKnown = db.prepare<[string, number]>(
    `UPDATE evidence SET known = 1 WHERE known = 0
     AND sha256 IN (SELECT sha256 FROM evidence_refs WHERE event_id = ? AND rev = ?)`,
  );
  const refuse = db.prepare<[string, number, number]>(
    `INSERT OR REPLACE INTO refused (seq, id, rev, body, reason, refused_at)
     SELECT seq, id, rev, body, ?, ? FROM events WHERE seq = ?`,
  );

  const run = db.transaction((acks: readonly Ack[], now: number): Settled => {
    const settled: number[] = [];
    const refused: { seq: number; id: string; reason: string }[] = [];
    let strange = 0;
    for (const ack of acks) {
      const row = find.get(ack.seq, ack.id, ack.rev);
      if (!row) {
        strange++;
        continue;
      }
      if (ack.status === 'quarantined') {
        const reason = ack.reason ?? 'no reason given';
        refuse.run(reason, now, row.seq);
        refused.push({ seq: row.seq, id: row.id, reason });
      } else {
        acked.run(row.rev, row.id);
        makeKnown.run(row.id, row.rev);
      }
      remove.run(row.seq);
      settled.push(row.seq);
    }
    return { settled, refused, strange };
  });
  return (acks, now) => run.immediate(acks, now);
}
