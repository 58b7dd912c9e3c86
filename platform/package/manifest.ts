/** The hub's word: each part of a package against the manifest that the hub's root signed. */
import { type CaseManifest, type CasePackage, PACKAGE_MANIFEST, type PackageMessage } from '../../contracts/package.ts';
import { canonicalJson, sha256Hex } from '../canonical.ts';
import { readPublicKey } from '../public-key.ts';
import { eventHash } from '../signing.ts';
import { isSignedStatement } from '../statement.ts';
import { trailFaults } from './chains.ts';
import { nameOf, type PackageCheck, type PackageContents, type PackageFile, result } from './report.ts';

/** The hub's signature over the manifest, and that its `bytes` are the RFC 8785 form that was signed. */
export function checkManifest(manifest: CaseManifest, bytes: Uint8Array): PackageCheck {
  const faults: string[] = [];
  const { publicKey, fingerprint } = manifest.root;
  const key = readPublicKey(publicKey);
  if ('fault' in key) faults.push(`root: ${key.fault}`);
  else if (key.fingerprint !== fingerprint) faults.push('root: the fingerprint is not the one of the public key');
  if (!isSignedStatement(manifest, publicKey)) faults.push(`${PACKAGE_MANIFEST}: the hub’s signature is wrong`);
  else if (Buffer.from(canonicalJson(manifest), 'utf8').compare(bytes) !== 0) {
    faults.push(`${PACKAGE_MANIFEST}: its bytes were changed: it is not in the form in which the hub signs`);
  }
  return result('manifest', 'hub', 1, faults);
}

/** @param trust fingerprint of the root that the reader trusts, or null */
export function checkTrust({ root }: CaseManifest, trust: string | null): PackageCheck {
  const key = readPublicKey(root.publicKey);
  const found = 'fault' in key ? root.fingerprint : key.fingerprint;
  if (trust === null) {
    const note = `signed by ${found}: compare it with the fingerprint that the hub’s operator gives you, with --trust`;
    return result('trust', 'hub', 0, [], [note]);
  }
  return result('trust', 'hub', 1, found === trust ? [] : [`signed by ${found}, you trust ${trust}`]);
}

/** Every file that the manifest lists is there with its length and SHA-256, and no other. */
export function checkFiles({ files }: CaseManifest, contents: PackageContents): PackageCheck {
  const faults: string[] = [];
  const { document } = contents;
  const found = new Map<string, PackageFile>(contents.files);
  if (document) found.set('case.json', { bytes: document.length, sha256: sha256Hex(document) });
  for (const { path, bytes, sha256 } of files) {
    const file = found.get(path);
    if (!file) faults.push(`${path} is missing`);
    else if (file.bytes !== bytes)
      faults.push(`${path} was changed: it has ${file.bytes} bytes, the hub signed ${bytes}`);
    else if (file.sha256 !== sha256) faults.push(`${path} was changed: its content is not what the hub signed`);
    found.delete(path);
  }
  for (const path of found.keys()) faults.push(`${path} does not belong to the package`);
  return result('files', 'hub', files.length, faults);
}

const shown = (value: unknown): string => {
  const text = value === undefined ? 'missing' : canonicalJson(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

function fieldFaults(name: string, found: unknown, signed: unknown): string[] {
  if (found !== undefined && canonicalJson(found) === canonicalJson(signed)) return [];
  return [`${name} is ${shown(found)}, the hub signed ${shown(signed)}`];
}

/** Fields, keys and links of the case are those that the hub signed. */
export function checkCase(manifest: CaseManifest, pack: CasePackage): PackageCheck {
  const signed: Record<string, unknown> = manifest.case;
  const found: Record<string, unknown> = pack.case;
  const fields = Object.keys(signed);
  const faults = fields.flatMap((field) => fieldFaults(`case.${field}`, found[field], signed[field]));
  faults.push(...fieldFaults('exportedAt', pack.exportedAt, manifest.exportedAt));
  faults.push(...fieldFaults('exportedBy', pack.exportedBy, manifest.exportedBy));
  for (const part of ['keys', 'links'] as const) {
    if (sha256Hex(canonicalJson(pack[part])) !== manifest.parts[part]) {
      faults.push(`${part} were changed: they are not what the hub signed`);
    }
  }
  const last = pack.history.at(-1);
  if (last && last.to_state !== pack.case.state) {
    faults.push(`state is ${pack.case.state}, the history ends in ${last.to_state}`);
  }
  for (const { event } of pack.messages) {
    if (event.kind !== pack.case.kind) faults.push(`${nameOf(event)}: the case is about ${pack.case.kind}`);
  }
  return result('case', 'hub', fields.length + 4, faults);
}

const keyOf = ({ node, seq }: { readonly node: string; readonly seq: number }) => `${node} seq ${seq}`;

function messageFault({ event, receivedAt }: PackageMessage, signed: CaseManifest['messages'][number]): string[] {
  const faults =
    receivedAt === signed.receivedAt ? [] : [`receivedAt is ${receivedAt}, the hub signed ${signed.receivedAt}`];
  if (eventHash(event) !== signed.hash) faults.push('was changed: it is not the message that the hub signed');
  return faults.map((fault) => `${nameOf(event)}: ${fault}`);
}

/** The messages are those that the hub signed: none added, doubled, changed or missing. */
export function checkMessages(manifest: CaseManifest, pack: CasePackage): PackageCheck {
  const signed = new Map(manifest.messages.map((message) => [keyOf(message), message]));
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const message of pack.messages) {
    const key = keyOf(message.event);
    const expected = signed.get(key);
    if (!expected) faults.push(`${nameOf(message.event)}: was added: the hub signed no such message`);
    else if (seen.has(key)) faults.push(`${nameOf(message.event)}: is there twice`);
    else faults.push(...messageFault(message, expected));
    seen.add(key);
  }
  for (const key of signed.keys()) if (!seen.has(key)) faults.push(`${key}: was removed`);
  const order = [...signed.keys()].filter((key) => seen.has(key));
  const moved = [...seen].filter((key) => signed.has(key)).find((key, i) => key !== order[i]);
  if (moved !== undefined) faults.push(`${moved}: is out of order`);
  return result('messages', 'hub', signed.size, faults);
}

/** The audit trail is whole in itself and ends where the hub signed it. */
export function checkHistory({ history: signed, case: { id } }: CaseManifest, pack: CasePackage): PackageCheck {
  const faults = trailFaults(pack.history, id);
  const { length } = pack.history;
  if (length !== signed.entries) {
    faults.push(
      length < signed.entries
        ? `entries ${length + 1} to ${signed.entries} were cut off`
        : `entries from ${signed.entries + 1} on were added`,
    );
  } else if (pack.history.at(-1)?.hash !== signed.head) {
    faults.push('the trail was written anew: its last entry is not the one that the hub signed');
  }
  return result('history', 'hub', signed.entries, faults);
}
