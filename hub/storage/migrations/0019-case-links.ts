/** What events are known by on other cameras, and cases that are likely the same. */
import type { Kysely, Migration } from 'kysely';

async function createMarks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('event_marks')
    .addColumn('event_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('camera', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('plate', 'text')
    .addColumn('site', 'text')
    .addColumn('lon', 'double precision')
    .addColumn('lat', 'double precision')
    .addColumn('cell', 'text')
    .addColumn('traits', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('event_marks_plate').on('event_marks').columns(['plate', 'started_at']).execute();
  await db.schema.createIndex('event_marks_site').on('event_marks').columns(['site', 'started_at']).execute();
  await db.schema.createIndex('event_marks_cell').on('event_marks').columns(['cell', 'until']).execute();
}

/** Adds the tables `event_marks` and `case_links`. */
export function caseLinksMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createMarks(db);
      await db.schema
        .createTable('case_links')
        .addColumn('a', 'text', (column) => column.notNull())
        .addColumn('b', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('proposed_at', 'text', (column) => column.notNull())
        .addColumn('decided_by', 'text')
        .addColumn('decided_at', 'text')
        .addPrimaryKeyConstraint('case_links_pk', ['a', 'b'])
        .execute();
      await db.schema.createIndex('case_links_b').on('case_links').columns(['b']).execute();
    },
  };
}
