/** Reserved. */
import type { Migration } from 'kysely';

export function forksMigration(_dialect: 'sqlite' | 'postgres'): Migration {
  return {
    async up() {},
  };
}
