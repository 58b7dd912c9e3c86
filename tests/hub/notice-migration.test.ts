/** What earlier versions wrote about notices is made true when the database is brought up to date. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealTokens } from '../../hub/notices/link.ts';
import { createLinkTokens, hashOfToken } from '../../hub/notices/link-token.ts';
import { noticesByToken } from '../../hub/storage/notices.ts';
import { openStore } from '../../hub/storage/store.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { openOldDatabase } from './old-database.ts';
import { quiet, type TestDatabase, testDatabases } from './stores.ts';

const AT = '2026-11-20T08:00:00.000Z';
const before = [
  ['n1', 'sent', []],
  ['n2', 'delivered', []],
  ['n3', 'delivered', [['statement', 'why']]],
  ['n4', 'acknowledged', [['acknowledge', null]]],
  ['n5', 'corrected', [['correction', null]]],
  ['n6', 'corrected', [['correction', 'covered']]],
] as const;

async function writeOldRows(url: string, dialect: TestDatabase['dialect']): Promise<void> {
  const db = await openOldDatabase(url, dialect, '0006-search');
  for (const [id, state, replies] of before) {
    const times = { created_at: AT, sent_at: AT, acknowledged_at: null, correct_by: AT, token_expires_at: AT };
    const row = { id, number: `KW-20261120-000${id.slice(1)}`, case_id: 'c', site: 's', state, token: id, body: '{}' };
    await db
      .insertInto('notices' as never)
      .values({ ...row, ...times } as never)
      .execute();
    for (const [kind, text] of replies) {
      const reply = { notice_id: id, at: AT, kind, name: 'x', text, photo: null };
      await db
        .insertInto('notice_replies' as never)
        .values(reply as never)
        .execute();
    }
  }
  await db.destroy();
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`notices of earlier versions on ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    test('nothing was sent, nothing arrived that nobody answered, nothing is corrected that showed nothing', async () => {
      const url = await database.url();
      await writeOldRows(url, database.dialect);
      const store = await openStore(url, { log: quiet });
      const rows = await store.db.selectFrom('notices').select(['id', 'state', 'sent_at']).orderBy('id').execute();
      expect(rows.map(({ id, state }) => [id, state])).toEqual([
        ['n1', 'ready'],
        ['n2', 'ready'],
        ['n3', 'delivered'],
        ['n4', 'acknowledged'],
        ['n5', 'acknowledged'],
        ['n6', 'corrected'],
      ]);
      expect(rows.every((row) => row.sent_at === null)).toBe(true);
      const counter = await store.db
        .selectFrom('counters')
        .select('value')
        .where('name', '=', 'notices 20261120')
        .executeTakeFirst();
      expect(Number(counter?.value)).toBe(6);
      await store.close();
    });

    test('a token that stood there in clear is kept as its hash, its link goes on, and a second start changes nothing', async () => {
      const url = await database.url();
      await writeOldRows(url, database.dialect);
      const store = await openStore(url, { log: quiet });
      const links = createLinkTokens(createNodeKey().privateKey);
      expect([await sealTokens(store, links), await sealTokens(store, links)]).toEqual([before.length, 0]);
      for (const { id, token, token_sealed } of await store.db.selectFrom('notices').selectAll().execute()) {
        expect(token).toBe(hashOfToken(id));
        expect(links.open(token_sealed)).toBe(id);
        expect((await noticesByToken(store.db, hashOfToken(id))).map((row) => row.id)).toEqual([id]);
      }
      await store.close();
    });
  });
}
