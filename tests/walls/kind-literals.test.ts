/**
 * No part of the product knows a violation by name: what it needs to know stands in the violation's entry. The first hit is
 * one part that a new violation would have to change.
 */
import { expect, test } from 'vitest';
import { violationKinds } from '../../contracts/violations/index.ts';
import { sourcesIn } from './sources.ts';

/** `demo` shows the clips that there are; bench, tests and `test-media` make scenes and samples of a kind on purpose. */
const rooms = ['cli', 'contracts', 'edge', 'evaluation', 'hub', 'platform'];
/** The entries, the rule of each, and the two written lists. */
const owners = new RegExp(
  `^(contracts/violations/(index|${violationKinds.join('|')})|edge/rules/(index|(${violationKinds.join('|')})/.+))\\.ts$`,
);

const inWords = (kind: string) =>
  kind
    .split('-')
    .map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`)
    .join('');
const named = violationKinds.map(inWords);
/** A kind in quotes, or in an identifier: `muckTruck`, `isMuckTruck`, `MuckTruckState`; and `isTruck`, which asks for one. */
const literal = new RegExp(
  `(['"\`])(${violationKinds.join('|')})\\1|(${named.map((name) => `[${name[0]}${name[0]?.toLowerCase()}]${name.slice(1)}`).join('|')})|\\bisTruck`,
);

/** Lines of code that name a kind; comments may. */
function hitsIn(text: string): string[] {
  const code = text.replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, '')).replace(/(^|\s)\/\/.*$/gm, '');
  return code.split('\n').flatMap((line, i) => (literal.test(line) ? [`${i + 1}: ${line.trim()}`] : []));
}

test.each([
  ["if (zone.kind === 'muck-truck') return null;", 1],
  ['const limits: Record<ViolationKind, number> = { "road-stall": 2 };', 1],
  ["import { bikeClutter } from './bike-clutter.ts';", 1],
  ['const gate = isTruck(track); // why', 1],
  ["// a muck-truck's pass\n/* 'muck-truck' */\nconst text = 'for a camera with muck-truck zones';", 0],
])('%s', (text, hits) => {
  expect(hitsIn(text)).toHaveLength(hits);
});

test('no part of the product names a kind, but its entry and its rule', () => {
  const sources = sourcesIn(rooms);
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter(({ file }) => owners.test(file)).length).toBeGreaterThan(2 * violationKinds.length);
  const found = sources
    .filter(({ file }) => !owners.test(file))
    .flatMap(({ file, text }) => hitsIn(text).map((hit) => `${file}:${hit}`));
  expect(found).toEqual([]);
});
