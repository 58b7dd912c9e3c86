/** Opens the hub's database, SQLite or PostgreSQL, and brings its schema up to date. */
import { resolve } from 'node:path';
import { Kysely, Migrator, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { AppError } from '../../platform/app-error.ts';
import { type Log, publicUrl } from '../../platform/log.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { hubMigrations } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

export type Trx = Transaction<Database>;
/** For queries that run inside and outside of a transaction alike. */
export type Db = Kysely<Database>;

export type Store = {
  readonly db: Db;
  readonly dialect: 'sqlite' | 'postgres';
  /** All or nothing. The body must not use `db`, only the transaction it is given: SQLite has one connection. */
  transaction<T>(body: (trx: Trx) => Promise<T>): Promise<T>;
  /** As `transaction`, and alone: whatever reads cases and then changes them runs one after the other, on every hub. */
  exclusive<T>(body: (trx: Trx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type StoreOptions = { readonly password?: string; readonly log: Log; readonly connections?: number };

const POSTGRES_BIGINT = 20;
/** Any fixed number: the advisory lock that orders changes of cases among hubs. */
const CASES_LOCK = 7_203_114;

function createPool(url: string, options: StoreOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    ...(options.password === undefined ? {} : { password: options.password }),
    max: options.connections ?? 10,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        // Our bigints (seq, sizes, ids) stay below 2^53.
        oid === POSTGRES_BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text')) as never,
    },
  });
  // A connection that breaks while idle must not end the process; the next query asks for a fresh one.
  pool.on('error', (error) => options.log.warn({ err: error }, 'database connection lost'));
  return pool;
}

function connect(url: string, options: StoreOptions): { db: Db; dialect: 'sqlite' | 'postgres' } {
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    const file = openSqlite(path === ':memory:' ? path : resolve(path), { synchronous: 'FULL' });
    return { db: new Kysely<Database>({ dialect: sqliteDialect(file) }), dialect: 'sqlite' };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    const pool = createPool(url, options);
    return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }), dialect: 'postgres' };
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
  let opened: ReturnType<typeof connect> | null = null;
  try {
    opened = connect(url, options);
    await migrate(opened.db, opened.dialect);
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
