/** The same cases in the database whatever the order, repetition and batching of one stream of events. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { commitBatch } from '../../hub/ingest/commit.ts';
import { checkSignature, readPayload } from '../../hub/ingest/message.ts';
import type { Store } from '../../hub/storage/store.ts';
import { createTestNode, START } from './node.ts';
import { openFresh, testDatabases } from './stores.ts';

const HOUR = 3_600_000;
const settings = caseSettings();
const node = createTestNode('node-a');
const box = (x: number): BoxXywh => [x, 0.4, 0.1, 0.2];

/** Revisions, ends, two spots bridged by a third, a second visit, another day, another zone, gate passes. */
const stream: readonly ViolationEvent[] = [
  node.tell({ key: 'a' }),
  node.tell({ key: 'a', rev: 2 }),
  node.tell({ key: 'b', box: box(0.46), startedAt: START + HOUR }),
  node.tell({ key: 'a', rev: 3, endedAt: START + 2 * HOUR }),
  node.tell({ key: 'bridge', box: box(0.43), startedAt: START + HOUR }),
  node.tell({ key: 'again', startedAt: START + 5 * HOUR }),
  node.tell({ key: 'later', startedAt: START + 60 * HOUR }),
  node.tell({ key: 'zone', zone: 'z2' }),
  node.tell({ key: 'zone', zone: 'z2', rev: 2, box: box(0.5), endedAt: START + HOUR }),
  node.tell({ key: 'pass-1', kind: 'muck-truck' }),
  node.tell({ key: 'pass-2', kind: 'muck-truck', startedAt: START + 60_000 }),
  node.tell({ key: 'pass-1', kind: 'muck-truck', rev: 2, endedAt: START + 30_000 }),
];

async function checked(event: ViolationEvent) {
  const payload = Buffer.from(JSON.stringify(event));
  const read = readPayload('node-a', payload);
  const result = 'ok' in read ? read : await checkSignature(read, node.key.publicKeyPem);
  return { node: 'node-a', payload, result };
}

async function ingest(store: Store, events: readonly ViolationEvent[], batch: number) {
  for (let i = 0; i < events.length; i += batch) {
    const part = await Promise.all(events.slice(i, i + batch).map(checked));
    await commitBatch(store, part, settings, START + 100 * HOUR);
  }
}

/** Live cases as their content tells them, without what depends on the time of arrival. */
async function content(store: Store) {
  const events = await store.db.selectFrom('events').select(['id', 'rev', 'case_id']).orderBy('id').execute();
  const cases = await store.db.selectFrom('cases').selectAll().where('state', '!=', 'merged').execute();
  return cases
    .map((row) => ({
      events: events.filter((event) => event.case_id === row.id).map((event) => `${event.id} ${event.rev}`),
      kind: row.kind,
      state: row.state,
      zone: row.zone,
      started: row.started_at,
      ended: row.ended_at,
      seen: row.last_seen_at,
      sightings: row.sightings,
      detail: row.detail,
    }))
    .sort((a, b) => ((a.events[0] ?? '') < (b.events[0] ?? '') ? -1 : 1));
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`stored cases on ${database.dialect}`, () => {
    let expected: Awaited<ReturnType<typeof content>>;
    beforeAll(async () => {
      await database.start();
      const store = await openFresh(database);
      await node.register(store);
      await ingest(store, stream, stream.length);
      expected = await content(store);
      await store.close();
    });
    afterAll(() => database.close());

    test('the stream makes five cases', () => {
      expect(expected.map((row) => row.sightings).sort()).toEqual([1, 1, 1, 1, 4]);
    });

    test('any order, repetition and batching makes the same', async () => {
      const order = fc.record({
        first: fc.shuffledSubarray([...stream]),
        all: fc.shuffledSubarray([...stream], { minLength: stream.length }),
        batch: fc.constantFrom(1, 2, 5, 30),
      });
      const property = fc.asyncProperty(order, async ({ first, all, batch }) => {
        const store = await openFresh(database);
        await node.register(store);
        await ingest(store, [...first, ...all], batch);
        const found = await content(store);
        const gaps = await store.db.selectFrom('seq_gaps').selectAll().execute();
        const messages = await store.db.selectFrom('messages').select('seq').execute();
        await store.close();
        expect(found).toEqual(expected);
        expect(gaps).toEqual([]);
        expect(messages).toHaveLength(stream.length);
      });
      await fc.assert(property, { numRuns: database.dialect === 'sqlite' ? 30 : 6 });
    });
  });
}
