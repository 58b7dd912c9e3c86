/** Every shape that a person draws is checked, of every kind of violation, in a configuration and at the hub alike. */
import type { TSchema } from '@sinclair/typebox';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Polygon, Shape, type ShapeKind } from '../contracts/geometry.ts';
import { type ViolationKind, violationKinds, violations } from '../contracts/violations/index.ts';
import { zoneSchemas } from '../contracts/zone.ts';
import { zoneListFaults } from './load-config.ts';
import { lineFault, polygonFault } from './shape-faults.ts';

const square: Polygon = [
  [0.1, 0.1],
  [0.9, 0.1],
  [0.9, 0.9],
  [0.1, 0.9],
];
const groundPlane = { points: square, sidesM: [8, 8, 8, 8], diagonalM: 11.3 };

/** One zone of each kind with every shape it can have. */
const zoneOf = (kind: ViolationKind) => ({
  id: 'z',
  kind,
  polygon: square,
  groundPlane,
  ...violations[kind].sample.geometry,
});

type Place = { readonly kind: ShapeKind; readonly path: readonly (string | number)[] };

/** Where a schema has marked shapes; the first element stands for all of a list. */
function placesOf(schema: TSchema, path: readonly (string | number)[] = []): Place[] {
  const kind = (schema as { [Shape]?: ShapeKind })[Shape];
  if (kind) return [{ kind, path }];
  const { items, properties } = schema as { items?: TSchema; properties?: Record<string, TSchema> };
  if (items && !Array.isArray(items)) return placesOf(items, [...path, 0]);
  return Object.entries(properties ?? {}).flatMap(([key, of]) => placesOf(of, [...path, key]));
}

function withShape(kind: ViolationKind, path: readonly (string | number)[], shape: unknown): unknown {
  const zone = structuredClone(zoneOf(kind)) as Record<string | number, unknown>;
  const holder = path.slice(0, -1).reduce((at, key) => at[key] as Record<string | number, unknown>, zone);
  holder[path.at(-1) as string | number] = shape;
  return zone;
}

const dotted = (path: readonly (string | number)[]) =>
  path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${key}`), 'zones[0]');

const wrong: Readonly<Record<ShapeKind, readonly unknown[]>> = {
  polygon: [
    [square[0], square[2], square[1], square[3]],
    [square[0], square[1], square[0]],
    [square[0], square[1], square[2], square[0]],
    [
      [0.1, 0.1],
      [0.5, 0.5],
      [0.9, 0.9],
    ],
    [square[0], square[1], [0.5, 1.1]],
    [square[0], square[1], [0.5, Number.NaN]],
    [square[0], square[1], [0.5, Number.POSITIVE_INFINITY]],
    // Two triangles that share a corner.
    [
      [0, 0],
      [1, 0],
      [0.5, 0.5],
      [1, 1],
      [0, 1],
      [0.5, 0.5],
    ],
    // A spike: out and back on the same line.
    [square[0], square[1], [0.9, 0.3], [1, 0.3], [0.9, 0.3], square[2]],
  ],
  line: [
    [
      [0.2, 0.5],
      [0.2, 0.5],
    ],
    [
      [0.2, 0.5],
      [0.2001, 0.5],
    ],
    [
      [0.2, 0.5],
      [1.2, 0.5],
    ],
    [
      [0.2, Number.NaN],
      [0.8, 0.5],
    ],
  ],
  'ground-plane': [
    { ...groundPlane, points: [square[0], square[2], square[1], square[3]] },
    { ...groundPlane, points: [square[0], square[0], square[1], square[2]] },
    { ...groundPlane, diagonalM: 20 },
  ],
};

describe.each(violationKinds)('%s', (kind) => {
  const places = placesOf(zoneSchemas[kind]);

  test('a zone with every shape drawn well has no fault', () => {
    expect(zoneListFaults([zoneOf(kind)], 'zones')).toEqual([]);
    for (const { path } of places) {
      const drawn = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], zoneOf(kind));
      expect(drawn, `the sample zone draws ${dotted(path)}`).toBeDefined();
    }
  });

  test.each(places.map((place) => [dotted(place.path), place] as const))('%s is checked', (where, place) => {
    for (const shape of wrong[place.kind]) {
      const faults = zoneListFaults([withShape(kind, place.path, shape)], 'zones');
      expect(
        faults.map(({ path }) => path.startsWith(where)),
        JSON.stringify(shape),
      ).toContain(true);
    }
  });

  test('nothing that looks like points is drawn without a mark', () => {
    const unmarked = (schema: TSchema): boolean => {
      if ((schema as { [Shape]?: ShapeKind })[Shape]) return false;
      const { items, properties, anyOf } = schema as {
        items?: TSchema | TSchema[];
        properties?: Record<string, TSchema>;
        anyOf?: TSchema[];
      };
      const isPoint = (of: TSchema) =>
        Array.isArray(of.items) && of.items.length === 2 && of.items.every((unit) => (unit as TSchema).maximum === 1);
      if (items && [items].flat().some(isPoint)) return true;
      return [items ?? [], Object.values(properties ?? {}), anyOf ?? []].flat().some(unmarked);
    };
    expect(unmarked(zoneSchemas[kind])).toBe(false);
  });
});

test('a point inside that lies on the gate line tells no side', () => {
  const zone = { ...zoneOf('muck-truck'), inside: [0.95, 0.8] };
  expect(zoneListFaults([zone], 'zones').map(({ path }) => path)).toEqual(['zones[0].inside']);
});

test('what is wrong is said in words', () => {
  const [a, b, c, d] = square as [Polygon[0], Polygon[0], Polygon[0], Polygon[0]];
  expect(polygonFault([a, c, b, d])).toBe('edges 1 and 3 cross: give the corners in order around the zone');
  expect(polygonFault([a, b, c, a])).toBe('points 4 and 1 are the same: leave one out');
  expect(polygonFault([a, b, a])).toBe('a polygon has at least three different corners');
  expect(polygonFault([a, [0.5, 0.5], c])).toBe('polygon has no area');
  expect(lineFault([a, a])).toBe('line has no length');
  expect(lineFault([a, c, b, d])).toMatch('cross');
  expect(lineFault([a, b, c])).toBeNull();
});

test('every polygon around a middle point is sound, wherever it starts and whichever way it goes', () => {
  const corners = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(corners, fc.boolean(), fc.nat(19), (angles, backwards, start) => {
      const sorted = [...angles].sort((x, y) => x - y);
      // Wider than a half turn between two corners leaves the middle outside; the outline is sound all the same.
      const around = sorted.map((angle): Polygon[0] => {
        const turn = (angle * Math.PI) / 180;
        return [0.5 + 0.4 * Math.cos(turn), 0.5 + 0.4 * Math.sin(turn)];
      });
      const from = start % around.length;
      const turned = [...around.slice(from), ...around.slice(0, from)];
      const fault = polygonFault(backwards ? turned.reverse() : turned);
      expect(fault === null || fault === 'polygon has no area').toBe(true);
    }),
  );
});
