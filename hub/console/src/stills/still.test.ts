import { describe, expect, test } from 'vitest';
import type { CaseEvent } from '../../../../contracts/api/case.ts';
import type { EvidenceRole } from '../../../../contracts/evidence.ts';
import type { ViolationKind } from '../../../../contracts/violations/index.ts';
import { pickPair, type Still } from './still.ts';
import { centreOn, cropOf, fitPanes, keepInside, transformOf, wholeView } from './view.ts';

const still = (event: string, role: EvidenceRole, second: number): Still => ({
  ...{
    sha256: `${event}/${role}/${second}`,
    role,
    width: 1280,
    height: 720,
    mime: 'image/jpeg',
    stored: true,
    state: 'stored',
  },
  at: `2026-11-23T02:00:${String(second).padStart(2, '0')}.000Z`,
  event: { id: event } as CaseEvent,
});
const shown = (kind: ViolationKind, stills: readonly Still[], thumbnail: string | null = null) => {
  const { left, right } = pickPair(stills, { kind, thumbnail });
  return [left?.role ?? null, right?.role ?? null];
};

describe('the pair of stills', () => {
  test.each([
    [
      'a before',
      'road-stall',
      [still('e', 'before', 1), still('e', 'start', 5), still('e', 'during', 9)],
      ['before', 'start'],
    ],
    ['no before', 'road-stall', [still('e', 'start', 5), still('e', 'during', 9)], ['start', 'during']],
    [
      'the telling one is the first',
      'bike-clutter',
      [still('e', 'worst', 5), still('e', 'cleared', 30)],
      ['worst', 'cleared'],
    ],
    ['a bed before the plate', 'muck-truck', [still('e', 'bed', 5), still('e', 'plate', 6)], ['bed', 'plate']],
    ['one alone', 'road-stall', [still('e', 'start', 5)], [null, 'start']],
    ['none', 'road-stall', [], [null, null]],
  ] as const)('%s', (_name, kind, stills, roles) => {
    expect(shown(kind, stills)).toEqual(roles);
  });

  test('is of one sighting, and never runs backwards in time, whichever still is the thumbnail', () => {
    const roles: EvidenceRole[] = [
      'before',
      'start',
      'threshold',
      'worst',
      'during',
      'after',
      'cleared',
      'bed',
      'plate',
    ];
    for (let seed = 1; seed < 200; seed += 1) {
      const stills = roles
        .filter((_, i) => (seed >> (i % 7)) % 2 === 1 || i === seed % roles.length)
        .map((role, i) => still(`e${i % 2}`, role, (seed * (i + 3)) % 60))
        .sort((a, b) => (a.at < b.at ? -1 : 1));
      for (const thumbnail of [null, ...stills.map(({ sha256 }) => sha256)]) {
        const { left, right } = pickPair(stills, { kind: 'road-stall', thumbnail });
        if (left === null || right === null) continue;
        expect(left.event.id).toBe(right.event.id);
        expect(left.at <= right.at, `${left.role} ${right.role}`).toBe(true);
      }
    }
  });
});

describe('two panes in the room that there is', () => {
  const room = { width: 808, height: 490 };
  const box: [number, number, number, number] = [0.6, 0.4, 0.1, 0.2];

  test('cut the sides off and keep the things in sight', () => {
    const crop = cropOf([box]);
    const whole = fitPanes(room, 16 / 9, 2, 8);
    const fit = fitPanes(room, 16 / 9, 2, 8, crop);
    expect(fit.width).toBe(whole.width);
    expect(fit.height).toBeGreaterThan(whole.height * 1.8);
    const { x } = keepInside(centreOn(wholeView, crop), fit.window);
    expect(x - fit.window[0] / 2).toBeLessThan(box[0]);
    expect(x + fit.window[0] / 2).toBeGreaterThan(box[0] + box[2]);
    expect(transformOf(centreOn(wholeView, crop), fit.window)).toMatch(/^translate\(-\d/);
  });

  test('show all where the things are all over the picture', () => {
    expect(cropOf([[0.05, 0.4, 0.9, 0.2]])).toBeNull();
    expect(cropOf([])).toBeNull();
    expect(transformOf(wholeView)).toBe('translate(0%, 0%) scale(1)');
  });
});
