/** Inference threads: one order at a time each, the first that is free takes the next inference; a dead one is replaced. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { InferenceRequest, InferenceWaits } from '../domain/inference-request.ts';
import type { ModelSpec } from '../domain/model-card.ts';
import type { GraphShape } from '../models/check-shape.ts';
import { createInferenceQueue, type PicturePart } from './inference-queue.ts';
import type { ThreadAnswer, ThreadOrder } from './messages.ts';

export type PoolModel = {
  readonly id: number;
  readonly spec: ModelSpec;
  readonly bytes: SharedArrayBuffer;
};

type Job = {
  readonly model: PoolModel;
  readonly pixels: Uint8Array | null;
  readonly placement: Placement | null;
  /** Null: given up before it began. */
  readonly settle: (answer: ThreadAnswer | null) => void;
  readonly fail: (error: AppError) => void;
};

type Thread = {
  worker: Worker;
  /** Models that this thread has loaded, each with its place for pixels. */
  readonly loaded: Map<number, Uint8Array>;
  job: Job | null;
  answer: ((answer: ThreadAnswer) => void) | null;
  /** Deaths without a good answer between them: a thread that cannot live is not started for ever. */
  deaths: number;
};

/** Who asks for which part of a picture; `request` null: nobody waits for it in real time. */
export type DetectFor = { readonly request: InferenceRequest | null; readonly part: PicturePart };

export type ThreadPool = {
  /** Loads on one thread and tells what the graph has; other threads load when they first need to. */
  readonly load: (model: PoolModel) => Promise<GraphShape | { readonly refused: string }>;
  /** Null when a region would have come too late. */
  readonly detect: (
    model: PoolModel,
    pixels: Uint8Array,
    placement: Placement,
    by?: DetectFor,
  ) => Promise<Detection[] | null>;
  readonly waits: (camera: string) => InferenceWaits;
  /** `load`: share of the threads' time over the last minute, 0..1; `queue`: inferences that wait now. */
  readonly work: () => { readonly load: number; readonly queue: number };
  readonly unload: (model: PoolModel) => void;
  /** The threads of this moment, for diagnosis and tests. */
  readonly workers: () => readonly Worker[];
  readonly close: () => Promise<void>;
};

const NOBODY: DetectFor = { request: null, part: 'whole' };
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

export function createThreadPool(options: { readonly workers: number; readonly log: Log }): ThreadPool {
  const { log } = options;
  const loads: Job[] = [];
  const queue = createInferenceQueue<Job>({ threads: options.workers });
  let closed = false;

  function watch(thread: Thread): void {
    const { worker } = thread;
    let reason = 'the thread ended';
    worker.on('message', (answer: ThreadAnswer) => {
      thread.deaths = 0;
      thread.answer?.(answer);
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (closed || thread.worker !== worker) return;
      thread.deaths += 1;
      thread.loaded.clear();
      thread.answer = null;
      const job = thread.job;
      thread.job = null;
      log.error({ reason, deaths: thread.deaths }, 'inference thread died; a new one takes its place');
      if (thread.deaths < MAX_DEATHS) {
        thread.worker = startWorker();
        watch(thread);
      }
      job?.fail(new AppError('EDGE_INFERENCE', reason));
      assign();
    });
  }

  const threads = Array.from({ length: options.workers }, (): Thread => {
    const thread: Thread = { worker: startWorker(), loaded: new Map(), job: null, answer: null, deaths: 0 };
    watch(thread);
    return thread;
  });

  function ask(thread: Thread, order: ThreadOrder, then: (answer: ThreadAnswer) => void): void {
    thread.answer = then;
    thread.worker.postMessage(order);
  }

  function finish(thread: Thread, answer: ThreadAnswer): void {
    const job = thread.job;
    thread.job = null;
    thread.answer = null;
    job?.settle(answer);
    assign();
  }

  function order(thread: Thread, job: Job): void {
    const place = thread.loaded.get(job.model.id);
    if (!place || !job.pixels || !job.placement) {
      const pixels = new SharedArrayBuffer(3 * job.model.spec.input.width * job.model.spec.input.height);
      const { id, spec, bytes } = job.model;
      ask(thread, { kind: 'load', model: id, spec, bytes, pixels }, (answer) => {
        if (answer.kind === 'loaded') thread.loaded.set(id, new Uint8Array(pixels));
        if (answer.kind === 'loaded' && job.pixels) order(thread, job);
        else finish(thread, answer);
      });
      return;
    }
    place.set(job.pixels);
    const begunAt = performance.now();
    ask(thread, { kind: 'detect', model: job.model.id, placement: job.placement }, (answer) => {
      const now = performance.now();
      queue.took(now - begunAt, now);
      finish(thread, answer);
    });
  }

  /** A thread that has the model is better than one that must load it. */
  function freeThread(model: number): Thread | undefined {
    const free = threads.filter((thread) => thread.job === null && thread.deaths < MAX_DEATHS);
    return free.find((thread) => thread.loaded.has(model)) ?? free[0];
  }

  function failAll(error: AppError): void {
    for (const lost of [...loads.splice(0), ...queue.drain()]) lost.fail(error);
  }

  function assign(): void {
    const now = performance.now();
    for (const job of queue.tooLate(now)) job.settle(null);
    while (threads.some((thread) => thread.job === null && thread.deaths < MAX_DEATHS)) {
      const job = loads.shift() ?? queue.next(now);
      const thread = job && freeThread(job.model.id);
      if (!thread) return;
      thread.job = job;
      order(thread, job);
    }
    if (threads.every(({ deaths }) => deaths >= MAX_DEATHS)) {
      failAll(new AppError('EDGE_INFERENCE', 'no inference thread stays up'));
    }
  }

  /** Puts a job where it waits; false when it may not. */
  type Put = (job: Job) => boolean;
  function submit(job: Pick<Job, 'model' | 'pixels' | 'placement'>, put: Put): Promise<ThreadAnswer | null> {
    return new Promise((settle, fail) => {
      if (closed) fail(new AppError('EDGE_INFERENCE', 'inference is closed'));
      else if (put({ ...job, settle, fail })) assign();
      else fail(new AppError('EDGE_INFERENCE', 'this camera has an inference waiting already'));
    });
  }

  return {
    load: async (model) => {
      const answer = await submit({ model, pixels: null, placement: null }, (job) => loads.push(job) > 0);
      if (answer?.kind === 'loaded') return answer.graph;
      return { refused: answer && 'message' in answer ? answer.message : 'no answer' };
    },
    detect: async (model, pixels, placement, { request, part } = NOBODY) => {
      const put: Put = (job) => queue.add(job, request, part, performance.now());
      const answer = await submit({ model, pixels, placement }, put);
      if (answer === null) return null;
      if (answer.kind === 'detected') return [...answer.detections];
      throw new AppError('EDGE_INFERENCE', 'message' in answer ? answer.message : 'no answer');
    },
    waits: (camera) => queue.waits(camera, performance.now()),
    work: () => ({ load: queue.load(performance.now()), queue: queue.size() }),
    unload: (model) => {
      for (const thread of threads) {
        if (thread.loaded.delete(model.id)) thread.worker.postMessage({ kind: 'unload', model: model.id });
      }
    },
    workers: () => threads.map((thread) => thread.worker),
    close: async () => {
      closed = true;
      const error = new AppError('EDGE_INFERENCE', 'inference is closed');
      failAll(error);
      await Promise.all(threads.map(({ worker }) => stopWorker(worker)));
      for (const thread of threads) thread.job?.fail(error);
    },
  };
}
