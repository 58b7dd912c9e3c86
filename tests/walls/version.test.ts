/** One version: the package, its lock file and the top of the changelog say the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');

test('package, lock file and changelog agree on the version, and versions fall down the changelog', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const lock = JSON.parse(read('package-lock.json')) as { version: string; packages: { '': { version: string } } };
  const listed = [...read('CHANGELOG.md').matchAll(/^## (\d+)\.(\d+)\.(\d+)\b/gm)].map((heading) =>
    heading.slice(1).map(Number),
  );
  expect(listed.length).toBeGreaterThan(1);
  expect([lock.version, lock.packages[''].version, listed[0]?.join('.')]).toEqual([version, version, version]);
  const rank = ([major = 0, minor = 0, patch = 0]: readonly number[]) => (major * 1000 + minor) * 1000 + patch;
  expect(listed).toEqual(listed.toSorted((a, b) => rank(b) - rank(a)));
});
