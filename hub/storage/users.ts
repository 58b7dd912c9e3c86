/** Queries on `users` and `sessions`. */
import type { Selectable } from 'kysely';
import { oneOf } from './one-of.ts';
import type { Db } from './store.ts';
import type { SessionsTable, UsersTable } from './tables/registry.ts';

export type UserRow = Selectable<UsersTable>;

/** Adds a user. */
export async function insertUser(db: Db, row: UserRow): Promise<void> {
  await db.insertInto('users').values(row).execute();
}

/** Changes these fields of a user. */
export async function updateUser(db: Db, name: string, fields: Partial<Omit<UserRow, 'name'>>): Promise<void> {
  await db.updateTable('users').set(fields).where('name', '=', name).execute();
}

/** Another hash of the same password; one that was changed meanwhile stays. */
export async function renewHash(db: Db, name: string, before: string, after: string): Promise<void> {
  await db
    .updateTable('users')
    .set({ password_hash: after })
    .where('name', '=', name)
    .where('password_hash', '=', before)
    .execute();
}

/** Every user, disabled ones too, by name. */
export function allUsers(db: Db): Promise<UserRow[]> {
  return db.selectFrom('users').selectAll().orderBy('name').execute();
}

/** One user, disabled or not. */
export function userByName(db: Db, name: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
}

/** The user whom an issuer knows by this subject. */
export function userBySubject(db: Db, issuer: string, subject: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('users')
    .selectAll()
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
}

/** Whether there is an administrator who may log in. */
export async function hasAdmin(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('name')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .executeTakeFirst();
  return row !== undefined;
}

/** Opens a session; those that ended before this one began go. */
export async function insertSession(db: Db, row: SessionsTable): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', row.created_at).execute();
  await db.insertInto('sessions').values(row).execute();
}

/** Ends the sessions of a user, all or all but one. */
export async function deleteSessionsOf(db: Db, user: string, kept = ''): Promise<void> {
  await db.deleteFrom('sessions').where('user_name', '=', user).where('id', '!=', kept).execute();
}

/** Ends one session. */
export async function deleteSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom('sessions').where('id', '=', id).execute();
}

/** Of these sessions those that hold at `now` (RFC 3339), with their users; a disabled user has none. */
export function openSessions(db: Db, ids: readonly string[], now: string) {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.name', 'sessions.user_name')
    .select(['sessions.id', 'sessions.csrf', 'users.name', 'users.display_name', 'users.role', 'users.unit'])
    .select('users.scope')
    .where(oneOf(db, 'sessions.id', ids))
    .where('sessions.expires_at', '>', now)
    .where('users.disabled', '=', 0)
    .execute();
}
