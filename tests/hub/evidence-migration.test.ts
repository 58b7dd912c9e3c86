/** A hub's database from before: what was stored counts as stored and checked, and each event gets the claim it made. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesOfEvents } from '../../hub/storage/evidence.ts';
import { openStore } from '../../hub/storage/store.ts';
import { openOldDatabase } from './old-database.ts';
import { quiet, testDatabases } from './stores.ts';

const AT = '2026-11-01T00:00:00.000Z';

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`evidence of an older database, ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    test('rows are carried over, and the new columns say what was known', async () => {
      const url = await database.url();
      const old = await openOldDatabase(url, database.dialect, '0004-node-access');
      const file = { mime: 'image/jpeg', bytes: 9, width: 4, height: 3, node: 'a', received: 0 };
      await old
        .insertInto('evidence')
        .values([
          { ...file, sha256: 'a'.repeat(64), received: 9, stored_at: AT },
          { ...file, sha256: 'b'.repeat(64) },
          { ...file, sha256: 'c'.repeat(64), removed_at: AT },
        ])
        .execute();
      await old
        .insertInto('event_evidence')
        .values(['a', 'b', 'c'].map((hex) => ({ event_id: 'e', sha256: hex.repeat(64), role: 'during', at: AT })))
        .execute();
      await old.destroy();
      const store = await openStore(url, { log: quiet });
      const rows = await store.db.selectFrom('evidence').select(['checked_at', 'fault']).orderBy('sha256').execute();
      expect(rows).toEqual([AT, null, null].map((checked_at) => ({ checked_at, fault: null })));
      const files = await filesOfEvents(store.db, ['e']);
      expect(files.map(({ bytes, width, state }) => [bytes, width, state]).sort()).toEqual([
        [9, 4, 'removed'],
        [9, 4, 'stored'],
        [9, 4, 'waiting'],
      ]);
      await store.close();
    });
  });
}
