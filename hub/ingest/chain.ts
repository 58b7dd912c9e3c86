/** Where a message does not go on from what the hub has of its node. Pure. */
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';

export type ForkKind = 'prev' | 'seq' | 'rev';
export type Fork = {
  readonly node: string;
  readonly seq: number;
  readonly kind: ForkKind;
  /** Hash of the message that the hub has there. */
  readonly expected: string;
  readonly got: string;
  /** The message of the other branch where it is not stored among the messages. */
  readonly body: string | null;
};

type ChainLink = { readonly hash: string; readonly prev: string };

/**
 * Both links of an accepted message: to the one before and, where it fills a gap, from the one after.
 * A neighbour that is not there yet says nothing; it is compared when it comes.
 */
export function forksOfLinks(
  { node, seq, chain }: Pick<ViolationEvent, 'node' | 'seq' | 'chain'>,
  hash: string,
  at: (seq: number) => ChainLink | undefined,
): Fork[] {
  const forks: Fork[] = [];
  const expected = seq === 1 ? GENESIS : at(seq - 1)?.hash;
  if (expected !== undefined && chain.prev !== expected) {
    forks.push({ node, seq, kind: 'prev', expected, got: chain.prev, body: null });
  }
  const after = at(seq + 1);
  if (after && after.prev !== hash) {
    forks.push({ node, seq: seq + 1, kind: 'prev', expected: hash, got: after.prev, body: null });
  }
  return forks;
}

/** What an event says, whatever its place in the chain: two messages of one content are one, signed twice. */
export function contentOf(text: string): string {
  const { seq: _seq, chain: _chain, ...content } = JSON.parse(text) as ViolationEvent;
  return JSON.stringify(content);
}
