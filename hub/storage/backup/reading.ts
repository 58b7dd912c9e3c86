/** The hub's database read beside a running hub: one moment of it as long as wanted, nothing written, nothing migrated. */
import { resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { AppError } from '../../../platform/app-error.ts';
import { publicUrl } from '../../../platform/log.ts';
import type { Database } from '../schema.ts';
import type { Db, StoreOptions } from '../store.ts';
import type { Advance, DatabasePart } from './part.ts';
import { onlyClient, openClient } from './postgres-client.ts';
import { dumpPostgres } from './postgres-copy.ts';
import { copySqlite } from './sqlite-copy.ts';

export type Reading = {
  readonly db: Db;
  readonly dialect: 'sqlite' | 'postgres';
  /** From now on what the database was at this moment, until `release`. Writers go on meanwhile. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Copies everything into this folder as it was at `hold`. */
  copyTo(folder: string, advance: Advance): Promise<DatabasePart[]>;
  close(): Promise<void>;
};

function readSqlite(path: string): Reading {
  const file = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: file }) });
  return {
    db,
    dialect: 'sqlite',
    async hold() {
      file.exec('begin');
      // The moment is that of the first read.
      file.prepare('select count(*) from sqlite_master').get();
    },
    async release() {
      if (file.inTransaction) file.exec('rollback');
    },
    copyTo: (folder, advance) => copySqlite(file, folder, advance),
    close: () => db.destroy(),
  };
}

async function readPostgres(url: string, options: StoreOptions): Promise<Reading> {
  const client = await openClient(url, options);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: onlyClient(client) }) });
  await client.query('set default_transaction_read_only = on');
  return {
    db,
    dialect: 'postgres',
    hold: async () => void (await client.query('begin isolation level repeatable read read only')),
    release: async () => void (await client.query('rollback')),
    copyTo: (folder, advance) => dumpPostgres(client, folder, advance),
    close: () => db.destroy(),
  };
}

/** @throws HUB_DATABASE when there is none, or it does not answer */
export async function openReading(url: string, options: StoreOptions): Promise<Reading> {
  try {
    return url.startsWith('sqlite:')
      ? readSqlite(resolve(url.slice('sqlite:'.length)))
      : await readPostgres(url, options);
  } catch (cause) {
    throw new AppError('HUB_DATABASE', `${publicUrl(url)}: ${(cause as Error).message}`, { cause });
  }
}

/** Names of the migrations that have run here, in their order; none in an empty database. */
export async function appliedMigrations(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}
