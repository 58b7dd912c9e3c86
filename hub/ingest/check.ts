/** Checks a batch before its transaction: payload, registration and signature, several signatures at a time. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Clock } from '../../platform/clock.ts';
import { nodeKeys } from '../storage/nodes.ts';
import type { Store } from '../storage/store.ts';
import type { Checked } from './commit.ts';
import { checkSignature, readPayload, refuse } from './message.ts';

export type RawMessage = { readonly node: string; readonly payload: Uint8Array };

/** A key that was changed is asked for again at once when a signature does not fit; a revoked one lives this long. */
const KEY_LIFE_MS = 10_000;

export type Checker = { check(batch: readonly RawMessage[]): Promise<Checked[]> };

export type RefusalOf = (node: string) => { readonly code: ErrorCode; readonly reason: string } | null;

export function createChecker(store: Store, clock: Clock, refusalOf: RefusalOf = () => null): Checker {
  const known = new Map<string, { readonly pem: string; readonly until: number }>();

  async function readKeys(nodes: readonly string[]): Promise<void> {
    const until = clock.now() + KEY_LIFE_MS;
    const fresh = await nodeKeys(store.db, nodes);
    for (const node of nodes) {
      const pem = fresh.get(node);
      if (pem === undefined) known.delete(node);
      else known.set(node, { pem, until });
    }
  }

  async function checkEvent(event: ViolationEvent) {
    const cutOff = refusalOf(event.node);
    if (cutOff) return refuse(cutOff.code, cutOff.reason, event);
    const pem = known.get(event.node)?.pem ?? null;
    const result = await checkSignature(event, pem);
    if (result.ok || result.code !== 'ING_SIGNATURE') return result;
    await readKeys([event.node]);
    const now = known.get(event.node)?.pem ?? null;
    return now === pem ? result : checkSignature(event, now);
  }

  return {
    async check(batch) {
      const read = batch.map(({ node, payload }) => readPayload(node, payload));
      const now = clock.now();
      const nodes = new Set(read.flatMap((result) => ('ok' in result ? [] : [result.node])));
      const wanted = [...nodes].filter((node) => (known.get(node)?.until ?? 0) <= now);
      if (wanted.length > 0) await readKeys(wanted);
      return Promise.all(
        batch.map(async ({ node, payload }, i): Promise<Checked> => {
          const event = read[i] as ReturnType<typeof readPayload>;
          return { node, payload, result: 'ok' in event ? event : await checkEvent(event) };
        }),
      );
    },
  };
}
