/** The outbox: nothing that was found is lost between the rule and the hub's own word that it is stored. */
import type { Ack } from '../../contracts/ack.ts';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { NodeKey } from '../../platform/signing.ts';
import { openSqlite, type SqliteFile } from '../../platform/sqlite.ts';
import { type Batch, createAppender } from './append.ts';
import { createEvidenceRows } from './evidence-rows.ts';
import { createHourRows } from './observation-hours.ts';
import { createRefusedRows } from './refused-rows.ts';
import { prepareTables } from './schema.ts';
import { createSettler, type Settled } from './settle.ts';
import { outboxFault } from './sqlite-fault.ts';

export type { Batch, EventDraft, EvidenceFile, SavedState } from './append.ts';
export { lockFolder } from './lock.ts';
export type { Settled } from './settle.ts';

/** A message as it goes out: `body` is the signed event in its canonical form. */
export type OutboxRow = { readonly seq: number; readonly id: string; readonly rev: number; readonly body: string };
export type OutboxDepth = { readonly depth: number; readonly oldestAt: number | null };

export type OutboxOptions = {
  readonly file: string;
  readonly node: string;
  readonly key: NodeKey;
  readonly clock: Clock;
  readonly log: Log;
};

/** Cameras and uplink stand still while a statement waits for another program's lock; whoever asked asks again later. */
const BUSY_MS = 50;

/** The open file and everything prepared on it: a file with other tables is found out here. */
function open({ file, node, key }: OutboxOptions) {
  try {
    const db = openSqlite(file, { synchronous: 'FULL', busyMs: BUSY_MS });
    try {
      prepareTables(db, node, GENESIS);
      return {
        db,
        appendRows: createAppender(db, node, key),
        settleRows: createSettler(db, key),
        readers: createReaders(db),
        evidenceRows: createEvidenceRows(db),
        hourRows: createHourRows(db),
        refusedRows: createRefusedRows(db),
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (cause) {
    throw outboxFault(cause);
  }
}

function createReaders(db: SqliteFile) {
  const after = db.prepare<[number, number], OutboxRow>(
    'SELECT seq, id, rev, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  const one = db.prepare<[number], OutboxRow>('SELECT seq, id, rev, body FROM events WHERE seq = ?');
  const depth = db.prepare<[], OutboxDepth>('SELECT COUNT(*) AS depth, MIN(appended_at) AS oldestAt FROM events');
  const lastSeq = db.prepare<[], string>(`SELECT value FROM meta WHERE key = 'last_seq'`).pluck();
  const state = db.prepare<[string], string>('SELECT json FROM states WHERE name = ?').pluck();
  return {
    /** Unacknowledged messages with `seq` above `afterSeq`, in order. */
    pending: (limit: number, afterSeq = 0): OutboxRow[] => after.all(afterSeq, limit),
    /** One message, or null once it was acknowledged. */
    row: (seq: number): OutboxRow | null => one.get(seq) ?? null,
    depth: (): OutboxDepth => depth.get() ?? { depth: 0, oldestAt: null },
    /** Number of the last message ever appended; 0 = none. */
    lastSeq: (): number => Number(lastSeq.get() ?? 0),
    /** JSON text saved under this name, or null. */
    loadState: (name: string): string | null => state.get(name) ?? null,
  };
}

/** The same functions; what SQLite throws comes out as an error of the catalogue. */
function withCatalogueErrors<T extends Record<string, (...args: never[]) => unknown>>(functions: T): T {
  const wrapped = Object.entries(functions).map(([name, run]) => [
    name,
    (...args: never[]) => {
      try {
        return run(...args);
      } catch (cause) {
        throw outboxFault(cause);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

/**
 * Opens or creates the outbox of one node. Durable against power loss (WAL, `synchronous=FULL`).
 * @throws EDGE_OUTBOX when damaged, of a newer version or of another node; EDGE_DISK_FULL without room.
 */
export function openOutbox(options: OutboxOptions) {
  const { clock, log } = options;
  const { db, appendRows, settleRows, readers, evidenceRows, hourRows, refusedRows } = open(options);
  const listeners = new Set<() => void>();

  return {
    ...withCatalogueErrors(readers),
    ...withCatalogueErrors(evidenceRows),
    ...withCatalogueErrors(hourRows),
    ...withCatalogueErrors(refusedRows),
    /**
     * Saves findings and the state they came from in one transaction; the messages are signed and in the chain then.
     * A failure changes nothing. @throws EDGE_DISK_FULL: try the same batch again later.
     */
    append(batch: Batch): ViolationEvent[] {
      let events: ViolationEvent[];
      try {
        events = appendRows(batch, clock.now());
      } catch (cause) {
        throw outboxFault(cause);
      }
      if (events.length > 0) for (const listener of listeners) listener();
      return events;
    },
    /**
     * Takes the hub's acks: stored and duplicate leave; what was refused gets another number where that is all it
     * lacks, else it moves to `refused` and is tried again later.
     */
    settle(acks: readonly Ack[]): Settled {
      let result: Settled;
      try {
        result = settleRows(acks, clock.now());
      } catch (cause) {
        throw outboxFault(cause);
      }
      for (const row of result.refused) {
        // A later try that fails as well is no news.
        if (row.tries === 1) log.error(row, 'the hub refused a message; it is kept in the outbox and sent again');
        else log.debug(row, 'refused again');
      }
      const { renumbered } = result;
      if (renumbered)
        log.warn({ renumbered }, 'the hub has other messages under these numbers; they are numbered anew');
      return result;
    },
    /** Most pages that the file may have (SQLite `max_page_count`); for tests of a full disk. Returns the limit in force. */
    limitPages: (pages: number): number => db.pragma(`max_page_count = ${pages}`, { simple: true }) as number,
    /** Calls back after each append that brought messages. Returns the way to stop. */
    onAppend(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close(): void {
      listeners.clear();
      db.close();
    },
  };
}

export type Outbox = ReturnType<typeof openOutbox>;
