/** Keeps evidence within its bound: files of ended, acknowledged, delivered events go first, an event never. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Outbox } from './index.ts';

const DAY_MS = 86_400_000;
/** Hours of counts stay so long after the hub has them: a camera's time may still be in them. */
const HOURS_KEPT_MS = 2 * DAY_MS;
/** A file without a row this long after it was written belongs to a finding that a crash took before its transaction. */
const ORPHAN_MS = 600_000;

/** Of one node: its outbox knows which files may go, `dir` is where they lie. */
export function createRetention(options: {
  readonly outbox: Outbox;
  readonly dir: string;
  readonly maxBytes: number;
  readonly keepDays: number;
  readonly clock: Clock;
  readonly log: Log;
}) {
  const { outbox, dir, maxBytes, clock, log } = options;
  const keepMs = options.keepDays * DAY_MS;

  async function prune(needBytes: number): Promise<number> {
    const going = outbox.prunable({ maxBytes, deliveredBefore: clock.now() - keepMs }, needBytes);
    for (const file of going) {
      // The file first: a row without a file is pruned again, a file without a row would stay for ever.
      await rm(join(dir, file.path), { force: true });
      outbox.forgetEvidence(file.sha256);
    }
    if (going.length > 0) log.info({ files: going.length }, 'evidence that the hub has was removed from this node');
    return going.length;
  }

  return {
    /** Makes sure that so many bytes more may be written. @throws EDGE_DISK_FULL when the bound is reached and nothing may go. */
    async reserve(bytes: number): Promise<void> {
      if (bytes === 0 || outbox.diskBytes() + bytes <= maxBytes) return;
      await prune(bytes);
      if (outbox.diskBytes() + bytes > maxBytes) {
        throw new AppError('EDGE_DISK_FULL', `evidence has reached disk.maxBytes (${maxBytes}) and none may go yet`);
      }
    },
    /** Regular upkeep: what is over its time goes. */
    async sweep(): Promise<void> {
      while ((await prune(0)) > 0);
      outbox.forgetHeads(clock.now() - Math.max(keepMs, DAY_MS));
      outbox.forgetHours(clock.now() - HOURS_KEPT_MS);
    },
    /** Removes evidence files that no event names. */
    async removeOrphans(): Promise<number> {
      let removed = 0;
      for (const folder of await readdir(dir).catch(() => [])) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        for (const name of await readdir(join(dir, folder))) {
          const path = join(folder, name);
          if (outbox.holdsFile(path)) continue;
          const written = (await stat(join(dir, path)).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
          if (clock.now() - written < ORPHAN_MS) continue;
          await rm(join(dir, path), { force: true });
          removed++;
        }
      }
      if (removed > 0) log.info({ removed }, 'evidence without an event was removed');
      return removed;
    },
  };
}

export type EvidenceRetention = ReturnType<typeof createRetention>;
