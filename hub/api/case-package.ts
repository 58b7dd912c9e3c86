/** A case as a package that a stranger can check offline with `kerbwatch verify`. */

import type { ViolationEvent } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import {
  type CasePackage,
  evidenceFileName,
  PACKAGE_DOCUMENT,
  PACKAGE_EVIDENCE,
  type PackageHistoryEntry,
} from '../../contracts/package.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { toCaseSummary } from '../cases/summary.ts';
import { historyOf } from '../storage/case-history.ts';
import { casesByIds } from '../storage/cases.ts';
import { storedHashes } from '../storage/evidence.ts';
import { linksBetween, type MessageRow, messagesOfCase } from '../storage/messages.ts';
import { nodeKeys } from '../storage/nodes.ts';
import type { Db } from '../storage/store.ts';
import type { ApiDeps } from './deps.ts';
import type { TarEntry } from './tar.ts';

async function linksOf(db: Db, messages: readonly MessageRow[]) {
  const own = new Set(messages.map(({ node, seq }) => `${node} ${seq}`));
  const links = [];
  for (const node of new Set(messages.map((message) => message.node))) {
    const seqs = messages.filter((message) => message.node === node).map(({ seq }) => seq);
    links.push(...(await linksBetween(db, node, Math.min(...seqs), Math.max(...seqs))));
  }
  return links.filter(({ node, seq }) => !own.has(`${node} ${seq}`));
}

function evidenceOf(events: readonly ViolationEvent[]): EvidenceRef[] {
  return [...new Map(events.flatMap(({ evidence }) => evidence).map((ref) => [ref.sha256, ref])).values()];
}

/** @throws API_NOT_FOUND */
export async function readCasePackage(
  db: Db,
  id: string,
  exported: { readonly by: string; readonly at: number },
): Promise<{ document: CasePackage; files: EvidenceRef[] }> {
  const [row] = await casesByIds(db, [id]);
  if (!row) throw new AppError('API_NOT_FOUND', `case ${id}`);
  const rows = await messagesOfCase(db, id);
  if (rows.length === 0) throw new AppError('API_NOT_FOUND', `case ${row.number} has no events of its own`);
  const messages = rows.map(({ received_at, body }) => ({
    receivedAt: received_at,
    event: JSON.parse(body) as ViolationEvent,
  }));
  const keys = await nodeKeys(db, [...new Set(rows.map(({ node }) => node))]);
  const files = evidenceOf(messages.map(({ event }) => event));
  const stored = await storedHashes(
    db,
    files.map(({ sha256 }) => sha256),
  );
  const history = (await historyOf(db, id)).map(
    (entry) => ({ ...entry, data: JSON.parse(entry.data) as unknown }) as PackageHistoryEntry,
  );
  const document: CasePackage = {
    format: 'kerbwatch-case',
    v: 1,
    exportedAt: timestamp(exported.at),
    exportedBy: exported.by,
    case: toCaseSummary(row),
    messages,
    nodes: [...keys].map(([node, publicKey]) => ({ id: node, publicKey })),
    history,
    links: await linksOf(db, rows),
    absent: files.filter(({ sha256 }) => !stored.has(sha256)).map(({ sha256 }) => sha256),
  };
  return { document, files: files.filter(({ sha256 }) => stored.has(sha256)) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The package's files within one folder; each piece of evidence that leaves is noted as looked at. */
export async function* packageEntries(
  { document, files }: Awaited<ReturnType<typeof readCasePackage>>,
  blobs: ApiDeps['blobs'],
): AsyncGenerator<TarEntry> {
  const folder = document.case.number;
  const json = Buffer.from(`${JSON.stringify(document, null, 2)}\n`, 'utf8');
  yield { name: `${folder}/${PACKAGE_DOCUMENT}`, bytes: json.length, content: once(json) };
  for (const { sha256, mime } of files) {
    const file = await blobs.open(sha256, document.exportedBy).catch((error: unknown) => {
      // Lost since it was checked a moment ago: `verify` names it as missing, and the rest still arrives.
      if (error instanceof AppError && error.code === 'API_EVIDENCE_FAULT') return null;
      throw error;
    });
    if (!file) continue;
    const name = `${folder}/${PACKAGE_EVIDENCE}/${evidenceFileName(sha256, mime)}`;
    yield { name, bytes: file.bytes, content: file.stream };
  }
}
