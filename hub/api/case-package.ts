/** A case as a package that anybody can check offline with `kerbwatch verify`. */

import type { ViolationEvent } from '../../contracts/event.ts';
import {
  type CasePackage,
  PACKAGE_DOCUMENT,
  PACKAGE_MANIFEST,
  type PackageHistoryEntry,
} from '../../contracts/package.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { appendAudit } from '../audit.ts';
import { toCaseSummary } from '../cases/summary.ts';
import { certifyKey } from '../registry/certificates.ts';
import { historyOf } from '../storage/case-history.ts';
import { photosOfCase } from '../storage/case-photos.ts';
import { casesByIds } from '../storage/cases.ts';
import { filesHeld } from '../storage/evidence.ts';
import { linksBetween, type MessageRow, messagesOfCase } from '../storage/messages.ts';
import { keysOfNodes } from '../storage/node-keys.ts';
import type { Db } from '../storage/store.ts';
import { type HeldEvidence, type PackedPhoto, signPackage } from './case-manifest.ts';
import type { ApiDeps } from './deps.ts';
import type { TarEntry } from './tar.ts';

async function linksOf(db: Db, messages: readonly MessageRow[]) {
  const own = new Set(messages.map(({ node, seq }) => `${node} ${seq}`));
  const links = [];
  for (const node of new Set(messages.map((message) => message.node))) {
    const seqs = messages.filter((message) => message.node === node).map(({ seq }) => seq);
    const least = seqs.reduce((a, b) => Math.min(a, b));
    links.push(
      ...(await linksBetween(
        db,
        node,
        least,
        seqs.reduce((a, b) => Math.max(a, b)),
      )),
    );
  }
  return links.filter(({ node, seq }) => !own.has(`${node} ${seq}`));
}

async function heldEvidence(
  db: Db,
  events: readonly ViolationEvent[],
  photos: readonly PackedPhoto[],
): Promise<Map<string, HeldEvidence>> {
  const named = [...events.flatMap(({ evidence }) => evidence), ...photos];
  const hashes = [...new Set(named.map(({ sha256 }) => sha256))];
  return new Map(
    (await filesHeld(db, hashes)).map(({ sha256, bytes, state }): [string, HeldEvidence] => {
      if (state === 'stored') return [sha256, { bytes }];
      return [sha256, { absent: state === 'waiting' ? 'not-arrived' : state }];
    }),
  );
}

export type ExportedPackage = ReturnType<typeof signPackage> & {
  readonly number: string;
  readonly by: string;
  readonly address: string | null;
};

/**
 * Reads and signs; the files themselves follow as they are sent.
 * @throws API_NOT_FOUND
 */
export async function readCasePackage(
  { store, root }: Pick<ApiDeps, 'store' | 'root'>,
  id: string,
  exported: { readonly by: string; readonly at: number; readonly address?: string },
): Promise<ExportedPackage> {
  const at = timestamp(exported.at);
  // Alone: summary, messages and trail must be of one moment, or the package would contradict itself.
  const read = await store.exclusive(async (db) => {
    const [row] = await casesByIds(db, [id]);
    if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
    const rows = await messagesOfCase(db, id);
    if (rows.length === 0) throw new AppError('API_NOT_FOUND', `case ${row.number} has no events of its own`);
    const messages = rows.map(({ received_at, body }) => ({
      receivedAt: received_at,
      event: JSON.parse(body) as ViolationEvent,
    }));
    const by = { actor: exported.by, address: exported.address ?? null, now: exported.at };
    const photos = await photosOfCase(db, id);
    await appendAudit(db, by, [{ action: 'export', thing: 'case', id, data: { number: row.number } }]);
    return {
      row,
      messages,
      keys: await keysOfNodes(db, [...new Set(rows.map(({ node }) => node))]),
      history: await historyOf(db, id),
      links: await linksOf(db, rows),
      photos,
      held: await heldEvidence(
        db,
        messages.map(({ event }) => event),
        photos,
      ),
    };
  });
  const document: CasePackage = {
    format: 'kerbwatch-case',
    v: 2,
    exportedAt: at,
    exportedBy: exported.by,
    case: toCaseSummary(read.row, exported.at),
    messages: read.messages,
    keys: read.keys.map((key) => certifyKey(key, root, at)),
    history: read.history.map(
      (entry) => ({ ...entry, data: JSON.parse(entry.data) as unknown }) as PackageHistoryEntry,
    ),
    links: read.links,
  };
  return {
    ...signPackage(document, read.photos, read.held, root),
    number: read.row.number,
    by: exported.by,
    address: exported.address ?? null,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The package's files within one folder, the manifest first; each piece of evidence that leaves is in the access log. */
export async function* packageEntries(
  { manifest, document, evidence, number, by, address }: ExportedPackage,
  blobs: ApiDeps['blobs'],
): AsyncGenerator<TarEntry> {
  yield { name: `${number}/${PACKAGE_MANIFEST}`, bytes: manifest.length, content: once(manifest) };
  yield { name: `${number}/${PACKAGE_DOCUMENT}`, bytes: document.length, content: once(document) };
  for (const { path, sha256 } of evidence) {
    const file = await blobs.open(sha256, by, address).catch((error: unknown) => {
      // Lost since it was checked a moment ago: `verify` names it as missing, and the rest still arrives.
      if (error instanceof AppError && error.code === 'API_EVIDENCE_FAULT') return null;
      throw error;
    });
    if (file) yield { name: `${number}/${path}`, bytes: file.bytes, content: file.stream };
  }
}
