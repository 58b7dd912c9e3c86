/** The secret of a notice's link: the database holds its hash, and the token itself only under the root's seal. */
import { createCipheriv, createDecipheriv, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { sha256Hex } from '../../platform/canonical.ts';

/** What the database keeps of a token: a stolen table opens no page. */
export type StoredToken = { readonly token: string; readonly token_sealed: string };

export type LinkTokens = {
  make(): StoredToken;
  /** A token that is there already, as earlier versions kept it. */
  seal(token: string): StoredToken;
  /** The token, to show its link; null where another root has sealed it. */
  open(sealed: string | null): string | null;
};

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What the database looks a token up by: its SHA-256, hex. */
export const hashOfToken = (token: string): string => sha256Hex(token);

/** @param root the hub's private root key, which every hub of a database has */
export function createLinkTokens(root: KeyObject): LinkTokens {
  // RFC 5869: a key of its own, so that no signature says anything about it.
  const secret = root.export({ format: 'der', type: 'pkcs8' });
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'kerbwatch notice links', 32));

  function seal(token: string): StoredToken {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv);
    const sealed = Buffer.concat([iv, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { token: hashOfToken(token), token_sealed: sealed.toString('base64url') };
  }

  return {
    make: () => seal(randomBytes(32).toString('base64url')),
    seal,
    open(sealed) {
      if (sealed === null) return null;
      const bytes = Buffer.from(sealed, 'base64url');
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}
