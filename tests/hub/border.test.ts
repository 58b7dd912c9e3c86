/** The hub's border over both databases: forks, times, texts, and a quarantine in which nobody takes another's room. */

import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AckBatch } from '../../contracts/ack.ts';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { topic } from '../../contracts/topics.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { createIngest, type Ingest } from '../../hub/ingest/index.ts';
import { createIngestMetrics } from '../../hub/ingest/metrics.ts';
import { listNodes } from '../../hub/registry/nodes.ts';
import { casesNear } from '../../hub/storage/cases.ts';
import { QUARANTINE_ROWS } from '../../hub/storage/quarantine.ts';
import type { Store } from '../../hub/storage/store.ts';
import { eventHash, signEvent, type UnsignedEvent } from '../../platform/signing.ts';
import { createTestNode, START } from './node.ts';
import { openFresh, quiet, testDatabases } from './stores.ts';

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`border on ${database.dialect}`, () => {
    let store: Store;
    let ingest: Ingest;
    let metrics: Registry;
    let acks: AckBatch['acks'];
    let node: ReturnType<typeof createTestNode>;

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      store = await openFresh(database);
      acks = [];
      metrics = new Registry();
      ingest = createIngest({
        ...{ store, log: quiet, settings: caseSettings(), changes: createChanges() },
        clock: { now: () => START + HOUR },
        metrics: createIngestMetrics(metrics),
        publish: (_topic, payload) => void acks.push(...(JSON.parse(payload) as AckBatch).acks),
      });
      node = createTestNode('node-a');
      await node.register(store);
    });
    afterEach(async () => {
      await ingest.close();
      await store.close();
    });

    async function take(...payloads: readonly (ViolationEvent | string | Buffer)[]): Promise<void> {
      for (const payload of payloads) {
        const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
        void ingest.take({ topic: topic('node-a', 'events'), payload: Buffer.from(text), settle: () => {} });
      }
      await ingest.idle();
    }
    const forks = () =>
      store.db.selectFrom('forks').select(['seq', 'kind', 'expected', 'got']).orderBy('seq').execute();
    const rows = () => store.db.selectFrom('quarantine').selectAll().orderBy('id').execute();
    const statuses = () => acks.map(({ status, code }) => code ?? status);
    /** A well-signed event with other fields. */
    function signed(event: ViolationEvent, fields: Partial<ViolationEvent>): ViolationEvent {
      const { chain, ...rest } = { ...event, ...fields } as ViolationEvent;
      return signEvent(rest as UnsignedEvent, chain.prev, node.key);
    }

    test('a chain in any order is no fork; a message that names another predecessor is stored and seen', async () => {
      const chain = [1, 2, 3, 4].map((i) => node.tell({ key: `k${i}`, zone: `z${i}` }));
      await take(...[2, 0, 3, 1].map((i) => chain[i] as ViolationEvent));
      expect(await forks()).toEqual([]);
      const other = signed(node.tell({ key: 'k5', zone: 'z5' }), { chain: { prev: 'a'.repeat(64), sig: '' } });
      await take(other);
      expect(statuses()).toEqual(Array(5).fill('stored'));
      const expected = eventHash(chain[3] as ViolationEvent);
      expect(await forks()).toEqual([{ seq: 5, kind: 'prev', expected, got: 'a'.repeat(64) }]);
      const [view] = await listNodes(store);
      expect(view).toMatchObject({ forks: 1, latestForks: [{ seq: 5, kind: 'prev', expected }] });
      expect(await metrics.metrics()).toContain('kerbwatch_chain_forks_total{node="node-a"} 1');
    });

    test('a late message that its follower does not name is a fork too, and so is a first one after another', async () => {
      const chain = [1, 2, 3].map((i) => node.tell({ key: `k${i}`, zone: `z${i}` }));
      await take(chain[0] as ViolationEvent, chain[2] as ViolationEvent);
      const other = node.forge({ key: 'other', zone: 'q' }, 2);
      await take(other);
      expect(await forks()).toEqual([
        { seq: 2, kind: 'prev', expected: eventHash(chain[0] as ViolationEvent), got: GENESIS },
        { seq: 3, kind: 'prev', expected: eventHash(other), got: eventHash(chain[1] as ViolationEvent) },
      ]);
    });

    test('one number with two contents: the other branch is kept whole, the node is told where to go on', async () => {
      const chain = [1, 2, 3].map((i) => node.tell({ key: `k${i}`, zone: `z${i}` }));
      await take(...chain);
      const other = node.forge({ key: 'other', zone: 'q' }, 2);
      await take(other, other);
      const hash = eventHash(other);
      expect(acks.slice(3)).toMatchObject([
        { code: 'ING_CONFLICT', taken: 'seq', head: { seq: 3, hash: eventHash(chain[2] as ViolationEvent) }, hash },
        { code: 'ING_CONFLICT', taken: 'seq', knownRev: 0 },
      ]);
      const kept = await store.db.selectFrom('forks').select(['kind', 'body']).execute();
      expect(kept.map(({ kind, body }) => [kind, JSON.parse(body ?? '')])).toEqual([['seq', other]]);
      expect(await rows()).toMatchObject([{ code: 'ING_CONFLICT', times: 2, hash: expect.any(String) }]);
      const again = node.forge({ key: 'k1', zone: 'z1', at: START + 5 }, 9);
      await take(again);
      expect(acks.at(-1)).toMatchObject({ code: 'ING_CONFLICT', taken: 'rev', knownRev: 1 });
      // The same content under another number says nothing new and is no clash.
      await take(signed(chain[0] as ViolationEvent, { seq: 9 }));
      expect(acks.at(-1)).toMatchObject({ status: 'stored', seq: 9 });
    });

    test.each<[string, (event: ViolationEvent) => Partial<ViolationEvent>, boolean]>([
      ['now', () => ({}), true],
      ['a clock set to local time', () => ({ startedAt: iso(START + 8 * HOUR), at: iso(START + 8 * HOUR) }), true],
      ['year 0000', () => ({ startedAt: '0000-01-01T00:00:00.000Z' }), false],
      ['year 1970', () => ({ startedAt: iso(0), at: iso(1000) }), false],
      ['2019', () => ({ startedAt: '2019-12-31T23:59:59.999Z' }), false],
      ['2020', () => ({ startedAt: '2020-01-01T00:00:00.000Z' }), true],
      ['year 9999', () => ({ startedAt: '9999-12-31T23:59:59.999Z', at: '9999-12-31T23:59:59.999Z' }), false],
      ['31 June', () => ({ startedAt: '2026-06-31T00:00:00.000Z' }), false],
      ['26 h ahead', () => ({ at: iso(START + 26 * HOUR) }), false],
      ['at before the start', () => ({ at: iso(START - 1) }), false],
      ['over before it began', () => ({ phase: 'end', endedAt: iso(START - 1) }), false],
      ['an end in the year 9999', () => ({ phase: 'end', endedAt: '9999-01-01T00:00:00.000Z' }), false],
      [
        'evidence of the year 9999',
        () => ({
          evidence: [
            {
              ...{ role: 'start', sha256: GENESIS, mime: 'image/jpeg', bytes: 9, width: 9, height: 9 },
              at: '9999-01-01T00:00:00.000Z',
            },
          ],
        }),
        false,
      ],
    ])('time: %s', async (_, fields, good) => {
      const event = node.tell();
      await take(signed(event, fields(event)));
      expect(statuses()).toEqual([good ? 'stored' : 'ING_TIME']);
      if (!good) expect(acks[0]?.reason).toMatch(/^ING_TIME: \S+: .* → Set the clocks/);
    });

    test.each(['2026-13-01T00:00:00.000Z', '2026-06-30T24:00:00.000Z'])('no time at all: %s', async (startedAt) => {
      await take(signed(node.tell(), { startedAt }));
      expect(statuses()).toEqual(['ING_SCHEMA']);
      expect(acks[0]?.reason).toMatch(/^ING_SCHEMA: startedAt: /);
    });

    test('text that keeps on neither database is refused on both, in every member and every report', async () => {
      const event = node.tell();
      const text = JSON.stringify(event);
      for (const inexact of ['\\u0000', '\\ud800', '\\udc00\\ud800'] as const) {
        await take(
          text.replace('"stall"', `"${inexact}"`),
          text.replace('"always"', `"a${inexact}"`),
          text.replace('"v":1', `"v":1,"${inexact}":1`),
          text.replace(event.id, inexact),
        );
        for (const name of ['status', 'health', 'applied', 'replies'] as const) {
          const payload = Buffer.from(`{"${inexact}":"${inexact}","requestId":"${inexact}"}`);
          void ingest.take({ topic: topic('node-a', name), payload, settle: () => {} });
        }
        await ingest.idle();
      }
      expect(statuses()).toEqual(Array(12).fill('ING_TEXT'));
      const kept = await rows();
      expect(kept.filter(({ code }) => code !== 'ING_TEXT')).toEqual([]);
      expect(kept).toHaveLength(12 + 3);
      // A pair that is whole, written as escapes, is text like any other.
      await take(text.replace('"score":0.9,', '"score":0.90,'));
      expect(acks.at(-1)?.status).toBe('stored');
    });

    test('a flood of junk takes no other node’s room, and of its own the junk goes first', async () => {
      const other = createTestNode('node-b');
      await other.register(store);
      const forged = JSON.stringify(other.forge({}, 1, node.key));
      void ingest.take({ topic: topic('node-b', 'events'), payload: Buffer.from(forged), settle: () => {} });
      const readable = JSON.stringify(node.forge({ key: 'forged' }, 7, other.key));
      await take(readable);
      for (let sent = 0; sent < QUARANTINE_ROWS * 1.2; ) {
        const part = Array.from({ length: 400 }, () => `junk ${sent++}`);
        await take(...part);
      }
      const kept = await rows();
      expect(kept.filter(({ node: name }) => name === 'node-b')).toMatchObject([{ code: 'ING_SIGNATURE' }]);
      const own = kept.filter(({ pool }) => pool === 'node-a');
      expect(own.length).toBeLessThanOrEqual(QUARANTINE_ROWS);
      expect(own.filter(({ code }) => code === 'ING_SIGNATURE')).toHaveLength(1);
      expect(Buffer.from(own.at(-1)?.payload ?? '', 'base64').toString()).toMatch(/^junk 2\d{3}$/);
    }, 120_000);

    test('only cases that could still take an event of a spot are read for it', async () => {
      const at = { startedAt: START + HOUR / 2 };
      await take(
        ...Array.from({ length: 20 }, (_, i) => node.tell({ key: `z${i}`, zone: `z${i}`, ...at })),
        node.tell({ key: 'kind', zone: 'z1', kind: 'muck-truck', ...at }),
        node.tell({ key: 'camera', zone: 'z1', camera: 'elsewhere', ...at }),
        node.tell({ key: 'later', zone: 'z2', box: [0.8, 0.8, 0.1, 0.1], startedAt: START + 20 * HOUR }),
      );
      const spot = { camera: 'node-a-cam', kind: 'road-stall', closedSince: iso(START), startedBy: iso(START + HOUR) };
      const near = await casesNear(store.db, [
        { ...spot, zone: 'z1' },
        { ...spot, zone: 'z2' },
      ]);
      expect(near.map(({ zone, started_at }) => [zone, started_at]).sort()).toEqual([
        ['z1', iso(at.startedAt)],
        ['z2', iso(at.startedAt)],
      ]);
      // A confirmed one is read whenever it began, a closed one only while it may come back.
      const later = await store.db.updateTable('cases').set({ state: 'filed' }).where('zone', '=', 'z2').execute();
      expect(Number(later[0]?.numUpdatedRows)).toBe(2);
      expect(await casesNear(store.db, [{ ...spot, zone: 'z2' }])).toHaveLength(2);
      const over = { state: 'closed', closed_at: iso(START - HOUR) };
      await store.db.updateTable('cases').set(over).where('zone', '=', 'z2').execute();
      expect(await casesNear(store.db, [{ ...spot, zone: 'z2' }])).toEqual([]);
    });

    test('strangers are counted, not stored one by one', async () => {
      for (let i = 0; i < 4000; i += 1) ingest.quarantine('', 'ING_TOO_LARGE', `packet of ${1_000_000 + i} bytes`);
      await ingest.idle();
      expect(await rows()).toMatchObject([{ node: '', code: 'ING_TOO_LARGE', times: 4000, pool: '' }]);
      expect(await metrics.metrics()).toContain('kerbwatch_quarantined_total{code="ING_TOO_LARGE"} 4000');
    });

    test('what a stranger writes into a topic does not stop its refusal from being kept', async () => {
      ingest.quarantine('node-a', 'ING_WRONG_NODE', 'a\u0000b\ud800 topic');
      await ingest.idle();
      expect(await rows()).toMatchObject([{ code: 'ING_WRONG_NODE', reason: 'a?b\ufffd topic' }]);
    });
  });
}
