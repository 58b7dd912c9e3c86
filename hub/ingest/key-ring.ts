/** Which of its keys a node has signed a message with, and whether that key still counts. */
import type { ViolationEvent } from '../../contracts/event.ts';
import { keyLifeFault } from '../../platform/key-life.ts';
import { keysOfRegistered, type NodeKeyRow } from '../storage/node-keys.ts';
import type { Db } from '../storage/store.ts';
import { checkSignature, type RefusedMessage, refuse, type ValidMessage } from './message.ts';

/** Keys of one node, the latest first. */
export type KeyRing = readonly NodeKeyRow[];

/** A wrong signature is tried against no more keys than this. */
const TRIED = 4;

/** Nodes without a key, or not registered any more, are left out. */
export async function readKeyRings(db: Db, nodes: readonly string[]): Promise<Map<string, KeyRing>> {
  const rings = new Map<string, NodeKeyRow[]>();
  for (const row of await keysOfRegistered(db, nodes)) {
    const ring = rings.get(row.node) ?? [];
    rings.set(row.node, ring);
    if (ring.length < TRIED && !ring.some((key) => key.fingerprint === row.fingerprint)) ring.push(row);
  }
  return rings;
}

function refuseByLife(event: ViolationEvent, key: NodeKeyRow, receivedAt: string): RefusedMessage | null {
  if (key.revoked_at !== null) {
    const reason = `the key of ${event.node} was revoked at ${key.revoked_at} (${key.reason ?? ''})`;
    return refuse('ING_KEY_REVOKED', reason, event);
  }
  const life = { rotatedAt: key.rotated_at, revokedAt: null, reason: null };
  const fault = keyLifeFault(life, { at: event.at, receivedAt });
  return fault === null
    ? null
    : refuse('ING_SIGNATURE', `signed with an earlier key of ${event.node}: ${fault}`, event);
}

/** The current key is tried first: the others cost only what is not signed with it. */
export async function checkWithRing(
  event: ViolationEvent,
  ring: KeyRing,
  receivedAt: string,
): Promise<ValidMessage | RefusedMessage> {
  let result = await checkSignature(event, ring[0]?.public_key ?? null);
  for (const [i, key] of ring.entries()) {
    if (i > 0) result = await checkSignature(event, key.public_key);
    if (result.ok) return refuseByLife(event, key, receivedAt) ?? result;
  }
  return result;
}
