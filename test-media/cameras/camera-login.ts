/** The camera's side of logging in, written apart from the product's: Basic, Digest of RFC 2617 and RFC 7616. */
import { createHash } from 'node:crypto';

export type LoginKind = 'basic' | 'md5' | 'md5-qop' | 'md5-sess' | 'sha-256' | 'all';

export type CameraLogin = {
  readonly user: string;
  readonly password: string;
  readonly kind: LoginKind;
  /** After so many good answers to one nonce it is told to be stale. */
  readonly usesOfNonce?: number;
  /** A nonce grows old without a word that it has. */
  readonly silent?: boolean;
  /** Asked for at OPTIONS too. */
  readonly fromTheStart?: boolean;
};

const REALM = 'IP Camera (C"1\\)';

function field(header: string, name: string): string {
  const quoted = new RegExp(`[ ,]${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(header);
  if (quoted) return (quoted[1] as string).replace(/\\(.)/g, '$1');
  return new RegExp(`[ ,]${name}=([^ ,"]+)`).exec(header)?.[1] ?? '';
}

/** @returns null when the request may pass, else the lines of WWW-Authenticate */
export function createCameraLogin({
  user,
  password,
  kind,
  usesOfNonce = Number.POSITIVE_INFINITY,
  silent,
}: CameraLogin) {
  let serial = 0;
  let uses = 0;
  let count = 0;
  const nonce = () => `n${serial}-/+"x`;

  function challenges(stale: boolean): string[] {
    const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    const end = stale && !silent ? ', stale=TRUE' : '';
    const digest = (about: string) => `Digest realm=${quoted(REALM)}, nonce=${quoted(nonce())}${about}${end}`;
    const known = {
      basic: 'Basic realm="cam"',
      md5: digest(''),
      'md5-qop': digest(', qop="auth,auth-int", algorithm=MD5, opaque="o=,p"'),
      'md5-sess': digest(', algorithm=MD5-sess, qop=auth'),
      'sha-256': digest(', algorithm=SHA-256, qop="auth"'),
    };
    return kind === 'all' ? [`${known.basic}, ${known.md5}`, known['sha-256']] : [known[kind]];
  }

  function digestFits(header: string, method: string): boolean {
    const algorithm = field(header, 'algorithm');
    const sum = (text: string) =>
      createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const [cnonce, nc, qop] = [field(header, 'cnonce'), field(header, 'nc'), field(header, 'qop')];
    let a1 = sum(`${user}:${REALM}:${password}`);
    if (algorithm === 'MD5-sess') a1 = sum(`${a1}:${nonce()}:${cnonce}`);
    const a2 = sum(`${method}:${field(header, 'uri')}`);
    const right = sum(qop === 'auth' ? `${a1}:${nonce()}:${nc}:${cnonce}:auth:${a2}` : `${a1}:${nonce()}:${a2}`);
    if (qop === 'auth') {
      if (Number.parseInt(nc, 16) <= count) return false;
      count = Number.parseInt(nc, 16);
    }
    if (kind === 'all' && algorithm !== 'SHA-256') return false;
    return (
      field(header, 'username') === user && field(header, 'realm') === REALM && field(header, 'response') === right
    );
  }

  return (method: string, header: string | null): string[] | null => {
    if (header === null) return challenges(false);
    if (kind === 'basic') {
      const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      return header === right ? null : challenges(false);
    }
    if (!header.startsWith('Digest ')) return challenges(false);
    if (!digestFits(header, method)) return challenges(false);
    if (++uses <= usesOfNonce) return null;
    serial++;
    uses = 0;
    count = 0;
    return challenges(true);
  };
}
