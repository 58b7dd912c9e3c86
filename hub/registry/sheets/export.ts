/** A register as CSV or XLSX, with the headings that an import understands. */
import type { SheetKind } from '../../../contracts/api/import.ts';
import { fieldAt } from '../../../contracts/field-path.ts';
import { type Author, recordAudit } from '../../audit.ts';
import type { Confinement } from '../../storage/reach.ts';
import type { Store } from '../../storage/store.ts';
import { writeCsv } from './csv.ts';
import { sheetTables } from './tables.ts';
import { writeXlsx } from './xlsx.ts';

export type SheetFormat = 'csv' | 'xlsx';

/** The register as far as the reach goes; the export is in the audit log. */
export async function exportSheet(
  store: Store,
  what: SheetKind,
  format: SheetFormat,
  by: Author,
  reach: Confinement = null,
): Promise<Buffer> {
  const { columns, kind, name } = sheetTables[what];
  const entries = await kind.all(store.db, reach);
  const rows = [
    columns.map(({ zh }) => zh),
    ...entries.map((entry) => columns.map(({ key, show }) => show(fieldAt(entry, key)))),
  ];
  await recordAudit(store, by, {
    action: 'export',
    thing: kind.thing,
    id: '*',
    data: { format, rows: entries.length },
  });
  return format === 'csv' ? writeCsv(rows) : writeXlsx(rows, name.zh);
}
