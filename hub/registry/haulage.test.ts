import { expect, test } from 'vitest';
import type { PermitBody } from '../../contracts/api/registry.ts';
import { checkHaulage } from './haulage.ts';

const calendar = { utcOffsetMinutes: 480, holidays: ['2026-10-01'], makeUpDays: [] };
const permit = (id: string, more: Partial<PermitBody> = {}): PermitBody => ({
  ...{ id, site: 'site-1', carrier: 'A', plates: ['闽C12345'], validFrom: '2026-01-01', validTo: '2026-12-31' },
  windows: [{ days: [1, 2, 3, 4, 5], from: '22:00', to: '05:00' }],
  ...more,
});
/** Beijing time; the first of January 2026 was a Thursday. */
const at = (local: string) => Date.parse(`${local}:00+08:00`);
const night = at('2026-03-10T23:30');

test.each<[string, PermitBody[], string, number, string, string | null]>([
  ['in its hours', [permit('p')], '闽C12345', night, 'found', 'p'],
  ['written otherwise', [permit('p')], ' 闽c·123 45', night, 'found', 'p'],
  ['past midnight', [permit('p')], '闽C12345', at('2026-03-11T04:59'), 'found', 'p'],
  ['past midnight after a Friday', [permit('p')], '闽C12345', at('2026-03-14T04:00'), 'found', 'p'],
  ['on the minute at which it ends', [permit('p')], '闽C12345', at('2026-03-11T05:00'), 'off-hours', 'p'],
  ['by day', [permit('p')], '闽C12345', at('2026-03-10T12:00'), 'off-hours', 'p'],
  ['on a public holiday', [permit('p')], '闽C12345', at('2026-10-01T23:00'), 'off-hours', 'p'],
  ['on its last day', [permit('p', { validTo: '2026-03-10' })], '闽C12345', night, 'found', 'p'],
  ['after its last day', [permit('p', { validTo: '2026-03-09' })], '闽C12345', night, 'expired', 'p'],
  [
    'of two, the one that holds',
    [permit('old', { validTo: '2026-02-01' }), permit('p')],
    '闽C12345',
    night,
    'found',
    'p',
  ],
  ['another truck', [permit('p')], '闽C54321', night, 'none', null],
  ['a new-energy plate', [permit('p', { plates: ['闽CD12345'] })], '闽CD12345', night, 'found', 'p'],
  ['half a plate', [permit('p')], '闽C12', night, 'unreadable', null],
  ['a sign that nobody could read', [permit('p')], '闽C12?45', night, 'unreadable', null],
])('%s', (_, permits, plate, instant, state, id) => {
  expect(checkHaulage(permits, plate, instant, calendar)).toMatchObject({ state, permit: id });
});

test('a site whose permits nobody entered says nothing of a truck', () => {
  expect(checkHaulage([], '闽C12345', night, calendar)).toBeNull();
});
