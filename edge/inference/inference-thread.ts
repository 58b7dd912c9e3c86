/** One inference thread: an order at a time, models loaded when they are first needed, a new worker where one has died. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import type { Placement } from '../domain/frame.ts';
import type { ThreadAnswer, ThreadOrder } from './messages.ts';

export type PoolModel = {
  readonly id: number;
  /** The same for all models of one file: a camera with scores of its own costs no second session. */
  readonly weights: number;
  readonly spec: ModelSpec;
  readonly bytes: SharedArrayBuffer;
};

export type Job = {
  readonly model: PoolModel;
  /** Null: the model is only to be loaded. */
  readonly input: { readonly pixels: Uint8Array; readonly placement: Placement } | null;
  /** Null: dropped before it began. */
  readonly settle: (answer: ThreadAnswer | null) => void;
  readonly fail: (error: AppError) => void;
};

export type InferenceThread = {
  /** It lives and has no job. */
  readonly isFree: () => boolean;
  /** Too many deaths without a good answer between them: it is not started again. */
  readonly isLost: () => boolean;
  readonly hasLoaded: (model: PoolModel) => boolean;
  /** Only for a free thread. */
  readonly begin: (job: Job) => void;
  readonly unload: (model: PoolModel) => void;
  /** The worker of this moment, for diagnosis and tests. */
  readonly worker: () => Worker;
  /** Lets a running inference end; the job that is then still there fails with `error`. */
  readonly close: (error: AppError) => Promise<void>;
};

export type ThreadEvents = {
  readonly log: Log;
  /** An inference took so long, ms. */
  readonly onTook: (ms: number, now: number) => void;
  /** The thread has no job any more. */
  readonly onFree: () => void;
};

const MAX_DEATHS = 5;

function startWorker(): Worker {
  const fromSources = import.meta.url.endsWith('.ts');
  const file = new URL(fromSources ? './worker.ts' : './worker.js', import.meta.url);
  if (!fromSources) return new Worker(file);
  // From sources the thread needs the loader of TypeScript first, and Node 20 does not take it by --import here.
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  ).href;
  const script = `import('${loader}').then(({ register }) => { register(); return import('${file.href}'); })`;
  return new Worker(script, { eval: true, execArgv: [] });
}

/** Lets it finish its order: `terminate` during a run of the runtime would end the whole process. */
async function stopWorker(worker: Worker): Promise<void> {
  const ENDED = -1;
  if (worker.threadId === ENDED) return;
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  worker.postMessage({ kind: 'stop' });
  await exited;
}

/** A worker with the messages it gives; `onExit` once, with why. */
function watchWorker(onAnswer: (answer: ThreadAnswer) => void, onExit: (reason: string) => void): Worker {
  const worker = startWorker();
  let reason = 'the thread ended';
  worker.on('message', onAnswer);
  worker.on('error', (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', () => onExit(reason));
  return worker;
}

/** Starts the worker at once. */
export function createInferenceThread({ log, onTook, onFree }: ThreadEvents): InferenceThread {
  /** Models that the worker has loaded, each with its place for pixels. */
  const loaded = new Map<number, Uint8Array>();
  let job: Job | null = null;
  let answered: ((answer: ThreadAnswer) => void) | null = null;
  let deaths = 0;
  let closed = false;
  let worker = start();

  function start(): Worker {
    const onAnswer = (answer: ThreadAnswer) => {
      deaths = 0;
      answered?.(answer);
    };
    return watchWorker(onAnswer, died);
  }

  function died(reason: string): void {
    if (closed) return;
    deaths += 1;
    loaded.clear();
    log.error({ reason, deaths }, 'inference thread died; a new one takes its place');
    if (deaths < MAX_DEATHS) worker = start();
    release()?.fail(new AppError('EDGE_INFERENCE', reason));
    onFree();
  }

  function release(): Job | null {
    const mine = job;
    job = null;
    answered = null;
    return mine;
  }

  function finish(answer: ThreadAnswer): void {
    release()?.settle(answer);
    onFree();
  }

  function ask(order: ThreadOrder, then: (answer: ThreadAnswer) => void): void {
    answered = then;
    worker.postMessage(order);
  }

  function load({ id, weights, spec, bytes }: PoolModel, then: (answer: ThreadAnswer) => void): void {
    const pixels = new SharedArrayBuffer(3 * spec.input.width * spec.input.height);
    ask({ kind: 'load', model: id, weights, spec, bytes, pixels }, (answer) => {
      if (answer.kind === 'loaded') loaded.set(id, new Uint8Array(pixels));
      then(answer);
    });
  }

  function detect({ id }: PoolModel, place: Uint8Array, input: NonNullable<Job['input']>): void {
    place.set(input.pixels);
    const begunAt = performance.now();
    ask({ kind: 'detect', model: id, placement: input.placement }, (answer) => {
      const now = performance.now();
      onTook(now - begunAt, now);
      finish(answer);
    });
  }

  function run(mine: Job): void {
    const { model, input } = mine;
    const place = loaded.get(model.id);
    if (place && input) detect(model, place, input);
    else load(model, (answer) => (answer.kind === 'loaded' && input ? run(mine) : finish(answer)));
  }

  return {
    isFree: () => job === null && deaths < MAX_DEATHS,
    isLost: () => deaths >= MAX_DEATHS,
    hasLoaded: (model) => loaded.has(model.id),
    begin(next) {
      job = next;
      run(next);
    },
    unload(model) {
      if (loaded.delete(model.id)) worker.postMessage({ kind: 'unload', model: model.id });
    },
    worker: () => worker,
    async close(error) {
      closed = true;
      await stopWorker(worker);
      job?.fail(error);
    },
  };
}
