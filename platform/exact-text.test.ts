/** Text that no database could give back as it was is found, wherever it stands. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { findInexactText } from './exact-text.ts';

test.each<[string, unknown, string | null]>([
  ['plain text in two scripts and an emoji', { a: ['占道经营', 'a stall', '🚚'] }, null],
  ['no text at all', [1, null, true, {}], null],
  ['a high surrogate alone', { note: 'x\ud83d' }, 'note'],
  ['a low surrogate alone', { list: ['ok', { text: '\ude9ax' }] }, 'list[1].text'],
  ['a pair the wrong way round', ['\ude9a\ud83d'], '[0]'],
  ['U+0000', { a: { b: 'x\0y' } }, 'a.b'],
  ['a key', { ok: 'ok', a: { 'x\0': 1 } }, 'a.x\ufffd'],
  ['a bare string', '\ud800', ''],
  ['the first of two', { a: '\0', b: '\0' }, 'a'],
])('%s', (_name, value, path) => {
  expect(findInexactText(value)).toBe(path);
});

test('as deep as a body can go', () => {
  let deep: unknown = '\ud800';
  for (let i = 0; i < 200_000; i++) deep = [deep];
  expect(findInexactText(deep)).toBe(`${'[0]'.repeat(20)}…`);
});

test('finds what does not come back through UTF-8, and U+0000, and nothing else', () => {
  const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
  fc.assert(
    fc.property(text, (value) => {
      const comesBack = Buffer.from(value, 'utf8').toString('utf8') === value && !value.includes('\0');
      expect(findInexactText({ value }) === null).toBe(comesBack);
    }),
  );
});

test('the canonical form refuses a surrogate without its partner, as RFC 8785 asks, and nothing that looks like one', () => {
  for (const value of ['\ud800', { '\udfff': 1 }, ['ok', 'a\\\ud800']])
    expect(() => canonicalJson(value)).toThrow('surrogate');
  expect(canonicalJson({ a: '\\ud800', b: '\\\\udfff', c: '🚚', d: '\0' })).toBe(
    '{"a":"\\\\ud800","b":"\\\\\\\\udfff","c":"🚚","d":"\\u0000"}',
  );
});
