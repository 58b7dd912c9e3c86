/** The one form of a value that is hashed and signed: RFC 8785 (JCS). */
import { createHash } from 'node:crypto';
import serialize from 'canonicalize';

/** @throws for what has no such form: undefined, NaN, and text that is no Unicode (RFC 8785, 3.2.2.2) */
export function canonicalJson(value: unknown): string {
  const text = (serialize as unknown as (input: unknown) => string | undefined)(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** SHA-256 (FIPS 180-4) as 64 lower-case hex digits; text is taken as UTF-8. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
