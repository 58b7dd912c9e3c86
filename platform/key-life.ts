/** When a node's key may sign: the one rule of the hub at ingest and of a stranger who verifies later. */

/** Instants in RFC 3339; null where it has not happened. */
export type KeyLife = {
  readonly rotatedAt: string | null;
  readonly revokedAt: string | null;
  readonly reason: string | null;
};

/** The new key is registered at the hub and put on the box at two moments; what is seen between them is not lost. */
const CHANGEOVER_MS = 24 * 3_600_000;

/**
 * A replaced key signed what was still waiting on the node when it was replaced, so its events of before count whenever
 * they arrive. A revoked key may be in other hands, which can write any date: what the hub had received by then counts.
 * @returns what is wrong, or null
 */
export function keyLifeFault(
  life: KeyLife,
  event: { readonly at: string; readonly receivedAt: string },
): string | null {
  if (life.revokedAt !== null && event.receivedAt >= life.revokedAt) {
    return `the key was revoked at ${life.revokedAt} (${life.reason ?? 'no reason given'})`;
  }
  if (life.rotatedAt === null || event.receivedAt <= life.rotatedAt) return null;
  const until = Date.parse(life.rotatedAt) + CHANGEOVER_MS;
  return Date.parse(event.at) <= until ? null : `the key was replaced at ${life.rotatedAt}, and the event is of later`;
}
