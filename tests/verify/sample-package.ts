/** A case with two nodes, links between their messages, evidence and a trail, exported with the hub's own code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { CaseManifest, CasePackage, PackageHistoryEntry } from '../../contracts/package.ts';
import { PACKAGE_DOCUMENT, PACKAGE_MANIFEST } from '../../contracts/package.ts';
import { type HeldEvidence, signPackage } from '../../hub/api/case-manifest.ts';
import { certifyKey } from '../../hub/registry/certificates.ts';
import type { RootKey } from '../../hub/registry/root-key.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { historyEntryHash } from '../../platform/package/chains.ts';
import type { PackageContents } from '../../platform/package/report.ts';
import { readPublicKey } from '../../platform/public-key.ts';
import { deriveNodeKey, eventHash, type NodeKey } from '../../platform/signing.ts';
import { signStatement } from '../../platform/statement.ts';
import { createTestNode, START } from '../hub/node.ts';

const iso = (ms: number) => new Date(ms).toISOString();
export const NUMBER = '350500202611230000001';
export const pictures = ['a picture', 'another picture, longer'].map((text) => Buffer.from(text));

export function rootKey(seed: string): RootKey {
  const { privateKey, publicKeyPem } = deriveNodeKey(`root ${seed}`);
  const key = readPublicKey(publicKeyPem);
  if ('fault' in key) throw new Error(key.fault);
  return { privateKey, ...key };
}

type Life = { registered?: string; rotated?: string; revoked?: string; reason?: string };

export function keyRow(node: string, key: NodeKey, n = 1, life: Life = {}) {
  const own = readPublicKey(key.publicKeyPem);
  if ('fault' in own) throw new Error(own.fault);
  const { registered = iso(START), rotated = null, revoked = null, reason = null } = life;
  const ends = { registered_at: registered, rotated_at: rotated, revoked_at: revoked, reason };
  return { node, n, fingerprint: own.fingerprint, public_key: own.pem, ...ends };
}

function trail(id: string): PackageHistoryEntry[] {
  let prev = GENESIS;
  const steps = [
    ['opened', 'system', null, 'pending-review'],
    ['confirm', 'li', 'pending-review', 'filed'],
    ['dispatch', 'wang', 'filed', 'dispatched'],
  ] as const;
  return steps.map(([action, actor, from_state, to_state], i) => {
    const at = iso(START + i * 60_000);
    const unhashed = {
      case_id: id,
      n: i + 1,
      at,
      actor,
      action,
      from_state,
      to_state,
      note: null,
      data: { i },
      prev_hash: prev,
    };
    const hash = historyEntryHash(unhashed);
    prev = hash;
    return { ...unhashed, hash };
  });
}

function still(i: number, role: EvidenceRef['role']): EvidenceRef {
  const bytes = pictures[i] ?? Buffer.alloc(0);
  const size = { bytes: bytes.length, width: 4, height: 4 };
  return { role, sha256: sha256Hex(bytes), mime: 'image/jpeg', at: iso(START), ...size };
}

/** Seen by node-a in five messages, the second of another case; and by node-b. */
function messages(): { own: ViolationEvent[]; between: ViolationEvent } {
  const a = createTestNode('node-a');
  const first = a.tell({ evidence: [still(0, 'start')] });
  const between = a.tell({ key: 'other' });
  const rest = [2, 3, 4].map((rev) => a.tell({ rev, evidence: rev === 3 ? [still(1, 'during')] : [] }));
  const b = createTestNode('node-b');
  return { own: [first, ...rest, b.tell({ evidence: [still(0, 'worst'), lostStill] })], between };
}

const lostStill: EvidenceRef = { ...still(0, 'after'), sha256: sha256Hex('removed long ago'), bytes: 5 };

