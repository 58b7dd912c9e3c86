/** Checks a node's password, over MQTT and HTTP alike: once for each, then from memory. */
import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../../platform/canonical.ts';
import { sourceOf } from '../client-address.ts';
import { type NodeAccessRow, nodeAccess } from '../storage/nodes.ts';
import type { Store } from '../storage/store.ts';
import type { CredentialLimiter } from './credential-limiter.ts';
import type { NodeDirectory } from './node-directory.ts';
import { passwordMatches } from './password.ts';

/** `disabled` is told to who knows the password only; `busy`: too many ask at once. */
export type NodeVerdict = 'good' | 'wrong' | 'disabled' | 'busy';
export type NodeCheck = (node: string, password: string, address: string) => Promise<NodeVerdict>;

const REMEMBERED = 8192;

/** The newest so many. */
function createMemory() {
  const keys = new Set<string>();
  return {
    has: (key: string) => keys.has(key),
    add(key: string) {
      keys.delete(key);
      keys.add(key);
      if (keys.size <= REMEMBERED) return;
      for (const oldest of keys) {
        keys.delete(oldest);
        break;
      }
    },
  };
}

type Parts = {
  readonly store: Store;
  readonly limiter: CredentialLimiter;
  readonly directory: NodeDirectory;
};

/** Right passwords are remembered, salted and hashed, so that a fleet that comes back costs one check a node. */
export function createNodeCheck({ store, limiter, directory }: Parts): NodeCheck {
  // Kept salted and hashed together with the stored hash, so that a changed password is never taken for the old one.
  const salt = randomBytes(16).toString('hex');
  const good = createMemory();
  const bad = createMemory();
  const keyOf = (row: NodeAccessRow, password: string) =>
    sha256Hex(`${salt}\n${row.id}\n${row.password_hash ?? ''}\n${password}`);
  const verdictOf = (row: NodeAccessRow): NodeVerdict => (row.disabled === 1 ? 'disabled' : 'good');

  async function lookUp(node: string, password: string): Promise<NodeVerdict> {
    const [row] = await nodeAccess(store.db, node);
    const hash = row?.password_hash ?? null;
    const key = row ? keyOf(row, password) : '';
    if (good.has(key) && row) return verdictOf(row);
    // What is known to be wrong costs no work, and is answered as late as the rest.
    const fits = await passwordMatches(password, bad.has(key) ? null : hash);
    if (!row || hash === null) return 'wrong';
    if (fits) good.add(key);
    else bad.add(key);
    return fits ? verdictOf(row) : 'wrong';
  }

  return async (node, password, address) => {
    const row = directory.get(node);
    if (row && row.password_hash !== null && good.has(keyOf(row, password))) return verdictOf(row);
    return limiter.turn(`node ${sourceOf(address)}`, () => lookUp(node, password));
  };
}
