/** A short round of `kill -9` for edge, hub and broker: no message lost, none doubled. The long one is `npm run test:crash`. */
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { crashRounds, intact } from './rounds.ts';

describe.skipIf(!needs('mosquitto') || !needs('ffmpeg'))('kill -9', () => {
  test('three times each: every message arrives once', { timeout: 300_000 }, async () => {
    const result = await crashRounds({ kills: 3, spanMs: 3000, seed: 20261124 });
    expect(result).toMatchObject(intact(result, 3));
    expect(result.numbered).toBeGreaterThan(5);
  });
});
