/** A hub's database as an earlier version left it. */
import { Kysely, Migrator, PostgresDialect } from 'kysely';
import pg from 'pg';
import { hubMigrations } from '../../hub/storage/migrations/index.ts';
import type { Database } from '../../hub/storage/schema.ts';
import { sqliteDialect } from '../../hub/storage/sqlite/dialect.ts';
import type { TestDatabase } from './stores.ts';

/** @param last the newest migration that this version knew, e.g. `0004-node-access` */
export async function openOldDatabase(
  url: string,
  dialect: TestDatabase['dialect'],
  last: string,
): Promise<Kysely<Database>> {
  const db = new Kysely<Database>({
    dialect:
      dialect === 'sqlite'
        ? sqliteDialect(url.slice('sqlite:'.length))
        : new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => hubMigrations(dialect) } });
  const { error } = await migrator.migrateTo(last);
  if (error !== undefined) throw error;
  return db;
}
