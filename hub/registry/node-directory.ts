/** Which nodes are let in, kept in memory: asked for each message, read again when any hub on the database changed it. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Log } from '../../platform/log.ts';
import { type NodeAccessRow, nodeAccess, nodeAccessVersion } from '../storage/nodes.ts';
import type { Store } from '../storage/store.ts';

export type NodeRefusal = { readonly code: ErrorCode; readonly reason: string };

export type NodeDirectory = {
  get(node: string): NodeAccessRow | undefined;
  /** Why nothing is taken from a node that is known to be cut off; null for all others, unknown ones too. */
  refusal(node: string): NodeRefusal | null;
  /** Credentials or state of a node have changed, here or at another hub. */
  onChange(listener: (node: string) => void): void;
  /** Reads what has changed, now. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};

/** Another hub's change is noticed within this time, ms. */
const POLL_MS = 1000;

const mark = (row: NodeAccessRow | undefined) =>
  row && [row.public_key, row.password_hash, row.disabled, row.removed_at].join('\n');

/** @throws what the database throws */
export async function openNodeDirectory({ store, log }: { store: Store; log: Log }): Promise<NodeDirectory> {
  const listeners = new Set<(node: string) => void>();
  let nodes = new Map<string, NodeAccessRow>();
  let version = -1;
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | null = null;
  let failing = false;

  async function read(): Promise<void> {
    const now = await nodeAccessVersion(store.db);
    if (now === version) return;
    const rows = await nodeAccess(store.db);
    const before = nodes;
    nodes = new Map(rows.map((row) => [row.id, row]));
    version = now;
    for (const [id, row] of before)
      if (mark(row) !== mark(nodes.get(id))) for (const listener of listeners) listener(id);
  }

  /** One at a time; each begins after it was asked for, so that it sees what came before. */
  function refresh(): Promise<void> {
    if (queued) return queued;
    const result = running.then(() => {
      queued = null;
      return read();
    });
    queued = result;
    running = result.catch(() => {});
    return result;
  }

  await refresh();
  const timer = setInterval(() => {
    refresh().then(
      () => {
        failing = false;
      },
      (error: unknown) => {
        // The next second tries again; until then what is known holds.
        if (!failing) log.warn({ err: error }, 'nodes could not be read again');
        failing = true;
      },
    );
  }, POLL_MS);
  timer.unref();

  return {
    get: (node) => nodes.get(node),
    refusal(node) {
      const row = nodes.get(node);
      if (!row) return null;
      if (row.removed_at !== null) return { code: 'ING_UNKNOWN_NODE', reason: `node ${node} was removed` };
      return row.disabled === 1 ? { code: 'ING_NODE_DISABLED', reason: `node ${node}` } : null;
    },
    onChange(listener) {
      listeners.add(listener);
    },
    refresh,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
