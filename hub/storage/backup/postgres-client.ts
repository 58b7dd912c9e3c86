/** One connection to PostgreSQL that a whole backup or restore goes through, so that it is one transaction. */
import pg from 'pg';
import type { StoreOptions } from '../store.ts';

const POSTGRES_BIGINT = 20;

/** Connected. @param options a password there counts before one in the URL */
export async function openClient(url: string, { password }: StoreOptions): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    ...(password === undefined ? {} : { password }),
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === POSTGRES_BIGINT ? Number : pg.types.getTypeParser(oid, format as 'text')) as never,
    },
  });
  // A connection that breaks fails the query that waits for it; it must not end the process.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** The connection as Kysely wants it. */
export function onlyClient(client: pg.Client) {
  return {
    connect: async () => Object.assign(client, { release: () => {} }) as never,
    end: () => client.end(),
  };
}
