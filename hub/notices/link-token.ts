/** The secret of a notice's link: the database holds its hash, and the token itself only under the root's seal. */
import { type KeyObject, randomBytes } from 'node:crypto';
import { sha256Hex } from '../../platform/canonical.ts';
import { createSeal } from '../seal.ts';

/** What the database keeps of a token: a stolen table opens no page. */
export type StoredToken = { readonly token: string; readonly token_sealed: string };

export type LinkTokens = {
  make(): StoredToken;
  /** A token that is there already, as earlier versions kept it. */
  seal(token: string): StoredToken;
  /** The token, to show its link; null where another root has sealed it. */
  open(sealed: string | null): string | null;
};

/** What the database looks a token up by: its SHA-256, hex. */
export const hashOfToken = (token: string): string => sha256Hex(token);

/** @param root the hub's private root key, which every hub of a database has */
export function createLinkTokens(root: KeyObject): LinkTokens {
  const seals = createSeal(root, 'kerbwatch notice links');
  const seal = (token: string): StoredToken => ({ token: hashOfToken(token), token_sealed: seals.seal(token) });

  return {
    make: () => seal(randomBytes(32).toString('base64url')),
    seal,
    open: (sealed) => (sealed === null ? null : seals.open(sealed)),
  };
}
