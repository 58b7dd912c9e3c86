/** Edited matters, lists of closure codes, levels of escalation. */
import type { Kysely, Migration } from 'kysely';

/** Adds the tables `matters` and `closure_lists`, and the columns `escalation` and `closure` of `cases`. */
export function limitsMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('matters')
        .addColumn('scheme', 'text', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('edited_at', 'text', (column) => column.notNull())
        .addColumn('edited_by', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('matters_pk', ['scheme', 'code'])
        .execute();
      await db.schema
        .createTable('closure_lists')
        .addColumn('version', 'integer', (column) => column.primaryKey().notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('since', 'text', (column) => column.notNull())
        .addColumn('by', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .alterTable('cases')
        .addColumn('escalation', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema.alterTable('cases').addColumn('closure', 'text').execute();
      await db.schema.createIndex('cases_due').on('cases').columns(['state', 'due_at']).execute();
    },
  };
}
