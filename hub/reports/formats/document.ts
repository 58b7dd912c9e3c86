/** The bulletin as a PDF: A4 across, embedded Chinese font, charts as vectors, tables with denominators, page numbers. */
import PDFDocument from 'pdfkit';
import type { MonthlyReport, ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import { documentFonts } from '../../document-fonts.ts';
import {
  formatWords,
  isRated,
  localStamp,
  percent,
  printed,
  type ReportLanguage,
  scopeText,
  signed,
  standing,
  textOf,
} from './cells.ts';
import { barChart, below, heatChart, lineChart, stackedBar } from './charts.ts';
import { ACCENT, type Doc, drawTables, FOOT, GREY, INK, LINE, MARGIN, sectionTitle, widthOf } from './page.ts';

/** Tables that a chart or the tiles show with every number. */
const CHARTED: ReadonlySet<string> = new Set(['week-hours', 'hot-spots', 'overview']);
const MAX_TILES = 12;

function head(doc: Doc, report: MonthlyReport, language: ReportLanguage): void {
  const stamp = localStamp(report.utcOffsetMinutes);
  doc.font('bold').fontSize(20).fillColor(INK).text(`${formatWords.title[language]}　${report.month}`, MARGIN, MARGIN);
  doc
    .moveDown(0.2)
    .font(report.signature ? 'regular' : 'bold')
    .fontSize(10)
    .fillColor(report.signature ? GREY : '#b3352d')
    .text(standing(report, language, stamp));
  if (report.signature) doc.font('regular').fontSize(7.5).fillColor(GREY).text(`SHA-256 ${report.signature.hash}`);
  doc.moveDown(0.6);
}

/** The headline in tiles: figure, denominator, change against the month before. */
function tiles(doc: Doc, overview: ReportTable, language: ReportLanguage): void {
  const rows = overview.rows.slice(0, MAX_TILES);
  const [across, gap, height] = [6, 8, 62];
  const width = (widthOf(doc) - gap * (across - 1)) / across;
  const top = doc.y;
  for (const [i, { cells }] of rows.entries()) {
    const [name = null, now = null, , change = null] = cells;
    const x = MARGIN + (i % across) * (width + gap);
    const y = top + Math.floor(i / across) * (height + gap);
    doc.roundedRect(x, y, width, height, 4).lineWidth(0.7).stroke(LINE);
    const line = (text: string, at: number, size: number, colour: string, font = 'regular') =>
      doc
        .font(font)
        .fontSize(size)
        .fillColor(colour)
        .text(text, x + 8, y + at, { width: width - 12, lineBreak: false, height: size + 4, ellipsis: true });
    line(textOf(name, language) ?? '', 7, 8, GREY);
    line(
      isRated(now) ? (now.value === null ? '—' : percent(now.value)) : printed(now, 'count', language),
      18,
      17,
      INK,
      'bold',
    );
    const of = isRated(now) ? `${now.count}/${now.of}` : '';
    const than = typeof change === 'number' ? `${language === 'zh' ? '环比' : 'change'} ${signed(change)}` : '';
    line([of, than].filter(Boolean).join('　'), 45, 7.5, GREY);
  }
  below(doc, top + Math.ceil(rows.length / across) * (height + gap));
}

const tableOf = (report: MonthlyReport, id: string) => report.tables.find((one) => one.id === id);

function firstPageCharts(doc: Doc, report: MonthlyReport, language: ReportLanguage): void {
  const { days, outcomes } = report.figures;
  const zh = language === 'zh';
  const half = (widthOf(doc) - 24) / 2;
  sectionTitle(doc, zh ? '逐日' : 'By day', null, 170);
  const top = doc.y;
  const line = (name: string, values: number[]) => ({ name, values });
  lineChart(
    doc,
    { x: MARGIN, y: top, width: half, height: 165 },
    [
      line(
        zh ? '受理' : 'Received',
        days.map((day) => day.received),
      ),
      line(
        zh ? '立案' : 'Filed',
        days.map((day) => day.filed),
      ),
      line(
        zh ? '处置' : 'Handled',
        days.map((day) => day.handled),
      ),
      line(
        zh ? '结案' : 'Closed',
        days.map((day) => day.closed),
      ),
    ],
    days.map(({ day }) => day.slice(8)),
  );
  const right = MARGIN + half + 24;
  const kinds = (tableOf(report, 'kinds')?.rows ?? []).slice(0, 5);
  barChart(
    doc,
    { x: right, y: top + 4, width: half, height: 100 },
    kinds.map(({ cells: [name = null, count = null, share = null] }) => ({
      name: textOf(name, language) ?? '',
      value: Number(count),
      text: `${count}${isRated(share) && share.value !== null ? ` (${percent(share.value)})` : ''}`,
    })),
  );
  const words = zh ? (['服务', '管理', '执法'] as const) : (['Service', 'Management', 'Enforcement'] as const);
  const split = [outcomes.service, outcomes.management, outcomes.enforcement];
  doc
    .font('bold')
    .fontSize(8.5)
    .fillColor(ACCENT)
    .text(zh ? '“721”工作法（占结案）' : '“721” split (of closed)', right, top + 112, { lineBreak: false });
  stackedBar(
    doc,
    { x: right, y: top + 126, width: half, height: 40 },
    split.map((share, i) => ({ name: words[i] ?? '', value: share.count, text: printed(share, 'rate', language) })),
  );
  below(doc, top + 176);
}

const countsIn = (cells: readonly ReportCell[], from: number) => cells.slice(from, from + 24).map(Number);

function heats(doc: Doc, report: MonthlyReport, language: ReportLanguage): void {
  for (const [id, skip] of [
    ['week-hours', 1],
    ['hot-spots', 2],
  ] as const) {
    const table = tableOf(report, id);
    if (!table || table.rows.length === 0) continue;
    const height = 14 + table.rows.length * 17;
    sectionTitle(doc, table.title[language], table.note?.[language] ?? null, height);
    const top = doc.y;
    const rows = table.rows.map(({ cells }) => {
      const name = textOf(cells[0] ?? null, language) ?? '';
      return { name: skip === 2 ? `${name}（${cells[1]}）` : name, values: countsIn(cells, skip) };
    });
    heatChart(doc, { x: MARGIN, y: top, width: widthOf(doc), height }, rows);
    below(doc, top + height + 6);
  }
}

function pageNumbers(doc: Doc, report: MonthlyReport, language: ReportLanguage): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    const y = doc.page.height - MARGIN - 8;
    // Below the margin: without this, writing there would begin a page.
    doc.page.margins.bottom = 0;
    const stamp = localStamp(report.utcOffsetMinutes)(report.madeAt);
    const left = `${formatWords.title[language]} ${report.month}　${report.signature ? `v${report.signature.version}` : `${scopeText(report, language)}${formatWords.provisional[language]}`}　${stamp}`;
    const right = language === 'zh' ? `第 ${page + 1} 页 / 共 ${count} 页` : `Page ${page + 1} of ${count}`;
    doc.font('regular').fontSize(7.5).fillColor(GREY);
    doc.text(left, MARGIN, y, { lineBreak: false });
    doc.text(right, MARGIN, y, { width: widthOf(doc), align: 'right', lineBreak: false });
  }
}

/** @returns the bytes of the PDF; the same document gives the same pages */
export function reportDocument(report: MonthlyReport, language: ReportLanguage): Promise<Buffer> {
  const { regular, bold } = documentFonts();
  const doc = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: MARGIN + FOOT },
    bufferPages: true,
    info: {
      Title: `${formatWords.title[language]} ${report.month}`,
      CreationDate: new Date(report.signature?.at ?? report.madeAt),
    },
  });
  doc.registerFont('regular', regular).registerFont('bold', bold);
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  head(doc, report, language);
  const overview = tableOf(report, 'overview');
  if (overview) tiles(doc, overview, language);
  firstPageCharts(doc, report, language);
  heats(doc, report, language);
  const rest = report.tables.filter(({ id }) => !CHARTED.has(id));
  drawTables(doc, rest, language);
  pageNumbers(doc, report, language);
  doc.end();
  return done;
}
