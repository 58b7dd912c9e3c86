/** The weights of a model folder and the hash that they are held to: the card's, or the one given when they were fetched. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { ModelCard } from './card-schema.ts';

type CardOfFile = Pick<ModelCard, 'name' | 'file' | 'sha256'>;

/** As `sha256sum` writes and reads it, so that anyone can check it. */
const hashFile = (file: string): string => `${file}.sha256`;

/** SHA-256 in hex, read as a stream. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The hash that the weights must have; null when neither the card nor a fetch has named one. */
export async function wantedHash(card: CardOfFile, modelDir: string): Promise<string | null> {
  if (card.sha256) return card.sha256;
  const text = await readFile(hashFile(join(modelDir, card.file)), 'utf8').catch(() => '');
  return /^([0-9a-f]{64})\b/.exec(text)?.[1] ?? null;
}

/** Keeps the hash that was given for weights whose card names none. */
export async function recordHash(file: string, name: string, sha256: string): Promise<void> {
  const partial = `${hashFile(file)}.part`;
  try {
    await writeFile(partial, `${sha256}  ${name}\n`);
    await rename(partial, hashFile(file));
  } finally {
    await rm(partial, { force: true });
  }
}

export type Weights = { readonly bytes: Buffer; readonly sha256: string };

/** Bytes and what is wrong with them, whatever is wrong with them. Throws EDGE_MODEL_LOAD when they are not there. */
export async function inspectWeights(
  card: CardOfFile,
  modelDir: string,
): Promise<Weights & { readonly fault: string | null }> {
  const file = join(modelDir, card.file);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('EDGE_MODEL_LOAD', `${file} is not there: kerbwatch models pull ${card.name} --from DIR|URL`, {
      cause,
    });
  });
  const wanted = await wantedHash(card, modelDir);
  const sha256 = sha256Hex(bytes);
  if (wanted === sha256) return { bytes, sha256, fault: null };
  const fault =
    wanted === null
      ? `${file}: no hash is known for it: kerbwatch models pull ${card.name} --sha256 HASH`
      : `${file} (${bytes.length} bytes) has ${sha256.slice(0, 12)}…, the card says ${wanted.slice(0, 12)}…`;
  return { bytes, sha256, fault };
}

/** Reads the weights and holds them to their hash. Throws EDGE_MODEL_LOAD or EDGE_MODEL_HASH. */
export async function readWeights(card: CardOfFile, modelDir: string): Promise<Weights> {
  const { fault, ...weights } = await inspectWeights(card, modelDir);
  if (fault !== null) throw new AppError('EDGE_MODEL_HASH', fault);
  return weights;
}
