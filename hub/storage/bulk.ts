/** Many rows in few statements: texts are made once for each table and number of rows, so that they stay prepared. */
import { CompiledQuery, type Insertable } from 'kysely';
import type { Database } from './schema.ts';
import type { Db, Store } from './store.ts';

type Table = keyof Database & string;
type Column<T extends Table> = keyof Database[T] & string;

export type BulkInsert<T extends Table> = {
  readonly table: T;
  readonly columns: readonly Column<T>[];
  /** What to do with a row whose key is there: leave it, or write these columns anew (`true` = all but the key). */
  readonly onConflict?: {
    readonly key: readonly Column<T>[];
    readonly update: boolean | readonly Column<T>[];
    /** Counters: the new value is added to the one that is there. */
    readonly add?: readonly Column<T>[];
    /** The row that is there stays unless this column of the new one is greater. */
    readonly whenGreater?: Column<T>;
  };
};

/** Few sizes, so that few texts; PostgreSQL takes 65,535 parameters, SQLite 32,766. */
const SIZES = [128, 32, 8, 1] as const;

const texts = new Map<string, string>();

function textOf<T extends Table>(dialect: Store['dialect'], insert: BulkInsert<T>, rows: number): string {
  const { table, columns, onConflict } = insert;
  const key = `${dialect} ${table} ${columns.join(',')} ${onConflict?.update ?? ''} ${rows}`;
  let text = texts.get(key);
  if (text !== undefined) return text;
  let parameter = 0;
  const row = () => `(${columns.map(() => (dialect === 'postgres' ? `$${++parameter}` : '?')).join(',')})`;
  const values = Array.from({ length: rows }, row).join(',');
  text = `insert into ${table} (${columns.join(',')}) values ${values}`;
  if (onConflict) {
    const { key: keyColumns, update, add = [], whenGreater } = onConflict;
    const anew = update === true ? columns.filter((column) => !keyColumns.includes(column)) : update || [];
    const changes = [
      ...anew.map((column) => `${column} = excluded.${column}`),
      ...add.map((column) => `${column} = ${table}.${column} + excluded.${column}`),
    ];
    const action = changes.length > 0 ? `do update set ${changes.join(', ')}` : 'do nothing';
    const when = whenGreater ? ` where excluded.${whenGreater} > ${table}.${whenGreater}` : '';
    text += ` on conflict (${onConflict.key.join(',')}) ${action}${when}`;
  }
  texts.set(key, text);
  return text;
}

/** One key may occur once in `rows` when rows are written anew: PostgreSQL refuses to update a row twice. */
export async function insertRows<T extends Table>(
  db: Db,
  dialect: Store['dialect'],
  insert: BulkInsert<T>,
  rows: readonly Insertable<Database[T]>[],
): Promise<void> {
  let done = 0;
  while (done < rows.length) {
    const size = SIZES.find((candidate) => candidate <= rows.length - done) ?? 1;
    const parameters: unknown[] = [];
    for (const row of rows.slice(done, done + size)) {
      for (const column of insert.columns) parameters.push((row as Record<string, unknown>)[column] ?? null);
    }
    await db.executeQuery(CompiledQuery.raw(textOf(dialect, insert, size), parameters));
    done += size;
  }
}
