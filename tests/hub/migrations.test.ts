/**
 * A database of every earlier schema, with a row in each of its tables, is brought to the newest: all that was written is
 * there. A migration that is added later is found by itself; one that changes what stands in a column on purpose says so
 * in `changed`.
 */
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubMigrations } from '../../hub/storage/migrations/index.ts';
import type { Database } from '../../hub/storage/schema.ts';
import { openStore } from '../../hub/storage/store.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { openOldDatabase } from './old-database.ts';
import { quiet, testDatabases } from './stores.ts';

type Column = { readonly name: string; readonly type: string };
type Table = { readonly name: string; readonly columns: readonly Column[] };
type Row = Readonly<Record<string, unknown>>;

const AT = '2026-11-01T00:00:00.000Z';
/** What a migration may look into, or that names another row. */
const values: Readonly<Record<string, unknown>> = {
  ...{
    node: 'node-a',
    case_id: 'one',
    event_id: 'one',
    notice_id: 'one',
    number: 'KW-20261101-0001',
    kind: 'road-stall',
  },
  ...{ sha256: 'a'.repeat(64), public_key: deriveNodeKey('of a migration').publicKeyPem, state: 'acknowledged' },
  ...{
    detail: '{}',
    data: '{}',
    body: '{}',
    statistics: '{}',
    name: '{"zh":"一","en":"one"}',
    zones: '[]',
    places: '[]',
  },
};
/** Columns that a migration sets to something else on purpose, by table: 0007 tells of notices what is true. */
const changed: Readonly<Record<string, readonly string[]>> = {
  notices: ['sent_at', 'ready_at', 'state'],
  cases: ['claim_until', 'search'],
  counters: ['value'],
};

function sampleOf(table: string, { name, type }: Column): unknown {
  if (name === 'id' && table === 'nodes') return 'node-a';
  if (/int|serial/i.test(type)) return 1;
  if (/double|float|real|numeric/i.test(type)) return 0.5;
  if (/blob|bytea/i.test(type)) return Buffer.from('x');
  if (/bool/i.test(type)) return true;
  if (/json/i.test(type)) return '{}';
  if (name === 'id') return 'one';
  return values[name] ?? (/_at$|^at$|^until$|^hour$|^since$/.test(name) ? AT : `${name} of ${table}`);
}

/** Tables that hold what was written: neither views nor what SQLite keeps for a full-text table. */
async function tablesOf(db: Kysely<Database>, dialect: string): Promise<Table[]> {
  const own =
    dialect === 'sqlite'
      ? new Set(
          (await sql<{ name: string }>`select name from pragma_table_list where type = 'table'`.execute(db)).rows.map(
            ({ name }) => name,
          ),
        )
      : null;
  const tables = await db.introspection.getTables();
  return tables
    .filter(({ name, isView }) => !isView && (own?.has(name) ?? true))
    .map(({ name, columns }) => ({
      name,
      columns: columns
        .filter((column) => !column.hasDefaultValue && !column.isAutoIncrementing)
        .map((column) => ({ name: column.name, type: column.dataType })),
    }));
}

/** A large number may come as text. */
const asText = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));

const namesOf = (columns: readonly Column[]) => columns.map(({ name }) => name);

const rowsOf = async (db: Kysely<Database>, table: string, columns: readonly string[]): Promise<Row[]> =>
  (
    await sql<Row>`select ${sql.join(columns.map((name) => sql.ref(name)))} from ${sql.table(table)} order by 1`.execute(
      db,
    )
  ).rows.map(asText);

async function fill(db: Kysely<Database>, tables: readonly Table[]): Promise<void> {
  for (const { name, columns } of tables) {
    // What a migration put in is data as well.
    if ((await sql`select 1 from ${sql.table(name)}`.execute(db)).rows.length > 0) continue;
    const row = columns.map((column) => sql`${sampleOf(name, column)}`);
    await sql`insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column.name)))})
      values (${sql.join(row)})`.execute(db);
  }
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`earlier schemas on ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    test.each(Object.keys(hubMigrations(database.dialect)).slice(0, -1))('%s keeps its data', async (last) => {
      const url = await database.url();
      const old = await openOldDatabase(url, database.dialect, last);
      const tables = await tablesOf(old, database.dialect);
      await fill(old, tables);
      expect(tables.length).toBeGreaterThan(10);
      const written: Row[][] = [];
      for (const { name, columns } of tables) written.push(await rowsOf(old, name, namesOf(columns)));
      await old.destroy();
      const now = await openStore(url, { log: quiet, connections: 2 });
      try {
        for (const [i, table] of tables.entries()) {
          const kept = namesOf(table.columns).filter((name) => !changed[table.name]?.includes(name));
          const before = (written[i] ?? []).map((row) => Object.fromEntries(kept.map((name) => [name, row[name]])));
          expect(before.length, table.name).toBeGreaterThan(0);
          expect(await rowsOf(now.db, table.name, kept), table.name).toEqual(expect.arrayContaining(before));
        }
      } finally {
        await now.close();
      }
    });
  });
}
