/** A model folder, read and held to its card: licence, hash, and later the graph's shape. */
import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { packageRoot } from '../../platform/paths.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import type { ModelCard } from './card-schema.ts';
import { type GraphShape, shapeFaults } from './check-shape.ts';
import { type LicenceAnswer, licenceFault } from './licence.ts';
import { readCard, specOf } from './read-card.ts';
import { readWeights } from './weights.ts';

/** A path to a model folder stays; a bare name is looked up in the folder of models. */
export function findModelDir(model: string, modelsDir = join(packageRoot(), 'models')): string {
  if (isAbsolute(model) || basename(model) !== model) return resolve(model);
  const named = join(modelsDir, model);
  return !existsSync(named) && existsSync(join(model, 'model.yaml')) ? resolve(model) : named;
}

function checkLicence(card: ModelCard, modelDir: string, answer: LicenceAnswer): void {
  const fault = licenceFault(card.licence, answer);
  if (fault) throw new AppError('EDGE_MODEL_CARD', `${join(modelDir, 'model.yaml')}: ${fault}`);
}

export type ModelFiles = { readonly spec: ModelSpec; readonly bytes: SharedArrayBuffer };

/** Card and weights of a folder. Throws EDGE_MODEL_CARD, EDGE_MODEL_LOAD, EDGE_MODEL_HASH. */
export async function readModel(modelDir: string, answer: LicenceAnswer = {}): Promise<ModelFiles> {
  const card = await readCard(modelDir);
  checkLicence(card, modelDir, answer);
  const weights = await readWeights(card, modelDir);
  const bytes = new SharedArrayBuffer(weights.bytes.length);
  new Uint8Array(bytes).set(weights.bytes);
  return { spec: specOf(card, weights.sha256), bytes };
}

/** Throws EDGE_MODEL_SHAPE with every fault between card and graph. */
export function checkGraph(spec: ModelSpec, graph: GraphShape, modelDir: string): void {
  const faults = shapeFaults(spec, graph);
  if (faults.length === 0) return;
  throw new AppError(
    'EDGE_MODEL_SHAPE',
    `${join(modelDir, spec.file)}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`,
    { faults },
  );
}