export function sampleDocument(root: RootKey, keys = sampleKeys(), receivedAt = iso(START + 1000)): CasePackage {
  const { own, between } = messages();
  return {
    format: 'kerbwatch-case',
    v: 2,
    exportedAt: iso(START + 3_600_000),
    exportedBy: 'wang',
    case: {
      ...{ id: 'c1', number: NUMBER, kind: 'road-stall', state: 'dispatched', version: 3 },
      ...{ node: 'node-a', camera: 'node-a-cam', zone: 'z1', location: { lon: 118.6, lat: 24.9 } },
      ...{ startedAt: iso(START), endedAt: null, openedAt: iso(START), lastSeenAt: iso(START + 180_000) },
      ...{ sightings: 2, score: 0.9, detail: { dwellSeconds: 180 }, claimedBy: 'li', dueAt: null, site: null },
      ...{ recurrenceOf: null, mergedInto: null, thumbnail: sha256Hex(pictures[0] ?? '') },
    } as CasePackage['case'],
    messages: own.map((event) => ({ receivedAt, event })),
    keys: keys.map((row) => certifyKey(row, root, iso(START + 3_600_000))),
    history: trail('c1'),
    links: [{ node: 'node-a', seq: between.seq, prev: between.chain.prev, hash: eventHash(between) }],
  };
}

export const sampleKeys = () => ['node-a', 'node-b'].map((node) => keyRow(node, createTestNode(node).key));

/** Files of a package by path. */
export type Files = Map<string, Buffer>;

export function pack(root: RootKey, document = sampleDocument(root)): Files {
  const held = new Map<string, HeldEvidence>(pictures.map((bytes) => [sha256Hex(bytes), { bytes: bytes.length }]));
  held.set(lostStill.sha256, { absent: 'removed' });
  const signed = signPackage(document, [], held, root);
  const files: Files = new Map([
    [PACKAGE_MANIFEST, signed.manifest],
    [PACKAGE_DOCUMENT, signed.document],
  ]);
  for (const { path, sha256 } of signed.evidence) {
    files.set(path, pictures.find((bytes) => sha256Hex(bytes) === sha256) ?? Buffer.alloc(0));
  }
  return files;
}

export function contentsOf(files: Files): PackageContents {
  const evidence = [...files].filter(([path]) => path !== PACKAGE_MANIFEST && path !== PACKAGE_DOCUMENT);
  return {
    manifest: files.get(PACKAGE_MANIFEST) ?? null,
    document: files.get(PACKAGE_DOCUMENT) ?? null,
    files: new Map(evidence.map(([path, bytes]) => [path, { bytes: bytes.length, sha256: sha256Hex(bytes) }])),
    faults: [],
  };
}

/** Writes the document anew and, as a forger without the root would, leaves the manifest. */
export function withDocument(files: Files, change: (document: CasePackage) => unknown): Files {
  const document = JSON.parse(String(files.get(PACKAGE_DOCUMENT))) as CasePackage;
  change(document);
  return new Map([...files, [PACKAGE_DOCUMENT, Buffer.from(`${JSON.stringify(document, null, 2)}\n`)]]);
}

/** Changes the manifest; with a key it is signed anew. */
export function withManifest(files: Files, change: (manifest: CaseManifest) => unknown, root?: RootKey): Files {
  const manifest = JSON.parse(String(files.get(PACKAGE_MANIFEST))) as CaseManifest;
  change(manifest);
  const { sig: _, ...statement } = manifest;
  const written = root ? signStatement(statement, root.privateKey) : manifest;
  return new Map([...files, [PACKAGE_MANIFEST, Buffer.from(canonicalJson(written))]]);
}

/** What a forger does who has every tool but the root: the manifest's hash of the document fits again. */
export function rehash(files: Files): Files {
  const document = files.get(PACKAGE_DOCUMENT) ?? Buffer.alloc(0);
  return withManifest(files, (manifest) => {
    const entry = manifest.files.find(({ path }) => path === PACKAGE_DOCUMENT);
    Object.assign(entry ?? {}, { bytes: document.length, sha256: sha256Hex(document) });
  });
}

export function writeFolder(folder: string, files: Files): string {
  for (const [path, bytes] of files) {
    const file = join(folder, NUMBER, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return join(folder, NUMBER);
}
