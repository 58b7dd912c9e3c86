import { describe, expect, test } from 'vitest';
import { createRegroup, type HostDeath, STEADY_MS } from './regroup.ts';

const group = (...ids: string[]) => ids.map((id) => ({ id, load: 1 }));
const crash = (at: number, more: Partial<HostDeath> = {}): HostDeath => ({
  at,
  cause: 'failed',
  running: true,
  suspect: null,
  ...more,
});
const fleet = (size: number) => group(...Array.from({ length: size }, (_, i) => `c${String(i).padStart(3, '0')}`));

describe('a host that dies', () => {
  test('once is replaced whole and at once, and so again when it was long ago', () => {
    const regroup = createRegroup(2);
    const whole = [{ cameras: ['a', 'b'], waitMs: 0, quarantined: false }];
    expect(regroup.after(group('a', 'b'), crash(0), 1)).toEqual(whole);
    expect(regroup.after(group('a', 'b'), crash(STEADY_MS + 1), 1)).toEqual(whole);
  });

  test('twice is halved', () => {
    const regroup = createRegroup(2);
    regroup.after(group('a', 'b', 'c'), crash(0), 1);
    const next = regroup.after(group('a', 'b', 'c'), crash(1000), 1);
    expect(next.map(({ cameras }) => cameras.length).sort()).toEqual([1, 2]);
    expect(next.every(({ waitMs, quarantined }) => waitMs === 0 && !quarantined)).toBe(true);
  });

  test('by a kill from outside takes one more before a camera is suspected', () => {
    const regroup = createRegroup(2);
    const kill = (at: number) => regroup.after(group('a', 'b'), crash(at, { cause: 'killed' }), 1);
    expect([kill(0), kill(1000), kill(2000)].map((next) => next.length)).toEqual([1, 1, 2]);
  });

  test('by kills that are minutes apart is replaced whole each time, and at once', () => {
    const regroup = createRegroup(2);
    const kills = Array.from({ length: 60 }, (_, n) => crash(n * 90_000, { cause: 'killed' }));
    const next = kills.flatMap((kill) => [regroup.after(group('a', 'b'), kill, 1), regroup.after(group('c'), kill, 1)]);
    expect(next.every(([first, ...rest]) => rest.length === 0 && first?.waitMs === 0 && !first.quarantined)).toBe(true);
  });

  test('before it has looked at anything is ill itself: whole again, later each time', () => {
    const regroup = createRegroup(2);
    const waits = [0, 1, 2, 3].map((n) => regroup.after(group('a', 'b'), crash(n, { running: false }), 1));
    expect(waits.map((next) => next.map(({ waitMs }) => waitMs))).toEqual([[0], [1000], [2000], [4000]]);
  });
});

describe('the camera that kills its hosts', () => {
  test('is found in log2 steps and put alone; the others are touched no more', () => {
    const regroup = createRegroup(2);
    const poison = 'c041';
    let groups: readonly (readonly string[])[] = [fleet(73).map(({ id }) => id)];
    let deaths = 0;
    let quarantined: readonly string[] = [];
    while (quarantined.length === 0) {
      const dying = groups.find((ids) => ids.includes(poison)) ?? [];
      const others = groups.filter((ids) => ids !== dying);
      const next = regroup.after(group(...dying), crash(++deaths * 1000), others.length);
      groups = [...others, ...next.map(({ cameras }) => cameras)];
      quarantined = next.flatMap((one) => (one.quarantined ? one.cameras : []));
    }
    expect(quarantined).toEqual([poison]);
    expect(deaths).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(73)));
    expect(groups.flat().sort()).toEqual(fleet(73).map(({ id }) => id));
  });

  test('is put alone after two deaths where it was seen at work in both', () => {
    const regroup = createRegroup(2);
    regroup.after(fleet(73), crash(0, { suspect: 'c007' }), 1);
    const next = regroup.after(fleet(73), crash(1000, { suspect: 'c007' }), 1);
    expect(next.map(({ cameras, quarantined }) => [cameras.length, quarantined])).toEqual([
      [72, false],
      [1, true],
    ]);
    expect(next[1]?.cameras).toEqual(['c007']);
  });

  test('waits longer each time, to a bound', () => {
    const regroup = createRegroup(2);
    const waits = Array.from({ length: 14 }, (_, n) => regroup.after(group('a'), crash(n), 1)[0]?.waitMs ?? -1);
    expect(waits.slice(0, 4)).toEqual([0, 1000, 2000, 4000]);
    expect(waits.at(-1)).toBe(300_000);
  });

  test('is forgiven after it was steady for long', () => {
    const regroup = createRegroup(2);
    regroup.after(group('a'), crash(0), 1);
    expect(regroup.isSteady('a', STEADY_MS)).toBe(false);
    expect(regroup.isSteady('a', STEADY_MS + 1)).toBe(true);
  });
});

test('a node on which every host dies is not split into one for each camera', () => {
  const regroup = createRegroup(2);
  const groups: (readonly string[])[] = [fleet(145).map(({ id }) => id)];
  for (let n = 1; n < 400; n++) {
    const dying = groups.shift() ?? [];
    groups.push(...regroup.after(group(...dying), crash(n), groups.length).map(({ cameras }) => cameras));
    expect(groups.length).toBeLessThanOrEqual(10);
  }
  expect(groups.flat()).toHaveLength(145);
});

describe('groups that a search has divided', () => {
  const groups = (...ids: string[][]) => ids.map((cameras) => ({ cameras }));

  test('come together again once they are steady, the smallest first', () => {
    const regroup = createRegroup(1);
    for (const at of [0, 1000]) regroup.after(group('a', 'b', 'c'), crash(at), 0);
    const divided = groups(['a', 'b'], ['c'], ['d', 'e', 'f']);
    expect(regroup.fold(divided, STEADY_MS)).toBeNull();
    expect(regroup.fold(divided, STEADY_MS + 1001)?.map(({ cameras }) => cameras)).toEqual([['c'], ['a', 'b']]);
  });

  test('are no more than there should be: nothing to do', () => {
    expect(createRegroup(2).fold(groups(['a'], ['b']), STEADY_MS * 9)).toBeNull();
  });

  test('a camera that was put alone stays alone', () => {
    const regroup = createRegroup(1);
    for (const at of [0, 1000]) regroup.after(group('a'), crash(at), 1);
    expect(regroup.fold(groups(['a'], ['b', 'c']), STEADY_MS * 9)).toBeNull();
  });
});
