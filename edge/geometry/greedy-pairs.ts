/** Which sight belongs to which remembered thing, by taking the best pair first: enough where outlines hardly overlap. */

/**
 * Takes pairs in their order, each side once. Two of one rank stand as the caller sorted them.
 *
 * @param allows asked of each pair whose sides are both free, with what has been taken so far
 * @example greedyPairs([{ known: 'a', seen: 1 }, { known: 'b', seen: 1 }]) // Map { 'a' => 1 }
 */
export function greedyPairs<P extends { readonly known: unknown; readonly seen: unknown }>(
  pairs: readonly P[],
  allows: (pair: P, taken: ReadonlySet<P['seen']>) => boolean = () => true,
): Map<P['known'], P['seen']> {
  const matched = new Map<P['known'], P['seen']>();
  const taken = new Set<P['seen']>();
  for (const pair of pairs) {
    if (matched.has(pair.known) || taken.has(pair.seen) || !allows(pair, taken)) continue;
    matched.set(pair.known, pair.seen);
    taken.add(pair.seen);
  }
  return matched;
}
