/**
 * Another place in the chain for a message whose number the hub has with other content (this file was restored from an
 * older copy): the same event under its id, numbered and signed anew. Runs within the caller's transaction.
 */
import type { AckHead } from '../../contracts/ack.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { eventHash, type NodeKey, signEvent } from '../../platform/signing.ts';
import type { SqliteFile } from '../../platform/sqlite.ts';

export type KeptMessage = {
  readonly seq: number;
  readonly id: string;
  readonly rev: number;
  readonly body: string;
  /** Place of the content in the order in which it was found, whatever its number is now. */
  readonly born: number;
  readonly tries: number;
  readonly appendedAt: number;
};

type Head = { rev: number; born: number; raised: number; body: string | null };

/** @param key what the node signs with now */
export function createReissuer(db: SqliteFile, key: NodeKey) {
  const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
  const putMeta = db.prepare<[string, string]>('UPDATE meta SET value = ? WHERE key = ?');
  const head = db.prepare<[string], Head>('SELECT rev, born, raised, body FROM heads WHERE id = ?');
  const raise = db.prepare<[number, number, string]>('UPDATE heads SET rev = MAX(rev, ?), raised = ? WHERE id = ?');
  const forgetBody = db.prepare<[string]>('UPDATE heads SET body = NULL WHERE id = ?');
  const putEvent = db.prepare<[number, string, number, string, number, number, number]>(
    'INSERT INTO events (seq, id, rev, body, appended_at, born, tries) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const putRef = db.prepare<[string, number, string]>(
    `INSERT INTO evidence_refs (sha256, event_id, rev) SELECT sha256, ?, ? FROM evidence WHERE sha256 = ?
     ON CONFLICT DO NOTHING`,
  );

  function write(message: KeptMessage, place: { readonly seq: number; readonly prev: string; readonly rev: number }) {
    const { chain: _chain, ...event } = JSON.parse(message.body) as ViolationEvent;
    const signed = signEvent({ ...event, seq: place.seq, rev: place.rev }, place.prev, key);
    const { seq, rev } = place;
    putEvent.run(seq, message.id, rev, canonicalJson(signed), message.appendedAt, message.born, message.tries);
    for (const ref of signed.evidence) putRef.run(message.id, rev, ref.sha256);
    if (seq >= Number(meta.get('last_seq'))) {
      putMeta.run(String(seq), 'last_seq');
      putMeta.run(eventHash(signed), 'chain');
    }
  }

  /** After the last message, the hub's or this node's own, whichever has the higher number. */
  function tip(hub: AckHead | null): { seq: number; prev: string } {
    const last = Number(meta.get('last_seq'));
    if (hub && hub.seq >= last) return { seq: hub.seq + 1, prev: hub.hash };
    return { seq: last + 1, prev: meta.get('chain') ?? '' };
  }

  function placeOf(message: KeptMessage): { seq: number; prev: string } {
    return { seq: message.seq, prev: (JSON.parse(message.body) as ViolationEvent).chain.prev };
  }

  /** A revision above every known one, of the hub and of this node. */
  function nextRev(id: string, knownRev: number): number {
    const rev = Math.max(head.get(id)?.rev ?? 0, knownRev) + 1;
    raise.run(rev, rev, id);
    return rev;
  }

  /** Whether the event's latest content stands below one of its earlier contents. */
  const isHidden = (message: KeptMessage, knownRev: number): boolean => {
    const known = head.get(message.id);
    return known !== undefined && known.born === message.born && message.rev < Math.max(known.raised, knownRev);
  };

  return {
    isHidden,
    headOf: (id: string): Head | undefined => head.get(id),
    /** The row must be out of its table already. @param knownRev the hub's highest revision of the event */
    renumber(message: KeptMessage, taken: 'seq' | 'rev', hub: AckHead | null, knownRev: number): void {
      const raised = head.get(message.id)?.raised ?? 0;
      const keeps = taken === 'seq' && message.rev > knownRev && message.rev >= raised;
      const rev = keeps ? message.rev : nextRev(message.id, knownRev);
      // A number that is free at the hub would be missing there for ever: the message keeps it.
      const place = taken === 'seq' ? tip(hub) : placeOf(message);
      write(message, { ...place, rev });
    },
    /** In its place, signed with the key that the node has now. */
    signAgain(message: KeptMessage): void {
      write(message, { ...placeOf(message), rev: message.rev });
    },
    /** The latest content once more, above everything: an earlier one has come to stand over it. */
    reissueLatest(message: KeptMessage, knownRev: number): void {
      write(message, { ...tip(null), rev: nextRev(message.id, knownRev) });
      forgetBody.run(message.id);
    },
  };
}
