import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInexactText } from './exact-text.ts';

test.each<[string, string | null]>([
  ['"plain"', null],
  ['"摊位 😀 é"', null],
  ['"\\ud83d\\ude00"', null],
  ['"a\\u0000"', ''],
  ['"\\ud83d"', ''],
  ['"\\ude00\\ud83d"', ''],
  ['{"a":[1,null,{"b":"\\udc00"}]}', 'a[2].b'],
  ['{"a":{"x\\u0000":1}}', 'a["x\\u0000"]'],
  ['{"a":{"\\ud800":1}}', 'a["\\ud800"]'],
  ['{"a":"ok","b":"\\u0000","c":"\\u0000"}', 'b'],
  ['{"two words":"\\u0000"}', '["two words"]'],
  ['{"__proto__":{"x":"\\u0000"}}', '__proto__.x'],
])('%s', (json, path) => {
  expect(findInexactText(JSON.parse(json))).toBe(path);
});

test('finds nothing exactly where text survives UTF-8 and has no U+0000', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.string({ unit: 'binary' }), (value, text) => {
      const kept = (part: string) => Buffer.from(part).toString() === part && !part.includes('\u0000');
      expect(findInexactText(text) === null).toBe(kept(text));
      const texts: string[] = [];
      JSON.stringify(value, (name, inner: unknown) => {
        texts.push(name, ...(typeof inner === 'string' ? [inner] : []));
        return inner;
      });
      expect(findInexactText(value) === null).toBe(texts.every(kept));
    }),
  );
});

test('depth and size end nothing', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}"\\u0000"${']'.repeat(5000)}`) as unknown;
  expect(findInexactText(deep)).toBe(`${'[0]'.repeat(50)}…`);
});
