/** From finding to outbox: stills on disk first, then one transaction; what cannot be written now waits, in order. */
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { createCondition } from '../../platform/condition.ts';
import type { Log } from '../../platform/log.ts';
import { createRest } from '../../platform/sleep.ts';
import { type HourTally, mergeTallies } from '../domain/hour-tally.ts';
import { type EncodedEvidence, maxBytesOf } from '../evidence/index.ts';
import type { Batch, EventDraft, EvidenceFile, SavedState } from '../outbox/index.ts';

export type Found = {
  readonly stills: readonly EncodedEvidence[];
  readonly toDraft: (evidence: EvidenceRef[]) => EventDraft;
};
/** Findings of one frame, the state after it and what was counted since the state before; none = the state alone. */
export type LineBatch = {
  readonly found: readonly Found[];
  readonly stateJson: string;
  /** What else is saved with it now, such as the background model. */
  readonly beside?: SavedState | null;
  readonly hours?: readonly HourTally[];
};

export type WriterOptions = {
  readonly stateName: string;
  readonly writeStills: (stills: readonly EncodedEvidence[]) => Promise<EvidenceRef[]>;
  readonly fileOf: (ref: EvidenceRef) => string;
  /** Settles once the batch is safe. */
  readonly append: (batch: Batch) => unknown;
  /** Makes sure of so many bytes for evidence, or throws EDGE_DISK_FULL. */
  readonly reserve: (bytes: number) => Promise<void>;
  /** The fault that holds writing up, or null once it goes again. */
  readonly onTrouble: (fault: AppError | null) => void;
  readonly random: () => number;
  readonly log: Log;
};

/** Frames with findings that wait in memory (about 30 MB of stills); beyond that the line takes no new frame. */
const BOUND = 32;
const RETRY = { minMs: 1000, maxMs: 30_000 };

/** A message that does not fit the wire will not fit it later either. */
const isLasting = (error: unknown): boolean => !(error instanceof AppError) || error.faults.length > 0;

/** Writes one batch after another; what a full disk or a locked outbox holds up is tried again until it goes. */
export function createFindingWriter(options: WriterOptions) {
  const { onTrouble, log } = options;
  const queue: LineBatch[] = [];
  const changed = createCondition();
  const rest = createRest();
  let broken: unknown = null;
  let working = false;
  let closing = false;

  async function writeOnce(batch: LineBatch): Promise<void> {
    const drafts: EventDraft[] = [];
    const files: EvidenceFile[] = [];
    for (const { stills, toDraft } of batch.found) {
      await options.reserve(stills.reduce((sum, still) => sum + maxBytesOf(still), 0));
      const refs = await options.writeStills(stills);
      for (const ref of refs) files.push({ sha256: ref.sha256, path: options.fileOf(ref) });
      drafts.push(toDraft(refs));
    }
    await options.append({
      drafts,
      files,
      states: [{ name: options.stateName, json: batch.stateJson }, ...(batch.beside ? [batch.beside] : [])],
      hours: batch.hours ?? [],
    });
  }

  async function write(batch: LineBatch): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await writeOnce(batch);
        if (attempt > 0) onTrouble(null);
        return;
      } catch (error) {
        if (isLasting(error) || closing) throw error;
        const fault = error as AppError;
        if (attempt === 0) log.error({ code: fault.code, waiting: queue.length }, fault.message);
        onTrouble(fault);
        await rest.sleep(backOffMs(attempt, options.random, RETRY));
      }
    }
  }

  async function work(): Promise<void> {
    working = true;
    try {
      for (let batch = queue[0]; batch; batch = queue[0]) {
        await write(batch);
        queue.shift();
        changed.check();
      }
    } catch (error) {
      broken = error;
    } finally {
      working = false;
      changed.check();
    }
  }

  const idle = () => changed.until(() => broken !== null || (queue.length === 0 && !working));

  return {
    /** Takes a batch; settles when there is room for another. Rejects once writing has failed for good. */
    async put(batch: LineBatch): Promise<void> {
      if (broken !== null) throw broken;
      const last = queue.at(-1);
      // A newer state replaces one that waits alone, and takes over what was counted; the one being written stays.
      const replaced = queue.length > 1 && last?.found.length === 0 ? queue.pop() : undefined;
      const hours = mergeTallies([...(replaced?.hours ?? []), ...(batch.hours ?? [])]);
      queue.push({ ...batch, beside: batch.beside ?? replaced?.beside ?? null, hours });
      if (!working) void work();
      await changed.until(() => broken !== null || queue.length < BOUND);
      if (broken !== null) throw broken;
    },
    waiting: (): number => queue.length,
    /** The newest state that is not in the outbox yet, or null: a line begun anew goes on from it. */
    latestState: (): string | null => queue.at(-1)?.stateJson ?? null,
    isBroken: (): boolean => broken !== null,
    /** Settles when everything is in the outbox. */
    async flush(): Promise<void> {
      await idle();
      if (broken !== null) throw broken;
    },
    /** Tries what is left once more and gives up; returns how many frames with findings could not be saved. */
    async close(): Promise<number> {
      closing = true;
      rest.wake();
      await idle();
      return queue.filter((batch) => batch.found.length > 0).length;
    },
  };
}

export type FindingWriter = ReturnType<typeof createFindingWriter>;
