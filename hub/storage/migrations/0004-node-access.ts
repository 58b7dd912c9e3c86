/** A node can be cut off for a while (`disabled`), or for good (`removed_at`) while its history and keys stay. */
import type { Migration } from 'kysely';

/** Adds `disabled` and `removed_at` to `nodes`. */
export function nodeAccessMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db) {
      await db.schema
        .alterTable('nodes')
        .addColumn('disabled', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
      await db.schema.alterTable('nodes').addColumn('removed_at', 'text').execute();
    },
  };
}
