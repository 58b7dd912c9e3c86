/** An inference thread: takes orders one at a time, answers each with boxes or with what went wrong. */
import { parentPort } from 'node:worker_threads';
import type { ThreadAnswer, ThreadOrder } from './messages.ts';
import { type ModelSession, openSession } from './session.ts';

type Loaded = { readonly session: ModelSession; readonly pixels: Uint8Array };
const models = new Map<number, Loaded>();

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function obey(order: Exclude<ThreadOrder, { kind: 'stop' }>): Promise<ThreadAnswer | null> {
  if (order.kind === 'load') {
    try {
      // The runtime takes no shared memory, so the file is copied once.
      const session = await openSession(order.spec, new Uint8Array(order.bytes).slice());
      models.set(order.model, { session, pixels: new Uint8Array(order.pixels) });
      return { kind: 'loaded', graph: session.graph };
    } catch (error) {
      return { kind: 'refused', message: textOf(error) };
    }
  }
  const model = models.get(order.model);
  if (order.kind === 'unload') {
    models.delete(order.model);
    await model?.session.close();
    return null;
  }
  if (!model) return { kind: 'failed', message: 'the model is not loaded on this thread' };
  try {
    return { kind: 'detected', detections: await model.session.run(model.pixels, order.placement) };
  } catch (error) {
    return { kind: 'failed', message: textOf(error) };
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (order: ThreadOrder) => {
  last = last.then(async () => {
    // From here and not from outside: ending a thread inside the runtime ends the whole process.
    if (order.kind === 'stop') process.exit(0);
    const answer = await obey(order);
    if (answer) parentPort?.postMessage(answer);
  });
});
