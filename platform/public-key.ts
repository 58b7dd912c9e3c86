/** Ed25519 public keys as text: one PEM form (RFC 8410 SPKI) and one fingerprint for each key, and nothing else passes. */
import { sha256Hex } from './canonical.ts';

export type PublicKey = {
  readonly pem: string;
  /** SHA-256 of the SPKI in DER form, lower-case hex. */
  readonly fingerprint: string;
};

/** RFC 8410: the fixed head of an Ed25519 SubjectPublicKeyInfo, then the 32 bytes of the point. */
const HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const POINT_BYTES = 32;
const BLOCK = /^-----BEGIN PUBLIC KEY-----\r?\n([A-Za-z0-9+/=\r\n]+)\r?\n-----END PUBLIC KEY-----$/;

/** Edwards25519 (RFC 8032, 5.1): −x² + y² = 1 + d·x²·y² over the field of P. */
const P = 2n ** 255n - 19n;
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/** y of the points whose order divides 8: under such a "key" anybody can make a signature that fits. */
const SMALL_ORDER = new Set([
  0n,
  1n,
  P - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function pointFault(point: Uint8Array): string | null {
  const little = Buffer.from(point).reverse();
  little[0] = (little[0] ?? 0) & 0x7f;
  const y = BigInt(`0x${little.toString('hex')}`);
  if (y >= P) return 'its bytes are no point of the curve';
  if (SMALL_ORDER.has(y)) return 'it is a point under which anybody can sign';
  const x2 = (((y * y - 1n + P) % P) * power(D * y * y + 1n, P - 2n)) % P;
  return power(x2, (P - 1n) / 2n) === 1n ? null : 'its bytes are no point of the curve';
}

function describeOther(text: string): string {
  if (text.includes('PRIVATE KEY')) return 'it is a private key: give the public one, and make a new pair';
  if (text.includes('BEGIN CERTIFICATE')) return 'it is a certificate, not a bare public key';
  return 'expected one block BEGIN PUBLIC KEY … END PUBLIC KEY and nothing else';
}

/** The key in its one form, or what is wrong with the text. */
export function readPublicKey(text: string): PublicKey | { readonly fault: string } {
  const encoded = BLOCK.exec(text.trim())?.[1]?.replaceAll(/[\r\n]/g, '');
  if (encoded === undefined) return { fault: describeOther(text) };
  const der = Buffer.from(encoded, 'base64');
  // Decoding forgives what is not base64; only the text that encodes these very bytes is taken.
  if (der.toString('base64') !== encoded) return { fault: 'its base64 is damaged' };
  if (der.length !== HEAD.length + POINT_BYTES || !der.subarray(0, HEAD.length).equals(HEAD)) {
    return { fault: 'it is a key of another kind: only Ed25519 signs events' };
  }
  const fault = pointFault(der.subarray(HEAD.length));
  if (fault !== null) return { fault };
  return {
    pem: `-----BEGIN PUBLIC KEY-----\n${encoded}\n-----END PUBLIC KEY-----\n`,
    fingerprint: sha256Hex(der),
  };
}
