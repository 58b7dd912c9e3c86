/** The wire's own promises: topics round-trip, every field of a detail has a label, every parameter its bounds. */
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errors } from './errors.ts';
import type { Bilingual } from './text.ts';
import { nodeReads, nodeWrites, parseTopic, topic, topicNames } from './topics.ts';
import { plateIn, reasonsOf, valueText } from './violations/detail.ts';
import { violationKinds, violations } from './violations/index.ts';

test('topics round-trip, and every topic is either written or read by a node', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/), fc.constantFrom(...topicNames), (node, name) => {
      expect(parseTopic(topic(node, name))).toEqual({ node, name });
    }),
  );
  expect([...nodeReads, ...nodeWrites].sort()).toEqual([...topicNames].sort());
  for (const other of [
    'kerbwatch/v1/n',
    'kerbwatch/v1/n/',
    'kerbwatch/v2/n/events',
    'kerbwatch/v1//events',
    'x/n/events',
  ])
    expect(parseTopic(other)).toBeNull();
});

describe.each(violationKinds)('%s', (kind) => {
  const entry = violations[kind];

  test('says its kind and is titled in both languages', () => {
    expect(entry.kind).toBe(kind);
    expect(entry.title.zh).toMatch(/\p{Script=Han}/u);
    expect(entry.matters.length).toBeGreaterThan(0);
  });

  test('labels every field of its detail, and no other', () => {
    expect(Object.keys(entry.detailLabels).sort()).toEqual(Object.keys(entry.detail.properties).sort());
  });

  test('has words for every reason, each with a limit and a notice where it says so', () => {
    const words = entry.detailValues as Readonly<Record<string, Readonly<Record<string, Bilingual>>>>;
    const reasons = Object.keys(words[entry.reasonField] ?? {}).sort();
    expect(reasons.length).toBeGreaterThan(0);
    if (entry.notice) expect(Object.keys(entry.notice.reasons).sort()).toEqual(reasons);
    expect(reasons).toEqual(expect.arrayContaining(Object.keys(entry.handling.byReason ?? {})));
    for (const [field, values] of Object.entries(words)) {
      expect(Object.keys(entry.detail.properties)).toContain(field);
      for (const { zh } of Object.values(values)) expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });

  test('brings a lawful sample with every shape drawn, and says what it says in words', () => {
    const { detail, geometry } = entry.sample;
    expect([...Value.Errors(entry.detail, detail), ...Value.Errors(entry.geometry, geometry)]).toEqual([]);
    const reasons = reasonsOf(kind, detail);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(valueText(kind, entry.reasonField, reason)).not.toBeNull();
    expect(new Set(entry.stillOrder).size).toBe(entry.stillOrder.length);
  });

  test('gives every parameter a default within its bounds and a description', () => {
    for (const [name, schema] of Object.entries(entry.params.properties) as [
      string,
      { default?: number; minimum?: number; maximum?: number; description?: string },
    ][]) {
      expect(schema.default, name).toBeGreaterThanOrEqual(schema.minimum ?? Number.NaN);
      expect(schema.default, name).toBeLessThanOrEqual(schema.maximum ?? Number.NaN);
      expect(schema.description, name).toBeTruthy();
    }
  });
});

test('what a detail says: reasons, plate, values in words', () => {
  expect(reasonsOf('muck-truck', { findings: ['spill', 3] })).toEqual(['spill']);
  expect(reasonsOf('road-stall', null)).toEqual([]);
  expect(plateIn('muck-truck', { plate: { text: '闽C12345', score: 0.9 } })).toBe('闽C12345');
  expect(plateIn('road-stall', { plate: { text: '闽C12345', score: 0.9 } })).toBeNull();
  expect(valueText('road-stall', 'ruleWindow', 'outside 18:30-22:30')).toEqual({
    zh: '18:30-22:30 以外',
    en: 'Outside 18:30-22:30',
  });
  for (const value of ['outside', 'inside', 'constructor', ''])
    expect(valueText('road-stall', 'subKind', value)).toBeNull();
  expect(valueText('road-stall', 'toString', 'always')).toBeNull();
});

test('every error says what, why and what to do, in both languages', () => {
  for (const [code, entry] of Object.entries(errors)) {
    expect(code).toMatch(/^(CFG|CLI|EDGE|HUB|API|ING|TRACK|EVAL|VERIFY)_/);
    expect(entry.messageZh, code).toMatch(/\p{Script=Han}/u);
    for (const text of [entry.message, entry.cause, entry.fix]) expect(text.length, code).toBeGreaterThan(8);
    if (code.startsWith('API_')) expect(entry.status, code).toBeGreaterThanOrEqual(400);
  }
});
