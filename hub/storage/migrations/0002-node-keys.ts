/** Every key that a node ever had, and the root that certifies them. */
import { type Kysely, type Migration, sql } from 'kysely';
import { readPublicKey } from '../../../platform/public-key.ts';

async function createTables(db: Kysely<unknown>) {
  await db.schema
    .createTable('node_keys')
    .addColumn('node', 'text', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('registered_at', 'text')
    .addColumn('rotated_at', 'text')
    .addColumn('revoked_at', 'text')
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('node_keys_pk', ['node', 'n'])
    .execute();
  await db.schema
    .createTable('trust_root')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .execute();
}

/** What was registered as a key and is none never fitted a signature: it is left behind. */
async function copyKeys(db: Kysely<unknown>) {
  const { rows } = await sql<{ id: string; public_key: string }>`select id, public_key from nodes`.execute(db);
  for (const { id, public_key } of rows) {
    const key = readPublicKey(public_key);
    if ('fault' in key) continue;
    await sql`insert into node_keys (node, n, fingerprint, public_key) values (${id}, 1, ${key.fingerprint}, ${key.pem})`.execute(
      db,
    );
    await sql`update nodes set public_key = ${key.pem} where id = ${id}`.execute(db);
  }
}

/** Adds `node_keys` with the key that each node has now, and `trust_root`. */
export function nodeKeysMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createTables(db);
      await copyKeys(db);
    },
  };
}
