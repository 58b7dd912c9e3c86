/** Inference threads and the queue in front of them: the first thread that is free takes the next inference. */
import type { Worker } from 'node:worker_threads';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { InferenceRequest, InferenceWaits } from '../domain/inference-request.ts';
import type { GraphShape } from '../models/check-shape.ts';
import { createInferenceQueue, type PicturePart } from './inference-queue.ts';
import { createInferenceThread, type InferenceThread, type Job, type PoolModel } from './inference-thread.ts';
import type { ThreadAnswer } from './messages.ts';

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

const closedError = () => new AppError('EDGE_INFERENCE', 'inference is closed');

/** @param options.workers threads to start at once */
export function createThreadPool(options: { readonly workers: number; readonly log: Log }): ThreadPool {
  const loads: Job[] = [];
  const queue = createInferenceQueue<Job>({ threads: options.workers });
  const events = { log: options.log, onTook: queue.took, onFree: assign };
  const threads = Array.from({ length: options.workers }, () => createInferenceThread(events));
  let closed = false;

  /** A thread that has the model is better than one that must load it. */
  function freeThread(model: PoolModel): InferenceThread | undefined {
    const free = threads.filter((thread) => thread.isFree());
    return free.find((thread) => thread.hasLoaded(model)) ?? free[0];
  }

  function failAll(error: AppError): void {
    for (const lost of [...loads.splice(0), ...queue.drain()]) lost.fail(error);
  }

  function assign(): void {
    const now = performance.now();
    for (const job of queue.tooLate(now)) job.settle(null);
    while (threads.some((thread) => thread.isFree())) {
      const job = loads.shift() ?? queue.next(now);
      const thread = job && freeThread(job.model);
      if (!thread) return;
      thread.begin(job);
    }
    if (threads.every((thread) => thread.isLost())) {
      failAll(new AppError('EDGE_INFERENCE', 'no inference thread stays up'));
    }
  }

  /** Puts a job where it waits; false when it may not. */
  type Put = (job: Job) => boolean;
  function submit(job: Pick<Job, 'model' | 'input'>, put: Put): Promise<ThreadAnswer | null> {
    return new Promise((settle, fail) => {
      if (closed) fail(closedError());
      else if (put({ ...job, settle, fail })) assign();
      else fail(new AppError('EDGE_INFERENCE', 'this camera has an inference waiting already'));
    });
  }

  return {
    load: async (model) => {
      const answer = await submit({ model, input: null }, (job) => loads.push(job) > 0);
      if (answer?.kind === 'loaded') return answer.graph;
      return { refused: answer && 'message' in answer ? answer.message : 'no answer' };
    },
    detect: async (model, pixels, placement, { request, part } = NOBODY) => {
      const put: Put = (job) => queue.add(job, request, part, performance.now());
      const answer = await submit({ model, input: { pixels, placement } }, put);
      if (answer === null) return null;
      if (answer.kind === 'detected') return [...answer.detections];
      throw new AppError('EDGE_INFERENCE', 'message' in answer ? answer.message : 'no answer');
    },
    waits: (camera) => queue.waits(camera, performance.now()),
    work: () => ({ load: queue.load(performance.now()), queue: queue.size() }),
    unload: (model) => {
      for (const thread of threads) thread.unload(model);
    },
    workers: () => threads.map((thread) => thread.worker()),
    close: async () => {
      closed = true;
      failAll(closedError());
      await Promise.all(threads.map((thread) => thread.close(closedError())));
    },
  };
}
