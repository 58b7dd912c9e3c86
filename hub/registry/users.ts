/** Users and their sessions. */
import { randomBytes } from 'node:crypto';
import type { UserBody } from '../../contracts/api/registry.ts';
import type { Role } from '../../contracts/api/session.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import { oneOf } from '../storage/one-of.ts';
import type { Db, Store, Trx } from '../storage/store.ts';
import { hashPassword, passwordMatches } from './password.ts';

export type User = { readonly name: string; readonly displayName: string; readonly role: Role };
export type OpenSession = { readonly user: User; readonly csrf: string };

const SESSION_MS = 12 * 3600 * 1000;

type UserFields = { readonly display_name: string; readonly role: Role; readonly disabled: number };

async function insertUser(trx: Trx, name: string, fields: UserFields, hash: string | null): Promise<void> {
  if (hash === null)
    throw new AppError('API_VALIDATION', 'a new user needs a password', {
      faults: [{ path: 'password', message: 'missing' }],
    });
  await trx
    .insertInto('users')
    .values({ name, password_hash: hash, ...fields })
    .execute();
}

/**
 * A new user needs a password; one that is there keeps hers when none is given. Her sessions end when it changes.
 * Changes of users run one after the other, on every hub: two administrators cannot remove each other.
 * @throws API_LAST_ADMIN when no enabled administrator would be left
 */
export async function upsertUser(store: Store, body: UserBody): Promise<void> {
  const hash = body.password === undefined ? null : await hashPassword(body.password);
  const fields = { display_name: body.displayName, role: body.role, disabled: body.disabled ? 1 : 0 };
  await store.exclusive(async (trx) => {
    const known = await trx.selectFrom('users').selectAll().where('name', '=', body.name).executeTakeFirst();
    if (!known) return insertUser(trx, body.name, fields, hash);
    const wasAdmin = known.role === 'admin' && known.disabled === 0;
    await trx
      .updateTable('users')
      .set(hash === null ? fields : { ...fields, password_hash: hash })
      .where('name', '=', body.name)
      .execute();
    if (wasAdmin && !(await hasAdmin(trx))) throw new AppError('API_LAST_ADMIN', body.name);
    if (hash !== null || body.disabled) await trx.deleteFrom('sessions').where('user_name', '=', body.name).execute();
  });
}

/** A user's own new password; every session of hers but this one ends. */
export async function changePassword(store: Store, name: string, password: string, cookie: string): Promise<void> {
  const hash = await hashPassword(password);
  await store.transaction(async (trx) => {
    await trx.updateTable('users').set({ password_hash: hash }).where('name', '=', name).execute();
    await trx.deleteFrom('sessions').where('user_name', '=', name).where('id', '!=', sha256Hex(cookie)).execute();
  });
}

export async function listUsers(store: Store): Promise<UserBody[]> {
  const rows = await store.db.selectFrom('users').selectAll().orderBy('name').execute();
  return rows.map((row) => ({
    name: row.name,
    displayName: row.display_name,
    role: row.role as Role,
    disabled: row.disabled === 1,
  }));
}

export async function hasAdmin(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('name')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns the user when name and password fit; null otherwise, after the same time either way. */
export async function checkLogin(store: Store, name: string, password: string): Promise<User | null> {
  const row = await store.db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
  const fits = await passwordMatches(password, row?.password_hash ?? null);
  if (!row || !fits || row.disabled === 1) return null;
  return { name: row.name, displayName: row.display_name, role: row.role as Role };
}

/** @returns the cookie's value, which is stored nowhere, and the session. */
export async function openSession(
  store: Store,
  user: User,
  now: number,
): Promise<{ cookie: string; session: OpenSession }> {
  const cookie = randomBytes(32).toString('base64url');
  const csrf = randomBytes(24).toString('base64url');
  await store.db.deleteFrom('sessions').where('expires_at', '<', timestamp(now)).execute();
  await store.db
    .insertInto('sessions')
    .values({
      id: sha256Hex(cookie),
      user_name: user.name,
      csrf,
      created_at: timestamp(now),
      expires_at: timestamp(now + SESSION_MS),
    })
    .execute();
  return { cookie, session: { user, csrf } };
}

export async function findSession(store: Store, cookie: string, now: number): Promise<OpenSession | null> {
  const row = await store.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.user_name')
    .select(['users.name', 'users.display_name', 'users.role', 'sessions.csrf'])
    .where('sessions.id', '=', sha256Hex(cookie))
    .where('sessions.expires_at', '>', timestamp(now))
    .where('users.disabled', '=', 0)
    .executeTakeFirst();
  return row
    ? { user: { name: row.name, displayName: row.display_name, role: row.role as Role }, csrf: row.csrf }
    : null;
}

/** Of these sessions (SHA-256 of their cookies), those that still hold, each with its user's role. */
export async function heldSessions(store: Store, ids: readonly string[], now: number): Promise<Map<string, Role>> {
  const rows = await store.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.user_name')
    .select(['sessions.id', 'users.role'])
    .where(oneOf(store.db, 'sessions.id', ids))
    .where('sessions.expires_at', '>', timestamp(now))
    .where('users.disabled', '=', 0)
    .execute();
  return new Map(rows.map((row) => [row.id, row.role as Role]));
}

export async function closeSession(store: Store, cookie: string): Promise<void> {
  await store.db.deleteFrom('sessions').where('id', '=', sha256Hex(cookie)).execute();
}
