/** An hour of streams with faults on demand (`STREAM_SECONDS`, `STREAM_SEED`): no event is lost, none comes twice. */
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../e2e/stage.ts';
import { streamHour } from '../stream/hour.ts';
import { slowReturns, whole } from '../stream/whole.ts';

const folder = temporaryFolder('stream-hour');
afterAll(folder.remove);

test('an hour of faults: every pass is one event', { timeout: 5_400_000 }, async () => {
  const account = await streamHour({
    folder: folder.path,
    logFile: process.env.STREAM_LOG ?? join(folder.path, 'edge.log'),
    seconds: Number(process.env.STREAM_SECONDS ?? 3600),
    passes: Number.POSITIVE_INFINITY,
    pace: { longEvery: 2, rest: 30, hub: [30, 70] },
    seed: Number(process.env.STREAM_SEED ?? 1),
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stderr.write(`${JSON.stringify(account)}\n`);
  expect(account).toMatchObject(whole(account));
  expect(slowReturns(account)).toEqual([]);
});
