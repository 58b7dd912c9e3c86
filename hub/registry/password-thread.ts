/** argon2id and scrypt on a thread of their own: the pool that checks signatures and reads files never waits for a password. */
import { Worker } from 'node:worker_threads';

type Work =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly hash: string }
  | { readonly kind: 'scrypt'; readonly password: string; readonly salt: Uint8Array; readonly cost: number };
type Answer = { readonly id: number; readonly result?: unknown; readonly fault?: string };
type Waiting = { readonly resolve: (result: never) => void; readonly reject: (error: Error) => void };

/** argon2id (RFC 9106) with 19 MiB, two passes, one lane: the OWASP password storage recommendation. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const KEY_BYTES = 32;
/** Algorithm.Argon2id of the library, whose enum is for TypeScript alone. */
const ARGON2ID = 2;

// A script and no file, so that it runs alike from sources and from the build. On Linux a priority belongs to a thread:
// guesses at passwords get what events and pages leave over.
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const { createRequire } = require('node:module');
const { scryptSync } = require('node:crypto');
const argon2 = createRequire(workerData.from)('@node-rs/argon2');
const os = require('node:os');
if (process.platform === 'linux') try { os.setPriority(4); } catch {}
const does = {
  hash: ({ password }) => argon2.hashSync(password, workerData.argon2),
  verify: ({ hash, password }) => argon2.verifySync(hash, password),
  scrypt: ({ password, salt, cost }) =>
    scryptSync(password, salt, ${KEY_BYTES}, { N: cost, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }),
};
parentPort.on('message', ({ id, work }) => {
  try {
    parentPort.postMessage({ id, result: does[work.kind](work) });
  } catch (error) {
    parentPort.postMessage({ id, fault: String(error.message ?? error) });
  }
});`;

let worker: Worker | null = null;
let nextId = 0;
const waiting = new Map<number, Waiting>();

function settle(id: number): Waiting | undefined {
  const job = waiting.get(id);
  waiting.delete(id);
  // An idle thread must not keep the process alive; one at work must.
  if (waiting.size === 0) worker?.unref();
  return job;
}

function startThread(): Worker {
  const workerData = { from: import.meta.url, argon2: { ...ARGON2, algorithm: ARGON2ID } };
  const started = new Worker(script, { eval: true, execArgv: [], workerData });
  const lost = (error: Error) => {
    if (worker === started) worker = null;
    for (const id of [...waiting.keys()]) settle(id)?.reject(error);
  };
  started.on('message', ({ id, result, fault }: Answer) => {
    const job = settle(id);
    if (fault === undefined) job?.resolve(result as never);
    else job?.reject(new Error(`password thread: ${fault}`));
  });
  started.on('error', lost);
  started.on('exit', (code) => lost(new Error(`password thread ended (${code})`)));
  return started;
}

/** One at a time, in the order asked; a password is compared in its NFKC form. */
function inThread<T>(work: Work): Promise<T> {
  return new Promise((resolve, reject) => {
    worker ??= startThread();
    worker.ref();
    const id = nextId++;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, work: { ...work, password: work.password.normalize('NFKC') } });
  });
}

/** @returns a PHC string, `$argon2id$v=19$m=…` with a salt of its own */
export function argon2Hash(password: string): Promise<string> {
  return inThread<string>({ kind: 'hash', password });
}

/** @param hash a PHC string of argon2 */
export function argon2Verify(hash: string, password: string): Promise<boolean> {
  return inThread<boolean>({ kind: 'verify', hash, password });
}

/** scrypt (RFC 7914) with r = 8, p = 1, for hashes of earlier versions. @param cost N */
export async function scryptKey(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  return Buffer.from(await inThread<Uint8Array>({ kind: 'scrypt', password, salt, cost }));
}
