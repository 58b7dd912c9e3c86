/** The audit log: written with the change that it tells of, without secrets, and a chain that shows what was done to it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SiteBody } from '../../contracts/api/registry.ts';
import { type Author, appendAudit, checkAudit, readAudit } from '../../hub/audit.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { upsertSite } from '../../hub/registry/sites.ts';
import { changePassword, upsertUser } from '../../hub/registry/users.ts';
import { addAudit } from '../../hub/storage/audit.ts';
import type { Store } from '../../hub/storage/store.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { openFresh, testDatabases } from './stores.ts';

const by: Author = { actor: 'chen', address: '10.1.2.3', now: Date.parse('2026-11-28T02:00:00.000Z') };
const site: SiteBody = {
  id: 'plot-17',
  name: { zh: '17号地块', en: 'Plot 17' },
  address: '滨海路 17 号',
  manager: { name: '陈工', phone: '0595-0000000', email: 'chen@site.example' },
};

describe.each(testDatabases())('audit log on $dialect', (database) => {
  describe.skipIf(!database.available)('with a server', () => {
    let store: Store;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      store = await openFresh(database);
      return () => store.close();
    });
    const all = async () => (await readAudit(store, { limit: 200 })).entries;

    test('a change is told with its fields, its author and her address; personal data and secrets are not', async () => {
      await upsertSite(store, site, by);
      await upsertSite(store, site, by);
      const { phone: _, ...manager } = site.manager;
      await upsertSite(store, { ...site, address: '滨海路 18 号', manager: { ...manager, name: '林工' } }, by);
      const password = 'seven words nobody guesses';
      await upsertUser(store, { name: 'lin', displayName: '林晓', role: 'admin', password }, by);
      await changePassword(store, 'lin', `${password} again`, 'cookie', { ...by, actor: 'lin' });
      await upsertNode(store, { id: 'edge-1', publicKey: createNodeKey().publicKeyPem, password }, undefined, by);
      const entries = await all();
      expect(entries.map(({ actor, action, thing, id }) => [actor, action, thing, id])).toEqual([
        ['chen', 'create', 'node', 'edge-1'],
        ['lin', 'change', 'user', 'lin'],
        ['chen', 'create', 'user', 'lin'],
        ['chen', 'change', 'site', 'plot-17'],
        ['chen', 'create', 'site', 'plot-17'],
      ]);
      expect(entries[3]).toMatchObject({ address: '10.1.2.3', at: '2026-11-28T02:00:00.000Z' });
      expect(entries[3]?.data.changes).toEqual([
        { field: 'address', from: '滨海路 17 号', to: '滨海路 18 号' },
        { field: 'manager.name', from: '陈工', to: '林工' },
        { field: 'manager.phone', hidden: true },
      ]);
      const text = JSON.stringify(entries);
      for (const secret of [password, '0595', 'chen@site', 'argon2', 'scrypt', 'PUBLIC KEY'])
        expect(text).not.toContain(secret);
    });

    test('no change without its entry, no entry without its change', async () => {
      await expect(
        store.transaction(async (trx) => {
          await appendAudit(trx, by, [{ action: 'delete', thing: 'site', id: 'plot-17' }]);
          throw new Error('taken back');
        }),
      ).rejects.toThrow('taken back');
      expect(await all()).toEqual([]);
      await store.db.schema.alterTable('audit').renameTo('audit_away').execute();
      await expect(upsertSite(store, site, by)).rejects.toThrow();
      expect(await store.db.selectFrom('sites').selectAll().execute()).toEqual([]);
    });

    test('many at once get one number each, and pages follow each other', async () => {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          store.transaction((trx) =>
            appendAudit(trx, { ...by, actor: `user-${i % 2}` }, [{ action: 'view', thing: 'evidence', id: `f${i}` }]),
          ),
        ),
      );
      expect(await checkAudit(store)).toMatchObject({ entries: 20, sound: true, brokenAt: null });
      const first = await readAudit(store, { actor: 'user-1', limit: 6 });
      const second = await readAudit(store, { actor: 'user-1', limit: 6, before: first.next ?? 0 });
      expect([first.entries.length, second.entries.length, second.next]).toEqual([6, 4, null]);
      const numbers = [...first.entries, ...second.entries].map(({ n }) => n);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
      const one = await readAudit(store, { thing: 'evidence', id: 'f7', from: '2026-11-28T00:00:00.000Z' });
      expect(one.entries.map(({ id }) => id)).toEqual(['f7']);
      expect((await readAudit(store, { to: '2026-11-28T00:00:00.000Z' })).entries).toEqual([]);
    });

    const write = (n: number, fields: { actor?: string; data?: string }) =>
      store.db.updateTable('audit').set(fields).where('n', '=', n).execute();

    test.each([
      ['a changed actor', 3, () => write(3, { actor: 'somebody' })],
      ['changed data', 2, () => write(2, { data: '{"a":1}' })],
      ['a missing row', 3, () => store.db.deleteFrom('audit').where('n', '=', 3).execute()],
      ['a cut end', 5, () => store.db.deleteFrom('audit').where('n', '=', 5).execute()],
      [
        'a row behind the end',
        6,
        async () => {
          const [last] = await store.db.selectFrom('audit').selectAll().where('n', '=', 5).execute();
          if (last) await store.transaction((trx) => addAudit(trx, [{ ...last, n: 6 }]));
        },
      ],
    ])('%s shows', async (_what, at, tamper) => {
      const step = (i: number) => ({ action: 'view', thing: 'evidence', id: `f${i}` }) as const;
      await store.transaction((trx) => appendAudit(trx, by, [1, 2, 3, 4, 5].map(step)));
      expect((await checkAudit(store)).sound).toBe(true);
      await tamper();
      expect(await checkAudit(store)).toMatchObject({ sound: false, brokenAt: at, entries: at - 1 });
    });
  });
});
