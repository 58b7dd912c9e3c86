/** Acks of a commit, each in the form that its node's version takes. */
import type { Ack, AckBatch } from '../../contracts/ack.ts';
import type { CommitOutcome } from './commit.ts';
import { reasonFor } from './refusal.ts';

const ACKS_AT_ONCE = 500;
/** A city has fewer; names beyond are those of somebody who makes them up. */
const MAX_OLD_NODES = 10_000;

export type Addressed = CommitOutcome & { readonly node: string };

export type OldNodes = {
  /** What a node says of its own version, in its status or its last will. */
  heard(node: string, version: string): void;
  has(node: string): boolean;
};

/** Nodes before 0.3.0 drop a batch of acks with a field that they do not know, and with it all that it settled. */
export const isOld = (version: string): boolean => /^0\.[0-2]\./.test(version);

/** Bounded; a node is forgotten once it says a newer version. */
export function createOldNodes(): OldNodes {
  const old = new Set<string>();
  return {
    heard(node, version) {
      if (!isOld(version)) old.delete(node);
      else if (old.size < MAX_OLD_NODES) old.add(node);
    },
    has: (node) => old.has(node),
  };
}

function ackOf({ id, rev, seq, status, hash, code, reason, clash }: CommitOutcome, plain: boolean): Ack {
  const words = code ? { reason: reasonFor(code, reason ?? '') } : {};
  if (plain) return { id, rev, seq, status, ...words };
  return {
    ...{ id, rev, seq, status },
    ...(hash ? { hash } : {}),
    ...(code ? { code, ...words } : {}),
    ...(clash ? { knownRev: clash.knownRev } : {}),
    ...(clash?.taken ? { taken: clash.taken, ...(clash.head ? { head: clash.head } : {}) } : {}),
  };
}

/** Acks by node, in the order of the outcomes, at most 500 in a batch. */
export function toAcks(outcomes: readonly Addressed[], old: OldNodes): { node: string; batch: AckBatch }[] {
  const byNode = new Map<string, Ack[]>();
  for (const outcome of outcomes) {
    const acks = byNode.get(outcome.node) ?? [];
    acks.push(ackOf(outcome, old.has(outcome.node)));
    byNode.set(outcome.node, acks);
  }
  return [...byNode].flatMap(([node, acks]) =>
    Array.from({ length: Math.ceil(acks.length / ACKS_AT_ONCE) }, (_, i) => ({
      node,
      batch: { acks: acks.slice(i * ACKS_AT_ONCE, (i + 1) * ACKS_AT_ONCE) },
    })),
  );
}
