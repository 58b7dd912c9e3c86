/** Detectors over a pool of inference threads: one single-threaded session a model and thread. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import { modelInputOf } from '../detectors/fill-tensor.ts';
import { createMerger } from '../detectors/merge.ts';
import { forScoring } from '../detectors/model-spec.ts';
import type { Detector } from '../domain/detector.ts';
import type { FullPicture } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import type { LicenceAnswer } from '../models/licence.ts';
import { checkGraph, readModel } from '../models/load-model.ts';
import type { PoolModel } from './inference-thread.ts';
import { type PixelRegion, pixelsOfRegion, placeRegion } from './place-region.ts';
import { createThreadPool, type ThreadPool } from './thread-pool.ts';

export type Inference = {
  /**
   * Reads card and weights, checks hash, licence and shapes on one thread; detectors of one folder share their
   * sessions. Throws EDGE_MODEL_CARD, EDGE_MODEL_HASH, EDGE_MODEL_LOAD or EDGE_MODEL_SHAPE.
   */
  readonly loadDetector: (modelDir: string) => Promise<Detector>;
  /** `load`: share of the threads' time over the last minute, 0..1; `queue`: inferences that wait now. */
  readonly work: ThreadPool['work'];
  readonly close: () => Promise<void>;
};

export type InferenceOptions = LicenceAnswer & {
  /** Inference threads; default: processors. */
  readonly workers?: number;
  readonly log: Log;
  /** For average precision and for no camera: boxes from this score on, under each of their labels. */
  readonly scoring?: { readonly minScore: number; readonly maxBoxes: number };
};

type Shared = { readonly model: Promise<PoolModel>; users: number };

/** Places for the pixels of a region, lent for one inference each; a camera needs one at a time. */
function createScratch(bytes: number) {
  const free: Uint8ClampedArray[] = [];
  return async <T>(use: (pixels: Uint8ClampedArray) => Promise<T>): Promise<T> => {
    const pixels = free.pop() ?? new Uint8ClampedArray(bytes);
    try {
      return await use(pixels);
    } finally {
      free.push(pixels);
    }
  };
}

/** A box of a region as a box of the frame. */
function outOf(region: PixelRegion, picture: FullPicture, [x, y, w, h]: BoxXywh): BoxXywh {
  const [kx, ky] = [region.width / picture.width, region.height / picture.height];
  return [region.x / picture.width + x * kx, region.y / picture.height + y * ky, w * kx, h * ky];
}

function detectorOf(pool: ThreadPool, model: PoolModel, release: () => void): Detector {
  const { spec } = model;
  const input = modelInputOf(spec.input);
  const bytes = 3 * input.width * input.height;
  const withScratch = createScratch(bytes);
  let closed = false;
  return {
    name: spec.name,
    ref: { name: spec.name, version: spec.version, sha256: spec.sha256 },
    input,
    composites: spec.composites,
    detect: async (pixels, frame, request = null) => {
      if (closed) throw new AppError('EDGE_INFERENCE', `${spec.name} is closed`);
      if (pixels.length !== bytes) {
        throw new AppError('EDGE_INFERENCE', `${spec.name} wants ${bytes} bytes a frame, got ${pixels.length}`);
      }
      const placement = placementOf(input, frame.width, frame.height);
      // Only regions are ever dropped.
      return (await pool.detect(model, pixels, placement, { request, part: 'whole' })) ?? [];
    },
    detectIn: (picture, share, request = null) =>
      withScratch(async (pixels) => {
        if (closed) throw new AppError('EDGE_INFERENCE', `${spec.name} is closed`);
        const region = pixelsOfRegion(share, picture);
        const placement = placeRegion(picture, region, input, pixels);
        const found = await pool.detect(model, new Uint8Array(pixels.buffer), placement, { request, part: 'region' });
        return found?.map((detection) => ({ ...detection, box: outOf(region, picture, detection.box) })) ?? null;
      }),
    merge: createMerger(spec),
    waits: pool.waits,
    close: async () => {
      if (!closed) release();
      closed = true;
    },
  };
}

/** Starts the threads; models are loaded when they are first asked for. */
export function createInference(options: InferenceOptions): Inference {
  const pool = createThreadPool({ workers: options.workers ?? availableParallelism(), log: options.log });
  const shared = new Map<string, Shared>();
  let lastId = 0;

  async function open(folder: string): Promise<PoolModel> {
    const read = await readModel(folder, options);
    const { scoring } = options;
    const files = scoring ? { ...read, spec: forScoring(read.spec, scoring.minScore, scoring.maxBoxes) } : read;
    const model: PoolModel = { id: ++lastId, ...files };
    const graph = await pool.load(model);
    if ('refused' in graph) throw new AppError('EDGE_MODEL_LOAD', `${folder}/${files.spec.file}: ${graph.refused}`);
    try {
      checkGraph(files.spec, graph, folder);
    } catch (error) {
      pool.unload(model);
      throw error;
    }
    return model;
  }

  return {
    loadDetector: async (modelDir) => {
      const folder = resolve(modelDir);
      let entry = shared.get(folder);
      if (!entry) {
        entry = { model: open(folder), users: 0 };
        shared.set(folder, entry);
      }
      const mine = entry;
      mine.users += 1;
      const release = () => {
        mine.users -= 1;
        if (mine.users > 0) return;
        if (shared.get(folder) === mine) shared.delete(folder);
        mine.model.then(
          (model) => pool.unload(model),
          () => undefined, // It never loaded, and whoever asked knows.
        );
      };
      try {
        return detectorOf(pool, await mine.model, release);
      } catch (error) {
        release();
        throw error;
      }
    },
    work: pool.work,
    close: () => pool.close(),
  };
}
