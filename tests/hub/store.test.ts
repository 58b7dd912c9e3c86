/** What every database of the hub must do, SQLite and PostgreSQL alike. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../hub/storage/store.ts';
import { openFresh, quiet, testDatabases } from './stores.ts';

const node = { name: null, public_key: 'k', password_hash: null, status: null, health: null, last_event_at: null };

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`store on ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    test('opens again with its rows, and refuses a schema newer than the program', async () => {
      const url = await database.url();
      const first = await openStore(url, { log: quiet });
      await first.db
        .insertInto('nodes')
        .values({ ...node, id: 'n1', last_seq: 1 })
        .execute();
      await first.close();
      const second = await openStore(url, { log: quiet });
      expect(await second.db.selectFrom('nodes').select('id').execute()).toEqual([{ id: 'n1' }]);
      await second.db
        .insertInto('kysely_migration' as never)
        .values({ name: '9999-later', timestamp: '2030-01-01T00:00:00.000Z' } as never)
        .execute();
      await second.close();
      await expect(openStore(url, { log: quiet })).rejects.toMatchObject({
        code: 'HUB_DATABASE',
        message: expect.stringContaining('newer'),
      });
    });

    test('large whole numbers come back as numbers', async () => {
      const store = await openFresh(database);
      const last_seq = Number.MAX_SAFE_INTEGER;
      await store.db
        .insertInto('nodes')
        .values({ ...node, id: 'n1', last_seq })
        .execute();
      const row = await store.db.selectFrom('nodes').select('last_seq').executeTakeFirstOrThrow();
      expect(row.last_seq).toBe(last_seq);
      await store.close();
    });

    test('a transaction that throws leaves nothing behind', async () => {
      const store = await openFresh(database);
      const failing = store.transaction(async (trx) => {
        await trx
          .insertInto('nodes')
          .values({ ...node, id: 'n1', last_seq: 0 })
          .execute();
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.db.selectFrom('nodes').selectAll().execute()).toEqual([]);
      await store.close();
    });

    test('exclusive work on a counter loses no step', async () => {
      const store = await openFresh(database);
      await store.db.insertInto('counters').values({ name: 'c', value: 0 }).execute();
      const step = () =>
        store.exclusive(async (trx) => {
          const row = await trx.selectFrom('counters').select('value').executeTakeFirstOrThrow();
          await trx
            .updateTable('counters')
            .set({ value: row.value + 1 })
            .execute();
        });
      await Promise.all(Array.from({ length: 20 }, step));
      expect(await store.db.selectFrom('counters').select('value').executeTakeFirst()).toEqual({ value: 20 });
      await store.close();
    });
  });
}

test('a database that does not answer is one clear error', async () => {
  const opening = openStore('postgres://kerbwatch@127.0.0.1:1/none', { log: quiet });
  await expect(opening).rejects.toMatchObject({ code: 'HUB_DATABASE' });
  await expect(openStore('mysql://x', { log: quiet })).rejects.toMatchObject({ code: 'HUB_DATABASE' });
});
