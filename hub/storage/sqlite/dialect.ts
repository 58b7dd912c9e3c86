/**
 * SQLite for Kysely, every connection on a thread of its own: one writes, one transaction after another; the others
 * read what was committed last (WAL) and never wait for the writer.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { makeSqliteFile, sqlitePragmas } from '../../../platform/sqlite.ts';
import { openConnection, type SqliteConnection } from './connection.ts';

/** A lock of another process held longer than this is an error for who asked. */
const BUSY_MS = 10_000;
/** Two, so that a long report holds up nobody's list. */
const READERS = 2;

/** The writing connection, handed to one user at a time, in the order of asking. */
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

async function execute<R>(connection: SqliteConnection, query: CompiledQuery): Promise<QueryResult<R>> {
  const { rows, changes, lastInsertRowid } = await connection.run(query.sql, query.parameters);
  if (rows) return { rows: rows as R[] };
  return { numAffectedRows: BigInt(changes ?? 0), insertId: BigInt(lastInsertRowid ?? 0), rows: [] };
}

/** What may go to a connection that only reads. */
function onlyReads({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

/** The reading connections, opened when they are first needed; the one with the least to do takes the next query. */
function createReaders(path: string) {
  const open: SqliteConnection[] = [];
  return {
    next(): SqliteConnection {
      const idle = open.find((reader) => reader.waiting() === 0);
      if (idle) return idle;
      if (open.length < READERS) {
        const fresh = openConnection({ path, readonly: true, pragmas: [`busy_timeout = ${BUSY_MS}`] });
        open.push(fresh);
        return fresh;
      }
      return open.reduce((least, reader) => (reader.waiting() < least.waiting() ? reader : least));
    },
    close: () => Promise.all(open.map((reader) => reader.close())),
  };
}

/** A connection of Kysely's: within a transaction the writer, else whichever the statement needs. */
type Routed = DatabaseConnection & { transaction: boolean };

function createDriver(path: string): Driver {
  makeSqliteFile(path);
  const writer = openConnection({
    path,
    readonly: false,
    pragmas: sqlitePragmas({ synchronous: 'FULL', busyMs: BUSY_MS }),
  });
  // A database in memory is its connection's alone.
  const readers = path === ':memory:' ? null : createReaders(path);
  const turns = createTurns();

  async function alone<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await turns.take();
    try {
      return await execute(writer, query);
    } finally {
      turns.pass();
    }
  }

  function connect(): Routed {
    const routed: Routed = {
      transaction: false,
      executeQuery<R>(query: CompiledQuery) {
        if (routed.transaction) return execute<R>(writer, query);
        return readers && onlyReads(query) ? execute<R>(readers.next(), query) : alone<R>(query);
      },
      streamQuery() {
        throw new Error('rows come in pages here, not as a stream');
      },
    };
    return routed;
  }

  const run = (sql: string) => writer.run(sql, []).then(() => undefined);

  return {
    async init() {},
    acquireConnection: async () => connect(),
    async releaseConnection(connection) {
      if ((connection as Routed).transaction) turns.pass();
    },
    // IMMEDIATE: a transaction that reads first and writes later cannot fail in the middle on another process's lock.
    async beginTransaction(connection) {
      await turns.take();
      (connection as Routed).transaction = true;
      await run('begin immediate');
    },
    commitTransaction: () => run('commit'),
    async rollbackTransaction() {
      // Some faults (a full disk) have ended it already.
      if (writer.inTransaction()) await run('rollback');
    },
    async destroy() {
      await readers?.close();
      await writer.close();
    },
  };
}

/** @param path of the file, or `:memory:`; opened, and closed with the Kysely that uses it */
export function sqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(path),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
