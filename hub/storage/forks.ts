/** Queries on `forks`: where a node's chain does not go on from what the hub has of it. */
import type { Selectable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { ForksTable } from './tables/events.ts';

export type ForkRow = Selectable<ForksTable>;

const insert: BulkInsert<'forks'> = {
  table: 'forks',
  columns: ['node', 'seq', 'kind', 'expected', 'got', 'at', 'body'],
  onConflict: { key: ['node', 'seq', 'kind', 'got'], update: false },
};

const keyOf = ({ node, seq, kind, got }: Pick<ForkRow, 'node' | 'seq' | 'kind' | 'got'>) =>
  `${node} ${seq} ${kind} ${got}`;

/** @returns those that were not known yet */
export async function addForks(db: Db, dialect: Store['dialect'], rows: readonly ForkRow[]): Promise<ForkRow[]> {
  if (rows.length === 0) return [];
  const known = await db
    .selectFrom('forks')
    .select(['node', 'seq', 'kind', 'got'])
    .where(oneOf(db, 'node', [...new Set(rows.map((row) => row.node))]))
    .where(
      oneOf(
        db,
        'seq',
        rows.map((row) => row.seq),
      ),
    )
    .execute();
  const seen = new Set(known.map(keyOf));
  const fresh = rows.filter((row) => !seen.has(keyOf(row)) && seen.add(keyOf(row)));
  await insertRows(db, dialect, insert, fresh);
  return fresh;
}

/** How many of each node, and the newest of them without their bodies. */
export async function forksOfNodes(db: Db, newest: number) {
  const counts = await db
    .selectFrom('forks')
    .select(['node', (eb) => eb.fn.countAll<number>().as('forks')])
    .groupBy('node')
    .execute();
  const latest = new Map<string, Omit<ForkRow, 'body' | 'node'>[]>();
  for (const { node } of counts) {
    const rows = await db
      .selectFrom('forks')
      .select(['seq', 'kind', 'expected', 'got', 'at'])
      .where('node', '=', node)
      .orderBy('at', 'desc')
      .orderBy('seq', 'desc')
      .limit(newest)
      .execute();
    latest.set(node, rows);
  }
  return counts.map(({ node, forks }) => ({ node, forks: Number(forks), latest: latest.get(node) ?? [] }));
}
