/** Checks a batch before its transaction: payload, registration and signature, several signatures at a time. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { type Clock, systemElapsed, timestamp } from '../../platform/clock.ts';
import type { Store } from '../storage/store.ts';
import type { Checked } from './commit.ts';
import { checkWithRing, type KeyRing, readKeyRings } from './key-ring.ts';
import { type RefusedMessage, readPayload, refuse, type ValidMessage } from './message.ts';
import { timeFault } from './time-bounds.ts';

export type RawMessage = { readonly node: string; readonly payload: Uint8Array };

/** A key that was changed is asked for again at once when a signature does not fit; one revoked at another hub lives this long. */
const KEY_LIFE_MS = 10_000;

export type Checker = {
  check(batch: readonly RawMessage[]): Promise<Checked[]>;
  /** A key of this node was revoked: what is known of its keys counts no more. */
  forgetKeys(node: string): void;
};

/** Why nothing of this node is taken at all, or null. */
export type RefusalOf = (node: string) => { readonly code: ErrorCode; readonly reason: string } | null;

export type NodeAccess = {
  readonly refusalOf: RefusalOf;
  /** Reads anew what may have changed at another hub. */
  readonly refresh: () => Promise<void>;
};

/** @param elapsed a clock that only goes forward, ms */
export function createChecker(
  store: Store,
  clock: Clock,
  access?: NodeAccess,
  elapsed: () => number = systemElapsed,
): Checker {
  const refusalOf: RefusalOf = (node) => access?.refusalOf(node) ?? null;
  /** `until` by a clock that only goes forward: the hub's own may be set back, and a revoked key would live on. */
  const known = new Map<string, { readonly ring: KeyRing; readonly until: number }>();

  async function readKeys(nodes: readonly string[]): Promise<void> {
    const until = elapsed() + KEY_LIFE_MS;
    const fresh = await readKeyRings(store.db, nodes);
    for (const node of nodes) {
      const ring = fresh.get(node);
      if (ring === undefined) known.delete(node);
      else known.set(node, { ring, until });
    }
  }

  async function checkEvent(event: ViolationEvent, now: number) {
    const cutOff = refusalOf(event.node);
    if (cutOff) return refuse(cutOff.code, cutOff.reason, event);
    const result = await checkSigned(event);
    // Signed first: only the node itself is told what is wrong with its clock.
    const fault = result.ok ? timeFault(event, now) : null;
    return fault === null ? result : refuse('ING_TIME', fault, event);
  }

  async function checkSigned(event: ViolationEvent): Promise<ValidMessage | RefusedMessage> {
    const ring = known.get(event.node)?.ring ?? [];
    const receivedAt = timestamp(clock.now());
    const result = await checkWithRing(event, ring, receivedAt);
    if (result.ok || result.code !== 'ING_SIGNATURE') return result;
    await readKeys([event.node]);
    const now = known.get(event.node)?.ring ?? [];
    return now[0]?.fingerprint === ring[0]?.fingerprint ? result : checkWithRing(event, now, receivedAt);
  }

  return {
    forgetKeys: (node) => void known.delete(node),
    async check(batch) {
      const read = batch.map(({ node, payload }) => readPayload(node, payload));
      const now = clock.now();
      const nodes = new Set(read.flatMap((result) => ('ok' in result ? [] : [result.node])));
      // Let in a moment ago at another hub, a node sends at once: refused now, it would wait for minutes.
      if ([...nodes].some((node) => refusalOf(node) !== null)) await access?.refresh();
      const wanted = [...nodes].filter((node) => (known.get(node)?.until ?? 0) <= elapsed());
      if (wanted.length > 0) await readKeys(wanted);
      return Promise.all(
        batch.map(async ({ node, payload }, i): Promise<Checked> => {
          const event = read[i] as ReturnType<typeof readPayload>;
          return { node, payload, result: 'ok' in event ? event : await checkEvent(event, now) };
        }),
      );
    },
  };
}
