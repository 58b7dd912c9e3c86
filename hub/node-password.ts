/** Checks a node's password; one that was right stays known for a minute, since each check costs a tenth of a second. */
import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../platform/canonical.ts';
import type { Clock } from '../platform/clock.ts';
import { passwordMatches } from './registry/password.ts';
import { nodePasswordHash } from './storage/nodes.ts';
import type { Store } from './storage/store.ts';

const KNOWN_MS = 60_000;
const MOST_KNOWN = 4096;

export function createNodePasswordCheck(
  store: Store,
  clock: Clock,
): (node: string, password: string) => Promise<boolean> {
  // Kept salted and hashed together with the stored hash, so that a changed password is never taken for the old one.
  const salt = randomBytes(16).toString('hex');
  const known = new Map<string, number>();
  return async (node, password) => {
    const hash = await nodePasswordHash(store.db, node);
    const key = sha256Hex(`${salt}\n${node}\n${hash ?? ''}\n${password}`);
    if (hash !== null && (known.get(key) ?? 0) > clock.now()) return true;
    const fits = (await passwordMatches(password, hash)) && hash !== null;
    if (fits) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, clock.now() + KNOWN_MS);
    }
    return fits;
  };
}
