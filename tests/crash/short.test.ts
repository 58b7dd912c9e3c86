/** A short round of `kill -9` for edge, hub and broker: no message lost, none doubled. The long one is `npm run test:crash`. */
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { crashRounds } from './rounds.ts';

describe.skipIf(!needs('mosquitto') || !needs('ffmpeg'))('kill -9', () => {
  test('three times each: every message arrives once', { timeout: 300_000 }, async () => {
    const result = await crashRounds({ kills: 3, spanMs: 3000, seed: 20261124 });
    expect(result).toMatchObject({
      killed: { edge: 3, hub: 3, broker: 3 },
      stored: result.numbered,
      refused: 0,
      quarantined: 0,
      brokenLinks: 0,
      badSignatures: 0,
      missingRevisions: 0,
      eventsWithoutCase: 0,
      evidenceMissing: 0,
    });
    expect(result.numbered).toBeGreaterThan(5);
  });
});
