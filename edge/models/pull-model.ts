/** Fetches weights that do not come with the program, held to their hash. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import type { ModelCard } from './card-schema.ts';
import { copyFromFolder, download, type Progress } from './fetch-weights.ts';
import { type LicenceAnswer, licenceFault } from './licence.ts';
import type { ListedModel } from './list-models.ts';
import { hashOfFile, recordHash } from './weights.ts';

export type PullOptions = LicenceAnswer & {
  /** A folder, a file, or an http(s) address of either; default: the card's own address. */
  readonly from?: string;
  /** What the file must hash to, where the card does not say. */
  readonly sha256?: string;
  readonly onProgress?: Progress;
};

function expectedHash({ card, name }: ListedModel, given: string | undefined): string {
  const wanted = given?.toLowerCase() ?? card.sha256;
  if (given !== undefined && !/^[0-9a-f]{64}$/i.test(given)) {
    throw new AppError('EDGE_MODEL_HASH', `${given} is no SHA-256: 64 hexadecimal digits`);
  }
  if (wanted === undefined) {
    throw new AppError(
      'EDGE_MODEL_HASH',
      `card ${name} names no hash, as its weights were not at hand: give the publisher’s with --sha256`,
    );
  }
  if (card.sha256 !== undefined && wanted !== card.sha256) {
    throw new AppError(
      'EDGE_MODEL_HASH',
      `--sha256 ${wanted.slice(0, 12)}…, card ${name} says ${card.sha256.slice(0, 12)}…`,
    );
  }
  return wanted;
}

function addressOf(card: ModelCard, from: string | undefined): string {
  const place = from ?? card.url;
  if (place === undefined) {
    throw new AppError('EDGE_MODEL_FETCH', `card ${card.name} names no address; --from DIR|URL (${card.source})`);
  }
  if (!/^https?:\/\//.test(place)) return place;
  if (!URL.canParse(place)) throw new AppError('EDGE_MODEL_FETCH', `${place} is no address`);
  return new URL(place).pathname.endsWith('.onnx') ? place : `${place.replace(/\/+$/, '')}/${card.file}`;
}

/**
 * Brings a model's weights into its folder; nothing takes their place unless the hash is right.
 * Throws EDGE_MODEL_CARD (licence), EDGE_MODEL_FETCH, EDGE_MODEL_HASH.
 */
export async function pullModel(
  model: ListedModel,
  options: PullOptions,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const { card, folder } = model;
  const fault = licenceFault(card.licence, options);
  if (fault) throw new AppError('EDGE_MODEL_CARD', `${card.name}: ${fault}`);
  const wanted = expectedHash(model, options.sha256);
  const place = addressOf(card, options.from);
  const file = join(folder, card.file);
  // By hash, so that what is left of one file is never gone on with for another.
  const part = `${file}.${wanted.slice(0, 12)}.part`;
  const remote = /^https?:\/\//.test(place);
  let bytes = 0;
  const count: Progress = (done, total) => {
    bytes = done;
    options.onProgress?.(done, total);
  };
  if (remote) await download(place, part, count);
  else await copyFromFolder(card, wanted, place, part);
  const found = await hashOfFile(part);
  if (found !== wanted) {
    await rm(part, { force: true });
    throw new AppError(
      'EDGE_MODEL_HASH',
      `${place} gave ${found.slice(0, 12)}…, ${card.name} must be ${wanted.slice(0, 12)}…`,
    );
  }
  if (card.sha256 === undefined) await recordHash(file, card.file, wanted);
  await rename(part, file);
  return { file, bytes };
}
