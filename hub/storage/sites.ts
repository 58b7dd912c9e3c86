/** Queries on `sites` and `permits`: construction sites and their haulage permits. */
import type { PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import { type Confinement, ofSiteWithin, sitesWithin } from './reach.ts';
import type { Db } from './store.ts';

/** Adds the site or replaces what is known of it. */
export async function writeSite(db: Db, site: SiteBody): Promise<void> {
  const body = JSON.stringify(site);
  await db
    .insertInto('sites')
    .values({ id: site.id, body })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
    .execute();
}

/** Every site within reach, by id. */
export async function allSites(db: Db, reach: Confinement = null): Promise<SiteBody[]> {
  const all = db.selectFrom('sites').select('body');
  const rows = await (reach === null ? all : all.where(sitesWithin(db, reach))).orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as SiteBody);
}

/** One site, or null where none of that id is registered. */
export async function findSite(db: Db, id: string): Promise<SiteBody | null> {
  const row = await db.selectFrom('sites').select('body').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.body) as SiteBody) : null;
}

/** Adds the permit or replaces what is known of it. */
export async function writePermit(db: Db, permit: PermitBody): Promise<void> {
  const fields = { site: permit.site, body: JSON.stringify(permit) };
  await db
    .insertInto('permits')
    .values({ id: permit.id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
}

/** Every permit of every site within reach, by id. */
export async function allPermits(db: Db, reach: Confinement = null): Promise<PermitBody[]> {
  const all = db.selectFrom('permits').select('body');
  const within = reach === null ? all : all.where(ofSiteWithin(db, reach, 'permits.site'));
  const rows = await within.orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as PermitBody);
}

/** The permits of one site, by id; empty where none were entered. */
export async function permitsOfSite(db: Db, site: string): Promise<PermitBody[]> {
  const rows = await db.selectFrom('permits').select('body').where('site', '=', site).orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as PermitBody);
}

/** One permit, or null where none of that id is registered. */
export async function findPermit(db: Db, id: string): Promise<PermitBody | null> {
  const row = await db.selectFrom('permits').select('body').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.body) as PermitBody) : null;
}
