import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh, Point, Polygon } from '../../contracts/geometry.ts';
import { area, coveredShare, footPoint, gapBetween, iou, unionBox } from './box.ts';
import { crossing, distanceToPolyline, inPolygon, segmentsCross } from './polygon.ts';

const zone: Polygon = [
  [100, 100],
  [200, 100],
  [200, 200],
  [100, 200],
];
const line: readonly [Point, Point] = [
  [0.2, 0.5],
  [0.8, 0.5],
];
const unit = fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000);
const box: fc.Arbitrary<BoxXywh> = fc.tuple(unit, unit, unit, unit);
const point: fc.Arbitrary<Point> = fc.tuple(unit, unit);

describe('boxes', () => {
  test('the foot of the unclipped box decides: clipping it to the zone would move the foot inside', () => {
    const foot = footPoint([190, 120, 110, 30]);
    expect(foot).toEqual([245, 150]);
    expect(inPolygon(foot, zone)).toBe(false);
    expect(inPolygon(footPoint([190, 120, 10, 30]), zone)).toBe(true);
  });

  test.each<[BoxXywh, BoxXywh, number]>([
    [[0, 0, 2, 2], [0, 0, 2, 2], 1],
    [[0, 0, 2, 2], [1, 0, 2, 2], 1 / 3],
    [[0, 0, 2, 2], [2, 0, 2, 2], 0],
    [[0, 0, 0, 0], [0, 0, 0, 0], 0],
    [[0, 0, 4, 4], [1, 1, 2, 2], 0.25],
  ])('IoU of %j and %j is %d', (a, b, expected) => {
    expect(iou(a, b)).toBeCloseTo(expected, 12);
  });

  test('IoU is symmetric, within 0..1, and 1 with itself', () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        expect(iou(a, b)).toBeCloseTo(iou(b, a), 12);
        expect(iou(a, b)).toBeGreaterThanOrEqual(0);
        expect(iou(a, b)).toBeLessThanOrEqual(1);
        if (area(a) > 0) expect(iou(a, a)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('a union holds each of its boxes, and they have no gap to it', () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 5 }), (boxes) => {
        const all = unionBox(boxes);
        if (!all) throw new Error('no union');
        for (const one of boxes) {
          expect(gapBetween(one, all, 1.5)).toBeLessThan(1e-9);
          if (area(one) > 0) expect(coveredShare(one, all)).toBeCloseTo(1, 6);
        }
      }),
    );
    expect(unionBox([])).toBeNull();
  });

  test('a gap is measured in frame heights', () => {
    expect(gapBetween([0, 0, 0.1, 0.1], [0.2, 0, 0.1, 0.1], 2)).toBeCloseTo(0.2, 12);
    expect(gapBetween([0, 0, 0.1, 0.1], [0, 0.2, 0.1, 0.1], 2)).toBeCloseTo(0.1, 12);
  });
});

describe('polygons and lines', () => {
  test.each<[Point, boolean]>([
    [[150, 150], true],
    [[99, 150], false],
    [[150, 201], false],
  ])('%j inside the square: %s', (p, expected) => {
    expect(inPolygon(p, zone)).toBe(expected);
  });

  test('a concave polygon keeps its notch outside', () => {
    const notch: Polygon = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0.2],
      [0, 1],
    ];
    expect(inPolygon([0.5, 0.6], notch)).toBe(false);
    expect(inPolygon([0.1, 0.5], notch)).toBe(true);
  });

  test('starting at another corner or turning round changes nothing', () => {
    fc.assert(
      fc.property(point, fc.array(point, { minLength: 3, maxLength: 8 }), fc.nat(7), (p, corners, start) => {
        const turned = [...corners.slice(start % corners.length), ...corners.slice(0, start % corners.length)];
        expect(inPolygon(p, turned)).toBe(inPolygon(p, corners));
        expect(inPolygon(p, [...corners].reverse())).toBe(inPolygon(p, corners));
      }),
      // Points on an edge, where rounding decides.
      { numRuns: 2000 },
    );
  });

  test('a point on the edge of two polygons lies in one of them', () => {
    fc.assert(
      fc.property(point, point, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
        const p: Point = [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
        const [left, right]: [Point, Point] = [
          [-2, 0.5],
          [3, 0.5],
        ];
        const within = (polygon: Polygon) => Number(inPolygon(p, polygon));
        // Together they are the quadrilateral; the shared edge is walked once each way.
        const both = inPolygon(p, [a, right, b, left]);
        expect((within([a, b, left]) + within([b, a, right])) % 2 === 1).toBe(both);
      }),
      { numRuns: 2000 },
    );
  });

  test.each<[Point, Point, 'outbound' | 'inbound' | null]>([
    [[0.5, 0.2], [0.5, 0.8], 'outbound'],
    [[0.5, 0.8], [0.5, 0.2], 'inbound'],
    [[0.5, 0.1], [0.5, 0.4], null],
    [[0.9, 0.2], [0.9, 0.8], null],
    [[0.5, 0.5], [0.5, 0.8], null],
    [[0.5, 0.4], [0.5, 0.5], 'outbound'],
  ])('a step from %j to %j over the gate is %s', (from, to, expected) => {
    expect(crossing(from, to, line, [0.5, 0])).toBe(expected);
    expect(crossing(from, to, [line[1], line[0]], [0.5, 0])).toBe(expected);
  });

  test('a path that stops on the line is counted once', () => {
    const path: Point[] = [
      [0.5, 0.4],
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.6],
    ];
    const passes = path.slice(1).map((p, i) => crossing(path[i] as Point, p, line, [0.5, 0]));
    expect(passes.filter((pass) => pass !== null)).toEqual(['outbound']);
  });

  test('segments cross in whatever order their ends are named', () => {
    fc.assert(
      fc.property(point, point, point, point, (a, b, c, d) => {
        expect(segmentsCross(a, b, c, d)).toBe(segmentsCross(c, d, a, b));
      }),
    );
    expect(segmentsCross([0, 0], [1, 1], [0, 1], [1, 0])).toBe(true);
    expect(segmentsCross([0, 0], [1, 0], [0, 1], [1, 1])).toBe(false);
  });

  test('distance to a polyline is measured in frame heights', () => {
    const corner: Point[] = [
      [0, 0.5],
      [0.5, 0.5],
      [0.5, 1],
    ];
    expect(distanceToPolyline([0.25, 0.3], corner, 2)).toBeCloseTo(0.2, 12);
    expect(distanceToPolyline([0.6, 0.75], corner, 2)).toBeCloseTo(0.2, 12);
  });
});
