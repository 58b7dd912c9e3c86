/** A database put in place of what is there: whole, or not at all. */
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import { AppError } from '../../../platform/app-error.ts';
import { digestOfFile } from '../../../platform/file-digest.ts';
import { publicUrl } from '../../../platform/log.ts';
import { hubMigrations } from '../migrations/index.ts';
import type { Database } from '../schema.ts';
import type { StoreOptions } from '../store.ts';
import type { Advance, DatabasePart } from './part.ts';
import { onlyClient, openClient } from './postgres-client.ts';
import { dropTables, fillPostgres } from './postgres-copy.ts';
import { openReading } from './reading.ts';

export type Replacement = {
  readonly url: string;
  readonly options: StoreOptions;
  readonly folder: string;
  readonly parts: readonly DatabasePart[];
  readonly sha256Of: (path: string) => string | undefined;
  /** Migrations that the backup's schema had; the tables are made by them, and only then brought up to date. */
  readonly schema: readonly string[];
  /** In whose name a file that is replaced is set aside. */
  readonly aside: string;
  readonly advance: Advance;
};

const pathOf = (url: string) => resolve(url.slice('sqlite:'.length));

const isThere = (file: string) =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );

/** Whether a restore would put something away. */
export async function holdsSomething(url: string, options: StoreOptions): Promise<boolean> {
  if (url.startsWith('sqlite:')) return isThere(pathOf(url));
  const reading = await openReading(url, options);
  try {
    return (await reading.db.introspection.getTables({ withInternalKyselyTables: true })).length > 0;
  } finally {
    await reading.close();
  }
}

/** The caller holds the hub's lock. @returns where the file that was there lies now */
async function replaceSqlite({ url, folder, parts, sha256Of, aside, advance }: Replacement): Promise<string | null> {
  const path = pathOf(url);
  const [part] = parts;
  if (!part) throw new Error('the backup has no database');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = `${path}.restoring`;
  await copyFile(join(folder, part.path), fresh);
  if ((await digestOfFile(fresh)).sha256 !== sha256Of(part.path))
    throw new Error(`${fresh} is not what the backup holds`);
  const handle = await open(fresh, 'r+');
  await handle.chmod(0o600);
  await handle.sync().finally(() => handle.close());
  const kept = (await isThere(path)) ? `${path}.${aside}` : null;
  // The file and its log belong together: a log beside another file would be read into it.
  for (const end of ['', '-wal', '-shm'])
    if (kept && (await isThere(path + end))) await rename(path + end, kept + end);
    else await rm(path + end, { force: true });
  await rename(fresh, path);
  const parent = await open(dirname(path), 'r');
  await parent.sync().finally(() => parent.close());
  advance(1, 1);
  return kept;
}

async function replacePostgres({ url, options, folder, parts, schema, advance }: Replacement): Promise<null> {
  const client = await openClient(url, options);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: onlyClient(client) }) });
  try {
    const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(db);
    const others = Number(rows[0]?.n);
    if (others > 0) throw new AppError('HUB_DATABASE_IN_USE', `${publicUrl(url)}: ${others} other connections`);
    await client.query('begin');
    await dropTables(client);
    const migrations = hubMigrations('postgres');
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      disableTransactions: true,
    });
    const { error } = await migrator.migrateTo(schema.at(-1) ?? '');
    if (error !== undefined) throw error;
    await fillPostgres(client, folder, parts, advance);
    await client.query('commit');
    return null;
  } finally {
    await db.destroy();
  }
}

/**
 * @returns where a SQLite file that was there lies now; PostgreSQL keeps nothing of what it held
 * @throws HUB_DATABASE_IN_USE, HUB_DATABASE
 */
export async function replaceDatabase(replacement: Replacement): Promise<string | null> {
  const { url } = replacement;
  try {
    return await (url.startsWith('sqlite:') ? replaceSqlite(replacement) : replacePostgres(replacement));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('HUB_DATABASE', `${publicUrl(url)}: nothing was replaced: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Names of the migrations that this program knows. */
export const knownMigrations = (): string[] => Object.keys(hubMigrations('sqlite'));
