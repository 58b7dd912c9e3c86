import { describe, expect, test } from 'vitest';
import type { Location } from '../../contracts/geometry.ts';
import { placeOnGround } from '../../contracts/ground-map.ts';
import { groundCorners } from '../../contracts/ground-plane.ts';
import { metresApart } from '../../contracts/wgs84.ts';
import { linkSettings } from '../links-config.ts';
import { type LinkMark, likelyPairs, likelySame } from './link.ts';

const settings = linkSettings();
const T = Date.parse('2026-11-23T02:00:00.000Z');
const HERE: Location = { lon: 118.66, lat: 24.86 };
/** So many metres north and east of here. */
const off = (north: number, east = 0): Location => ({
  lon: HERE.lon + east / (111_195 * Math.cos((HERE.lat * Math.PI) / 180)),
  lat: HERE.lat + north / 111_195,
});

/** `after` in seconds. */
function pass(camera: string, after: number, more: Partial<LinkMark> = {}): LinkMark {
  const startedAt = T + after * 1000;
  return {
    ...{ event: `${camera}@${after}`, case: `${camera}@${after}`, kind: 'muck-truck', camera, by: 'pass' },
    ...{ startedAt, until: startedAt + 6000, plate: null, site: 'donghai', at: HERE },
    traits: { direction: 'outbound', load: 'loaded', cover: 'uncovered', proposal: 'false' },
    ...more,
  };
}
const gate = pass('gate', 0);
/** 180 m down the road. */
const road = (after: number, more: Partial<LinkMark> = {}) => pass('road', after, { at: off(180), ...more });

function stall(camera: string, at: Location, from = 0, to = 180, more: Partial<LinkMark> = {}): LinkMark {
  return {
    ...{ event: `${camera} ${at.lat}`, case: `${camera} ${at.lat} ${at.lon}`, kind: 'road-stall', camera, by: 'place' },
    ...{ startedAt: T + from * 1000, until: T + to * 1000, plate: null, site: null, at, traits: { proposal: 'false' } },
    ...more,
  };
}

const plate = (text: string) => ({ plate: text });

describe('trucks', () => {
  test('one plate at two cameras of a street, with the figures that say so', () => {
    expect(likelySame(pass('gate', 0, plate('闽C12345')), road(40, plate('闽C12345')), settings)).toEqual({
      ...{ by: 'plate', plate: '闽C12345', metres: 180, seconds: 40, kmh: 16 },
    });
  });

  test('without plates: one site, and the time that the way takes', () => {
    expect(likelySame(gate, road(40), settings)).toEqual({
      ...{ by: 'pass', plate: null, metres: 180, seconds: 40, kmh: 16 },
    });
    expect(likelySame(road(40), gate, settings)).toEqual(likelySame(gate, road(40), settings));
    // Two cameras at one gate.
    expect(likelySame(gate, pass('gate-b', 4, { at: off(8) }), settings)).toMatchObject({ by: 'pass', kmh: null });
    // A machine that cannot tell says nothing against it.
    const unsure = { traits: { ...gate.traits, cover: 'unknown' } };
    expect(likelySame(gate, road(40, unsure), settings)).not.toBeNull();
  });

  test.each<[string, LinkMark, LinkMark]>([
    ['one plate two hours later', pass('gate', 0, plate('闽C12345')), road(7200, plate('闽C12345'))],
    ['two plates, else all alike', pass('gate', 0, plate('闽C12345')), road(40, plate('闽C12346'))],
    [
      'one plate 20 km away a minute later',
      pass('gate', 0, plate('闽C1')),
      road(60, { plate: '闽C1', at: off(20_000) }),
    ],
    ['one plate at two places at once', pass('gate', 0, plate('闽C1')), road(0, plate('闽C1'))],
    ['another site', gate, road(40, { site: 'xixi' })],
    ['no site known', pass('gate', 0, { site: null }), road(40, { site: null })],
    ['two trucks of one site minutes apart', gate, road(240)],
    ['covered and uncovered', gate, road(40, { traits: { ...gate.traits, cover: 'covered' } })],
    ['out and in', gate, road(40, { traits: { ...gate.traits, direction: 'inbound' } })],
    ['faster than it could drive', gate, road(5)],
    ['slower than it would drive', pass('gate', 0), pass('road', 80, { at: off(60) })],
    ['cameras without a position', pass('gate', 0, { at: null }), road(40)],
    ['the same camera', gate, pass('gate', 40, { at: off(180) })],
    ['the same case', gate, road(40, { case: gate.case })],
    ['another kind', gate, road(40, { kind: 'road-stall' })],
  ])('%s: not the same', (_name, a, b) => {
    expect(likelySame(a, b, settings)).toBeNull();
    expect(likelySame(b, a, settings)).toBeNull();
  });

  test('of two trucks that fit alike neither is proposed; a plate decides', () => {
    const [first, second, seen] = [gate, pass('gate', 12), road(45)];
    expect(likelyPairs(seen, [first, second, seen], settings)).toEqual([]);
    expect(likelyPairs(first, [first, second, seen], settings)).toEqual([]);
    const named = [pass('gate', 0, plate('闽C12345')), pass('gate', 12), road(45, plate('闽C12345'))] as const;
    const pairs = likelyPairs(named[2], named, settings);
    expect(pairs.map(({ other, reason }) => [other.event, reason.by])).toEqual([['gate@0', 'plate']]);
  });

  test('of two passes with one plate the nearer in time is proposed', () => {
    const marks = [pass('gate', 0, plate('闽C1')), pass('gate', 600, plate('闽C1')), road(640, plate('闽C1'))] as const;
    expect(likelyPairs(marks[2], marks, settings).map(({ other }) => other.event)).toEqual(['gate@600']);
    expect(likelyPairs(marks[0], marks, settings)).toEqual([]);
  });
});

