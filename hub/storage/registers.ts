/** Queries on `carriers` and `stall_points`. */
import type { CarrierBody } from '../../contracts/api/carrier.ts';
import type { StallPointBody } from '../../contracts/api/stall-point.ts';
import { type Confinement, stallPointsWithin } from './reach.ts';
import type { Db } from './store.ts';

type Register = 'carriers' | 'stall_points';

async function write(db: Db, table: Register, entry: { readonly id: string }): Promise<void> {
  const body = JSON.stringify(entry);
  await db
    .insertInto(table)
    .values({ id: entry.id, body })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
    .execute();
}

async function all<T>(db: Db, table: Register): Promise<T[]> {
  const rows = await db.selectFrom(table).select('body').orderBy('id').execute();
  return rows.map(({ body }) => JSON.parse(body) as T);
}

async function find<T>(db: Db, table: Register, id: string): Promise<T | null> {
  const row = await db.selectFrom(table).select('body').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.body) as T) : null;
}

/** Adds the carrier or replaces what is known of it. */
export function writeCarrier(db: Db, carrier: CarrierBody): Promise<void> {
  return write(db, 'carriers', carrier);
}

/** Every carrier, by id. */
export function allCarriers(db: Db): Promise<CarrierBody[]> {
  return all<CarrierBody>(db, 'carriers');
}

/** One carrier, or null where none of that id is registered. */
export function findCarrier(db: Db, id: string): Promise<CarrierBody | null> {
  return find<CarrierBody>(db, 'carriers', id);
}

/** Adds the stall point or replaces what is known of it. */
export function writeStallPoint(db: Db, point: StallPointBody): Promise<void> {
  return write(db, 'stall_points', point);
}

/** Every permitted stall point within reach, by id. */
export async function allStallPoints(db: Db, reach: Confinement = null): Promise<StallPointBody[]> {
  if (reach === null) return all<StallPointBody>(db, 'stall_points');
  const within = stallPointsWithin(db, reach);
  const rows = await db.selectFrom('stall_points').select('body').where(within).orderBy('id').execute();
  return rows.map(({ body }) => JSON.parse(body) as StallPointBody);
}

/** One stall point, or null where none of that id is registered. */
export function findStallPoint(db: Db, id: string): Promise<StallPointBody | null> {
  return find<StallPointBody>(db, 'stall_points', id);
}
