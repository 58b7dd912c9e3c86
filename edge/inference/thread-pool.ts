/** Inference threads: one order at a time each, the first that is free takes the next; a dead one is replaced. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { ModelSpec } from '../domain/model-card.ts';
import type { GraphShape } from './check-shape.ts';
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
  readonly settle: (answer: ThreadAnswer) => void;
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

export type ThreadPool = {
  /** Loads on one thread and tells what the graph has; other threads load when they first need to. */
  readonly load: (model: PoolModel) => Promise<GraphShape | { readonly refused: string }>;
  readonly detect: (model: PoolModel, pixels: Uint8Array, placement: Placement) => Promise<Detection[]>;
  readonly unload: (model: PoolModel) => void;
  /** The threads of this moment, for diagnosis and tests. */
  readonly workers: () => readonly Worker[];
  readonly close: () => Promise<void>;
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

export function createThreadPool(options: { readonly workers: number; readonly log: Log }): ThreadPool {
  const { log } = options;
  const queue: Job[] = [];
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
    ask(thread, { kind: 'detect', model: job.model.id, placement: job.placement }, (answer) => finish(thread, answer));
  }

  /** A thread that has the model is better than one that must load it. */
  function freeThread(model: number): Thread | undefined {
    const free = threads.filter((thread) => thread.job === null && thread.deaths < MAX_DEATHS);
    return free.find((thread) => thread.loaded.has(model)) ?? free[0];
  }

  function assign(): void {
    for (let job = queue[0]; job; job = queue[0]) {
      const thread = freeThread(job.model.id);
      if (!thread) {
        if (threads.every((candidate) => candidate.deaths >= MAX_DEATHS)) {
          for (const lost of queue.splice(0)) lost.fail(new AppError('EDGE_INFERENCE', 'no inference thread stays up'));
        }
        return;
      }
      queue.shift();
      thread.job = job;
      order(thread, job);
    }
  }

  function submit(model: PoolModel, pixels: Uint8Array | null, placement: Placement | null): Promise<ThreadAnswer> {
    return new Promise((settle, fail) => {
      if (closed) {
        fail(new AppError('EDGE_INFERENCE', 'inference is closed'));
        return;
      }
      queue.push({ model, pixels, placement, settle, fail });
      assign();
    });
  }

  return {
    load: async (model) => {
      const answer = await submit(model, null, null);
      if (answer.kind === 'loaded') return answer.graph;
      return { refused: 'message' in answer ? answer.message : 'no answer' };
    },
    detect: async (model, pixels, placement) => {
      const answer = await submit(model, pixels, placement);
      if (answer.kind === 'detected') return [...answer.detections];
      throw new AppError('EDGE_INFERENCE', 'message' in answer ? answer.message : 'no answer');
    },
    unload: (model) => {
      for (const thread of threads) {
        if (thread.loaded.delete(model.id)) thread.worker.postMessage({ kind: 'unload', model: model.id });
      }
    },
    workers: () => threads.map((thread) => thread.worker),
    close: async () => {
      closed = true;
      const error = new AppError('EDGE_INFERENCE', 'inference is closed');
      for (const job of queue.splice(0)) job.fail(error);
      await Promise.all(threads.map(({ worker }) => stopWorker(worker)));
      for (const thread of threads) thread.job?.fail(error);
    },
  };
}
