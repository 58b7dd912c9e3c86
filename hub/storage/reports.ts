/** Figures over many cases. */
import type { Db } from './store.ts';

export type CaseCount = {
  readonly kind: string;
  readonly state: string;
  readonly camera: string;
  readonly cases: number;
};

/** Cases opened in [from, to) by kind, state and camera; what is only proposed as a fixture is none yet. */
export async function countCasesOpened(db: Db, from: string, to: string): Promise<CaseCount[]> {
  const rows = await db
    .selectFrom('cases')
    .select(['kind', 'state', 'camera', (eb) => eb.fn.countAll<number>().as('cases')])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .where('state', '!=', 'proposed')
    .groupBy(['kind', 'state', 'camera'])
    .orderBy('kind')
    .orderBy('state')
    .orderBy('camera')
    .execute();
  return rows.map((row) => ({ ...row, cases: Number(row.cases) }));
}
