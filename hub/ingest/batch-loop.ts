/** Batch after batch: checked while the one before is being committed, settled after its commit and never before. */
import { backOffMs } from '../../platform/back-off.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { Checker } from './check.ts';
import type { Checked, Committed } from './commit.ts';
import type { IngestMetrics } from './metrics.ts';
import type { MessageQueue, QueuedMessage } from './queue.ts';
import { commitForSure } from './retry.ts';

export type BatchLoopOptions = {
  readonly queue: MessageQueue;
  readonly checker: Checker;
  readonly commit: (batch: readonly Checked[]) => Promise<Committed>;
  /** Tells broker, node and watchers of what was committed. */
  readonly settle: (batch: readonly QueuedMessage[], committed: Committed) => void;
  readonly metrics: IngestMetrics;
  readonly random: () => number;
  readonly log: Log;
};

export type BatchLoop = {
  /** False once a mistake of ours has ended it: nothing more is committed until the hub is started again. */
  working(): boolean;
  /** Resolves when everything in the queue is settled. */
  idle(): Promise<void>;
  /** Ends after the transaction that runs; what waits is not settled. */
  close(): Promise<void>;
};

const LOOK_UP = { minMs: 100, maxMs: 5000 };
/** Messages come in bursts: after a quiet moment the rest of one is waited for, so that it shares one commit. */
const LINGER_MS = 3;

/** Signatures of the next batch are checked in the thread pool while this one is being committed. */
type Prepared = { readonly batch: readonly QueuedMessage[]; readonly checked: Promise<readonly Checked[] | null> };

/** Starts at once and runs until it is closed. */
export function startBatchLoop(options: BatchLoopOptions): BatchLoop {
  const { queue, checker, commit, settle, metrics, random, log } = options;
  const stop = new AbortController();
  let idlers: (() => void)[] = [];
  let busy = false;
  let broken = false;

  async function tryCheck(batch: readonly QueuedMessage[]): Promise<readonly Checked[] | null> {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        return await checker.check(batch);
      } catch (error) {
        // Only the look-up of keys can fail: the database is away. The commit would wait for it all the same.
        log.error({ err: error, messages: batch.length }, 'nodes could not be looked up; trying again');
        metrics.retries.inc();
        await sleep(backOffMs(attempt, random, LOOK_UP), stop.signal);
      }
    }
    return null;
  }

  function prepare(): Prepared {
    const batch = queue.takeBatch();
    return { batch, checked: tryCheck(batch) };
  }

  function releaseIdlers(): void {
    for (const resolve of idlers) resolve();
    idlers = [];
  }

  const retrying = { commit, onRetry: () => metrics.retries.inc(), random, signal: stop.signal, log };

  async function run(): Promise<void> {
    let next: Prepared | null = null;
    while (!stop.signal.aborted) {
      if (!next && queue.length() === 0) {
        busy = false;
        releaseIdlers();
        await queue.arrival();
        await sleep(LINGER_MS, stop.signal);
        continue;
      }
      busy = true;
      const current: Prepared = next ?? prepare();
      const checked: readonly Checked[] | null = await current.checked;
      next = queue.length() > 0 ? prepare() : null;
      if (!checked) return;
      const end = metrics.commit.startTimer();
      const committed = await commitForSure(checked, retrying);
      end();
      metrics.batch.observe(checked.length);
      if (!committed) return;
      settle(current.batch, committed);
    }
  }
  const running = run().catch((error: unknown) => {
    broken = true;
    // A mistake of ours: going on would acknowledge what was not stored.
    log.fatal({ err: error }, 'ingest stopped');
  });

  return {
    working: () => !broken,
    async idle() {
      if (busy || queue.length() > 0) await new Promise<void>((resolve) => idlers.push(resolve));
    },
    async close() {
      stop.abort();
      queue.close();
      await running;
      releaseIdlers();
    },
  };
}
