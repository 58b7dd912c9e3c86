/** Reserved. */
import type { Migration } from 'kysely';

export function nodeAccessMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
