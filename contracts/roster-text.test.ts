import { expect, test } from 'vitest';
import { readRoster, writeRoster } from './roster-text.ts';

test('staggered shifts as people write them, and back', () => {
  const text = '早班 | 1-5 06:00-14:00 | 0595-1\n晚班｜每天 13:00-21:30\n\n夜班 | 5,6 21:00-06:00; 7 00:00-24:00';
  const roster = readRoster(text);
  expect(roster).toEqual([
    { name: '早班', windows: [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '14:00' }], contact: '0595-1' },
    { name: '晚班', windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '13:00', to: '21:30' }] },
    {
      name: '夜班',
      windows: [
        { days: [5, 6], from: '21:00', to: '06:00' },
        { days: [7], from: '00:00', to: '24:00' },
      ],
    },
  ]);
  expect(readRoster(writeRoster(roster ?? []))).toEqual(roster);
  expect(readRoster(' \n')).toEqual([]);
});

test.each(['早班', '早班 | 25:00-26:00', '| 06:00-14:00', '早班 |', 'a | 06:00-07:00 | b | c'])(
  '%s is no shift',
  (text) => {
    expect(readRoster(text)).toBeNull();
  },
);
