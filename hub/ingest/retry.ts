/** Commits a batch whatever happens: waits while the database is away, sets one poisonous message apart. */
import { type BackOffLimits, backOffMs } from '../../platform/back-off.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { Checked, Committed } from './commit.ts';
import { refuse } from './message.ts';

const LIMITS: BackOffLimits = { minMs: 100, maxMs: 10_000 };

/** Errors of the message and not of the database: SQLSTATE 22 and 23, SQLite's constraints, and our own mistakes. */
function isAboutTheData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return /^(22|23)[0-9A-Z]{3}$/.test(code) || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(code);
}

export type Retrying = {
  readonly commit: (batch: readonly Checked[]) => Promise<Committed>;
  readonly onRetry: () => void;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly log: Log;
};

/** @returns null only when the signal ended it: nothing was committed and nothing may be acknowledged */
export async function commitForSure(batch: readonly Checked[], options: Retrying): Promise<Committed | null> {
  const { commit, onRetry, random, signal, log } = options;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await commit(batch);
    } catch (error) {
      onRetry();
      if (isAboutTheData(error)) return commitApart(batch, error, options);
      const wait = backOffMs(attempt, random, LIMITS);
      log.error(
        { err: error, waitMs: Math.round(wait), messages: batch.length },
        'commit failed; nothing is acknowledged',
      );
      await sleep(wait, signal);
    }
  }
  return null;
}

async function commitApart(batch: readonly Checked[], cause: unknown, options: Retrying): Promise<Committed | null> {
  if (batch.length > 1) {
    const parts: Committed[] = [];
    for (const message of batch) {
      const part = await commitForSure([message], options);
      if (!part) return null;
      parts.push(part);
    }
    return {
      outcomes: parts.flatMap((part) => part.outcomes),
      cases: parts.flatMap((part) => part.cases),
      forks: parts.flatMap((part) => part.forks),
    };
  }
  const [message] = batch;
  if (!message?.result.ok) throw cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  options.log.error({ node: message.node, err: cause }, 'one event could not be stored');
  const result = refuse('ING_REFUSED', words.slice(0, 200), message.result.event);
  return commitForSure([{ ...message, result }], options);
}
