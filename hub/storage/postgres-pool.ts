/** Connections to PostgreSQL that may break at any moment, in use or idle, without more than their own query failing. */
import { Socket } from 'node:net';
import pg from 'pg';
import type { Log } from '../../platform/log.ts';

export type PoolOptions = { readonly password?: string; readonly log: Log; readonly connections?: number };

export type PostgresPool = {
  readonly pool: pg.Pool;
  /** From now on a query without any answer for so long fails. Not while migrating: a large table takes its time. */
  limitSilence(ms: number): void;
};

const POSTGRES_BIGINT = 20;

/** @param url `postgres://…`; a password in `options` counts before one in it */
export function createPostgresPool(url: string, options: PoolOptions): PostgresPool {
  let silenceMs = 0;
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
  const streamOf = (client: pg.PoolClient) => {
    const { stream } = (client as unknown as pg.Client).connection;
    return stream instanceof Socket ? stream : null;
  };
  pool.on('connect', (client) => {
    // The pool listens to idle connections only; one that breaks while it is in use must not end the process either.
    client.on('error', (error) => options.log.debug({ err: error }, 'database connection broke'));
    const stream = streamOf(client);
    stream?.on('timeout', () => stream.destroy(new Error('the database did not answer in time')));
  });
  // A cut network says nothing for a quarter of an hour or more: who waits gets an error after this time.
  pool.on('acquire', (client) => void streamOf(client)?.setTimeout(silenceMs));
  // A connection that breaks while idle: the pool drops it, the next query asks for a fresh one.
  pool.on('error', (error) => options.log.warn({ err: error }, 'database connection lost'));
  return {
    pool,
    limitSilence(ms) {
      silenceMs = ms;
    },
  };
}
