/** What nodes count: greeted, judged hour by hour, stored once, and in the report of its month; on both databases. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AckBatch } from '../../contracts/ack.ts';
import { HOUR_MS, type ObservationHour } from '../../contracts/observations.ts';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { putObservationHours } from '../../hub/storage/observation-hours.ts';
import type { Store } from '../../hub/storage/store.ts';
import { timestamp } from '../../platform/clock.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { until } from '../processes.ts';
import { connectNode, createTestNode, type TestLink } from './node.ts';
import { openFresh, quiet, testDatabases } from './stores.ts';

const A = 'node-a';
const START = Date.parse('2026-11-23T02:00:00.000Z');

const hourOf = (more: Partial<ObservationHour> = {}): ObservationHour => ({
  ...{ camera: 'cam-1', zone: 'gate', kind: 'muck-truck', hour: timestamp(START), rev: 1, watchedSeconds: 3600 },
  ...{ statistics: { passes: 3, outbound: 2 }, ...more },
});
const stored = (store: Store) => store.db.selectFrom('observation_hours').selectAll().orderBy('hour').execute();

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`observations on ${database.dialect}`, () => {
    let hub: Hub;
    let link: TestLink;
    let folder: string;
    let answers: NonNullable<AckBatch['observations']>[];
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-observations-'));
      hub = await startHub(
        {
          ...{ database: await database.url(), dataDir: folder, http: { host: '127.0.0.1', port: 0 } },
          ...{ mqtt: 'embedded', broker: { host: '127.0.0.1', port: 0 } },
        },
        { log: quiet, clock: { now: () => START + 30 * 24 * HOUR_MS } },
      );
      await createTestNode(A).register(hub.store);
      link = await connectNode(hub.mqttUrl ?? '', A);
      answers = [];
      link.client.on('message', (_topic, payload) => {
        const { observations } = JSON.parse(payload.toString()) as AckBatch;
        if (observations) answers.push(observations);
      });
    });
    afterEach(async () => {
      await link.close();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const send = (batch: unknown, node = A) =>
      link.client.publishAsync(topic(node, 'observations'), JSON.stringify(batch), { qos: 1 });
    const answered = (id: string) =>
      until(`an answer to ${id}`, () => answers.flat().find((one) => one.id === id) ?? null);
    const quarantine = () =>
      hub.store.db.selectFrom('quarantine').select(['code', 'reason', 'times']).orderBy('id').execute();

    test('a node that says that it is there hears that its counts are taken; one before 0.3 hears nothing', async () => {
      const say = async (version: string, state = 'online') => {
        const status = { state, at: timestamp(START), version, cameras: {} };
        await link.client.publishAsync(topic(A, 'status'), JSON.stringify(status), { qos: 1, retain: true });
        await hub.idle();
      };
      await say('0.2.0');
      await say('0.5.0', 'offline');
      await send({ id: 'mark', hours: [hourOf()] });
      await answered('mark');
      expect(answers).toEqual([[{ id: 'mark' }]]);
      await say('0.5.0');
      await until('the greeting', () => answers.length === 2);
      expect(answers[1]).toEqual([]);
    });

    test('each hour is judged by itself, refused with its reason and counted once', async () => {
      const bad: ObservationHour[] = [
        hourOf({ kind: 'parking', statistics: {} }),
        hourOf({ statistics: { constructor: 1 } }),
        hourOf({ hour: timestamp(START + 60_000) }),
        hourOf({ hour: timestamp(START + 32 * 24 * HOUR_MS) }),
        hourOf({ hour: '2026-02-31T00:00:00.000Z' }),
      ];
      for (const id of ['one', 'two']) {
        await send({ id, hours: [...bad, hourOf({ rev: 7 })] });
        expect(await answered(id)).toEqual({ id, refused: [0, 1, 2, 3, 4] });
      }
      expect(await stored(hub.store)).toMatchObject([{ node: A, rev: 7, watched_seconds: 3600 }]);
      const refused = await until('all are counted', async () => {
        const rows = await quarantine();
        return rows.every(({ times }) => times === 2) && rows;
      });
      expect(refused.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
        'ING_SCHEMA observations: kind parking is not known',
        'ING_SCHEMA observations: muck-truck has no constructor',
        expect.stringMatching(/^ING_TIME .* is no start of an hour$/),
        expect.stringMatching(/^ING_TIME .* more than 24 h ahead of the hub$/),
        expect.stringMatching(/^ING_TIME .* is no instant$/),
      ]);
    });

    test('what is no message of counts gets no answer, and a reason', async () => {
      const outOfBounds = [{ watchedSeconds: 3601 }, { rev: 0 }, { statistics: { passes: -1 } }, { zone: 'Z' }];
      for (const more of outOfBounds) await send({ id: 'x', hours: [hourOf(more)] });
      await send({ id: 'x', hours: [] });
      await send('text');
      await until('all are refused', async () => (await quarantine()).length === 6);
      expect((await quarantine()).every(({ code }) => code === 'ING_SCHEMA')).toBe(true);
      expect(answers).toEqual([]);
      expect(await stored(hub.store)).toEqual([]);
    });

    test('the month: sums, largest values and watched time by kind; nothing counted differs from not watched', async () => {
      await upsertUser(hub.store, { name: 'v', displayName: 'v', role: 'viewer', password: PASSWORD });
      const viewer = await logIn(hub.url, 'v');
      const hour = (n: number) => timestamp(START + n * HOUR_MS);
      await send({
        id: 'all',
        hours: [
          hourOf({ statistics: { passes: 3, outbound: 2 } }),
          hourOf({ hour: hour(1), statistics: { passes: 4, outbound: 4, loadedOut: 1 }, watchedSeconds: 1800 }),
          hourOf({ hour: hour(2), statistics: {}, watchedSeconds: 60 }),
          hourOf({ kind: 'road-stall', zone: 'z', statistics: { stallMinutes: 90, mostStalls: 4 } }),
          hourOf({ kind: 'road-stall', zone: 'z', hour: hour(1), statistics: { stallMinutes: 10, mostStalls: 2 } }),
          // Local midnight has passed: another month.
          hourOf({ hour: '2026-11-30T16:00:00.000Z', statistics: { passes: 100 } }),
        ],
      });
      await answered('all');
      const report = await viewer.call('GET', '/api/v1/reports/monthly?month=2026-11');
      const { observations } = (await report.json()) as {
        observations: { kind: string; statistics: { name: string; value: number | null; title: { zh: string } }[] }[];
      };
      expect(observations).toMatchObject([
        { kind: 'muck-truck', hours: 3, watchedSeconds: 5460 },
        { kind: 'road-stall', hours: 2, watchedSeconds: 7200 },
      ]);
      expect(observations.map(({ statistics }) => statistics.map(({ name, value }) => [name, value]))).toEqual([
        [
          ...[
            ['passes', 7],
            ['outbound', 6],
            ['loadedOut', 1],
            ['uncoveredOut', 0],
          ],
        ],
        [
          ...[
            ['stallMinutes', 100],
            ['mostStalls', 4],
          ],
        ],
      ]);
      expect(observations[0]?.statistics[0]?.title.zh).toBe('过闸车次');
    });

    test('after 400 days an hour is gone', async () => {
      const at = START + 30 * 24 * HOUR_MS;
      const old = at - 400 * 24 * HOUR_MS - ((at - 400 * 24 * HOUR_MS) % HOUR_MS);
      await send({
        id: 'old',
        hours: [hourOf({ hour: timestamp(old - HOUR_MS) }), hourOf({ hour: timestamp(old + HOUR_MS) })],
      });
      await answered('old');
      await hub.sweep();
      expect((await stored(hub.store)).map(({ hour }) => hour)).toEqual([timestamp(old + HOUR_MS)]);
    });

    test('repeated and reordered, they give the same rows', async () => {
      const store = await openFresh(database);
      const sent = fc.record({ at: fc.nat(2), zone: fc.constantFrom('a', 'b'), rev: fc.integer({ min: 1, max: 40 }) });
      // What stands under a revision is always the same.
      const row = ({ at, zone, rev }: { at: number; zone: string; rev: number }) => ({
        ...{ hour: timestamp(START + at * HOUR_MS), node: A, camera: 'cam', zone, kind: 'muck-truck', rev },
        ...{ watched_seconds: rev * 10, statistics: JSON.stringify({ passes: rev }) },
      });
      await fc.assert(
        fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 60 }), fc.gen(), async (all, gen) => {
          await store.db.deleteFrom('observation_hours').execute();
          const again = gen(fc.shuffledSubarray, [...all, ...all], { minLength: 2 * all.length });
          for (let from = 0; from < again.length; ) {
            const many = gen(fc.integer, { min: 1, max: 20 });
            await store.transaction((trx) =>
              putObservationHours(trx, store.dialect, again.slice(from, from + many).map(row)),
            );
            from += many;
          }
          const rows = await store.db
            .selectFrom('observation_hours')
            .selectAll()
            .orderBy('hour')
            .orderBy('zone')
            .execute();
          const highest = new Map<string, ReturnType<typeof row>>();
          for (const one of [...all].sort((a, b) => a.rev - b.rev)) highest.set(`${one.at} ${one.zone}`, row(one));
          expect(rows).toEqual([...highest.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one));
        }),
        { numRuns: 30 },
      );
      await store.close();
    });
  });
}
