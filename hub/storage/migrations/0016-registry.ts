/** The audit log, carriers, permitted stall points, owners of cameras, and users who log in elsewhere. */
import type { Kysely, Migration } from 'kysely';

/** Hash before the first entry of a chain: contracts/event.ts. */
const GENESIS = '0'.repeat(64);

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('n', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('thing', 'text', (column) => column.notNull())
    .addColumn('thing_id', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('prev_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_actor').on('audit').columns(['actor', 'n']).execute();
  await db.schema.createIndex('audit_thing').on('audit').columns(['thing', 'thing_id', 'n']).execute();
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  const heads = db as Kysely<{ audit_head: { id: number; n: number; hash: string } }>;
  await heads.insertInto('audit_head').values({ id: 1, n: 0, hash: GENESIS }).execute();
}

async function createRegisters(db: Kysely<unknown>): Promise<void> {
  for (const name of ['carriers', 'stall_points']) {
    await db.schema
      .createTable(name)
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
  }
  await db.schema.alterTable('cameras').addColumn('owner', 'text').execute();
  await db.schema.alterTable('cameras').addColumn('source', 'text').execute();
  await db.schema.alterTable('cameras').addColumn('agreement', 'text').execute();
}

/** Local users have neither; the subject is unique at its issuer. */
async function addOrigins(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('users').addColumn('issuer', 'text').execute();
  await db.schema.alterTable('users').addColumn('subject', 'text').execute();
  await db.schema.createIndex('users_subject').on('users').columns(['issuer', 'subject']).unique().execute();
}

/** Adds the tables `audit`, `audit_head`, `carriers`, `stall_points`, and columns of `cameras` and `users`. */
export function registryMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createAudit(db);
      await createRegisters(db);
      await addOrigins(db);
    },
  };
}
