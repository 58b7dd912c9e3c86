/** Users and their sessions. */
import { randomBytes } from 'node:crypto';
import type { UserBody } from '../../contracts/api/registry.ts';
import type { UserScope } from '../../contracts/api/scope.ts';
import type { Role } from '../../contracts/api/session.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import { type Author, appendAudit, systemAuthor } from '../audit.ts';
import type { Store, Trx } from '../storage/store.ts';
import { findUnit } from '../storage/units.ts';
import {
  allUsers,
  deleteSession,
  deleteSessionsOf,
  hasAdmin,
  insertSession,
  insertUser,
  openSessions,
  renewHash,
  type UserRow,
  updateUser,
  userByName,
} from '../storage/users.ts';
import { changedFields } from './changed-fields.ts';
import { hashPassword, isOutdated, passwordMatches } from './password.ts';
import { checkScope } from './user-scope.ts';

export type User = {
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  /** Only with the role `unit`. */
  readonly unit?: string;
  /** What the user is confined to; unset: the whole city. */
  readonly scope?: UserScope;
};
/** What a session lets one do: it ends where this changes. */
export type HeldRights = Pick<User, 'role' | 'unit' | 'scope'>;
export type OpenSession = { readonly user: User; readonly csrf: string };

const SESSION_MS = 12 * 3600 * 1000;

const toUser = (row: Pick<UserRow, 'name' | 'display_name' | 'role' | 'unit' | 'scope'>): User => ({
  name: row.name,
  displayName: row.display_name,
  role: row.role as Role,
  ...(row.unit === null ? {} : { unit: row.unit }),
  ...(row.scope === null ? {} : { scope: JSON.parse(row.scope) as UserScope }),
});

/** A user of a unit that is not registered would see nothing and could be dispatched nothing. */
async function checkUnit(trx: Trx, { role, unit }: UserBody): Promise<void> {
  const message =
    role !== 'unit'
      ? unit === undefined
        ? null
        : 'only a user with the role unit belongs to one'
      : unit === undefined
        ? 'a user with the role unit belongs to one'
        : (await findUnit(trx, unit)) === null
          ? `no unit ${unit} is registered`
          : null;
  if (message !== null) throw new AppError('API_VALIDATION', message, { faults: [{ path: 'unit', message }] });
}

/**
 * A new user needs a password; one that is there keeps hers when none is given. Her sessions end when it changes.
 * Changes of users run one after the other, on every hub: two administrators cannot remove each other.
 * @throws API_LAST_ADMIN when no enabled administrator would be left, API_VALIDATION for a new user without a password, or a unit or scope that does not fit
 */
export async function upsertUser(store: Store, body: UserBody, by: Author = systemAuthor()): Promise<void> {
  const { name } = body;
  const hash = body.password === undefined ? null : await hashPassword(body.password);
  const unit = body.unit ?? null;
  const scope = body.scope ? JSON.stringify(body.scope) : null;
  const fields = { display_name: body.displayName, role: body.role, disabled: body.disabled ? 1 : 0, unit, scope };
  await store.exclusive(async (trx) => {
    await checkUnit(trx, body);
    await checkScope(trx, body);
    const known = await userByName(trx, name);
    if (known) await updateUser(trx, name, hash === null ? fields : { ...fields, password_hash: hash });
    else if (hash !== null)
      await insertUser(trx, { name, password_hash: hash, ...fields, issuer: null, subject: null });
    else {
      const faults = [{ path: 'password', message: 'missing' }];
      throw new AppError('API_VALIDATION', 'a new user needs a password', { faults });
    }
    const wasAdmin = known?.role === 'admin' && known.disabled === 0;
    if (wasAdmin && !(await hasAdmin(trx))) throw new AppError('API_LAST_ADMIN', name);
    if (known && (hash !== null || body.disabled)) await deleteSessionsOf(trx, name);
    const { password: _, ...after } = body;
    const changes = changedFields(known ? asBody(known) : null, {
      ...after,
      disabled: body.disabled ?? false,
      // A new password changes, whatever it was.
      ...(hash === null ? {} : { password: 'new' }),
    });
    if (known && changes.length === 0) return;
    await appendAudit(trx, by, [{ action: known ? 'change' : 'create', thing: 'user', id: name, data: { changes } }]);
  });
}

/** A user's own new password; every session of hers but this one ends. */
export async function changePassword(
  store: Store,
  name: string,
  password: string,
  cookie: string,
  by: Author = systemAuthor(),
): Promise<void> {
  const hash = await hashPassword(password);
  await store.transaction(async (trx) => {
    await updateUser(trx, name, { password_hash: hash });
    const changes = changedFields(null, { password: 'new' });
    await appendAudit(trx, by, [{ action: 'change', thing: 'user', id: name, data: { changes } }]);
    await deleteSessionsOf(trx, name, sha256Hex(cookie));
  });
}

const asBody = (row: UserRow): UserBody => ({ ...toUser(row), disabled: row.disabled === 1 });

/** Every user, without passwords. */
export async function listUsers(store: Store): Promise<UserBody[]> {
  return (await allUsers(store.db)).map(asBody);
}

/** @returns the user when name and password fit; null otherwise, after the same time either way. */
export async function checkLogin(store: Store, name: string, password: string): Promise<User | null> {
  const row = await userByName(store.db, name);
  const fits = await passwordMatches(password, row?.password_hash ?? null);
  if (!row || !fits || row.disabled !== 0) return null;
  // Only now is the password known that a better hash can be made of; one that was changed meanwhile stays.
  if (isOutdated(row.password_hash)) await renewHash(store.db, name, row.password_hash, await hashPassword(password));
  return toUser(row);
}

/** @returns the cookie's value, which is stored nowhere, and the session. */
export async function openSession(
  store: Store,
  user: User,
  now: number,
  address: string | null = null,
): Promise<{ cookie: string; session: OpenSession }> {
  const cookie = randomBytes(32).toString('base64url');
  const csrf = randomBytes(24).toString('base64url');
  await store.transaction(async (trx) => {
    await insertSession(trx, {
      id: sha256Hex(cookie),
      user_name: user.name,
      csrf,
      created_at: timestamp(now),
      expires_at: timestamp(now + SESSION_MS),
    });
    const by = { actor: user.name, address, now };
    await appendAudit(trx, by, [{ action: 'login', thing: 'user', id: user.name, data: { role: user.role } }]);
  });
  return { cookie, session: { user, csrf } };
}

/** The session of a cookie; null where it has ended, or its user was disabled. */
export async function findSession(store: Store, cookie: string, now: number): Promise<OpenSession | null> {
  const [row] = await openSessions(store.db, [sha256Hex(cookie)], timestamp(now));
  return row ? { user: toUser(row), csrf: row.csrf } : null;
}

/** Of these sessions (SHA-256 of their cookies), those that still hold, each with its user's rights. */
export async function heldSessions(
  store: Store,
  ids: readonly string[],
  now: number,
): Promise<Map<string, HeldRights>> {
  const rows = await openSessions(store.db, ids, timestamp(now));
  return new Map(rows.map((row) => [row.id, toUser(row)]));
}

/** Logs out: the cookie opens nothing any more. */
export async function closeSession(store: Store, cookie: string): Promise<void> {
  await deleteSession(store.db, sha256Hex(cookie));
}
