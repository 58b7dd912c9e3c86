/** Handling units and their users, photographs after handling, extensions and appeals of cases. */
import type { Kysely, Migration } from 'kysely';

/** Adds the tables `units` and `case_photos`, and columns of `users` and `cases`. */
export function unitsMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('units')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('case_photos')
        .addColumn('case_id', 'text', (column) => column.notNull())
        .addColumn('sha256', 'text', (column) => column.notNull())
        .addColumn('mime', 'text', (column) => column.notNull())
        .addColumn('bytes', 'integer', (column) => column.notNull())
        .addColumn('at', 'text', (column) => column.notNull())
        .addColumn('actor', 'text', (column) => column.notNull())
        .addColumn('unit', 'text')
        .addColumn('round', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('case_photos_pk', ['case_id', 'sha256', 'round'])
        .execute();
      await db.schema.createIndex('case_photos_sha').on('case_photos').column('sha256').execute();
      await db.schema.alterTable('users').addColumn('unit', 'text').execute();
      await db.schema.alterTable('cases').addColumn('extension', 'text').execute();
      await db.schema.alterTable('cases').addColumn('appeal', 'text').execute();
      await db.schema.createIndex('cases_unit').on('cases').columns(['unit', 'state']).execute();
    },
  };
}
