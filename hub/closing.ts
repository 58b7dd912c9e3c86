/** What was opened is closed, last first, even when one of them fails. */
import type { Log } from '../platform/log.ts';

export type Closing = {
  later(name: string, close: () => Promise<unknown>): void;
  run(): Promise<void>;
};

export function createClosing(log: Log): Closing {
  const steps: { readonly name: string; readonly close: () => Promise<unknown> }[] = [];
  return {
    later(name, close) {
      steps.push({ name, close });
    },
    async run() {
      for (const { name, close } of steps.splice(0).reverse()) {
        await close().catch((error: unknown) => log.error({ err: error }, `${name} did not close`));
      }
    },
  };
}
