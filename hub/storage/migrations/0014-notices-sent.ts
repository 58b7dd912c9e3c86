/** Where a notice was sent, what the receiving side answered, who has given a delivery up; correction orders, ladder, letters. */
import type { CreateTableBuilder, Kysely, Migration } from 'kysely';

const texts = (table: CreateTableBuilder<string, string>, required: readonly string[], optional: readonly string[]) => {
  let made: CreateTableBuilder<string, string> = table;
  for (const name of required) made = made.addColumn(name, 'text', (column) => column.notNull());
  for (const name of optional) made = made.addColumn(name, 'text');
  return made;
};

/** Adds columns to `notice_deliveries`, and the tables `correction_orders`, `site_steps`, `responsibility_letters`. */
export function noticesSentMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      for (const name of ['sent_to', 'receipt', 'settled_by'])
        await db.schema.alterTable('notice_deliveries').addColumn(name, 'text').execute();
      const orders = db.schema
        .createTable('correction_orders')
        .addColumn('notice_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('version', 'integer', (column) => column.notNull());
      const people = ['created_by', 'created_at', 'edited_by', 'edited_at'];
      await texts(orders, ['state', 'fields', ...people], ['approved_by', 'approved_at', 'served']).execute();
      const withId = (name: string) =>
        db.schema.createTable(name).addColumn('id', 'text', (column) => column.primaryKey().notNull());
      await texts(withId('site_steps'), ['site', 'step', 'at', 'actor', 'note'], ['carrier']).execute();
      const signed = ['number', 'signed_on', 'signatory', 'recorded_by', 'recorded_at'];
      await texts(withId('responsibility_letters'), ['site', ...signed], ['sha256']).execute();
      for (const table of ['site_steps', 'responsibility_letters'])
        await db.schema.createIndex(`${table}_site`).on(table).column('site').execute();
    },
  };
}
