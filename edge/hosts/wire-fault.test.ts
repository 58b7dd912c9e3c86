import { expect, test } from 'vitest';
import { AppError } from '../../platform/app-error.ts';
import { fromWire, toWire } from './wire-fault.ts';

test('an error of the catalogue arrives as it left', () => {
  const faults = [{ path: 'score', message: 'too large' }];
  const sent = new AppError('EDGE_OUTBOX', 'event 1 does not fit', { faults, cause: new Error('why') });
  const arrived = fromWire(structuredClone(toWire(sent)));
  expect(arrived).toBeInstanceOf(AppError);
  expect(arrived).toMatchObject({ code: 'EDGE_OUTBOX', message: sent.message, faults, cause: 'Error: why' });
});

test('any other error stays none of the catalogue, so that it is not tried again', () => {
  const arrived = fromWire(structuredClone(toWire(new TypeError('no such thing'))));
  expect(arrived).not.toBeInstanceOf(AppError);
  expect(arrived.message).toBe('no such thing');
  expect(fromWire(toWire('text')).message).toBe('text');
});
