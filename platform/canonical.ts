/** The one form of a value that is hashed and signed: RFC 8785 (JCS). */
import { createHash } from 'node:crypto';
import serialize from 'canonicalize';

/** Whether every object has its keys in the order of RFC 8785, 3.2.3 (UTF-16 code units, as `<` compares), and numbers are finite. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'number' || Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isInOrder);
  let last = '';
  for (const key in value) {
    if (key < last || !isInOrder((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}

/** The form of a value that was read from JSON text; with keys in order already, as nodes send, it is written by V8 itself. */
export function canonicalOfParsed(value: unknown): string {
  return isInOrder(value) ? JSON.stringify(value) : canonicalJson(value);
}

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
