/** Opens the hub's database, SQLite or PostgreSQL, and brings its schema up to date. */
import { resolve } from 'node:path';
import { Kysely, Migrator, PostgresDialect, sql, type Transaction } from 'kysely';
import { AppError } from '../../platform/app-error.ts';
import { publicUrl } from '../../platform/log.ts';
import { hubMigrations } from './migrations/index.ts';
import { createPostgresPool, type PoolOptions } from './postgres-pool.ts';
import type { Database } from './schema.ts';
import { sqliteDialect } from './sqlite/dialect.ts';

export type Trx = Transaction<Database>;
/** For queries that run inside and outside of a transaction alike. */
export type Db = Kysely<Database>;

export type Store = {
  readonly db: Db;
  readonly dialect: 'sqlite' | 'postgres';
  /** All or nothing. The body must not use `db`, only the transaction it is given: the rest does not see its changes yet. */
  transaction<T>(body: (trx: Trx) => Promise<T>): Promise<T>;
  /** As `transaction`, and alone: whatever reads cases and then changes them runs one after the other, on every hub. */
  exclusive<T>(body: (trx: Trx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type StoreOptions = PoolOptions;

/** No query of ours is without a byte of an answer for so long; a connection that is has lost its server. */
const SILENCE_MS = 60_000;

/** Any fixed number: the advisory lock that orders changes of cases among hubs. */
const CASES_LOCK = 7_203_114;

type Opened = { readonly db: Db; readonly dialect: 'sqlite' | 'postgres'; readonly migrated: () => void };

function connect(url: string, options: StoreOptions): Opened {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    const dialect = sqliteDialect(path === ':memory:' ? path : resolve(path));
    return { db: new Kysely<Database>({ dialect }), dialect: 'sqlite', migrated: () => {} };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const { pool, limitSilence } = createPostgresPool(url, options);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    return { db, dialect: 'postgres', migrated: () => limitSilence(SILENCE_MS) };
  }
  throw new Error('expected sqlite:PATH or postgres://…');
}

async function migrate(db: Db, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const migrations = hubMigrations(dialect);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  const message = error instanceof Error ? error.message : String(error);
  // Kysely's words when the database knows a migration that this program does not.
  return message.startsWith('corrupted migrations') ? `its schema is newer than this program (${message})` : message;
}

/**
 * @param url `sqlite:PATH` (relative to the working directory, or `sqlite::memory:`) or `postgres://…`
 * @throws HUB_DATABASE when it does not answer, refuses, or has a newer schema
 */
export async function openStore(url: string, options: StoreOptions): Promise<Store> {
  let opened: Opened | null = null;
  try {
    opened = connect(url, options);
    await migrate(opened.db, opened.dialect);
    opened.migrated();
  } catch (cause) {
    await opened?.db.destroy();
    throw new AppError('HUB_DATABASE', `${publicUrl(url)}: ${reasonOf(cause)}`, { cause });
  }
  const { db, dialect } = opened;
  const transaction = <T>(body: (trx: Trx) => Promise<T>) => db.transaction().execute(body);
  return {
    db,
    dialect,
    transaction,
    exclusive: (body) =>
      transaction(async (trx) => {
        if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${CASES_LOCK})`.execute(trx);
        return body(trx);
      }),
    close: () => db.destroy(),
  };
}
