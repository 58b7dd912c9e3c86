/** A connection to SQLite on a thread of its own: a lock or a slow disk holds up who asked, never the event loop. */
import { Worker } from 'node:worker_threads';
import { connectionScript } from './connection-script.ts';

export type SqliteAnswer = {
  /** Of a statement that gives rows. */
  readonly rows?: readonly Record<string, unknown>[];
  readonly changes?: number;
  readonly lastInsertRowid?: number | bigint;
};
export type SqliteConnection = {
  /** In the order of asking; no column holds bytes, which would arrive as a bare Uint8Array. @throws what SQLite says, with its `code` */
  run(sql: string, parameters: readonly unknown[]): Promise<SqliteAnswer>;
  /** Statements that are not answered yet. */
  waiting(): number;
  /** After the last answer. */
  inTransaction(): boolean;
  /** After the statements asked so far. */
  close(): Promise<void>;
};

export type ConnectionOptions = {
  readonly path: string;
  readonly readonly: boolean;
  readonly pragmas: readonly string[];
};

/** At the start nothing else goes on yet: another process may be just about to let go. */
const OPENING_MS = 5000;

type Fault = { readonly message: string; readonly code?: string };
type Message = SqliteAnswer & { readonly fault?: Fault; readonly inTransaction?: boolean };
type Waiting = { readonly resolve: (answer: SqliteAnswer) => void; readonly reject: (error: Error) => void };

function toError({ message, code }: Fault): Error {
  return Object.assign(new Error(message), { name: 'SqliteError', code });
}

/** Opens at once; what is asked before it is open waits, and fails when it cannot be opened. */
export function openConnection({ path, readonly, pragmas }: ConnectionOptions): SqliteConnection {
  const workerData = { from: import.meta.url, path, readonly, pragmas, openingMs: OPENING_MS };
  const worker = new Worker(connectionScript, { eval: true, execArgv: [], workerData });
  const waiting: Waiting[] = [];
  let transaction = false;
  let lost: Error | null = null;
  let open = false;
  worker.unref();

  function fail(error: Error): void {
    lost ??= error;
    for (const { reject } of waiting.splice(0)) reject(lost);
  }

  worker.on('message', ({ fault, inTransaction = false, ...answer }: Message) => {
    if (!open) {
      open = true;
      if (fault) fail(toError(fault));
      return;
    }
    transaction = inTransaction;
    const asked = waiting.shift();
    // An idle thread must not keep the process alive; one at work must.
    if (waiting.length === 0) worker.unref();
    if (fault) asked?.reject(toError(fault));
    else asked?.resolve(answer);
  });
  worker.on('error', fail);
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      fail(new Error(`the database's thread ended (${code})`));
      resolve();
    });
  });

  return {
    waiting: () => waiting.length,
    inTransaction: () => transaction,
    run(sql, parameters) {
      if (lost) return Promise.reject(lost);
      return new Promise((resolve, reject) => {
        worker.ref();
        waiting.push({ resolve, reject });
        worker.postMessage({ sql, parameters });
      });
    },
    async close() {
      worker.ref();
      worker.postMessage({ close: true });
      await ended;
    },
  };
}
