/** Signed monthly bulletins, and the indexes by which a month is read among years. */
import { type Kysely, type Migration, sql } from 'kysely';

/** Adds the table `monthly_reports`; indexes cost nothing while a case comes in: their columns are empty then. */
export function monthlyReportsMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable('monthly_reports')
        .addColumn('month', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('n', 'integer', (column) => column.notNull().unique())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('body_hash', 'text', (column) => column.notNull())
        .addColumn('digest', 'text', (column) => column.notNull())
        .addColumn('signed_by', 'text', (column) => column.notNull())
        .addColumn('signed_name', 'text', (column) => column.notNull())
        .addColumn('signed_at', 'text', (column) => column.notNull())
        .addColumn('note', 'text')
        .addColumn('prev_hash', 'text', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('monthly_reports_pk', ['month', 'version'])
        .execute();
      await db.schema.createIndex('case_history_at').on('case_history').columns(['at']).execute();
      const present = (column: string) => sql`${sql.ref(column)} is not null`;
      await db.schema
        .createIndex('cases_confirmed')
        .on('cases')
        .columns(['confirmed_at', 'closed_at'])
        .where(present('confirmed_at') as never)
        .execute();
      await db.schema
        .createIndex('cases_closed')
        .on('cases')
        .columns(['closed_at'])
        .where(present('closed_at') as never)
        .execute();
      await db.schema.createIndex('notices_created').on('notices').columns(['created_at']).execute();
    },
  };
}
