/** Notices of one site and one shift that go out as one: they share its link and its deliveries. Who cancelled an order, and why. */
import type { Kysely, Migration } from 'kysely';

/** Adds the table `merged_notices`, and columns of `notices` and `correction_orders`; several notices may have one link from now on. */
export function mergedNoticesMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('merged_notices')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('number', 'text')
        .addColumn('site', 'text', (column) => column.notNull())
        .addColumn('shift_until', 'text', (column) => column.notNull())
        .addColumn('send_at', 'text', (column) => column.notNull())
        .addColumn('handed_at', 'text')
        .execute();
      await db.schema
        .createIndex('merged_notices_site')
        .on('merged_notices')
        .columns(['site', 'shift_until'])
        .execute();
      await db.schema.alterTable('notices').addColumn('merged_id', 'text').execute();
      await db.schema.createIndex('notices_merged').on('notices').column('merged_id').execute();
      for (const name of ['cancelled_at', 'cancelled_by', 'cancelled_why'])
        await db.schema.alterTable('correction_orders').addColumn(name, 'text').execute();
      await db.schema.dropIndex('notices_token').execute();
      await db.schema.createIndex('notices_token').on('notices').column('token').execute();
    },
  };
}
