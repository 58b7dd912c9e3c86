/** Reserved. */
import type { Migration } from 'kysely';

export function nodeKeysMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
