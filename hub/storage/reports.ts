/** Figures over many cases. */
import { type Confinement, casesWithin } from './reach.ts';
import type { Db } from './store.ts';

export type CaseCount = {
  readonly kind: string;
  readonly state: string;
  readonly camera: string;
  readonly cases: number;
};

/** Cases opened in [from, to) by kind, state and camera; what is only proposed as a fixture is none yet. */
export async function countCasesOpened(
  db: Db,
  from: string,
  to: string,
  reach: Confinement = null,
): Promise<CaseCount[]> {
  const all = db
    .selectFrom('cases')
    .select(['kind', 'state', 'camera', (eb) => eb.fn.countAll<number>().as('cases')])
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .where('state', '!=', 'proposed');
  const rows = await (reach === null ? all : all.where(casesWithin(db, reach)))
    .groupBy(['kind', 'state', 'camera'])
    .orderBy('kind')
    .orderBy('state')
    .orderBy('camera')
    .execute();
  return rows.map((row) => ({ ...row, cases: Number(row.cases) }));
}
