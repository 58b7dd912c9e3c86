/** Every code of the catalogue is said by the program somewhere: an entry that nothing throws explains nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errors } from '../../contracts/errors.ts';
import { packageRoot } from '../../platform/paths.ts';

const rooms = ['platform', 'edge', 'hub', 'cli', 'evaluation', 'demo'];

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'console' ? [] : sourcesOf(path);
    return /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

test('every code of the catalogue is said somewhere', () => {
  const text = rooms.flatMap((room) => sourcesOf(join(packageRoot(), room))).join('\n');
  const unsaid = Object.keys(errors).filter((code) => !new RegExp(`\\b${code}\\b`).test(text));
  expect(unsaid).toEqual([]);
});
