/** What nodes counted, hour by hour: statistics beside the cases. */
import type { Kysely, Migration } from 'kysely';

export function observationHoursMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
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
        .addPrimaryKeyConstraint('observation_hours_pk', ['hour', 'node', 'camera', 'zone', 'kind'])
        .execute();
    },
  };
}
