/** The folder of models: which there are, what each may be used for, and whether its weights are there. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import type { ModelCard } from './card-schema.ts';
import { readCard } from './read-card.ts';
import { wantedHash } from './weights.ts';

export type ListedModel = {
  readonly name: string;
  readonly folder: string;
  readonly card: ModelCard;
  /** The weights lie in the folder; whether they are the right ones is for `verify` to say. */
  readonly present: boolean;
  /** What the weights must hash to; null when neither the card nor a fetch has said. */
  readonly sha256: string | null;
};
/** A folder whose card cannot be used, and why. */
export type BrokenModel = { readonly name: string; readonly folder: string; readonly fault: AppError };

/** Every folder with a card, by name; a card that is wrong hides no other. */
export async function listModels(modelsDir: string): Promise<(ListedModel | BrokenModel)[]> {
  const names = (await readdir(modelsDir)).filter((name) => existsSync(join(modelsDir, name, 'model.yaml'))).sort();
  return Promise.all(
    names.map(async (name) => {
      const folder = join(modelsDir, name);
      try {
        const card = await readCard(folder);
        const present = existsSync(join(folder, card.file));
        return { name, folder, card, present, sha256: await wantedHash(card, folder) };
      } catch (error) {
        if (error instanceof AppError) return { name, folder, fault: error };
        throw error;
      }
    }),
  );
}
