/** Each event's own claim about a file, what is known of the file on disk, and links of notices that were closed. */
import { type Kysely, type Migration, sql } from 'kysely';

const claims = { mime: 'text', bytes: 'bigint', width: 'integer', height: 'integer' } as const;

/** PostgreSQL rewrites nothing for a column that may be null; SQLite neither. */
async function addColumns(db: Kysely<unknown>, table: string, columns: Readonly<Record<string, string>>) {
  for (const [name, type] of Object.entries(columns))
    await sql.raw(`alter table ${table} add column ${name} ${type}`).execute(db);
}

/** Adds claims to `event_evidence`, faults to `evidence`, `revoked_at` to `notices`. */
export function evidenceHoldersMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await addColumns(db, 'event_evidence', claims);
      await addColumns(db, 'evidence', { checked_at: 'text', fault: 'text', asked_at: 'text' });
      await addColumns(db, 'notices', { revoked_at: 'text' });
      for (const name of Object.keys(claims)) {
        const known = `select evidence.${name} from evidence where evidence.sha256 = event_evidence.sha256`;
        await sql.raw(`update event_evidence set ${name} = (${known})`).execute(db);
      }
      // What is stored was checked when it came.
      await sql.raw('update evidence set checked_at = stored_at').execute(db);
      await sql.raw('create index evidence_checked on evidence (checked_at)').execute(db);
      await sql.raw('create index evidence_fault on evidence (fault) where fault is not null').execute(db);
    },
  };
}
