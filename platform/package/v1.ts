/** Format 1 of a package, checked against itself: its keys come with it, so it proves no author and no completeness. */
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { evidenceFileName, PACKAGE_EVIDENCE } from '../../contracts/package.ts';
import type { CasePackageV1 } from '../../contracts/package-v1.ts';
import { verifyEvent } from '../signing.ts';
import { checkChain, orderFaults, trailFaults } from './chains.ts';
import { nameOf, type PackageCheck, type PackageContents, result } from './report.ts';

/** What each hash of the messages stands for; two messages may name one file. */
function evidenceOf(pack: CasePackageV1): Map<string, EvidenceRef> {
  const refs = pack.messages.flatMap(({ event }) => event.evidence);
  return new Map(refs.map((ref) => [ref.sha256, ref]));
}

function checkFiles(pack: CasePackageV1, { files }: PackageContents): PackageCheck {
  const faults: string[] = [];
  const notes: string[] = [];
  const absent = new Set(pack.absent ?? []);
  const refs = evidenceOf(pack);
  const expected = new Set<string>();
  for (const ref of refs.values()) {
    const name = evidenceFileName(ref.sha256, ref.mime);
    const path = `${PACKAGE_EVIDENCE}/${name}`;
    expected.add(path);
    const file = files.get(path);
    if (file === undefined) {
      if (absent.has(ref.sha256)) notes.push(`${name} was not at the hub when the case was exported`);
      else faults.push(`${name} is missing`);
    } else if (file.sha256 !== ref.sha256) faults.push(`${name} has another content than its hash says`);
    else if (file.bytes !== ref.bytes) faults.push(`${name} has ${file.bytes} bytes, the event says ${ref.bytes}`);
  }
  for (const path of files.keys()) if (!expected.has(path)) faults.push(`${path} does not belong to the package`);
  return result('files', 'node', refs.size, faults, notes);
}

function checkSignatures(pack: CasePackageV1): PackageCheck {
  const keys = new Map(pack.nodes.map((node) => [node.id, node.publicKey]));
  const faults: string[] = [];
  for (const { event } of pack.messages) {
    const key = keys.get(event.node);
    if (!key) faults.push(`${nameOf(event)}: no public key of ${event.node} in the package`);
    else if (!verifyEvent(event, key)) faults.push(`${nameOf(event)}: the signature is wrong`);
  }
  return result('signatures', 'node', pack.messages.length, faults);
}

/** The summary must say what the signed messages and the trail say. */
function checkCase(pack: CasePackageV1): PackageCheck {
  const faults: string[] = [];
  const { case: summary } = pack;
  const last = pack.history.at(-1);
  if (last && last.to_state !== summary.state) {
    faults.push(`state is ${summary.state}, the history ends in ${last.to_state}`);
  }
  for (const { event } of pack.messages) {
    if (event.kind !== summary.kind) faults.push(`${nameOf(event)}: the case is about ${summary.kind}`);
  }
  return result('case', 'form', 1, faults);
}

/** All checks that a package without a signature of the hub allows. */
export function checkVersion1(pack: CasePackageV1, contents: PackageContents): PackageCheck[] {
  const note =
    'format 1 carries no signature of the hub: authors and completeness cannot be proved; export the case again';
  return [
    result('format', 'form', 1, contents.faults, [note]),
    checkFiles(pack, contents),
    checkSignatures(pack),
    result('messages', 'form', pack.messages.length, orderFaults(pack.messages)),
    checkChain(pack),
    result('history', 'form', pack.history.length, trailFaults(pack.history, pack.case.id)),
    checkCase(pack),
  ];
}
