/** scrypt on a thread of its own: the pool that checks signatures and reads files never waits for a password. */
import { Worker } from 'node:worker_threads';

type Order = { readonly id: number; readonly password: string; readonly salt: Uint8Array };
type Answer = { readonly id: number; readonly key: Uint8Array };
type Waiting = { readonly resolve: (key: Buffer) => void; readonly reject: (error: Error) => void };

export const SCRYPT_COST = 2 ** 15;
const KEY_BYTES = 32;

// A script and no file, so that it runs alike from sources and from the build. On Linux a priority belongs to a thread:
// guesses at passwords get what events and pages leave over.
const script = `
const { parentPort } = require('node:worker_threads');
const { scryptSync } = require('node:crypto');
const os = require('node:os');
if (process.platform === 'linux') try { os.setPriority(4); } catch {}
const options = { N: ${SCRYPT_COST}, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
parentPort.on('message', ({ id, password, salt }) => {
  parentPort.postMessage({ id, key: scryptSync(password, salt, ${KEY_BYTES}, options) });
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
  const started = new Worker(script, { eval: true, execArgv: [] });
  const lost = (error: Error) => {
    if (worker === started) worker = null;
    for (const id of [...waiting.keys()]) settle(id)?.reject(error);
  };
  started.on('message', ({ id, key }: Answer) => settle(id)?.resolve(Buffer.from(key)));
  started.on('error', lost);
  started.on('exit', (code) => lost(new Error(`password thread ended (${code})`)));
  return started;
}

/** scrypt (RFC 7914) with N = 2^15, r = 8, p = 1; one at a time, in the order asked. */
export function deriveKey(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    worker ??= startThread();
    worker.ref();
    const order: Order = { id: nextId++, password: password.normalize('NFKC'), salt };
    waiting.set(order.id, { resolve, reject });
    worker.postMessage(order);
  });
}
