/** Reserved. */
import type { Migration } from 'kysely';

export function searchMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
