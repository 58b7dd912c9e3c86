/** Checks an exported case against itself: files, signatures, the nodes' chain, the case's audit trail. No network. */
import { GENESIS, type ViolationEvent } from '../contracts/event.ts';
import type { EvidenceRef } from '../contracts/evidence.ts';
import { CasePackage, evidenceFileName, type PackageHistoryEntry } from '../contracts/package.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';
import { findInexactText } from './exact-text.ts';
import { eventHash, verifyEvent } from './signing.ts';
import { faultsOf, isValid } from './validate.ts';

export type PackageCheck = {
  readonly check: 'format' | 'files' | 'signatures' | 'chain' | 'history' | 'case';
  readonly ok: boolean;
  /** How many things this check looked at. */
  readonly count: number;
  /** What is wrong, one line each; empty when ok. */
  readonly faults: readonly string[];
  /** What could not be checked and is no fault. */
  readonly notes: readonly string[];
};
export type PackageReport = { readonly ok: boolean; readonly checks: readonly PackageCheck[] };

/** Content of a file of the package by name (`<sha256>.jpg`), or null where it is missing. */
export type PackageFiles = (name: string) => Uint8Array | null;

function result(check: PackageCheck['check'], count: number, faults: string[], notes: string[] = []): PackageCheck {
  return { check, ok: faults.length === 0, count, faults, notes };
}

function nameOf(event: ViolationEvent): string {
  return `${event.node} seq ${event.seq} (${event.kind} ${event.phase}, rev ${event.rev})`;
}

/** What each hash of the messages stands for; two messages may name one file. */
function evidenceOf(pack: CasePackage): Map<string, EvidenceRef> {
  const refs = pack.messages.flatMap(({ event }) => event.evidence);
  return new Map(refs.map((ref) => [ref.sha256, ref]));
}

function checkFiles(pack: CasePackage, files: PackageFiles): PackageCheck {
  const faults: string[] = [];
  const notes: string[] = [];
  const absent = new Set(pack.absent ?? []);
  const refs = evidenceOf(pack);
  for (const ref of refs.values()) {
    const name = evidenceFileName(ref.sha256, ref.mime);
    const bytes = files(name);
    if (bytes === null) {
      if (absent.has(ref.sha256)) notes.push(`${name} was not at the hub when the case was exported`);
      else faults.push(`${name} is missing`);
    } else if (sha256Hex(bytes) !== ref.sha256) faults.push(`${name} has another content than its hash says`);
    else if (bytes.length !== ref.bytes) faults.push(`${name} has ${bytes.length} bytes, the event says ${ref.bytes}`);
  }
  return result('files', refs.size, faults, notes);
}

function checkSignatures(pack: CasePackage): PackageCheck {
  const keys = new Map(pack.nodes.map((node) => [node.id, node.publicKey]));
  const faults: string[] = [];
  for (const { event } of pack.messages) {
    const key = keys.get(event.node);
    if (!key) faults.push(`${nameOf(event)}: no public key of ${event.node} in the package`);
    else if (!verifyEvent(event, key)) faults.push(`${nameOf(event)}: the signature is wrong`);
  }
  return result('signatures', pack.messages.length, faults);
}

type Link = { readonly name: string; readonly prev: string; readonly hash: string };

function linksOf(pack: CasePackage): { byNode: Map<string, Map<number, Link>>; faults: string[] } {
  const byNode = new Map<string, Map<number, Link>>();
  const faults: string[] = [];
  const add = (node: string, seq: number, link: Link) => {
    const links = byNode.get(node) ?? new Map<number, Link>();
    byNode.set(node, links);
    const known = links.get(seq);
    if (known && known.hash !== link.hash) faults.push(`${link.name}: another message has the same seq`);
    links.set(seq, link);
  };
  for (const link of pack.links ?? []) add(link.node, link.seq, { ...link, name: `${link.node} seq ${link.seq}` });
  for (const { event } of pack.messages) {
    add(event.node, event.seq, { name: nameOf(event), prev: event.chain.prev, hash: eventHash(event) });
  }
  return { byNode, faults };
}

/** Each message names the hash of the one before; where that one is in the package, it must be so. */
function checkChain(pack: CasePackage): PackageCheck {
  const { byNode, faults } = linksOf(pack);
  let checked = 0;
  let open = 0;
  for (const links of byNode.values()) {
    for (const [seq, link] of links) {
      const prev = seq === 1 ? GENESIS : links.get(seq - 1)?.hash;
      if (prev === undefined) open++;
      else {
        checked++;
        if (link.prev !== prev) faults.push(`${link.name}: does not follow the message before it`);
      }
    }
  }
  const notes = open > 0 ? [`${open} message${open > 1 ? 's follow' : ' follows'} one that is not in the package`] : [];
  return result('chain', checked, faults, notes);
}

export function historyEntryHash(entry: Omit<PackageHistoryEntry, 'hash'>): string {
  return sha256Hex(canonicalJson(entry));
}

function checkHistory(pack: CasePackage): PackageCheck {
  const faults: string[] = [];
  let prev = GENESIS;
  for (const [index, entry] of pack.history.entries()) {
    const { hash, ...unhashed } = entry;
    const name = `entry ${entry.n} (${entry.action} by ${entry.actor})`;
    if (entry.n !== index + 1) faults.push(`${name}: entry ${index + 1} is missing or out of order`);
    if (entry.prev_hash !== prev) faults.push(`${name}: does not follow the entry before it`);
    if (historyEntryHash(unhashed) !== hash) faults.push(`${name}: was changed after it was written`);
    prev = hash;
  }
  return result('history', pack.history.length, faults);
}

/** The summary must say what the signed messages and the trail say. */
function checkCase(pack: CasePackage): PackageCheck {
  const faults: string[] = [];
  const { case: summary } = pack;
  const last = pack.history.at(-1);
  if (last && last.to_state !== summary.state) {
    faults.push(`state is ${summary.state}, the history ends in ${last.to_state}`);
  }
  for (const entry of pack.history) {
    if (entry.case_id !== summary.id) faults.push(`history entry ${entry.n} is of case ${entry.case_id}`);
  }
  for (const { event } of pack.messages) {
    if (event.kind !== summary.kind) faults.push(`${nameOf(event)}: the case is about ${summary.kind}`);
  }
  return result('case', 1, faults);
}

/** `document` is the parsed `case.json`. Never throws for what a package says; everything wrong is in the report. */
export function verifyPackage(document: unknown, files: PackageFiles): PackageReport {
  const inexact = findInexactText(document);
  if (inexact !== null) {
    return { ok: false, checks: [result('format', 1, [`${inexact}: holds text that cannot be kept exactly`])] };
  }
  if (!isValid(CasePackage, document)) {
    const faults = faultsOf(CasePackage, document, 10).map(({ path, message }) => `${path || '(root)'}: ${message}`);
    return { ok: false, checks: [result('format', 1, faults)] };
  }
  const checks = [
    result('format', 1, []),
    checkFiles(document, files),
    checkSignatures(document),
    checkChain(document),
    checkHistory(document),
    checkCase(document),
  ];
  return { ok: checks.every((check) => check.ok), checks };
}
