/** The two chains in a package: of a node's messages, and of the case's audit trail. */
import { GENESIS } from '../../contracts/event.ts';
import type { PackageHistoryEntry, PackageLink, PackageMessage } from '../../contracts/package.ts';
import { canonicalJson, sha256Hex } from '../canonical.ts';
import { eventHash } from '../signing.ts';
import { nameOf, type PackageCheck, result } from './report.ts';

type Link = { readonly name: string; readonly prev: string; readonly hash: string };
type Chained = { readonly messages: readonly PackageMessage[]; readonly links?: readonly PackageLink[] };

function linksOf(pack: Chained): { byNode: Map<string, Map<number, Link>>; faults: string[] } {
  const byNode = new Map<string, Map<number, Link>>();
  const faults: string[] = [];
  const add = (node: string, seq: number, link: Link) => {
    const links = byNode.get(node) ?? new Map<number, Link>();
    byNode.set(node, links);
    const known = links.get(seq);
    if (known && known.hash !== link.hash) faults.push(`${link.name}: another message has the same seq`);
    else if (known) faults.push(`${link.name}: is there twice`);
    links.set(seq, link);
  };
  for (const link of pack.links ?? []) add(link.node, link.seq, { ...link, name: `${link.node} seq ${link.seq}` });
  for (const { event } of pack.messages) {
    add(event.node, event.seq, { name: nameOf(event), prev: event.chain.prev, hash: eventHash(event) });
  }
  return { byNode, faults };
}

export type ChainPlace = { readonly node: string; readonly seq: number };
type Walked = {
  readonly breaks: readonly (ChainPlace & { readonly name: string })[];
  readonly checked: number;
  readonly open: number;
};

/** Each message names the hash of the one before; where that one is in the package, it must be so. */
function walk(byNode: ReadonlyMap<string, ReadonlyMap<number, Link>>): Walked {
  const breaks: (ChainPlace & { name: string })[] = [];
  let checked = 0;
  let open = 0;
  for (const [node, links] of byNode) {
    for (const [seq, link] of links) {
      const prev = seq === 1 ? GENESIS : links.get(seq - 1)?.hash;
      if (prev === undefined) open++;
      else {
        checked++;
        if (link.prev !== prev) breaks.push({ node, seq, name: link.name });
      }
    }
  }
  return { breaks, checked, open };
}

/** Where a node's own chain does not go on from the message before. */
export function chainBreaks(pack: Chained): ChainPlace[] {
  return walk(linksOf(pack).byNode).breaks.map(({ node, seq }) => ({ node, seq }));
}

const placeOf = ({ node, seq }: ChainPlace) => `${node} seq ${seq}`;

/**
 * @param forks breaks that the hub noticed and signed: the node sent it so (an older outbox put back, two boxes under
 * one name), which is worth knowing and no change of the package
 */
export function checkChain(pack: Chained, forks: readonly ChainPlace[] = []): PackageCheck {
  const { byNode, faults } = linksOf(pack);
  const { breaks, checked, open } = walk(byNode);
  const known = new Set(forks.map(placeOf));
  const notes = open > 0 ? [`${open} message${open > 1 ? 's follow' : ' follows'} one that is not in the package`] : [];
  for (const { name, ...place } of breaks) {
    if (known.delete(placeOf(place))) notes.push(`${name}: the node’s chain forks here, as the hub noticed`);
    else faults.push(`${name}: does not follow the message before it`);
  }
  for (const place of known) faults.push(`${place}: is said to be a fork, and follows the message before it`);
  return result('chain', 'node', checked, faults, notes);
}

/** The first message of a node that stands behind a later one of the same node. */
export function orderFaults(messages: readonly PackageMessage[]): string[] {
  const last = new Map<string, number>();
  for (const { event } of messages) {
    if (event.seq < (last.get(event.node) ?? 0)) return [`${nameOf(event)}: is out of order`];
    last.set(event.node, event.seq);
  }
  return [];
}

/** SHA-256 over the RFC 8785 form of an entry without its own hash. */
export function historyEntryHash(entry: Omit<PackageHistoryEntry, 'hash'>): string {
  return sha256Hex(canonicalJson(entry));
}

/** Faults of the trail in itself: entries follow each other, none was changed, all are of this case. */
export function trailFaults(history: readonly PackageHistoryEntry[], caseId: string): string[] {
  const faults: string[] = [];
  let prev = GENESIS;
  for (const [index, entry] of history.entries()) {
    const { hash, ...unhashed } = entry;
    const name = `entry ${entry.n} (${entry.action} by ${entry.actor})`;
    if (entry.n !== index + 1) faults.push(`${name}: entry ${index + 1} is missing or out of order`);
    if (entry.prev_hash !== prev) faults.push(`${name}: does not follow the entry before it`);
    if (historyEntryHash(unhashed) !== hash) faults.push(`${name}: was changed after it was written`);
    if (entry.case_id !== caseId) faults.push(`${name}: is of case ${entry.case_id}`);
    prev = hash;
  }
  return faults;
}
