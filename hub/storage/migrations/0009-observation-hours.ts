/** What nodes counted, hour by hour: statistics beside the cases. */
import { type Kysely, type Migration, sql } from 'kysely';

/** Adds the table `observation_hours`. */
export function observationHoursMigration(dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      const table = db.schema
        .createTable('observation_hours')
        .addColumn('hour', 'text', (column) => column.notNull())
        .addColumn('node', 'text', (column) => column.notNull())
        .addColumn('camera', 'text', (column) => column.notNull())
        .addColumn('zone', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('rev', 'bigint', (column) => column.notNull())
        .addColumn('watched_seconds', 'integer', (column) => column.notNull())
        .addColumn('statistics', 'text', (column) => column.notNull())
        // The hour first: a month lies together, and what is too old goes from one end.
        .addPrimaryKeyConstraint('observation_hours_pk', ['hour', 'node', 'camera', 'zone', 'kind']);
      // In SQLite the key alone is most of a row: it is not written twice.
      await (dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table).execute();
    },
  };
}
