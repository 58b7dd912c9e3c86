/** `npm run test:crash`: thirty kills each of edge, hub and broker. */
import { expect, test } from 'vitest';
import { crashRounds, intact } from '../rounds.ts';

test('thirty times each: every message arrives once', async () => {
  const result = await crashRounds({ kills: 30, spanMs: 4000, seed: Number(process.env.CRASH_SEED ?? 1) });
  process.stderr.write(`${JSON.stringify(result)}\n`);
  expect(result).toMatchObject(intact(result, 30));
});
