/** Signing and chaining of events: Ed25519 (RFC 8032) over the RFC 8785 form, each naming the hash of the one before. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ViolationEvent } from '../contracts/event.ts';
import { AppError } from './app-error.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';
import { writeOnce } from './write-once.ts';

export type NodeKey = { readonly privateKey: KeyObject; readonly publicKeyPem: string };
/** An event before it has its place in the chain. */
export type UnsignedEvent = ViolationEvent extends infer E
  ? E extends ViolationEvent
    ? Omit<E, 'chain'>
    : never
  : never;

function nodeKeyOf(privateKey: KeyObject): NodeKey {
  return { privateKey, publicKeyPem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() };
}

/** @throws Error for what is no private Ed25519 key (PKCS #8 PEM) */
export function readPrivateKey(pem: string): NodeKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is a ${privateKey.asymmetricKeyType} key`);
  return nodeKeyOf(privateKey);
}

/** A new Ed25519 key pair (RFC 8032). */
export function createNodeKey(): NodeKey {
  return nodeKeyOf(generateKeyPairSync('ed25519').privateKey);
}

/** A key made from a text, for replays whose bytes must be the same each time. Never for a node in service. */
export function deriveNodeKey(seed: string): NodeKey {
  // RFC 8410: the fixed PKCS #8 head of an Ed25519 private key, then its 32 bytes.
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const bytes = createHash('sha256').update(seed).digest();
  return nodeKeyOf(createPrivateKey({ key: Buffer.concat([head, bytes]), format: 'der', type: 'pkcs8' }));
}

/** Reads the node's private key (PKCS #8 PEM), or makes one readable by this user only. */
export async function loadOrCreateKey(file: string): Promise<NodeKey> {
  const pem = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new AppError('EDGE_KEY', file, { cause });
  });
  if (pem === null) {
    const key = createNodeKey();
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeOnce(file, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    } catch (cause) {
      throw new AppError('EDGE_KEY', `${file} cannot be made: ${(cause as NodeJS.ErrnoException).code}`, { cause });
    }
    return key;
  }
  try {
    return readPrivateKey(pem);
  } catch (cause) {
    throw new AppError('EDGE_KEY', file, { cause });
  }
}

function signedBytes(event: Record<string, unknown>, prev: string): Buffer {
  return Buffer.from(canonicalJson({ ...event, chain: { prev } }), 'utf8');
}

/** Gives the event its place after `prev` (hash of the node's previous event, or GENESIS) and signs it. */
export function signEvent(unsigned: UnsignedEvent, prev: string, key: NodeKey): ViolationEvent {
  const sig = sign(null, signedBytes(unsigned, prev), key.privateKey).toString('base64url');
  return { ...unsigned, chain: { prev, sig } } as ViolationEvent;
}

const publicKeys = new Map<string, KeyObject>();
const KNOWN_KEYS = 4096;

function publicKeyOf(pem: string): KeyObject {
  let key = publicKeys.get(pem);
  if (!key) {
    key = createPublicKey(pem);
    if (publicKeys.size >= KNOWN_KEYS) publicKeys.clear();
    publicKeys.set(pem, key);
  }
  return key;
}

/** The signature over the RFC 8785 form of the event without `sig`; false also for a key that cannot be read. @param publicKeyPem SPKI */
export function verifyEvent(event: ViolationEvent, publicKeyPem: string): boolean {
  const { chain, ...rest } = event;
  try {
    return verify(null, signedBytes(rest, chain.prev), publicKeyOf(publicKeyPem), Buffer.from(chain.sig, 'base64url'));
  } catch {
    return false;
  }
}

/** What the next event of this node names in `chain.prev`: SHA-256 over the whole event, signature included. */
export function eventHash(event: ViolationEvent): string {
  return sha256Hex(canonicalJson(event));
}
