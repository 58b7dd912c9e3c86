/** Reserved. */
import type { Migration } from 'kysely';

export function evidenceHoldersMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
