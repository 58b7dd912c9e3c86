/** The queue of notices on their way to sites. Notices from before are on their pages and wait for nothing. */
import type { Kysely, Migration } from 'kysely';

/** Adds the table `notice_deliveries`. */
export function noticeDeliveriesMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('notice_deliveries')
        .addColumn('notice_id', 'text', (column) => column.notNull())
        .addColumn('channel', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('next_at', 'text')
        .addColumn('settled_at', 'text')
        .addColumn('reason', 'text')
        .addPrimaryKeyConstraint('notice_deliveries_pk', ['notice_id', 'channel'])
        .execute();
      await db.schema
        .createIndex('notice_deliveries_due')
        .on('notice_deliveries')
        .columns(['state', 'next_at'])
        .execute();
    },
  };
}
