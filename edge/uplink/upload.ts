/** Delivers evidence files beside the events, never in their way: oldest first, resumable, with back-off. */
import { join } from 'node:path';
import { backOffMs } from '../../platform/back-off.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { createRest } from '../../platform/sleep.ts';
import { createFilePutter, type HubAddress, type PutResult } from './put-file.ts';
import type { FileQueue, QueuedFile } from './queues.ts';

export type UploadOptions = {
  readonly hub: HubAddress;
  readonly queue: FileQueue;
  /** Folder that the queue's paths are relative to. */
  readonly folder: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly onDelivered: () => void;
};

const LIMITS = { minMs: 1000, maxMs: 30_000 };
const FILE_LIMITS = { minMs: 1000, maxMs: 600_000 };
const AT_ONCE = 32;

/** `notBefore` is of a clock that only goes forward: a step of the node's own clock must not hold a file back. */
type Trouble = { attempt: number; notBefore: number };

/** Begins with `start` and goes on until `close`. */
export function createUpload(options: UploadOptions) {
  const { queue, clock, random, log } = options;
  const putter = createFilePutter(options.hub);
  /** Files that had trouble of their own; the others go past them. */
  const troubles = new Map<string, Trouble>();
  const begun = new Set<string>();
  let closed = false;
  const rest = createRest();
  let awayAttempt = 0;
  let faults = 0;
  let done: Promise<void> = Promise.resolve();

  function postpone(file: QueuedFile, why: string): void {
    const trouble = troubles.get(file.sha256) ?? { attempt: 0, notBefore: 0 };
    trouble.notBefore = performance.now() + backOffMs(trouble.attempt++, random, FILE_LIMITS);
    troubles.set(file.sha256, trouble);
    log.warn({ sha256: file.sha256, path: file.path, why }, 'EDGE_EVIDENCE: a file waits; tried again later');
  }

  async function attempt(file: QueuedFile): Promise<PutResult> {
    const fresh = file.uploadedBytes === 0 && !begun.has(file.sha256);
    begun.add(file.sha256);
    try {
      return await putter.put({ ...file, file: join(options.folder, file.path) }, fresh);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      const local = (cause as NodeJS.ErrnoException).path !== undefined || code === 'ERR_HTTP_CONTENT_LENGTH_MISMATCH';
      return { result: local ? 'later' : 'away', why: cause instanceof Error ? cause.message || code : String(cause) };
    }
  }

  /** False when the hub itself is the trouble and the whole round should wait. */
  async function deliver(file: QueuedFile): Promise<boolean> {
    const outcome = await attempt(file);
    if (closed) return false;
    if (outcome.result === 'away') {
      if (awayAttempt === 0) log.warn({ why: outcome.why }, 'EDGE_UPLINK: evidence cannot be delivered now');
      return false;
    }
    awayAttempt = 0;
    if (outcome.result === 'done' || outcome.result === 'gone') {
      if (outcome.result === 'gone') log.info({ sha256: file.sha256 }, 'the hub does not want this file any more');
      queue.evidenceDelivered(file.sha256, clock.now());
      troubles.delete(file.sha256);
      begun.delete(file.sha256);
      options.onDelivered();
    } else if (outcome.result === 'partial') {
      // The hub has another part than was thought: asked and sent again in the next round, soon but not at once.
      if (outcome.offset > 0) queue.evidenceProgress(file.sha256, outcome.offset);
      const seen = troubles.get(file.sha256)?.attempt ?? 0;
      if (seen > 0) postpone(file, 'the hub wants another part');
      else troubles.set(file.sha256, { attempt: 1, notBefore: 0 });
    } else postpone(file, outcome.why);
    return true;
  }

  async function round(): Promise<number> {
    const waiting = queue.evidencePending(AT_ONCE + troubles.size);
    const due = waiting.filter((file) => (troubles.get(file.sha256)?.notBefore ?? 0) <= performance.now());
    for (const file of due) {
      if (closed) return 0;
      if (!(await deliver(file))) return closed ? 0 : backOffMs(awayAttempt++, random, LIMITS);
    }
    faults = 0;
    if (due.length > 0) return 0;
    // Nothing to do: until an ack makes files known, or a postponed one is due.
    return waiting.length > 0 ? 500 : 30_000;
  }

  async function loop(): Promise<void> {
    while (!closed) {
      const pauseMs = await round().catch((error: unknown) => {
        // The outbox is locked or its disk is full: nothing is lost, the next round asks it again.
        log.warn({ err: error }, 'EDGE_UPLINK: a round of uploads failed; tried again');
        return backOffMs(faults++, random, LIMITS);
      });
      if (pauseMs > 0 && !closed) await rest.sleep(pauseMs);
    }
  }

  return {
    start(): void {
      done = loop();
    },
    /** There may be something to deliver now; a back-off against an absent hub is not cut short. */
    nudge(): void {
      if (awayAttempt === 0) rest.wake();
    },
    async close(): Promise<void> {
      closed = true;
      putter.close();
      rest.wake();
      await done;
    },
  };
}
