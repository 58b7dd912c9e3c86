/** What `verify` looks at and what it says: one entry for each check, each with whose word it rests on. */
import type { ViolationEvent } from '../../contracts/event.ts';

/** A file beside the manifest and the document; the hash is null where it was not taken (a file that nobody expects). */
export type PackageFile = { readonly bytes: number; readonly sha256: string | null };

/** A package as it was found, by path within its folder. */
export type PackageContents = {
  readonly manifest: Uint8Array | null;
  readonly document: Uint8Array | null;
  readonly files: ReadonlyMap<string, PackageFile>;
  /** What is wrong with the folder or the archive itself, one line each. */
  readonly faults: readonly string[];
};

export type PackageCheck = {
  readonly check:
    | 'format'
    | 'manifest'
    | 'trust'
    | 'files'
    | 'case'
    | 'messages'
    | 'history'
    | 'keys'
    | 'signatures'
    | 'chain'
    | 'evidence';
  /** Whose signature proves it: the hub's over the package, a node's over what it saw, or nobody's (form alone). */
  readonly by: 'hub' | 'node' | 'form';
  readonly ok: boolean;
  /** How many things this check looked at. */
  readonly count: number;
  /** What is wrong, one line each; empty when ok. */
  readonly faults: readonly string[];
  /** What could not be checked, or is worth knowing, and is no fault. */
  readonly notes: readonly string[];
};

export type PackageReport = {
  /** Nothing is wrong in itself; not yet whose word it is. */
  readonly ok: boolean;
  /** `changed`: something is wrong; `unproved`: consistent, but the root is not one that the reader trusts. */
  readonly verdict: 'proved' | 'changed' | 'unproved';
  /** Fingerprint of the root that signed the package, or null. */
  readonly root: string | null;
  readonly checks: readonly PackageCheck[];
};

/** One line of a report: ok without faults. @param count things that were checked */
export function result(
  check: PackageCheck['check'],
  by: PackageCheck['by'],
  count: number,
  faults: readonly string[],
  notes: readonly string[] = [],
): PackageCheck {
  return { check, by, ok: faults.length === 0, count, faults, notes };
}

/** `changed` with any fault; without one `proved` where the root is trusted, else `unproved`. */
export function reportOf(
  checks: readonly PackageCheck[],
  root: { readonly fingerprint: string | null; readonly trusted: boolean },
): PackageReport {
  const ok = checks.every((check) => check.ok);
  const verdict = !ok ? 'changed' : root.trusted ? 'proved' : 'unproved';
  return { ok, verdict, root: root.fingerprint, checks };
}

/** A message as a report names it. */
export function nameOf(event: ViolationEvent): string {
  return `${event.node} seq ${event.seq} (${event.kind} ${event.phase}, rev ${event.rev})`;
}
