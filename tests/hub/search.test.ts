/** Search and filters of cases: one list of questions, and both databases give the same answers. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import { type CaseCommands, createCaseCommands } from '../../hub/cases/commands.ts';
import { type CaseListQuery, type CaseReads, createCaseReads } from '../../hub/cases/reads.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { commitBatch } from '../../hub/ingest/commit.ts';
import { checkSignature } from '../../hub/ingest/message.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertSite } from '../../hub/registry/sites.ts';
import { searchMigration } from '../../hub/storage/migrations/0006-search.ts';
import { caseListsMigration } from '../../hub/storage/migrations/0021-case-lists.ts';
import type { Store } from '../../hub/storage/store.ts';
import { createTestNode, START } from './node.ts';
import { openFresh, testDatabases } from './stores.ts';

const HOUR = 3_600_000;
const settings = caseSettings();
const ann = { name: 'ann', role: 'operator' } as const;
const sue = { name: 'sue', role: 'supervisor' } as const;

/** Takes back what 0021 hangs on the columns of cases. */
async function dropLists({ db, dialect }: Store): Promise<void> {
  const sqlite = dialect === 'sqlite';
  const triggers = sqlite
    ? sql<{ name: string }>`select name from sqlite_master where type = 'trigger' and tbl_name = 'cases'`
    : sql<{
        name: string;
      }>`select tgname as name from pg_trigger where tgrelid = 'cases'::regclass and not tgisinternal`;
  for (const { name } of (await triggers.execute(db)).rows)
    await sql.raw(`drop trigger ${name}${sqlite ? '' : ' on cases'}`).execute(db);
  if (!sqlite) await sql`drop function count_case`.execute(db);
  for (const index of ['cases_kind_state', 'cases_waited', ...(sqlite ? [] : ['cases_trigrams'])])
    await sql.raw(`drop index ${index}`).execute(db);
  const tables = ['case_counts', ...(sqlite ? ['case_trigram_terms', 'case_trigrams', 'case_search'] : [])];
  for (const table of tables) await sql.raw(`drop table ${table}`).execute(db);
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`search on ${database.dialect}`, () => {
    let store: Store;
    let reads: CaseReads;
    let commands: CaseCommands;
    let now = START;
    beforeAll(async () => {
      await database.start();
      store = await openFresh(database);
      const clock = { now: () => now };
      reads = createCaseReads({ store, clock, settings });
      commands = createCaseCommands({ store, clock, changes: createChanges(), settings });
      const node = createTestNode('node-a');
      await node.register(store);
      const polygon: [number, number][] = [
        [0, 0],
        [1, 0],
        [0, 1],
      ];
      const zone = { id: 'z1', kind: 'road-stall' as const, name: { zh: '北侧人行道', en: 'North Pavement' }, polygon };
      const camera = (id: string, zh: string, en: string, site?: string) =>
        upsertCamera(store, {
          ...{ id, node: 'node-a', name: { zh, en }, kind: 'street' as const, location: null },
          ...(site ? { site } : {}),
          zones: id === 'fz-dongtu-03' ? [zone] : [],
        });
      await camera('fz-dongtu-03', '东涂街三号', 'Dongtu Street 3');
      await camera('dh-gate-01', '东海工地大门', 'Donghai gate', 'Site_7%');
      await camera('under_score', '百分号', '100% sure');
      const manager = { name: '王' };
      await upsertSite(store, {
        id: 'Site_7%',
        name: { zh: '东海湾', en: 'Donghai Bay' },
        address: '丰泽区１２号',
        manager,
      });
      const kinds = { 'dh-gate-01': 'muck-truck' } as Record<string, 'muck-truck'>;
      let told = START;
      for (const name of ['fz-dongtu-03', 'dh-gate-01', 'under_score', 'underxscore']) {
        told += 60_000;
        const event = node.tell({ camera: name, startedAt: told, kind: kinds[name] ?? 'road-stall' });
        const result = await checkSignature(event, node.key.publicKeyPem);
        await commitBatch(store, [{ node: 'node-a', payload: Buffer.alloc(0), result }], settings, told);
      }
      const give = async (camera: string, command: CaseCommand, actor: typeof ann | typeof sue) => {
        const [row] = (await reads.list({ camera })).cases;
        await commands.apply(row?.id ?? '', command, actor, row?.version ?? 0);
      };
      await give('dh-gate-01', { command: 'confirm', plate: '闽C·d1２345' }, ann);
      await give('dh-gate-01', { command: 'dispatch', unit: '丰泽中队' }, sue);
      await give('under_score', { command: 'claim' }, ann);
    }, 60_000);
    afterAll(async () => {
      await store.close();
      await database.close();
    });

    const find = async (query: CaseListQuery) => {
      const page = await reads.list({ ...query, order: 'oldest' });
      const counted = Object.values(page.counts).reduce((sum, count) => sum + count, 0);
      if (query.state === undefined) expect(counted).toBe(page.cases.length);
      return page.cases.map(({ camera }) => camera);
    };
    const gate = ['dh-gate-01'];
    const street = ['fz-dongtu-03'];

    test.each<[string, string, string[]]>([
      ['a camera’s id', 'dh-gate', gate],
      ['the same in capitals', 'DH-G', gate],
      ['in full width', 'ＤＨ－Ｇａｔｅ', gate],
      ['a camera’s name', '东涂街', street],
      ['a name in capitals', 'DONGTU STREET', street],
      ['with blanks around and many between', '  dongtu   street ', street],
      ['a zone’s name', '北侧', street],
      ['a site’s id', 'site_7', gate],
      ['a site’s name', 'donghai bay', gate],
      ['a site’s address, half width', '丰泽区12', gate],
      ['a typed plate as it was typed', '闽C·d1２345', gate],
      ['as it stands on the truck', '闽CD12345', gate],
      ['in small letters with blanks', '闽 c d12 345', gate],
      ['its end', '12345', gate],
      ['a percent sign means itself', '7%', gate],
      ['and nothing more', 'dh%01', []],
      ['an underscore means itself', 'under_score', ['under_score']],
      ['a percent sign in a name', '100%', ['under_score']],
      ['a backslash means itself', '\\', []],
      ['a quote', "'", []],
      ['nothing across two fields', 'dongtu-03 z1', []],
      ['with a dash, as people write it', '闽C-d12', gate],
      ['words that nobody has', 'nowhere', []],
    ])('%s: %s', async (_name, q, cameras) => {
      expect(await find({ q })).toEqual(cameras);
    });

    test('the whole number and a part of it', async () => {
      const [row] = (await reads.list({ camera: 'fz-dongtu-03' })).cases;
      expect(await find({ q: row?.number ?? '' })).toEqual(street);
      expect(await find({ q: '3505002026' })).toHaveLength(4);
    });

    test('by unit, site, claim, and what is overdue', async () => {
      expect(await find({ unit: '丰泽中队' })).toEqual(gate);
      expect(await find({ unit: '丰泽' })).toEqual([]);
      expect(await find({ site: 'Site_7%' })).toEqual(gate);
      expect(await find({ claimedBy: 'ann' })).toEqual(['under_score']);
      now = START + HOUR;
      // Reviews are due after ten minutes, the truck's handling after two working days.
      expect(await find({ overdue: true })).toEqual(['fz-dongtu-03', 'under_score', 'underxscore']);
      expect(await find({ overdue: false })).toEqual(gate);
      expect(await find({ overdue: true, q: 'dongtu' })).toEqual(street);
      now = START;
    });

    test('a plate that is corrected at a second confirmation is found, the first one not', async () => {
      const [row] = (await reads.list({ camera: 'dh-gate-01' })).cases;
      const { id = '' } = row ?? {};
      const step = async (command: CaseCommand) =>
        commands.apply(id, command, sue, (await reads.get(id, sue)).case.version);
      const whole = await store.db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      await store.db.updateTable('cases').set({ state: 'pending-review' }).where('id', '=', id).execute();
      await step({ command: 'confirm', plate: '闽C99999' });
      expect(await find({ q: '闽c99999' })).toEqual(gate);
      expect(await find({ q: '闽CD12345' })).toEqual([]);
      await store.db.updateTable('cases').set(whole).where('id', '=', id).execute();
    });

    test('cases from before the search are brought up to date', async () => {
      const before = await store.db.selectFrom('cases').selectAll().orderBy('id').execute();
      // A later migration's index holds the column.
      await store.db.schema.dropIndex('cases_unit').execute();
      await dropLists(store);
      for (const column of ['search', 'plate', 'unit'])
        await store.db.schema.alterTable('cases').dropColumn(column).execute();
      await searchMigration(store.dialect).up(store.db as never);
      await caseListsMigration(store.dialect).up(store.db as never);
      const after = await store.db.selectFrom('cases').selectAll().orderBy('id').execute();
      expect(after.map(({ search, unit }) => [search, unit])).not.toContain('');
      // The last confirmation in the trail is the second one.
      expect(after.find(({ camera }) => camera === 'dh-gate-01')).toMatchObject({
        plate: '闽C99999',
        unit: '丰泽中队',
      });
      const rest = (rows: typeof before) => rows.filter(({ camera }) => camera !== 'dh-gate-01');
      expect(rest(after)).toEqual(rest(before));
      expect(await find({ q: '闽c99999' })).toEqual(gate);
    });
  });
}
