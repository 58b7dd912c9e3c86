/** Paper of the bulletin: A4 across, ink, tables that break between rows and repeat their heads. */
import type { ReportTable } from '../../../contracts/api/report.ts';
import { printed, type ReportLanguage } from './cells.ts';

export type Doc = PDFKit.PDFDocument;

export const MARGIN = 40;
/** Room for the line at the foot of each page. */
export const FOOT = 24;
export const INK = '#12202c';
export const GREY = '#56636f';
export const LINE = '#d5dde2';
export const ACCENT = '#12718a';
const HEAD = '#eef4f6';
const PADDING = 4;

/** Width between the margins, pt. */
export const widthOf = (doc: Doc): number => doc.page.width - 2 * MARGIN;
const bottomOf = (doc: Doc): number => doc.page.height - MARGIN - FOOT;

/** Begins a page where less than `height` pt are left. */
export function keepTogether(doc: Doc, height: number): void {
  if (doc.y + height > bottomOf(doc)) doc.addPage();
  doc.x = MARGIN;
}

/** A heading that stays with what follows. */
export function sectionTitle(doc: Doc, title: string, note: string | null, follow = 60): void {
  keepTogether(doc, 40 + follow);
  doc.moveDown(0.6);
  writeTitle(doc, title, note, { x: MARGIN, width: widthOf(doc) });
}

/** Where a table stands across the page, pt. */
type Place = { readonly x: number; readonly width: number };
const GAP = 18;
/** Tables of so few columns stand three abreast. */
const NARROW = 4;
const ABREAST = 3;

const CAPTION = { title: 11, note: 8 } as const;

function writeTitle(doc: Doc, title: string, note: string | null, { x, width }: Place): void {
  doc.font('bold').fontSize(CAPTION.title).fillColor(INK).text(title, x, doc.y, { width });
  if (note) doc.font('regular').fontSize(CAPTION.note).fillColor(GREY).text(note, x, doc.y, { width });
  doc.y += 3;
}

type Layout = Place & { readonly widths: readonly number[]; readonly size: number };

/** Texts get more room than numbers; many columns make the letters smaller. */
function layOut({ columns }: ReportTable, place: Place): Layout {
  const shares = columns.map(({ unit }, i) => (unit === 'text' ? (i === 0 ? 2.4 : 1.9) : unit === 'rate' ? 1.9 : 1.15));
  const sum = shares.reduce((all, share) => all + share, 0);
  return { ...place, widths: shares.map((share) => (share / sum) * place.width), size: columns.length > 14 ? 6.5 : 8 };
}

type Drawn = { readonly text: string; readonly left: boolean };
type Lines = { readonly head: readonly Drawn[]; readonly rows: readonly (readonly Drawn[])[] };

function linesOf({ columns, rows }: ReportTable, language: ReportLanguage): Lines {
  const head = columns.map(({ title, unit }) => ({ text: title[language], left: unit === 'text' }));
  const drawn = rows.map(({ cells }) =>
    cells.map((cell, i) => {
      const unit = columns[i]?.unit ?? 'text';
      return { text: printed(cell, unit, language), left: unit === 'text' };
    }),
  );
  return { head, rows: drawn };
}

function rowHeight(doc: Doc, cells: readonly Drawn[], { widths, size }: Layout, bold: boolean): number {
  doc.font(bold ? 'bold' : 'regular').fontSize(size);
  const heights = cells.map(({ text }, i) =>
    doc.heightOfString(text === '' ? ' ' : text, { width: Math.max(8, (widths[i] ?? 40) - 2 * PADDING) }),
  );
  return Math.max(...heights) + 5;
}

/** Title, note, head and every row, pt. */
function tableHeight(doc: Doc, table: ReportTable, lines: Lines, layout: Layout, language: ReportLanguage): number {
  const { width } = layout;
  doc.font('bold').fontSize(CAPTION.title);
  let height = doc.heightOfString(table.title[language], { width }) + 3;
  doc.font('regular').fontSize(CAPTION.note);
  if (table.note) height += doc.heightOfString(table.note[language], { width });
  if (lines.rows.length === 0) return height + 14;
  height += rowHeight(doc, lines.head, layout, true);
  return lines.rows.reduce((sum, cells) => sum + rowHeight(doc, cells, layout, false), height);
}

function drawRow(doc: Doc, cells: readonly Drawn[], layout: Layout, head: boolean): void {
  const height = rowHeight(doc, cells, layout, head);
  const { y } = doc;
  if (head) doc.rect(layout.x, y, layout.width, height).fill(HEAD);
  doc
    .font(head ? 'bold' : 'regular')
    .fontSize(layout.size)
    .fillColor(INK);
  let { x } = layout;
  for (const [i, { text, left }] of cells.entries()) {
    const own = layout.widths[i] ?? 40;
    doc.text(text, x + PADDING, y + 2.5, { width: Math.max(8, own - 2 * PADDING), align: left ? 'left' : 'right' });
    x += own;
  }
  doc
    .moveTo(layout.x, y + height)
    .lineTo(layout.x + layout.width, y + height)
    .lineWidth(0.4)
    .stroke(LINE);
  doc.y = y + height;
}

/** Draws a table where the page stands; its head comes again on each page. */
function drawTable(doc: Doc, table: ReportTable, lines: Lines, layout: Layout, language: ReportLanguage): void {
  writeTitle(doc, table.title[language], table.note?.[language] ?? null, layout);
  if (lines.rows.length === 0) {
    doc.font('regular').fontSize(8.5).fillColor(GREY).text('—', layout.x, doc.y);
    return;
  }
  drawRow(doc, lines.head, layout, true);
  for (const cells of lines.rows) {
    if (doc.y + rowHeight(doc, cells, layout, false) > bottomOf(doc)) {
      doc.addPage();
      drawRow(doc, lines.head, layout, true);
    }
    drawRow(doc, cells, layout, false);
  }
}

/** Draws tables one after the other, small ones abreast; none that fits a page is broken. */
export function drawTables(doc: Doc, tables: readonly ReportTable[], language: ReportLanguage): void {
  const full = { x: MARGIN, width: widthOf(doc) };
  const third = (full.width - GAP * (ABREAST - 1)) / ABREAST;
  const room = bottomOf(doc) - MARGIN;
  const isNarrow = (table: ReportTable) => table.columns.length <= NARROW;
  for (let next = 0; next < tables.length; ) {
    const group: { table: ReportTable; lines: Lines; layout: Layout; height: number }[] = [];
    while (next < tables.length && group.length < ABREAST) {
      const table = tables[next] as ReportTable;
      const narrow = isNarrow(table);
      const layout = layOut(table, narrow ? { x: MARGIN + group.length * (third + GAP), width: third } : full);
      const lines = linesOf(table, language);
      const height = tableHeight(doc, table, lines, layout, language);
      const abreast = narrow && height <= room;
      if (group.length > 0 && !abreast) break;
      group.push({ table, lines, layout: abreast ? layout : layOut(table, full), height });
      next += 1;
      if (!abreast) break;
    }
    const height = Math.max(...group.map((one) => one.height));
    keepTogether(doc, Math.min(height, room) + 10);
    const top = doc.y + 10;
    let end = top;
    for (const { table, lines, layout } of group) {
      doc.y = top;
      drawTable(doc, table, lines, layout, language);
      // A table that went on to another page stands alone: its end is that page's.
      end = group.length === 1 ? doc.y : Math.max(end, doc.y);
    }
    doc.x = MARGIN;
    doc.y = end;
  }
}
