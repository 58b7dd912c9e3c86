/** Passwords, kept as argon2id (RFC 9106); hashes of earlier versions, scrypt (RFC 7914), go on working until the next log-in. */
import { timingSafeEqual } from 'node:crypto';
import { sleep } from '../../platform/sleep.ts';
import { ARGON2, argon2Hash, argon2Verify, scryptKey } from './password-thread.ts';

/** A wrong password is answered this late at the least, and twice as late as a check takes on this machine. */
const MIN_MS = 200;
const MAX_MS = 2000;
/** Stands where a password would, for users who have none here: nothing fits it. */
export const NO_PASSWORD = '-';
/** N = 2^15, the cost of every hash that was ever stored as scrypt. */
const SCRYPT_COST = 2 ** 15;

/** What a check takes lately, ms: a running mean. */
let usualMs = 100;

async function timed<T>(work: Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work;
  usualMs += (performance.now() - started - usualMs) / 8;
  return result;
}

async function scryptFits(password: string, hash: string): Promise<boolean> {
  const [, , salt = '', key = ''] = hash.split('$');
  const derived = await scryptKey(password, Buffer.from(salt, 'base64url'), SCRYPT_COST);
  const expected = Buffer.from(key, 'base64url');
  return expected.length === derived.length && timingSafeEqual(expected, derived);
}

/** @returns a PHC string, `$argon2id$…` */
export function hashPassword(password: string): Promise<string> {
  return timed(argon2Hash(password));
}

/** Whether a stored hash should be made anew from the password that was just right. */
export function isOutdated(hash: string): boolean {
  const { memoryCost, timeCost, parallelism } = ARGON2;
  return !hash.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}

/**
 * Says no after the same time whether the password is wrong or there is nothing to compare with (`hash` null), so that
 * names cannot be found out; only the first costs work, so that invented names cannot keep the machine busy.
 */
export async function passwordMatches(password: string, hash: string | null): Promise<boolean> {
  const answerAt = performance.now() + Math.min(MAX_MS, Math.max(MIN_MS, 2 * usualMs));
  if (hash !== null && hash !== NO_PASSWORD) {
    const check = hash.startsWith('scrypt$') ? scryptFits(password, hash) : argon2Verify(hash, password);
    if (await timed(check)) return true;
  }
  await sleep(Math.max(0, answerAt - performance.now()));
  return false;
}
