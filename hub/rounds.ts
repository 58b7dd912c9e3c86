/** Does what has come due, every few seconds; what a failed round left, the next one does. */
import type { Log } from '../platform/log.ts';

const EVERY_MS = 5_000;

/** @param failed what the log says of a round that failed */
export function startRounds(round: () => Promise<unknown>, failed: string, log: Log) {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = round()
      .catch((error: unknown) => log.warn({ err: error }, failed))
      .finally(() => {
        busy = false;
      });
  }, EVERY_MS);
  timer.unref();
  return {
    async close(): Promise<void> {
      clearInterval(timer);
      await running;
    },
  };
}
