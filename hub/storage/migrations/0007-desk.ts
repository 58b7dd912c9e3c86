/** Reserved. */
import type { Migration } from 'kysely';

export function deskMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
