/** The databases that every contract of the hub must hold on: SQLite always, PostgreSQL where a server is installed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../hub/storage/store.ts';
import { createLog } from '../../platform/log.ts';
import { needs } from '../needs.ts';
import { type PostgresServer, startPostgres } from '../postgres.ts';

export const quiet = createLog({ level: 'silent' });

export type TestDatabase = {
  readonly dialect: 'sqlite' | 'postgres';
  readonly available: boolean;
  start(): Promise<void>;
  /** A fresh, empty database. */
  url(): Promise<string>;
  close(): Promise<void>;
};

function sqliteDatabase(): TestDatabase {
  let folder = '';
  let made = 0;
  return {
    dialect: 'sqlite',
    available: true,
    async start() {
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-sqlite-'));
    },
    url: async () => `sqlite:${join(folder, `hub-${made++}.db`)}`,
    async close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postgresDatabase(): TestDatabase {
  let server: PostgresServer | null = null;
  let made = 0;
  return {
    dialect: 'postgres',
    available: needs('postgres'),
    async start() {
      server = await startPostgres();
    },
    async url() {
      if (!server) throw new Error('not started');
      return server.createDatabase(`hub_${made++}`);
    },
    async close() {
      await server?.close();
    },
  };
}

export const testDatabases = (): readonly TestDatabase[] => [sqliteDatabase(), postgresDatabase()];

export async function openFresh(database: TestDatabase): Promise<Store> {
  return openStore(await database.url(), { log: quiet, connections: 4 });
}
