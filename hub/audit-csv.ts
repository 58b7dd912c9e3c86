/** The audit log as CSV: what the filters leave, the latest first, a page in memory at a time. */
import type { AuditEntry, AuditQuery } from '../contracts/api/audit.ts';
import { readAudit } from './audit.ts';
import { csvText } from './csv-text.ts';
import type { Store } from './storage/store.ts';

const AT_ONCE = 200;
const HEADINGS = ['n', 'at', 'actor', 'address', 'action', 'thing', 'id', 'data', 'prevHash', 'hash'];

const line = (cells: readonly string[]) => `${cells.map(csvText).join(',')}\r\n`;

function cellsOf({ n, at, actor, address, action, thing, id, data, prevHash, hash }: AuditEntry): string[] {
  return [String(n), at, actor, address ?? '', action, thing, id, JSON.stringify(data), prevHash, hash];
}

/** With the mark by which spreadsheets know UTF-8. */
export async function* auditCsv(store: Store, query: AuditQuery): AsyncGenerator<string> {
  yield `\uFEFF${line(HEADINGS)}`;
  let before = query.before;
  for (;;) {
    const page = await readAudit(store, { ...query, limit: AT_ONCE, ...(before === undefined ? {} : { before }) });
    yield page.entries.map((entry) => line(cellsOf(entry))).join('');
    if (page.next === null) return;
    before = page.next;
  }
}
