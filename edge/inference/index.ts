/** Detectors over a pool of inference threads: one single-threaded session a model and thread. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import { modelInputOf } from '../detectors/fill-tensor.ts';
import { createMerger } from '../detectors/merge.ts';
import { forCamera, forScoring, type ModelSpec } from '../detectors/model-spec.ts';
import { areFittedTo, type CameraScores } from '../domain/camera-scores.ts';
import type { Detector } from '../domain/detector.ts';
import type { FullPicture } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import type { LicenceAnswer } from '../models/licence.ts';
import { checkGraph, type ModelFiles, readModel } from '../models/load-model.ts';
import { cameraScoreFaults } from '../models/read-card.ts';
import type { PoolModel } from './inference-thread.ts';
import { type PixelRegion, pixelsOfRegion, placeRegion } from './place-region.ts';
import { createThreadPool, type ThreadPool } from './thread-pool.ts';

export type Inference = {
  /**
   * Reads card and weights, checks hash, licence and shapes on one thread; detectors of one folder share their
   * sessions. `scores`: of the camera that asks, in place of the card's; those fitted to another model are left out and
   * logged. Throws EDGE_MODEL_CARD, EDGE_MODEL_HASH, EDGE_MODEL_LOAD, EDGE_MODEL_SHAPE; CFG_INVALID for scores of labels
   * that the model does not have.
   */
  readonly loadDetector: (modelDir: string, scores?: CameraScores) => Promise<Detector>;
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

/** @throws CFG_INVALID */
function ownSpec(spec: ModelSpec, scores: CameraScores | undefined, log: Log): ModelSpec {
  if (!scores) return spec;
  if (!areFittedTo(scores, spec)) {
    log.warn(
      { model: spec.name, version: spec.version, fittedTo: scores.fittedTo },
      'scores of another model: the card holds',
    );
    return spec;
  }
  const faults = cameraScoreFaults(scores, spec.labels, 'scores');
  if (faults.length > 0) throw new AppError('CFG_INVALID', `scores of a camera with ${spec.name}`, { faults });
  return forCamera(spec, scores);
}

/** Files by their folder, read once for all that use them, each under a number of its own. */
function createFileShelf(read: (folder: string) => Promise<ModelFiles>) {
  const held = new Map<string, { readonly weights: number; readonly files: Promise<ModelFiles>; users: number }>();
  let lastWeights = 0;
  return {
    take(folder: string) {
      const entry = held.get(folder) ?? { weights: ++lastWeights, files: read(folder), users: 0 };
      held.set(folder, entry);
      entry.users += 1;
      return entry;
    },
    giveBack(folder: string): void {
      const entry = held.get(folder);
      if (!entry) return;
      entry.users -= 1;
      if (entry.users === 0) held.delete(folder);
    },
  };
}

/** Starts the threads; models are loaded when they are first asked for. */
export function createInference(options: InferenceOptions): Inference {
  const pool = createThreadPool({ workers: options.workers ?? availableParallelism(), log: options.log });
  const shared = new Map<string, Shared>();
  const shelf = createFileShelf((folder) => readModel(folder, options));
  let lastId = 0;

  async function open(folder: string, scores: CameraScores | undefined): Promise<PoolModel> {
    const { weights, files } = shelf.take(folder);
    const { spec: card, bytes } = await files;
    const own = ownSpec(card, scores, options.log);
    const { scoring } = options;
    const spec = scoring ? forScoring(own, scoring.minScore, scoring.maxBoxes) : own;
    const model: PoolModel = { id: ++lastId, weights, spec, bytes };
    const graph = await pool.load(model);
    if ('refused' in graph) throw new AppError('EDGE_MODEL_LOAD', `${folder}/${spec.file}: ${graph.refused}`);
    try {
      checkGraph(spec, graph, folder);
    } catch (error) {
      pool.unload(model);
      throw error;
    }
    return model;
  }

  return {
    loadDetector: async (modelDir, scores) => {
      const folder = resolve(modelDir);
      const name = JSON.stringify([folder, scores ?? null]);
      let entry = shared.get(name);
      if (!entry) {
        entry = { model: open(folder, scores), users: 0 };
        shared.set(name, entry);
      }
      const mine = entry;
      mine.users += 1;
      const release = () => {
        mine.users -= 1;
        if (mine.users > 0) return;
        if (shared.get(name) === mine) shared.delete(name);
        shelf.giveBack(folder);
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
