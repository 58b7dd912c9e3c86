/** The hub's root of trust: one Ed25519 key that certifies node keys and signs what is exported; one on each database. */
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { type PublicKey, readPublicKey } from '../../platform/public-key.ts';
import { readSecret } from '../../platform/secret.ts';
import { createNodeKey, readPrivateKey } from '../../platform/signing.ts';
import { writeOnce } from '../../platform/write-once.ts';
import { claimTrustRoot, replaceTrustRoot, trustRoot } from '../storage/node-keys.ts';
import type { Store } from '../storage/store.ts';

export type RootKey = PublicKey & { readonly privateKey: KeyObject };

export const ROOT_KEY_FILE = 'root-key.pem';

/** Where the private key lies: a secret of the configuration, or a file that the hub makes at its first start. */
export type RootPlace = { readonly dataDir: string; readonly secret?: string | undefined; readonly configDir?: string };

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

function publicOf(pem: string): PublicKey {
  const key = readPublicKey(pem);
  if ('fault' in key) throw new Error(key.fault);
  return key;
}

function rootOf(pem: string, place: string): RootKey {
  try {
    const { privateKey, publicKeyPem } = readPrivateKey(pem);
    return { privateKey, ...publicOf(publicKeyPem) };
  } catch (cause) {
    throw new AppError('HUB_ROOT_KEY', `${place}: ${reasonOf(cause)}`, { cause });
  }
}

async function readRoot({ dataDir, secret, configDir }: RootPlace): Promise<RootKey | null> {
  if (secret !== undefined) return rootOf(await readSecret(secret, configDir), secret);
  const file = join(dataDir, ROOT_KEY_FILE);
  const pem = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new AppError('HUB_ROOT_KEY', `${file}: ${cause.message}`, { cause });
  });
  return pem === null ? null : rootOf(pem, file);
}

async function makeRoot(dataDir: string): Promise<RootKey> {
  const file = join(dataDir, ROOT_KEY_FILE);
  const { privateKey, publicKeyPem } = createNodeKey();
  try {
    await mkdir(dataDir, { recursive: true });
    await writeOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  } catch (cause) {
    throw new AppError('HUB_ROOT_KEY', `${file} cannot be made: ${reasonOf(cause)}`, { cause });
  }
  return { privateKey, ...publicOf(publicKeyPem) };
}

function otherRoot(known: string, root: RootKey | null): AppError {
  const here = root ? `this hub has ${root.fingerprint}` : 'this hub has no root key';
  return new AppError('HUB_ROOT_OTHER', `the database belongs to ${publicOf(known).fingerprint}, ${here}`);
}

/** @throws HUB_ROOT_KEY, HUB_ROOT_OTHER, CFG_SECRET */
export async function openRootKey(store: Store, place: RootPlace, now: number): Promise<RootKey> {
  const known = await trustRoot(store.db);
  const own = await readRoot(place);
  if (known !== null && own?.pem !== known) throw otherRoot(known, own);
  const root = own ?? (await makeRoot(place.dataDir));
  if (known === null) await claimTrustRoot(store.db, root.pem, timestamp(now));
  const agreed = await trustRoot(store.db);
  if (agreed !== root.pem) throw otherRoot(agreed ?? '', root);
  return root;
}

/** For a hub whose root key is lost: the key that is here now, or a new one, becomes the root of the database. */
export async function renewRootKey(store: Store, place: RootPlace, now: number): Promise<RootKey> {
  const root = (await readRoot(place)) ?? (await makeRoot(place.dataDir));
  await replaceTrustRoot(store.db, root.pem, timestamp(now));
  return root;
}
