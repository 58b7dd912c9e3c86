/** `npm run demo -- --once --json`: every kind of violation is found on the shipped clips, and nothing is lost. */
import { expect, test } from 'vitest';
import { violationKinds } from '../../contracts/violations/index.ts';
import type { DemoSummary } from '../../demo/summary.ts';
import { kerbwatch } from './stage.ts';

test('finds every kind, loses nothing, and stdout is one JSON object', { timeout: 300_000 }, () => {
  const result = kerbwatch(['demo', '--once', '--json']);
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  const summary = JSON.parse(result.stdout) as DemoSummary;
  expect(summary.lost).toBe(0);
  expect(summary.cases).toBeGreaterThan(0);
  for (const kind of violationKinds) {
    const { truth, detected, falseAlarms } = summary.byKind[kind];
    expect({ kind, detected, falseAlarms }).toEqual({ kind, detected: truth, falseAlarms: 0 });
    expect(truth).toBeGreaterThan(0);
  }
  expect(summary.evidence.files).toBeGreaterThan(0);
});
