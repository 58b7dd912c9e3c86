/** Construction sites and haulage permits. */
import type { PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import type { Db, Store } from '../storage/store.ts';

export async function upsertSite(store: Store, site: SiteBody): Promise<void> {
  const body = JSON.stringify(site);
  await store.db
    .insertInto('sites')
    .values({ id: site.id, body })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
    .execute();
}

export async function listSites(store: Store): Promise<SiteBody[]> {
  const rows = await store.db.selectFrom('sites').select('body').orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as SiteBody);
}

/** Inside or outside of a transaction. */
export async function findSite(db: Db, id: string): Promise<SiteBody | null> {
  const row = await db.selectFrom('sites').select('body').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.body) as SiteBody) : null;
}

export async function upsertPermit(store: Store, permit: PermitBody): Promise<void> {
  const fields = { site: permit.site, body: JSON.stringify(permit) };
  await store.db
    .insertInto('permits')
    .values({ id: permit.id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
}

export async function listPermits(store: Store): Promise<PermitBody[]> {
  const rows = await store.db.selectFrom('permits').select('body').orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as PermitBody);
}

/** Inside or outside of a transaction. */
export async function permitsOfSite(db: Db, site: string): Promise<PermitBody[]> {
  const rows = await db.selectFrom('permits').select('body').where('site', '=', site).orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as PermitBody);
}
