/** Generated files are what the sources say today; the catalogue of errors and its page name the same codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errors } from '../../contracts/errors.ts';
import { packageRoot } from '../../platform/paths.ts';
import { generatedFiles } from './all.ts';

const onDisk = (path: string) => readFileSync(join(packageRoot(), path), 'utf8');

describe('generated files', async () => {
  const files = await generatedFiles();
  test.each(Object.keys(files))('%s is current (npm run generate)', (path) => {
    expect(onDisk(path) === files[path]).toBe(true);
  });
});

test('docs/errors.md and the catalogue name the same codes, each once', () => {
  const named = [...onDisk('docs/errors.md').matchAll(/<a id="([A-Z_0-9]+)">/g)].map((match) => match[1]);
  expect(named).toEqual(Object.keys(errors));
});
