import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BoxXywh, Polygon } from '../../contracts/geometry.ts';
import type { ZoneConfig, ZoneDetail } from '../../contracts/zone.ts';
import type { ModelInput } from '../domain/frame.ts';
import { isCut } from './cut-boxes.ts';
import { farRegions } from './far-regions.ts';

const input: ModelInput = {
  width: 416,
  height: 256,
  pixelFormat: 'rgb24',
  resize: 'letterbox',
  align: 'top-left',
  pad: 114,
};
const hd = { width: 1920, height: 1080 };
const rectangle = (x: number, y: number, w: number, h: number): Polygon => [
  [x, y],
  [x + w, y],
  [x + w, y + h],
  [x, y + h],
];
const zone = (polygon: Polygon, detail?: ZoneDetail, more: Partial<ZoneConfig> = {}): ZoneConfig =>
  ({ id: 'z', kind: 'road-stall', polygon, ...(detail && { detail }), ...more }) as ZoneConfig;
const far = rectangle(0.45, 0.3, 0.15, 0.05);
const near = rectangle(0.1, 0.4, 0.8, 0.5);
/** A street of 6 m by 40 m, seen along; its far end is a fifteenth of the frame wide. */
const street = {
  groundPlane: {
    points: [
      [0.2, 0.95],
      [0.8, 0.95],
      [0.53, 0.3],
      [0.47, 0.3],
    ],
    sidesM: [6, 40, 6, 40],
    diagonalM: Math.hypot(6, 40),
  },
} as Partial<ZoneConfig>;

describe('auto', () => {
  it('infers where a zone is small in a picture that has more pixels than the model sees', () => {
    expect(farRegions(zone(far), hd, input)).toHaveLength(1);
    expect(farRegions(zone(near), hd, input)).toEqual([]);
    // A sub-stream has no more pixels than the model sees.
    expect(farRegions(zone(far), { width: 640, height: 360 }, input)).toEqual([]);
  });

  it('with a ground plane, infers where a metre is few pixels, and only there', () => {
    expect(farRegions(zone(rectangle(0.45, 0.3, 0.1, 0.04), undefined, street), hd, input).length).toBeGreaterThan(0);
    expect(farRegions(zone(rectangle(0.25, 0.85, 0.5, 0.1), undefined, street), hd, input)).toEqual([]);
  });
});

it('off is off, and tiles are as many as were asked for', () => {
  expect(farRegions(zone(far, 'off'), hd, input)).toEqual([]);
  expect(farRegions(zone(near, { tiles: 3 }), hd, input)).toHaveLength(3);
  expect(farRegions(zone(near, { tiles: 1 }), { width: 416, height: 234 }, input)).toEqual([]);
});

it('regions lie in the frame, have the shape of the input, and cover the zone between them', () => {
  const share = fc.double({ min: 0, max: 0.6, noNaN: true });
  const side = fc.double({ min: 0.02, max: 0.4, noNaN: true });
  fc.assert(
    fc.property(share, share, side, side, fc.integer({ min: 1, max: 6 }), (x, y, w, h, tiles) => {
      const regions = farRegions(zone(rectangle(x, y, w, h), { tiles }), hd, input);
      const inside = ([rx, ry, rw, rh]: BoxXywh, px: number, py: number) =>
        px >= rx - 1e-9 && px <= rx + rw + 1e-9 && py >= ry - 1e-9 && py <= ry + rh + 1e-9;
      for (const [rx, ry, rw, rh] of regions) {
        expect(Math.min(rx, ry, 1 - rx - rw, 1 - ry - rh)).toBeGreaterThanOrEqual(-1e-9);
        // No fewer pixels than the input has: more than the camera's there are not.
        expect(rw * hd.width).toBeGreaterThanOrEqual(416 - 1e-6);
      }
      if (regions.length === 0) return;
      for (const [px, py] of [...rectangle(x, y, w, h), [x + w / 2, y + h / 2]] as [number, number][]) {
        expect(regions.some((region) => inside(region, px, py))).toBe(true);
      }
    }),
  );
});

it.each([
  ['inside', [0.3, 0.3, 0.1, 0.1], false],
  ['cut on the left', [0.2, 0.3, 0.1, 0.1], true],
  ['cut below', [0.3, 0.5, 0.1, 0.1], true],
  ['beyond an edge', [0.35, 0.3, 0.2, 0.1], true],
] as const)('a box %s', (_, box, cut) => {
  expect(isCut(box as unknown as BoxXywh, [0.2, 0.2, 0.3, 0.4])).toBe(cut);
});

it('the edge of the frame cuts nothing that the whole picture would not', () => {
  expect(isCut([0, 0.3, 0.1, 0.1], [0, 0.2, 0.3, 0.4])).toBe(false);
  expect(isCut([0.9, 0.7, 0.1, 0.3], [0.7, 0.6, 0.3, 0.4])).toBe(false);
});
