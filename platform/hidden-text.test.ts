import { expect, test } from 'vitest';
import { findHiddenText, printableLine } from './hidden-text.ts';

const HIDDEN = ['\u0000', '\u001b', '\u0085', '\u009b', '\u202e', '\u2066'];

test.each(HIDDEN)('%j neither steers a terminal nor turns what people read', (sign) => {
  expect(printableLine(`闽C${sign}12345`)).toBe('闽C?12345');
});

test('what is found in a request is what a line is freed of; tab and line end are text', () => {
  for (const sign of HIDDEN.slice(1)) expect(findHiddenText({ a: [`x${sign}`] })).toBe('a[0]');
  expect(findHiddenText('a\tb\nc')).toBeNull();
  expect(printableLine('a\tb\nc')).toBe('a?b?c');
});
