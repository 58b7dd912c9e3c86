/** Where cases come from, citizens' reports, API keys, and webhooks with their deliveries. */
import type { Kysely, Migration } from 'kysely';

async function createReports(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('citizen_reports')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('case_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('ticket', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('received_at', 'text', (column) => column.notNull())
    .addColumn('lon', 'double precision')
    .addColumn('lat', 'double precision')
    .addColumn('address', 'text')
    .addColumn('text', 'text')
    .execute();
  await db.schema.createIndex('citizen_reports_case').on('citizen_reports').column('case_id').execute();
  const tickets = db.schema.createIndex('citizen_reports_ticket').on('citizen_reports').columns(['key_id', 'ticket']);
  await tickets.unique().execute();
  await db.schema
    .createTable('report_contacts')
    .addColumn('report_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('until', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('report_contacts_until').on('report_contacts').column('until').execute();
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('per_minute', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'text')
    .addColumn('revoked_by', 'text')
    .addColumn('last_used_at', 'text')
    .execute();
}

async function createWebhooks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('events', 'text', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('secret_sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('webhook_id', 'text', (column) => column.notNull())
    .addColumn('case_id', 'text', (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_at', 'text')
    .addColumn('settled_at', 'text')
    .addColumn('reason', 'text')
    .execute();
  const due = db.schema.createIndex('webhook_deliveries_due').on('webhook_deliveries');
  await due.columns(['webhook_id', 'state', 'next_at']).execute();
}

/** Adds `source` and `district` to `cases`, and the tables of reports, keys and webhooks. */
export function doorsMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable('cases')
        // Every case of before was found by a camera.
        .addColumn('source', 'text', (column) => column.notNull().defaultTo('video_ai'))
        .execute();
      await db.schema.alterTable('cases').addColumn('district', 'text').execute();
      await db.schema.createIndex('cases_source').on('cases').columns(['source', 'opened_at']).execute();
      await db.schema.createIndex('cases_seen').on('cases').columns(['kind', 'last_seen_at']).execute();
      await createReports(db);
      await createKeys(db);
      await createWebhooks(db);
    },
  };
}
