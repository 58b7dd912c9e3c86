/** Numbers given out once and never again. */
import type { Db } from './store.ts';

/** Takes `count` numbers of the series `name`. @returns the first of them, from 1 */
export async function takeNumbers(db: Db, name: string, count: number): Promise<number> {
  const row = await db
    .insertInto('counters')
    .values({ name, value: count })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value - count + 1;
}
