import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../contracts/geometry.ts';
import { type GroundPlane, groundCorners } from '../../contracts/ground-plane.ts';
import { groundMap, metresBetween, squareMetres, toGround, toImage, widthMetres } from './ground-plane.ts';

type Camera = { height: number; tilt: number; focal: number; aspect: number };
/** A pinhole camera above the origin that looks along +z, `tilt` rad down; x to the right, metres. */
function see({ height, tilt, focal, aspect }: Camera, [x, z]: readonly [number, number]): Point {
  const forward = z * Math.cos(tilt) + height * Math.sin(tilt);
  const down = height * Math.cos(tilt) - z * Math.sin(tilt);
  return [0.5 + ((focal * x) / forward) * (1 / aspect), 0.5 + (focal * down) / forward];
}
const span = (a: readonly [number, number], b: readonly [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
type Marks = [[number, number], [number, number], [number, number], [number, number]];
function taped(camera: Camera, marks: Marks): GroundPlane {
  const [a, b, c, d] = marks;
  return {
    points: marks.map((mark) => see(camera, mark)) as GroundPlane['points'],
    sidesM: [span(a, b), span(b, c), span(c, d), span(d, a)],
    diagonalM: span(a, c),
    otherDiagonalM: span(b, d),
  };
}
const mapOf = (plane: GroundPlane) => {
  const map = groundMap(plane);
  if (!map) throw new Error(JSON.stringify(groundCorners(plane)));
  return map;
};
const pole: Camera = { height: 6, tilt: 0.5, focal: 1, aspect: 16 / 9 };
const marks: Marks = [
  [-3, 8],
  [3, 8],
  [4, 16],
  [-4, 16],
];
const plane = taped(pole, marks);

describe('picture to metres', () => {
  test.each<[string, Marks]>([
    ['clockwise', marks],
    ['the other way round', [...marks].reverse() as Marks],
    ['begun at another corner', [marks[2], marks[3], marks[0], marks[1]]],
    [
      'no right angle in it',
      [
        [-2, 7],
        [4, 9],
        [3, 15],
        [-3, 12],
      ],
    ],
  ])('%s', (_, around) => {
    const map = mapOf(taped(pole, around));
    const square: [number, number][] = [
      [-1, 10],
      [1, 10],
      [1, 12],
      [-1, 12],
    ];
    const drawn = square.map((corner) => see(pole, corner));
    expect(squareMetres(map, drawn)).toBeCloseTo(4, 6);
    expect(metresBetween(map, see(pole, [0, 9]), see(pole, [3, 13]))).toBeCloseTo(5, 6);
  });

  test('a thing’s width at its foot', () => {
    const map = mapOf(plane);
    const [left, right] = [see(pole, [-1, 11]), see(pole, [1.5, 11])];
    expect(widthMetres(map, [left[0], left[1] - 0.2, right[0] - left[0], 0.2])).toBeCloseTo(2.5, 6);
  });

  test('the sky has no metres, and nothing measured with it has', () => {
    const map = mapOf(plane);
    // The horizon lies at 0.5 - focal·tan(tilt) of the height, above the frame here; beyond it there is no ground.
    const sky: Point = [0.5, 0.5 - Math.tan(0.5) - 0.01];
    expect(toGround(map, sky)).toBeNull();
    expect(metresBetween(map, sky, [0.5, 0.9])).toBeNull();
    expect(squareMetres(map, [[0.2, 0.9], [0.8, 0.9], sky])).toBeNull();
  });

  test('any camera, any marks: metres are the world’s, and back again is the same point', () => {
    const camera = fc.record({
      height: fc.double({ min: 3, max: 12, noNaN: true }),
      tilt: fc.double({ min: 0.25, max: 1.2, noNaN: true }),
      focal: fc.double({ min: 0.6, max: 3, noNaN: true }),
      aspect: fc.constantFrom(4 / 3, 16 / 9),
    });
    const off = fc.double({ min: -0.2, max: 0.2, noNaN: true });
    const place = fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 4, max: 18, noNaN: true }));
    fc.assert(
      fc.property(camera, fc.array(off, { minLength: 8, maxLength: 8 }), place, place, (cam, shake, p, q) => {
        const nudged = marks.map(([x, z], i) => [x * (1 + (shake[i] ?? 0)), z + (shake[i + 4] ?? 0)]) as Marks;
        const around = taped(cam, nudged);
        fc.pre(groundCorners(around).ok);
        const map = mapOf(around);
        const seen = see(cam, p);
        const onGround = toGround(map, seen);
        fc.pre(onGround !== null);
        const back = toImage(map, onGround as [number, number]);
        expect(back?.[0]).toBeCloseTo(seen[0], 6);
        expect(back?.[1]).toBeCloseTo(seen[1], 6);
        const measured = metresBetween(map, seen, see(cam, q));
        if (measured !== null) expect(measured).toBeCloseTo(span(p, q), 4);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what cannot be true is refused, with the field to look at', () => {
  const [a, b, c, d] = plane.points;
  test.each<[string, Partial<GroundPlane>, string, RegExp]>([
    ['points out of order', { points: [a, c, b, d] }, 'points', /convex/],
    ['three points in a line', { points: [a, [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2], c, d] }, 'points', /convex/],
    ['two points in one', { points: [a, a, c, d] }, 'points', /convex/],
    [
      'points in a heap',
      {
        points: [
          [0.5, 0.5],
          [0.51, 0.5],
          [0.51, 0.51],
          [0.5, 0.51],
        ],
      },
      'points',
      /too close/,
    ],
    ['a diagonal longer than the way round', { diagonalM: 40 }, 'diagonalM', /1–2 .* form no triangle/],
    ['a side too long for its triangle', { sidesM: [6, 8.06, 30, 8.06] }, 'diagonalM', /3–4 .* form no triangle/],
    ['a corner that points inwards', { sidesM: [3, 12.6, 12.6, 3], diagonalM: 10 }, 'sidesM', /inwards/],
    ['a second diagonal that tells otherwise', { otherDiagonalM: 12 }, 'otherDiagonalM', /10\.63 m, not 12 m/],
  ])('%s', (_, wrong, field, message) => {
    const { otherDiagonalM, ...five } = plane;
    const result = groundCorners({ ...five, ...wrong });
    expect(result).toMatchObject({ ok: false, field });
    expect(result.ok ? '' : result.message).toMatch(message);
    expect(groundMap({ ...five, ...wrong })).toBeNull();
  });

  test('a second diagonal within five in a hundred passes', () => {
    expect(groundCorners({ ...plane, otherDiagonalM: (plane.otherDiagonalM ?? 0) * 1.04 }).ok).toBe(true);
  });
});
