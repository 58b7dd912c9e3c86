/** The canonical form of what was read from text, however its keys stand. */
import { expect, test } from 'vitest';
import { canonicalJson, canonicalOfParsed } from './canonical.ts';

const texts = [
  '{"a":1,"b":[{"x":"é","y":null}],"c":{"d":1e21,"e":-0}}',
  '{"b":1,"a":[3,{"z":1,"y":2}]}',
  '{"10":1,"9":2,"a":{"€":1,"\\u000b":2,"<":3}}',
  '{"__proto__":1,"a":2}',
  '["",false,true,1.50,1E-7]',
  '"\\ud83d\\ude00"',
];

test.each(texts)('%s is written as RFC 8785 says, in order or not', (text) => {
  expect(canonicalOfParsed(JSON.parse(text))).toBe(canonicalJson(JSON.parse(text)));
});

test('a number beyond all doubles has no form', () => {
  expect(() => canonicalOfParsed(JSON.parse('{"a":1e999}'))).toThrow();
});
