/** What is written to the audit log behind the answer: views, searches, log-ins that failed. Reading never waits for it. */
import { canonicalJson } from '../platform/canonical.ts';
import type { Log } from '../platform/log.ts';
import { type AuditStep, type Author, appendAudit } from './audit.ts';
import type { Store, Trx } from './storage/store.ts';

/** The same person at the same thing within this time is one line, ms. */
const SAME_MS = 60_000;
const EVERY_MS = 500;
const AT_ONCE = 200;
/** A line more than these is not kept in memory: the database has been away for long, and answers nobody. */
const MAX_WAITING = 20_000;
const MAX_REMEMBERED = 20_000;

type Waiting = { readonly by: Author; readonly step: AuditStep; readonly also?: (trx: Trx) => Promise<void> };

export type AuditQueue = {
  /** @param also written in the same transaction */
  add(by: Author, step: AuditStep, also?: (trx: Trx) => Promise<void>): void;
  /** Until all that was added is written. @throws what the database throws */
  flush(): Promise<void>;
  /** Writes the rest. */
  close(): Promise<void>;
};

const isRepeatable = ({ action }: AuditStep) => ['view', 'search', 'login-failed'].includes(action);

/** Lines wait half a second at most; a hub that is killed loses those. */
export function createAuditQueue({ store, log }: { readonly store: Store; readonly log: Log }): AuditQueue {
  let waiting: Waiting[] = [];
  const seen = new Map<string, number>();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  /** Whether the log has this already, or will have. */
  function isSeen({ actor, address, now }: Author, step: AuditStep): boolean {
    const key = canonicalJson({ actor, address, ...step });
    const last = seen.get(key);
    if (last !== undefined && Math.abs(now - last) < SAME_MS) return true;
    if (seen.size >= MAX_REMEMBERED) seen.clear();
    seen.set(key, now);
    return false;
  }

  async function writeSome(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, AT_ONCE);
      await store.transaction(async (trx) => {
        for (const { by, step, also } of some) {
          await also?.(trx);
          await appendAudit(trx, by, [step]);
        }
      });
      waiting = waiting.slice(some.length);
    }
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const done = running.then(writeSome);
    running = done.catch(() => {});
    return done;
  }

  function later(): void {
    timer ??= setTimeout(() => {
      timer = null;
      flush().catch((error: unknown) => {
        log.warn({ err: error, waiting: waiting.length }, 'audit log could not be written yet');
        later();
      });
    }, EVERY_MS).unref();
  }

  return {
    add(by, step, also) {
      if (isRepeatable(step) && isSeen(by, step)) return;
      if (waiting.length >= MAX_WAITING) {
        log.error({ actor: by.actor, action: step.action, thing: step.thing, id: step.id }, 'audit line not kept');
        return;
      }
      waiting.push({ by, step, ...(also ? { also } : {}) });
      later();
    },
    flush,
    close: flush,
  };
}
