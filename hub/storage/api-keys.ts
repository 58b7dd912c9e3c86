/** Queries on `api_keys`: they are revoked and never removed, because reports name them. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { ApiKeysTable } from './tables/doors.ts';

export type ApiKeyRow = Selectable<ApiKeysTable>;

/** Adds a key. */
export async function addApiKey(db: Db, row: ApiKeyRow): Promise<void> {
  await db.insertInto('api_keys').values(row).execute();
}

/** Every key, those that hold first, the latest first. */
export function allApiKeys(db: Db): Promise<ApiKeyRow[]> {
  const revoked = (eb: import('kysely').ExpressionBuilder<import('./schema.ts').Database, 'api_keys'>) =>
    eb.case().when('revoked_at', 'is', null).then(0).else(1).end();
  return db.selectFrom('api_keys').selectAll().orderBy(revoked).orderBy('created_at', 'desc').orderBy('id').execute();
}

/** One key, or undefined. */
export function apiKeyById(db: Db, id: string): Promise<ApiKeyRow | undefined> {
  return db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Ends a key. @returns false where it has ended before, or never was */
export async function revokeApiKey(db: Db, id: string, at: string, by: string): Promise<boolean> {
  const result = await db
    .updateTable('api_keys')
    .set({ revoked_at: at, revoked_by: by })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Writes when a key was used, where what is written is older than `before`. */
export async function touchApiKey(db: Db, id: string, at: string, before: string): Promise<void> {
  await db
    .updateTable('api_keys')
    .set({ last_used_at: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', before)]))
    .execute();
}
