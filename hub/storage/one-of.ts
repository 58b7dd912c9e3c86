/** `column in (…)` as one text however many values there are: a statement of its own for each number is never reused. */
import { type Expression, type SqlBool, SqliteAdapter, sql } from 'kysely';
import type { Db } from './store.ts';

/** @param column with its table where that is not plain, e.g. `events.id` */
export function oneOf(
  db: Db,
  column: string | Expression<string>,
  values: readonly (string | number)[],
): Expression<SqlBool> {
  const reference = typeof column === 'string' ? sql.ref(column) : column;
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sql<SqlBool>`${reference} in (select value from json_each(${JSON.stringify(values)}))`
    : sql<SqlBool>`${reference} = any(${[...values]})`;
}
