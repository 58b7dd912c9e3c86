/** Logging in: Digest (RFC 7616, RFC 2617) and Basic, as a camera asks for it. Pure but for the client's own nonce. */
import { createHash, randomBytes } from 'node:crypto';
import type { Credentials } from './address.ts';

export type Challenge = { readonly scheme: string; readonly fields: ReadonlyMap<string, string> };

/** Other words without a value are parts of a list that ought to stand in quotes. */
const SCHEMES = new Set(['basic', 'digest', 'bearer', 'negotiate', 'ntlm']);

/** Reads `WWW-Authenticate`, of which there may be several, each with several challenges. */
export function parseChallenges(lines: readonly string[]): Challenge[] {
  const found: { scheme: string; fields: Map<string, string> }[] = [];
  // `name = "value"`, `name = value`, or a scheme by itself.
  const token = /([!#$%&'*+.^_`|~0-9a-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/gi;
  for (const line of lines) {
    for (const [, name = '', quoted, plain] of line.matchAll(token)) {
      if (quoted === undefined && plain === undefined) {
        const scheme = name.toLowerCase();
        if (SCHEMES.has(scheme)) found.push({ scheme, fields: new Map() });
      } else found.at(-1)?.fields.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
    }
  }
  return found;
}

type Digest = { readonly hash: 'md5' | 'sha256'; readonly session: boolean };

function digestOf(challenge: Challenge): Digest | null {
  if (challenge.scheme !== 'digest' || !challenge.fields.has('nonce')) return null;
  const name = (challenge.fields.get('algorithm') ?? 'md5').toLowerCase();
  const found = /^(md5|sha-?256)(-sess)?$/.exec(name);
  return found ? { hash: found[1] === 'md5' ? 'md5' : 'sha256', session: found[2] !== undefined } : null;
}

/** The strongest challenge that can be answered. */
function choose(challenges: readonly Challenge[]): Challenge | null {
  const rank = (challenge: Challenge) => {
    const digest = digestOf(challenge);
    if (digest) return digest.hash === 'sha256' ? 3 : 2;
    return challenge.scheme === 'basic' ? 1 : 0;
  };
  const best = challenges.reduce<Challenge | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
  return best !== null && rank(best) > 0 ? best : null;
}

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

export type RtspLogin = {
  /** The Authorization header for a request, or null before any challenge. */
  readonly header: (method: string, uri: string) => string | null;
  /**
   * Takes what an answer of 401 asked for. False when trying again is no use: nothing that can be answered, or the same
   * user and password were refused. A camera may change its nonce at any time, so one that had accepted them is answered anew.
   */
  readonly challenged: (lines: readonly string[]) => boolean;
  /** The last header was accepted. */
  readonly accepted: () => void;
  /** What must never be shown. */
  readonly secrets: () => readonly string[];
};

/**
 * Digest (RFC 7616, RFC 2617) before Basic (RFC 7617).
 *
 * @param options.allowBasic the password may go over the line as it is
 */
export function createLogin(credentials: Credentials, options: { readonly allowBasic: boolean }): RtspLogin {
  let challenge: Challenge | null = null;
  let count = 0;
  let used = false;
  let proven = false;

  function digest(method: string, uri: string, asked: Challenge, { hash, session }: Digest): string {
    const { fields } = asked;
    const sum = (text: string) => createHash(hash).update(text, 'utf8').digest('hex');
    const [realm, nonce] = [fields.get('realm') ?? '', fields.get('nonce') ?? ''];
    const withQop = (fields.get('qop') ?? '').split(',').some((one) => one.trim().toLowerCase() === 'auth');
    const cnonce = randomBytes(16).toString('hex');
    const nc = (++count).toString(16).padStart(8, '0');
    const plain = sum(`${credentials.user}:${realm}:${credentials.password}`);
    const first = session ? sum(`${plain}:${nonce}:${cnonce}`) : plain;
    const second = sum(`${method}:${uri}`);
    const response = sum(withQop ? `${first}:${nonce}:${nc}:${cnonce}:auth:${second}` : `${first}:${nonce}:${second}`);
    const parts = [`username=${quote(credentials.user)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`];
    parts.push(`uri=${quote(uri)}`, `response="${response}"`);
    if (fields.has('algorithm')) parts.push(`algorithm=${fields.get('algorithm')}`);
    if (fields.has('opaque')) parts.push(`opaque=${quote(fields.get('opaque') ?? '')}`);
    if (withQop) parts.push('qop=auth', `nc=${nc}`);
    if (withQop || session) parts.push(`cnonce="${cnonce}"`);
    return `Digest ${parts.join(', ')}`;
  }

  return {
    header(method, uri) {
      if (!challenge) return null;
      used = true;
      const kind = digestOf(challenge);
      if (kind) return digest(method, uri, challenge, kind);
      return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
    },
    challenged(lines) {
      const challenges = parseChallenges(lines);
      const next = choose(options.allowBasic ? challenges : challenges.filter((one) => one.scheme !== 'basic'));
      const stale = next?.fields.get('stale')?.toLowerCase() === 'true';
      const again = !used || stale || proven;
      challenge = next;
      count = 0;
      used = false;
      proven = false;
      return next !== null && again;
    },
    accepted() {
      if (used) proven = true;
    },
    secrets() {
      const nonce = challenge?.fields.get('nonce');
      return [credentials.password, ...(nonce ? [nonce] : [])].filter((text) => text !== '');
    },
  };
}
