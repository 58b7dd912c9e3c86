/** Forks of a node's chain, and a quarantine in which each node has its own share and repetitions are counted. */
import { type Kysely, type Migration, sql } from 'kysely';

async function createForks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('forks')
    .addColumn('node', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('expected', 'text', (column) => column.notNull())
    .addColumn('got', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('body', 'text')
    .addPrimaryKeyConstraint('forks_pk', ['node', 'seq', 'kind', 'got'])
    .execute();
}

async function widenQuarantine(db: Kysely<unknown>): Promise<void> {
  const texts = ['hash', 'event_id', 'pool', 'last_at'] as const;
  for (const name of texts) {
    await db.schema
      .alterTable('quarantine')
      .addColumn(name, 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  }
  const numbers = [
    ['grade', 2],
    ['kept', 0],
    ['times', 1],
  ] as const;
  for (const [name, value] of numbers) {
    await db.schema
      .alterTable('quarantine')
      .addColumn(name, 'integer', (column) => column.notNull().defaultTo(value))
      .execute();
  }
  await db.schema.alterTable('quarantine').addColumn('settled_at', 'text').execute();
  // What is there has no hash of its whole payload: each row stays one of its own.
  await sql`update quarantine set hash = 'row ' || id, last_at = received_at, kept = length(payload)`.execute(db);
  await sql`update quarantine set pool = node where node in (select id from nodes)`.execute(db);
  const index = (name: string, columns: string[]) => db.schema.createIndex(name).on('quarantine').columns(columns);
  await index('quarantine_key', ['node', 'code', 'hash']).unique().execute();
  await index('quarantine_pool', ['pool', 'grade']).execute();
  await index('quarantine_hash', ['hash']).execute();
  await index('quarantine_event', ['event_id']).execute();
}

export function forksMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createForks(db);
      await widenQuarantine(db);
      // Cases near an event are sought by their spot.
      await db.schema.createIndex('cases_spot').on('cases').columns(['camera', 'zone', 'kind', 'closed_at']).execute();
    },
  };
}
