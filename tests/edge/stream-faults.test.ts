/** A few minutes of streams with every fault put in once or more: each truck and each stall is one event (the hour of it: tests/crash/long). */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { LONG, SHORT } from '../crash/stream/faults.ts';
import { streamHour } from '../crash/stream/hour.ts';
import { slowReturns, whole } from '../crash/stream/whole.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';

const folder = temporaryFolder('stream-faults');
afterAll(folder.remove);

describe.skipIf(!needs('ffmpeg') || !needs('mosquitto') || process.platform !== 'linux')('streams with faults', () => {
  test('no event is lost or comes twice, and the camera beside loses nothing', { timeout: 900_000 }, async () => {
    const account = await streamHour({
      folder: folder.path,
      logFile: join(folder.path, 'edge.log'),
      seconds: 600,
      // Two short faults a truck and a long one before it: enough for all of them.
      passes: Math.max(LONG.length, Math.ceil(SHORT.length / 2)),
      pace: { longEvery: 1, rest: 20, hub: [10, 25] },
      seed: 1,
    });
    expect(account).toMatchObject(whole(account));
    expect(slowReturns(account)).toEqual([]);
    expect(Object.keys(account.faults)).toEqual(expect.arrayContaining([...LONG, ...SHORT].map(({ kind }) => kind)));
  });
});
