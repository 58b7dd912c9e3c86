import { expect, test } from 'vitest';
import type { GroundSample } from '../../domain/scene.ts';
import { changedGround } from './ground-change.ts';

const cols = 12;
const rows = 8;
const cellsWhere = (is: (col: number, row: number) => boolean) =>
  Array.from({ length: cols * rows }, (_, cell) => cell).filter((cell) => is(cell % cols, Math.floor(cell / cols)));

/** A grey road, of `level` in the dark cells, with contrast inside the grainy ones. */
function road(dark: readonly number[], level: number, grainy: readonly number[]): GroundSample {
  const levels = Array.from({ length: cols * rows }, (_, cell) => (dark.includes(cell) ? level : 170));
  return {
    ...{ cols, rows, rgb: levels.flatMap((value) => [value, value, value]) },
    texture: levels.map((_, cell) => (grainy.includes(cell) ? 25 : 4)),
  };
}
const before = road([], 170, []);

test('grains over an area are new material', () => {
  const heap = cellsWhere((col, row) => col >= 4 && col <= 6 && row >= 2 && row <= 4);
  expect(changedGround(before, road(heap, 120, heap))).toEqual(heap);
});

/** A road of one colour with a patch of another. */
function painted(color: readonly number[], patch: readonly number[] = []): GroundSample {
  const cells = Array.from({ length: cols * rows }, (_, cell) => (patch.includes(cell) ? color : [164, 170, 173]));
  return { cols, rows, rgb: cells.flat() };
}

test.each<[string, readonly number[], boolean]>([
  ['moist soil, far darker than the road', [77, 62, 53], true],
  ['soil', [107, 74, 47], true],
  ['deep shade, bluer than sun', [60, 66, 72], false],
  ['a film of water', [100, 101, 100], false],
])('%s', (_, color, is) => {
  const patch = cellsWhere((col, row) => col >= 4 && col <= 6 && row >= 2 && row <= 4);
  expect(changedGround(painted(color), painted(color, patch))).toEqual(is ? patch : []);
});

test.each([
  ['slanting', (col: number, row: number) => col === row + 2 || col === row + 3],
  ['straight', (_: number, row: number) => row === 4],
])('the %s rim of a film of water runs along a line and is none', (_, isRim) => {
  const film = cellsWhere((col, row) => col <= row + 3 && row <= 4);
  const rim = cellsWhere((col, row) => isRim(col, row) && film.includes(row * cols + col));
  expect(rim.length).toBeGreaterThanOrEqual(4);
  expect(changedGround(before, road(film, 120, rim))).toEqual([]);
});

/** What a cell becomes of which this share lies under a film: two levels side by side. */
function filmed(shares: readonly number[]): GroundSample {
  const [bare, wet] = [170, 110];
  return {
    ...{ cols, rows, rgb: shares.flatMap((share) => Array(3).fill(bare + share * (wet - bare))) },
    texture: shares.map((share) => Math.hypot(4, Math.sqrt(share * (1 - share)) * (bare - wet))),
  };
}

test.each<[string, number, boolean]>([
  ['a film of water hardly larger than its rim', 1, false],
  ['grains of which none covers a whole cell', 0.7, true],
])('%s', (_, middle, is) => {
  const patch = cellsWhere((col, row) => col >= 4 && col <= 8 && row >= 2 && row <= 4);
  const inner = cellsWhere((col, row) => col === 6 && row === 3);
  const shares = Array.from({ length: cols * rows }, (_, cell) =>
    inner.includes(cell) ? middle : patch.includes(cell) ? 0.4 + 0.1 * (cell % 5) : 0,
  );
  expect(changedGround(before, filmed(shares))).toEqual(is ? patch : []);
});
