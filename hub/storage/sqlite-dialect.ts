/** SQLite for Kysely: statements prepared once, transactions that lock at once, no standstill on another's lock. */
import type Sqlite from 'better-sqlite3';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { sleep } from '../../platform/sleep.ts';
import { isLocked } from '../../platform/sqlite.ts';

/** Bulk inserts have one text for each number of rows; the cache forgets the oldest beyond this. */
const KEPT_STATEMENTS = 500;
/** A lock held longer than this is an error for who asked. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 200;

/** The one connection, handed to one user at a time, in the order of asking. */
function createTurns() {
  const waiting: (() => void)[] = [];
  let taken = false;
  return {
    async take(): Promise<void> {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
      taken = true;
    },
    pass(): void {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
  };
}
type Turns = ReturnType<typeof createTurns>;

/** Another process holds the lock: others may read meanwhile, and the same is tried again until patience ends. */
async function patiently<T>(db: Sqlite.Database, turns: Turns, attempt: () => T): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    try {
      return attempt();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      // Within a transaction the connection is ours to the end; nobody else's statement may slip into it.
      const inTransaction = db.inTransaction;
      if (!inTransaction) turns.pass();
      await sleep(pauseMs);
      if (!inTransaction) await turns.take();
    }
  }
}

function createConnection(db: Sqlite.Database, turns: Turns): DatabaseConnection {
  const statements = new Map<string, Sqlite.Statement>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    if (statements.size >= KEPT_STATEMENTS) statements.delete(statements.keys().next().value as string);
    statements.set(sql, statement);
    return statement;
  };
  function run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    // A cached SELECT keeps its columns; after a change of the schema it is prepared afresh by SQLite itself.
    const statement = prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) as R[] };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
  }
  return {
    executeQuery: <R>(query: CompiledQuery): Promise<QueryResult<R>> => patiently(db, turns, () => run<R>(query)),
    async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      for (const row of db.prepare(sql).iterate(parameters)) yield { rows: [row as R] };
    },
  };
}

function createDriver(db: Sqlite.Database): Driver {
  const turns = createTurns();
  const connection = createConnection(db, turns);
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql)).then(() => undefined);
  return {
    async init() {},
    async acquireConnection() {
      await turns.take();
      return connection;
    },
    async releaseConnection() {
      turns.pass();
    },
    // IMMEDIATE: a transaction that reads first and writes later cannot fail in the middle on another process's lock.
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    async rollbackTransaction() {
      // Some faults (a full disk) have ended it already.
      if (db.inTransaction) await run('rollback');
    },
    async destroy() {
      db.close();
    },
  };
}

/** @param db opened, and closed with the Kysely that uses it */
export function sqliteDialect(db: Sqlite.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(db),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
