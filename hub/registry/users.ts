/** Users and their sessions. */
import { randomBytes } from 'node:crypto';
import type { UserBody } from '../../contracts/api/registry.ts';
import type { Role } from '../../contracts/api/session.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import type { Store } from '../storage/store.ts';
import { hashPassword, passwordMatches } from './password.ts';

export type User = { readonly name: string; readonly displayName: string; readonly role: Role };
export type OpenSession = { readonly user: User; readonly csrf: string };

const SESSION_MS = 12 * 3600 * 1000;

/** A new user needs a password; one that is there keeps hers when none is given. Her sessions end when it changes. */
export async function upsertUser(store: Store, body: UserBody): Promise<void> {
  const known = await store.db.selectFrom('users').select('name').where('name', '=', body.name).executeTakeFirst();
  const hash = body.password === undefined ? null : await hashPassword(body.password);
  const fields = { display_name: body.displayName, role: body.role, disabled: body.disabled ? 1 : 0 };
  if (!known) {
    if (hash === null)
      throw new AppError('API_VALIDATION', 'a new user needs a password', {
        faults: [{ path: 'password', message: 'missing' }],
      });
    await store.db
      .insertInto('users')
      .values({ name: body.name, password_hash: hash, ...fields })
      .execute();
    return;
  }
  await store.transaction(async (trx) => {
    await trx
      .updateTable('users')
      .set(hash === null ? fields : { ...fields, password_hash: hash })
      .where('name', '=', body.name)
      .execute();
    if (hash !== null || body.disabled) await trx.deleteFrom('sessions').where('user_name', '=', body.name).execute();
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

export async function hasAdmin(store: Store): Promise<boolean> {
  const row = await store.db
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

export async function closeSession(store: Store, cookie: string): Promise<void> {
  await store.db.deleteFrom('sessions').where('id', '=', sha256Hex(cookie)).execute();
}
