/** Files and folders that the guides name are there: a guide with a wrong turn is worse than none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const guides = ['docs/architecture.md', 'docs/tour.md', 'docs/glossary.md', 'CONTRIBUTING.md', 'README.md'];
const isThere = (path: string) => existsSync(join(packageRoot(), path));

/** Paths in back-ticks that begin with a room. */
function pathsIn(text: string): string[] {
  const rooms =
    /`((?:contracts|platform|edge|hub|evaluation|cli|demo|bench|tools|tests|test-media|models|configs|docs)\/[\w./-]*)`/g;
  return [...text.matchAll(rooms)].map(([, path]) => path as string);
}

test.each(guides)('%s names only what is there', (guide) => {
  const paths = pathsIn(readFileSync(join(packageRoot(), guide), 'utf8'));
  expect(pathsIn('see `edge/nowhere.ts`').filter(isThere)).toEqual([]);
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

test('the tour names a file at every step', () => {
  const tour = readFileSync(join(packageRoot(), 'docs/tour.md'), 'utf8');
  const steps = tour.split('\n').filter((line) => /^\d+\. /.test(line));
  expect(steps).toHaveLength(18);
  expect(steps.filter((step) => pathsIn(step).length === 0)).toEqual([]);
});
