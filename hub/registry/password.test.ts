import { randomBytes, scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { openStore } from '../storage/store.ts';
import { userByName } from '../storage/users.ts';
import { hashPassword, isOutdated, NO_PASSWORD, passwordMatches } from './password.ts';
import { checkLogin, upsertUser } from './users.ts';

const PASSWORD = '七个字的密码 and some words';

/** As versions before argon2id stored it. */
function scryptHash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password.normalize('NFKC'), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 128 * 1024 * 1024 });
  return `scrypt$${2 ** 15}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

test('new hashes are argon2id with a salt each, and fit their own password alone', async () => {
  const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwordMatches(PASSWORD, one)).toBe(true);
  // Full-width letters are the same letters (NFKC).
  expect(await passwordMatches(PASSWORD.replace('and', 'ａｎｄ'), one)).toBe(true);
  expect(await passwordMatches(`${PASSWORD}.`, one)).toBe(false);
  for (const none of [null, NO_PASSWORD]) expect(await passwordMatches(NO_PASSWORD, none)).toBe(false);
});

test('a scrypt hash goes on working and is renewed at the log-in, and at no wrong one', async () => {
  const store = await openStore('sqlite::memory:', { log: createLog({ level: 'silent' }) });
  await upsertUser(store, { name: 'lin', displayName: '林', role: 'operator', password: PASSWORD });
  const old = scryptHash(PASSWORD);
  expect(isOutdated(old)).toBe(true);
  await store.db.updateTable('users').set({ password_hash: old }).execute();
  const hash = async () => (await userByName(store.db, 'lin'))?.password_hash ?? '';
  expect(await checkLogin(store, 'lin', 'another password')).toBeNull();
  expect(await hash()).toBe(old);
  expect(await checkLogin(store, 'lin', PASSWORD)).toMatchObject({ name: 'lin' });
  expect(isOutdated(await hash())).toBe(false);
  expect(await checkLogin(store, 'lin', PASSWORD)).toMatchObject({ name: 'lin' });
  await store.close();
});
