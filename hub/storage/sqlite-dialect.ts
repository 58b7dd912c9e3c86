/** SQLite for Kysely with what its own driver lacks: statements prepared once, and transactions that lock at once. */
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

/** Bulk inserts have one text for each number of rows; the cache forgets the oldest beyond this. */
const KEPT_STATEMENTS = 500;

function createConnection(db: Sqlite.Database): DatabaseConnection {
  const statements = new Map<string, Sqlite.Statement>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    if (statements.size >= KEPT_STATEMENTS) statements.delete(statements.keys().next().value as string);
    statements.set(sql, statement);
    return statement;
  };
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      // A cached SELECT keeps its columns; after a change of the schema it is prepared afresh by SQLite itself.
      const statement = prepare(sql);
      if (statement.reader) return { rows: statement.all(parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(parameters);
      return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] };
    },
    async *streamQuery<R>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      for (const row of db.prepare(sql).iterate(parameters)) yield { rows: [row as R] };
    },
  };
}

/** One connection, handed to one user at a time, in the order of asking. */
function createDriver(db: Sqlite.Database): Driver {
  const connection = createConnection(db);
  const waiting: (() => void)[] = [];
  let taken = false;
  const run = (sql: string) => connection.executeQuery(CompiledQuery.raw(sql)).then(() => undefined);
  return {
    async init() {},
    async acquireConnection() {
      if (taken) await new Promise<void>((resolve) => waiting.push(resolve));
      taken = true;
      return connection;
    },
    async releaseConnection() {
      const next = waiting.shift();
      if (next) next();
      else taken = false;
    },
    // IMMEDIATE: a transaction that reads first and writes later cannot fail in the middle on another process's lock.
    beginTransaction: () => run('begin immediate'),
    commitTransaction: () => run('commit'),
    rollbackTransaction: () => run('rollback'),
    async destroy() {
      db.close();
    },
  };
}

export function sqliteDialect(db: Sqlite.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(db),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
