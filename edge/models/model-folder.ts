/** Where a camera's model lies, and whether its 8-bit form stands in for it. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { valueAt } from '../../platform/file-references.ts';
import { packageRoot } from '../../platform/paths.ts';
import type { CameraConfig, EdgeConfig } from '../config.ts';
import type { ModelCard } from './card-schema.ts';
import { readCard } from './read-card.ts';

const INT8 = '-int8';
/** Half a point, in shares: what 8 bits may cost before it is a worse model. */
const MAX_LOSS = 0.005;
/** Cards give four digits. */
const ROUNDING = 1e-9;

/** `modelsDir` is relative to the configuration; the folder that comes with the program stands in when it is not there. */
export function modelFolder(
  config: Pick<EdgeConfig, 'modelsDir' | 'model'>,
  camera: Pick<CameraConfig, 'model'>,
  configDir: string,
): string {
  const name = camera.model ?? config.model;
  const beside = resolve(configDir, config.modelsDir ?? 'models', name);
  const shipped = join(packageRoot(), 'models', name);
  return existsSync(beside) || !existsSync(shipped) ? beside : shipped;
}

/** The folder of a model's 8-bit form, or null where none lies beside it or it is one itself. */
export function int8Folder(folder: string): string | null {
  if (folder.endsWith(INT8)) return null;
  const beside = join(dirname(folder), `${basename(folder)}${INT8}`);
  return existsSync(join(beside, 'model.yaml')) ? beside : null;
}

type Measured = { readonly ap50: number; readonly beds: number | null };

function measuredOf(card: ModelCard): Measured | null {
  const [ap50, beds] = [valueAt(card.measured, 'ap50'), valueAt(card.measured, 'bedsFound', 'right')];
  return typeof ap50 === 'number' ? { ap50, beds: typeof beds === 'number' ? beds : null } : null;
}

/** Two forms of one model, measured on the same pictures. */
function areForms(one: ModelCard, other: ModelCard): boolean {
  return (
    one.version === other.version &&
    one.family === other.family &&
    one.licence === other.licence &&
    JSON.stringify([one.labels, one.input]) === JSON.stringify([other.labels, other.input]) &&
    valueAt(one.measured, 'on') === valueAt(other.measured, 'on')
  );
}

const held = (full: number, small: number) => full - small <= MAX_LOSS + ROUNDING;

/** What their cards say: as good for boxes, and as good for what a truck's bed holds. */
type Int8Fitness = { readonly folder: string; readonly boxes: boolean; readonly beds: boolean };

async function fitnessOf(folder: string): Promise<Int8Fitness | null> {
  const small = int8Folder(folder);
  if (small === null) return null;
  const cards = await Promise.all([readCard(folder), readCard(small)]);
  const [full, less] = cards.map(measuredOf);
  const boxes =
    areForms(...cards) && existsSync(join(small, cards[1].file)) && !!full && !!less && held(full.ap50, less.ap50);
  const beds = boxes && (full.beds === null || (less.beds !== null && held(full.beds, less.beds)));
  return { folder: small, boxes, beds };
}

/**
 * Chooses for one camera after another. With `auto` the 8-bit form stands in where its card says that it loses at most
 * half a point of AP50 and, for a camera whose rules read truck beds, of the beds read right. Rejects with EDGE_MODEL_CARD,
 * EDGE_MODEL_LOAD.
 */
export function createModelChoice(config: EdgeConfig, configDir: string): (camera: CameraConfig) => Promise<string> {
  const known = new Map<string, Promise<Int8Fitness | null>>();
  return async (camera) => {
    const folder = modelFolder(config, camera, configDir);
    const precision = camera.precision ?? config.precision ?? 'auto';
    if (precision === 'fp32' || folder.endsWith(INT8)) return folder;
    if (precision === 'int8') {
      const small = int8Folder(folder);
      if (small) return small;
      throw new AppError('EDGE_MODEL_LOAD', `${folder}: no 8-bit form (${basename(folder)}${INT8}) lies beside it`);
    }
    const fitness = known.get(folder) ?? fitnessOf(folder);
    known.set(folder, fitness);
    const found = await fitness;
    const readsBeds = camera.zones.some(({ kind }) => violations[kind as ViolationKind].readsBeds);
    return found && (readsBeds ? found.beds : found.boxes) ? found.folder : folder;
  };
}
