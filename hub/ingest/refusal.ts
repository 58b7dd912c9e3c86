/** What is kept of a refused message, and what its node is told. */
import { type ErrorCode, errors } from '../../contracts/errors.ts';
import { MAX_EVENT_BYTES } from '../../contracts/event.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { RefusalRow } from '../storage/quarantine.ts';
import { printable } from './message.ts';

/** Of what does not read as an event. */
const KEPT_UNREADABLE_BYTES = 4096;

const SIGNED: readonly ErrorCode[] = ['ING_CONFLICT', 'ING_TIME', 'ING_REFUSED'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type Refusal = {
  readonly node: string;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly payload: Uint8Array;
  /** Of the event, as far as it could be read. */
  readonly id: string;
  readonly seq: number;
};

/** @param at when it came, RFC 3339 @returns the row: whole what reads as an event, else its first 4 KiB */
export function refusalRow({ node, code, reason, payload, id, seq }: Refusal, at: string): RefusalRow {
  const readable = UUID.test(id) && seq > 0 && payload.length <= MAX_EVENT_BYTES;
  const kept = Buffer.from(readable ? payload : payload.subarray(0, KEPT_UNREADABLE_BYTES)).toString('base64');
  return {
    node: printable(node, 64),
    code,
    reason: printable(reason, 400),
    payload: kept,
    bytes: payload.length,
    received_at: at,
    hash: sha256Hex(payload),
    event_id: readable ? id : '',
    grade: !readable ? 2 : SIGNED.includes(code) ? 0 : 1,
    kept: kept.length,
    times: 1,
    last_at: at,
  };
}

const REASON = 500;

/** Why, and what to do about it: people at the node have nothing else to go by. */
export function reasonFor(code: ErrorCode, reason: string): string {
  const fix = ` → ${errors[code].fix}`;
  return `${printable(`${code}: ${reason}`, REASON - Math.min(fix.length, 250))}${fix}`.slice(0, REASON);
}
