/** `npm run test:crash`: thirty kills each of edge, hub and broker. */
import { expect, test } from 'vitest';
import { crashRounds } from '../rounds.ts';

test('thirty times each: every message arrives once', async () => {
  const result = await crashRounds({ kills: 30, spanMs: 4000, seed: Number(process.env.CRASH_SEED ?? 1) });
  process.stderr.write(`${JSON.stringify(result)}\n`);
  expect(result).toMatchObject({
    killed: { edge: 30, hub: 30, broker: 30 },
    stored: result.numbered,
    refused: 0,
    quarantined: 0,
    brokenLinks: 0,
    badSignatures: 0,
    missingRevisions: 0,
    eventsWithoutCase: 0,
    evidenceMissing: 0,
  });
});
