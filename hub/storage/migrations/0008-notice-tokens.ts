/** Room for the sealed token of a notice's link; the hub, which has the key, seals those that are there at its start. */
import type { Kysely, Migration } from 'kysely';

/** Adds `token_sealed` to `notices`. */
export function noticeTokensMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable('notices').addColumn('token_sealed', 'text').execute();
    },
  };
}
