/** A quarantine of the first schema is taken over row by row, on both databases. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addQuarantine } from '../../hub/storage/quarantine.ts';
import { openStore } from '../../hub/storage/store.ts';
import { createTestNode } from './node.ts';
import { openOldDatabase } from './old-database.ts';
import { quiet, testDatabases } from './stores.ts';

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`upgrade on ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    test('rows stay, each node’s in its own share, and new ones go on after them', async () => {
      const url = await database.url();
      const old = await openOldDatabase(url, database.dialect, '0001-initial');
      const node = { id: 'node-a', public_key: 'k', last_seq: 0 };
      await old
        .insertInto('nodes')
        .values(node as never)
        .execute();
      const row = {
        code: 'ING_NOT_JSON',
        reason: 'r',
        payload: 'AAAA',
        bytes: 3,
        received_at: '2026-01-01T00:00:00.000Z',
      };
      for (const name of ['node-a', 'node-a', 'elsewhere']) {
        await old
          .insertInto('quarantine')
          .values({ ...row, node: name } as never)
          .execute();
      }
      await old.destroy();
      const store = await openStore(url, { log: quiet });
      const before = await store.db
        .selectFrom('quarantine')
        .select(['node', 'pool', 'times', 'kept', 'payload'])
        .execute();
      const same = { times: 1, kept: 4, payload: 'AAAA' };
      expect(before).toEqual([
        { ...same, node: 'node-a', pool: 'node-a' },
        { ...same, node: 'node-a', pool: 'node-a' },
        { ...same, node: 'elsewhere', pool: '' },
      ]);
      await createTestNode('node-a').register(store);
      const { received_at } = row;
      const more = {
        ...row,
        node: 'node-a',
        hash: 'h',
        event_id: '',
        grade: 2,
        kept: 4,
        times: 1,
        last_at: received_at,
      };
      await addQuarantine(store.db, store.dialect, [more, more]);
      const after = await store.db.selectFrom('quarantine').select(['id', 'times']).orderBy('id').execute();
      expect(after.map(({ times }) => times)).toEqual([1, 1, 1, 2]);
      await store.close();
    });
  });
}
