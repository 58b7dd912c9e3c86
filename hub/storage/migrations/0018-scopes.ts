/** What users are confined to, and what needs a second person; indexes for both and for the audit log's readers. */
import type { Kysely, Migration } from 'kysely';

/** Adds the column `users.scope`, the table `approvals`, and indexes of `cases`, `cameras` and `audit`. */
export function scopesMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('users').addColumn('scope', 'text').execute();
      await db.schema
        .createTable('approvals')
        .addColumn('id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('thing', 'text', (column) => column.notNull())
        .addColumn('thing_id', 'text', (column) => column.notNull())
        .addColumn('reason', 'text', (column) => column.notNull())
        .addColumn('requested_by', 'text', (column) => column.notNull())
        .addColumn('requested_at', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('decided_by', 'text')
        .addColumn('decided_at', 'text')
        .addColumn('used_at', 'text')
        .execute();
      const index = (name: string, on: string, columns: string[]) =>
        db.schema.createIndex(name).on(on).columns(columns).execute();
      await index('approvals_requested', 'approvals', ['requested_at']);
      await index('cases_camera_opened', 'cases', ['camera', 'opened_at', 'id']);
      await index('cases_site_opened', 'cases', ['site', 'opened_at', 'id']);
      await index('cameras_site', 'cameras', ['site']);
      await index('audit_at', 'audit', ['at']);
    },
  };
}
