/** YAML as people write it, and as somebody would who wants a program to fall over. */
import { expect, test } from 'vitest';
import { AppError } from './app-error.ts';
import { lineOf, parseYaml } from './read-yaml.ts';

const read = (text: string) => parseYaml(text, 'x.yaml');

function refused(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test('an anchor is used as often as one likes', () => {
  const uses = Array.from({ length: 5000 }, (_, i) => `k${i}: *zone`).join('\n');
  const value = read(`zone: &zone { polygon: [[0, 0], [1, 0], [1, 1]] }\n${uses}\n`) as Record<string, unknown>;
  expect(value.k4999).toEqual({
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  });
});

const zones = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => `
  - &z${i}
    id: z${i}
    kind: road-stall
    name: { zh: 人行道, en: Pavement }
    polygon: [[0.05, 0.55], [0.3, 0.52], [0.6, 0.5], [0.65, 0.9], [0.3, 0.93], [0.02, 0.95]]
    shopFront: [[0.05, 0.55], [0.6, 0.5]]
    groundPlane:
      points: [[0.1, 0.92], [0.6, 0.88], [0.5, 0.58], [0.12, 0.6]]
      sidesM: [6, 9.2, 6.1, 9]
      diagonalM: 10.9
    permits:
      - { id: market, season: { from: "05-01", to: "10-07" }, windows: [{ days: [5, 6, 7], from: "18:30", to: "23:30" }] }
    params: { dwellSeconds: 180 }`,
  ).join('');

test('the largest fleet that a configuration may have shares its zones one by one', () => {
  const list = `[${Array.from({ length: 64 }, (_, i) => `*z${i}`).join(', ')}]`;
  const cameras = Array.from({ length: 256 }, (_, i) => `  - { id: c${i}, zones: ${list} }`).join('\n');
  const value = read(`shared:${zones(64)}\ncameras:\n${cameras}\n`) as {
    cameras: { id: string; zones: { id: string; params: { dwellSeconds: number } }[] }[];
  };
  expect(value.cameras).toHaveLength(256);
  expect(value.cameras[255]?.zones.map((zone) => zone.id)).toEqual(Array.from({ length: 64 }, (_, i) => `z${i}`));
  expect(value.cameras[255]?.zones[63]?.params).toEqual({ dwellSeconds: 180 });
});

test('a merge key brings what the anchor holds, and what stands beside it wins', () => {
  expect(read('base: &base { a: 1, b: 2 }\nown: { <<: *base, b: 3 }\n')).toEqual({
    base: { a: 1, b: 2 },
    own: { a: 1, b: 3 },
  });
});

test('an alias stands for the last anchor of its name before it', () => {
  expect(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
});

const bomb = (levels: number, width: number) =>
  [
    'a0: &a0 [1]',
    ...Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(width).fill(`*a${i}`).join(', ')}]`),
  ].join('\n');

test.each<[string, string, RegExp]>([
  ['a bomb of ten to the nine', bomb(9, 10), /CFG_SYNTAX .*x\.yaml:\d+:\d+: its anchors make more than 4000000 values/],
  ['a bomb of two to the sixty', bomb(60, 2), /CFG_SYNTAX .*more than 4000000 values/],
  ['a bomb in merge keys', bomb(9, 10).replace('a9: &a9', 'own: { <<: [*a8], x: 1 }\na9: &a9'), /CFG_SYNTAX/],
  ['a circle', 'a: &a [1, *a]', /CFG_SYNTAX .*x\.yaml:1:\d+: \*a names what it is part of/],
  ['an alias of nothing', 'a: *b', /CFG_SYNTAX .*x\.yaml:1/],
  ['an unknown tag', 'a: !!js/function "f()"', /CFG_SYNTAX .*x\.yaml:1:4: Unresolved tag/],
  ['a tag of somebody’s own', 'node: !env NAME', /CFG_SYNTAX .*x\.yaml:1:7/],
  ['the same key twice', 'a: 1\nb: 2\na: 3', /CFG_SYNTAX .*x\.yaml:3/],
  ['two documents', 'a: 1\n---\nb: 2', /CFG_SYNTAX/],
  ['brackets without end', '['.repeat(300_000), /CFG_SYNTAX .*nested more than 100 levels/],
  ['braces without end', `a: ${'{b: '.repeat(5000)}1${'}'.repeat(5000)}`, /CFG_SYNTAX .*nested more than 100 levels/],
  ['lists in lists without end', `${'- '.repeat(50_000)}1`, /CFG_SYNTAX .*nested more than 100 levels/],
])('%s is refused with its code', (_, text, said) => {
  const started = performance.now();
  expect(refused(text)).toMatch(said);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('every path has its line; one that is missing, that of what it would stand in', () => {
  const value = read('a: 1\nb:\n  - c: 2\n  - d:\n      e: [3,\n        4]\n');
  expect(['a', 'b[1].d.e[1]', 'b[1].d.missing', 'b[9].x'].map((path) => lineOf(value, path))).toEqual([1, 6, 5, 3]);
  expect(lineOf(value, 'nothing')).toBeNull();
  expect(lineOf({ a: 1 }, 'a')).toBeNull();
});
