/** What an evaluation says of the program and of the model that it ran. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelsOf, readCard } from '../../edge/models/read-card.ts';
import { packageRoot } from '../../platform/paths.ts';

/** Name and version of this program, from package.json. */
export function programFacts(): { readonly name: string; readonly version: string } {
  const text = readFileSync(join(packageRoot(), 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version };
}

/** Concepts that a model has a label for; `other` says nothing. */
export async function conceptsOf(modelDir: string): Promise<string[]> {
  const labels = labelsOf(await readCard(modelDir));
  return [...new Set(labels.map(({ concept }) => concept))].filter((concept) => concept !== 'other');
}
