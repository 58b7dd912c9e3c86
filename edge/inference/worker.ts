/** An inference thread: takes orders one at a time, answers each with boxes or with what went wrong. */
import { parentPort } from 'node:worker_threads';
import type { LoadOrder, ThreadAnswer, ThreadOrder } from './messages.ts';
import { type ModelSession, openSession } from './session.ts';

type Loaded = { readonly session: ModelSession; readonly weights: number; readonly pixels: Uint8Array };
const models = new Map<number, Loaded>();
/** The session of each file, under its weights' number, and how many models read it. */
const files = new Map<number, { readonly session: ModelSession; users: number }>();

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function load({ model, weights, spec, bytes, pixels }: LoadOrder): Promise<ThreadAnswer> {
  try {
    const known = files.get(weights);
    // The runtime takes no shared memory, so the file is copied once.
    const file = known ?? { session: await openSession(spec, new Uint8Array(bytes).slice()), users: 0 };
    const session = known ? file.session.readAs(spec) : file.session;
    file.users += 1;
    files.set(weights, file);
    models.set(model, { session, weights, pixels: new Uint8Array(pixels) });
    return { kind: 'loaded', graph: session.graph };
  } catch (error) {
    return { kind: 'refused', message: textOf(error) };
  }
}

async function unload(model: number): Promise<void> {
  const weights = models.get(model)?.weights ?? -1;
  models.delete(model);
  const file = files.get(weights);
  if (!file) return;
  file.users -= 1;
  if (file.users > 0) return;
  files.delete(weights);
  await file.session.close();
}

async function obey(order: Exclude<ThreadOrder, { kind: 'stop' }>): Promise<ThreadAnswer | null> {
  if (order.kind === 'load') return load(order);
  if (order.kind === 'unload') {
    await unload(order.model);
    return null;
  }
  const model = models.get(order.model);
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
