/** Passwords, kept as scrypt (RFC 7914) with a salt each: N = 2^15, r = 8, p = 1. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { sleep } from '../../platform/sleep.ts';
import { deriveKey, SCRYPT_COST } from './scrypt-thread.ts';

/** A wrong password is answered this late at the least, and twice as late as a check takes on this machine. */
const MIN_MS = 200;
const MAX_MS = 2000;

/** What a check takes lately, ms: a running mean. */
let usualMs = 100;

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  const started = performance.now();
  const key = await deriveKey(password, salt);
  usualMs += (performance.now() - started - usualMs) / 8;
  return key;
}

/** @returns `scrypt$N$salt$key`, both base64url */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${SCRYPT_COST}$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/**
 * Says no after the same time whether the password is wrong or there is nothing to compare with (`hash` null), so that
 * names cannot be found out; only the first costs work, so that invented names cannot keep the machine busy.
 */
export async function passwordMatches(password: string, hash: string | null): Promise<boolean> {
  const answerAt = performance.now() + Math.min(MAX_MS, Math.max(MIN_MS, 2 * usualMs));
  if (hash !== null) {
    const [, , salt = '', key = ''] = hash.split('$');
    const derived = await derive(password, Buffer.from(salt, 'base64url'));
    const expected = Buffer.from(key, 'base64url');
    if (expected.length === derived.length && timingSafeEqual(expected, derived)) return true;
  }
  await sleep(Math.max(0, answerAt - performance.now()));
  return false;
}
