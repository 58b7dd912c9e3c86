/** A model folder, read and held to its card: licence, hash, and later the graph's shape. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { packageRoot } from '../../platform/paths.ts';
import type { ModelCard, ModelSpec } from '../domain/model-card.ts';
import { type GraphShape, shapeFaults } from './check-shape.ts';
import { readCard, specOf } from './read-card.ts';

/** A path to a model folder stays; a bare name is looked up in the folder of models. */
export function findModelDir(model: string, modelsDir = join(packageRoot(), 'models')): string {
  if (isAbsolute(model) || basename(model) !== model) return resolve(model);
  const named = join(modelsDir, model);
  return !existsSync(named) && existsSync(join(model, 'model.yaml')) ? resolve(model) : named;
}

function checkLicence(card: ModelCard, modelDir: string, acceptAgpl: boolean): void {
  if (acceptAgpl || !/^AGPL/i.test(card.licence)) return;
  throw new AppError(
    'EDGE_MODEL_CARD',
    `${join(modelDir, 'model.yaml')}: licence ${card.licence} binds the whole product; it is used only when asked for`,
  );
}

/** Reads the weights and holds them to the card's hash. Throws EDGE_MODEL_LOAD or EDGE_MODEL_HASH. */
export async function readWeights(
  card: Pick<ModelCard, 'name' | 'file' | 'sha256'>,
  modelDir: string,
): Promise<Buffer> {
  const file = join(modelDir, card.file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('EDGE_MODEL_LOAD', `${file} is not there: kerbwatch models pull ${card.name} --from DIR|URL`, {
      cause,
    });
  });
  const found = sha256Hex(bytes);
  if (found === card.sha256) return bytes;
  throw new AppError(
    'EDGE_MODEL_HASH',
    `${file} (${bytes.length} bytes) has ${found.slice(0, 12)}…, the card says ${card.sha256.slice(0, 12)}…`,
  );
}

export type ModelFiles = { readonly spec: ModelSpec; readonly bytes: SharedArrayBuffer };

/** Card and weights of a folder. Throws EDGE_MODEL_CARD, EDGE_MODEL_LOAD, EDGE_MODEL_HASH. */
export async function readModel(modelDir: string, acceptAgpl: boolean): Promise<ModelFiles> {
  const card = await readCard(modelDir);
  checkLicence(card, modelDir, acceptAgpl);
  const weights = await readWeights(card, modelDir);
  const bytes = new SharedArrayBuffer(weights.length);
  new Uint8Array(bytes).set(weights);
  return { spec: specOf(card), bytes };
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
