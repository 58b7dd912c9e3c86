/** The wire's own promises: topics round-trip, every field of a detail has a label, every parameter its bounds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errors } from './errors.ts';
import { nodeReads, nodeWrites, parseTopic, topic, topicNames } from './topics.ts';
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

test('every error says what, why and what to do, in both languages', () => {
  for (const [code, entry] of Object.entries(errors)) {
    expect(code).toMatch(/^(CFG|CLI|EDGE|HUB|API|ING|TRACK|EVAL|VERIFY)_/);
    expect(entry.messageZh, code).toMatch(/\p{Script=Han}/u);
    for (const text of [entry.message, entry.cause, entry.fix]) expect(text.length, code).toBeGreaterThan(8);
    if (code.startsWith('API_')) expect(entry.status, code).toBeGreaterThanOrEqual(400);
  }
});
