/**
 * A statement that a stranger can check: Ed25519 over the RFC 8785 form of an object without its `sig`. Every kind of
 * statement carries a `type` of its own, so that one can never pass for another.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import { readPublicKey } from './public-key.ts';

export type Statement = { readonly type: string; readonly [field: string]: unknown };
export type Signed<T> = T & { readonly sig: string };

const bytesOf = (statement: object): Buffer => Buffer.from(canonicalJson(statement), 'utf8');

/** Adds an Ed25519 signature over the RFC 8785 form, base64url. */
export function signStatement<T extends Statement>(statement: T, privateKey: KeyObject): Signed<T> {
  return { ...statement, sig: sign(null, bytesOf(statement), privateKey).toString('base64url') };
}

/** @param publicKeyPem in the one form; anything else signs nothing */
export function isSignedStatement(signed: Signed<Statement>, publicKeyPem: string): boolean {
  const { sig, ...statement } = signed;
  const signature = Buffer.from(sig, 'base64url');
  const key = readPublicKey(publicKeyPem);
  // The last letter of base64url has bits to spare: two texts must not stand for one signature.
  if ('fault' in key || key.pem !== publicKeyPem || signature.toString('base64url') !== sig) return false;
  return verify(null, bytesOf(statement), createPublicKey(publicKeyPem), signature);
}
