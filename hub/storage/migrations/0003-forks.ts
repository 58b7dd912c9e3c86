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

/** Made anew, so that the payload, up to 341 KiB of it, stands last: counting and looking up must not read through it. */
async function remakeQuarantine(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'id integer primary key autoincrement' : 'id bigserial primary key';
  const run = (text: string) => sql.raw(text).execute(db);
  await run('alter table quarantine rename to quarantine_0001');
  await run(`create table quarantine (${id}, node text not null, code text not null, hash text not null,
    event_id text not null, pool text not null, grade integer not null, bytes integer not null, kept integer not null,
    times integer not null, received_at text not null, last_at text not null, settled_at text, reason text not null,
    payload text not null)`);
  // What is there has no hash of its whole payload: each row stays one of its own.
  await run(`insert into quarantine (node, code, hash, event_id, pool, grade, bytes, kept, times, received_at, last_at,
      reason, payload)
    select node, code, 'row ' || id, '', case when node in (select id from nodes) then node else '' end, 2, bytes,
      length(payload), 1, received_at, received_at, reason, payload from quarantine_0001 order by id`);
  await run('drop table quarantine_0001');
  const index = (name: string, columns: string[]) => db.schema.createIndex(name).on('quarantine').columns(columns);
  await index('quarantine_key', ['node', 'code', 'hash']).unique().execute();
  await index('quarantine_pool', ['pool', 'grade', 'settled_at', 'kept']).execute();
  await index('quarantine_hash', ['hash']).execute();
  await index('quarantine_event', ['event_id', 'code']).execute();
}

/** Adds `forks`, makes `quarantine` anew, and indexes cases by their spot. */
export function forksMigration(dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createForks(db);
      await remakeQuarantine(db, dialect);
      // Cases near an event are sought by their spot.
      await db.schema.createIndex('cases_spot').on('cases').columns(['camera', 'zone', 'kind', 'closed_at']).execute();
    },
  };
}
