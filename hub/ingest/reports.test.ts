import { expect, test } from 'vitest';
import type { NodeStatus } from '../../contracts/status.ts';
import { printable } from './message.ts';
import { statusAfter } from './reports.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const status = (state: NodeStatus['state'], seconds: number): NodeStatus => ({
  ...{ state, at: at(seconds), version: '1' },
  cameras: {
    a: { state: 'watched', reasons: [], since: at(5) },
    b: { state: 'blind', reasons: ['offline'], since: at(3) },
  },
});
const now = Date.parse(at(700));

test('a last will made at connect time counts from when the hub learns of it, once; a goodbye from its own time', () => {
  const will = status('offline', 0);
  const gone = statusAfter(status('online', 1), will, now);
  expect(gone).toMatchObject({ state: 'offline', at: at(700) });
  expect(gone.cameras).toEqual({
    a: { state: 'blind', reasons: ['offline'], since: at(700) },
    b: { state: 'blind', reasons: ['offline'], since: at(3) },
  });
  // Retained at the broker, it comes again with each start of the hub.
  expect(statusAfter(gone, will, now + 5000)).toEqual(gone);
  const goodbye = statusAfter(status('online', 1), status('offline', 600), now);
  expect(goodbye).toMatchObject({ at: at(600), cameras: { a: { state: 'blind', since: at(600) } } });
  expect(statusAfter(null, will, now).cameras.a).toEqual({ state: 'blind', reasons: ['offline'], since: at(0) });
});

test('what is online is told as it is', () => {
  expect(statusAfter(status('offline', 5), status('online', 9), now)).toEqual(status('online', 9));
});

test('what a node writes into a reason turns nothing around for whoever reads it', () => {
  expect(printable('kind: \u202e闽C12345\u009b', 12)).toBe('kind: ?闽C123');
  expect(printable('x\ud83d\ude00', 2)).toBe('x\ufffd');
});