describe('stalls', () => {
  test('one spot of the ground at one time', () => {
    expect(likelySame(stall('a', HERE), stall('b', off(1.2, 1.3), 60), settings)).toEqual({
      ...{ by: 'ground', plate: null, metres: 1.8, seconds: 0, kmh: null },
    });
    expect(likelySame(stall('a', HERE), stall('b', off(1), 480, 600), settings)).toMatchObject({ seconds: 300 });
  });

  test.each<[string, LinkMark, LinkMark]>([
    ['two stalls 6 m apart', stall('a', HERE), stall('b', off(6))],
    ['hours later', stall('a', HERE), stall('b', off(1), 7200, 7400)],
    ['its place is not known', stall('a', HERE), { ...stall('b', HERE), at: null }],
    ['a fixture beside what arrived', stall('a', HERE), stall('b', off(1), 0, 90, { traits: { proposal: 'true' } })],
  ])('%s: not the same', (_name, a, b) => {
    expect(likelySame(a, b, settings)).toBeNull();
  });

  test('of two stalls side by side each camera’s is paired with its own', () => {
    const [a1, a2, b1, b2] = [
      stall('a', HERE),
      stall('a', off(0, 2.5)),
      stall('b', off(0.4)),
      stall('b', off(0.4, 2.6)),
    ] as const;
    const near = [a1, a2, b1, b2];
    const cases = near.flatMap((mark) => likelyPairs(mark, near, settings).map((pair) => pair.other.case));
    expect(cases).toEqual([b1.case, b2.case, a1.case, a2.case]);
  });
});

describe('places on the ground', () => {
  /** A square of 10 m seen from straight above, its first mark top left, its third 10 m south and east of it. */
  const plane = {
    points: [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.75, 0.75],
      [0.25, 0.75],
    ] as [[number, number], [number, number], [number, number], [number, number]],
    sidesM: [10, 10, 10, 10] as [number, number, number, number],
    diagonalM: Math.hypot(10, 10),
    locations: [HERE, off(-10, 10)] as [Location, Location],
  };

  test('a point of the picture lies where the survey says', () => {
    const at = (x: number, y: number) => placeOnGround(plane, [x, y]) as Location;
    expect(metresApart(at(0.25, 0.25), HERE)).toBeLessThan(0.01);
    expect(metresApart(at(0.75, 0.75), off(-10, 10))).toBeLessThan(0.01);
    // North-east, not mirrored to the south-west.
    expect(metresApart(at(0.75, 0.25), off(0, 10))).toBeLessThan(0.05);
    expect(metresApart(at(0.5, 0.5), off(-5, 5))).toBeLessThan(0.05);
    const { locations: _, ...bare } = plane;
    expect(placeOnGround(bare, [0.5, 0.5])).toBeNull();
  });

  test('positions that the tape denies are a fault', () => {
    expect(groundCorners(plane)).toMatchObject({ ok: true });
    expect(groundCorners({ ...plane, locations: [HERE, off(-30, 10)] })).toMatchObject({
      ok: false,
      field: 'locations',
    });
  });
});
