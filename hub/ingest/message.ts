/** A payload from the wire, checked: an event that may be committed, or one reason why not. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { ErrorCode } from '../../contracts/errors.ts';
import { MAX_EVENT_BYTES, type ViolationEvent, violationEventSchemas } from '../../contracts/event.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import { canonicalOfParsed, sha256Hex } from '../../platform/canonical.ts';
import { findInexactText, INEXACT_TEXT } from '../../platform/exact-text.ts';
import { printableLine } from '../../platform/hidden-text.ts';
import { faultsOf, isValid } from '../../platform/validate.ts';

export type ValidMessage = {
  readonly ok: true;
  readonly event: ViolationEvent;
  /** What the node's next event names in `chain.prev`. */
  readonly hash: string;
  /** RFC 8785 form: what is stored. */
  readonly text: string;
};
export type RefusedMessage = {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly reason: string;
  /** As far as they could be read. */
  readonly id: string;
  readonly rev: number;
  readonly seq: number;
};

const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 64) : '');
const count = (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : 0);

/** @param payload whose id, rev and seq are told to the node, as far as they can be read */
export function refuse(code: ErrorCode, reason: string, payload: unknown = null): RefusedMessage {
  const fields = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  return { ok: false, code, reason, id: text(fields.id), rev: count(fields.rev), seq: count(fields.seq) };
}

/** Strings of the payload inside a reason are shown to people and stored as text. */
export function printable(value: string, length: number): string {
  // The cut may have left half of a surrogate pair: UTF-8 has no such thing.
  return Buffer.from(printableLine(value).slice(0, length), 'utf8').toString('utf8');
}

/** UTF-8 that is JSON and keeps exactly, or why not. Only an escape can bring what UTF-8 itself refuses. */
export function readExactJson(
  payload: Uint8Array,
): { readonly value: unknown } | { readonly code: ErrorCode; readonly reason: string; readonly value: unknown } {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? printable(error.message, 200) : 'not JSON';
    return { code: 'ING_NOT_JSON', reason, value: null };
  }
  const inexact = text.includes('\\u') ? findInexactText(value) : null;
  if (inexact === null) return { value };
  return { code: 'ING_TEXT', reason: `${inexact || '(root)'}: ${INEXACT_TEXT}`, value };
}

/** Everything but the signature, which is checked apart because it is slow. */
export function readPayload(node: string, payload: Uint8Array): ViolationEvent | RefusedMessage {
  if (payload.length > MAX_EVENT_BYTES) {
    return refuse('ING_TOO_LARGE', `${payload.length} bytes, at most ${MAX_EVENT_BYTES}`);
  }
  const read = readExactJson(payload);
  if ('code' in read) return refuse(read.code, printable(read.reason, 400), read.value);
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('ING_SCHEMA', 'expected an object');
  }
  const fields = value as Record<string, unknown>;
  const kind = violationKinds.find((candidate) => candidate === fields.kind);
  if (!kind) return refuse('ING_SCHEMA', `kind: expected one of ${violationKinds.join(', ')}`, value);
  const schema = violationEventSchemas[kind];
  if (!isValid(schema, value)) {
    const faults = faultsOf(schema, value, 5).map((fault) => `${fault.path || '(root)'}: ${fault.message}`);
    return refuse('ING_SCHEMA', printable(faults.join('; '), 400), value);
  }
  if (fields.node !== node) {
    return refuse('ING_WRONG_NODE', `node ${String(fields.node)} on the topic of ${node}`, value);
  }
  return value as ViolationEvent;
}

const keys = new Map<string, KeyObject>();
const KEPT_KEYS = 4096;

function keyOf(pem: string): KeyObject {
  let key = keys.get(pem);
  if (!key) {
    key = createPublicKey(pem);
    if (keys.size >= KEPT_KEYS) keys.clear();
    keys.set(pem, key);
  }
  return key;
}

/** The signed text is the canonical form without `chain.sig`; made by cutting, not by writing it a second time. */
function signedText(canonical: string, { prev, sig }: ViolationEvent['chain']): string {
  // Keys are in order, so only `camera` (a slug) comes before `chain`: the first occurrence is the member itself.
  const whole = `"chain":{"prev":"${prev}","sig":"${sig}"}`;
  const at = canonical.indexOf(whole);
  return `${canonical.slice(0, at)}"chain":{"prev":"${prev}"}${canonical.slice(at + whole.length)}`;
}

/** Checked in the thread pool: the event loop goes on meanwhile. */
function isSignedBy(pem: string, data: string, signature: string): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const bytes = Buffer.from(signature, 'base64url');
      verify(null, Buffer.from(data, 'utf8'), keyOf(pem), bytes, (error, good) => resolve(!error && good));
    } catch {
      // A registered key that is no key signs nothing.
      resolve(false);
    }
  });
}

/** @param publicKey the node's registered key, or null when it is not registered */
export async function checkSignature(
  event: ViolationEvent,
  publicKey: string | null,
): Promise<ValidMessage | RefusedMessage> {
  if (publicKey === null) return refuse('ING_UNKNOWN_NODE', `node ${event.node}`, event);
  const canonical = canonicalOfParsed(event);
  if (!(await isSignedBy(publicKey, signedText(canonical, event.chain), event.chain.sig))) {
    return refuse('ING_SIGNATURE', `not signed with the registered key of ${event.node}`, event);
  }
  return { ok: true, event, hash: sha256Hex(canonical), text: canonical };
}
