/** The folder of models: what is there, what it may be used for, and fetching weights that do not come with the program. */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { ModelCard } from '../domain/model-card.ts';
import { readCard } from './read-card.ts';

export type ShelfModel = {
  readonly name: string;
  readonly folder: string;
  readonly card: ModelCard;
  /** The weights lie in the folder; whether they are the right ones is for `verify` to say. */
  readonly present: boolean;
};

const FETCH_MS = 300_000;

/** Every folder with a card, by name. Throws EDGE_MODEL_CARD for the first card that is wrong. */
export async function listModels(modelsDir: string): Promise<ShelfModel[]> {
  const names = (await readdir(modelsDir)).filter((name) => existsSync(join(modelsDir, name, 'model.yaml'))).sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(modelsDir, name);
      const card = await readCard(folder);
      return { name, folder, card, present: existsSync(join(folder, card.file)) };
    }),
  );
}

async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The file of that name, or any ONNX file there with the right hash, whatever it is called. */
async function fromFolder(card: ModelCard, folder: string): Promise<Buffer> {
  const files = (await readdir(folder).catch(() => [] as string[])).filter((file) => file.endsWith('.onnx'));
  const ordered = [...files.filter((file) => file === card.file), ...files.filter((file) => file !== card.file)];
  for (const file of ordered) {
    if ((await hashOfFile(join(folder, file))) === card.sha256) return readFile(join(folder, file));
  }
  if (files.includes(card.file)) {
    throw new AppError('EDGE_MODEL_HASH', `${join(folder, card.file)} is not the file of card ${card.name}`);
  }
  throw new AppError('EDGE_MODEL_LOAD', `${folder} holds neither ${card.file} nor a file with its hash`);
}

async function fromUrl(card: ModelCard, from: string): Promise<Buffer> {
  const url = from.endsWith('.onnx') ? from : `${from.replace(/\/+$/, '')}/${card.file}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    throw new AppError('EDGE_MODEL_LOAD', `${url}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Brings a model's weights into its folder; nothing is written unless the hash is the card's. */
export async function pullModel(
  model: ShelfModel,
  from: string,
): Promise<{ readonly file: string; readonly bytes: number }> {
  const { card, folder } = model;
  const weights = /^https?:\/\//.test(from) ? await fromUrl(card, from) : await fromFolder(card, from);
  const found = sha256Hex(weights);
  if (found !== card.sha256) {
    throw new AppError(
      'EDGE_MODEL_HASH',
      `${from} gave ${found.slice(0, 12)}…, card ${card.name} says ${card.sha256.slice(0, 12)}…`,
    );
  }
  const file = join(folder, card.file);
  const partial = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(partial, weights);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return { file, bytes: weights.length };
}
