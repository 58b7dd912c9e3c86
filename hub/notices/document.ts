/** A filled document as a PDF: A4, Chinese with an embedded font, page breaks between blocks, stills with their hashes, a code for the phone. */
import PDFDocument from 'pdfkit';
import { encode } from 'uqr';
import { documentFonts } from '../document-fonts.ts';
import type { NoticeContent } from './content.ts';
import { fillTemplate } from './fill.ts';
import type { DocumentBlock, FileCaption, FilledDocument } from './filled.ts';
import { reminderTemplate } from './templates/reminder.ts';

/** `jpeg`: null for a file that has arrived and is no picture. */
export type PrintedStill = { readonly sha256: string; readonly jpeg: Buffer | null };

const MARGIN = 56;
const LABEL = 92;
/** A heading stays with so much of what follows it. */
const MIN_SPACE = 70;
/** Two lines under a still: what it shows, and its hash. */
const CAPTION = 34;
const CODE_SIDE = 84;
/** Between two stills of a row. */
const GAP = 12;
const GREY = '#56636f';
const INK = '#12202c';

type Doc = PDFKit.PDFDocument;

const bottom = (doc: Doc) => doc.page.height - MARGIN;
const inner = (doc: Doc) => doc.page.width - 2 * MARGIN;

/** What does not fit any more begins the next page. */
function room(doc: Doc, height: number): void {
  if (doc.y + height > bottom(doc)) doc.addPage();
}

/** @param space that it needs with what follows it */
function heading(doc: Doc, text: string, space: number): void {
  room(doc, space);
  doc.moveDown(0.7).font('bold').fontSize(11.5).fillColor(INK).text(text, MARGIN).moveDown(0.25);
  doc.font('regular').fontSize(10.5);
}

/** Of one case among several. */
function subheading(doc: Doc, text: string, space: number): void {
  room(doc, space);
  doc.moveDown(0.35).font('bold').fontSize(10.5).fillColor(INK).text(text, MARGIN).moveDown(0.15);
  doc.font('regular');
}

/** A row is not torn apart, unless it is longer than a page. */
function facts(doc: Doc, rows: readonly (readonly [string, string])[]): void {
  const width = inner(doc) - LABEL - 4;
  for (const [label, value] of rows) {
    doc.font('regular').fontSize(10.5);
    room(doc, Math.max(doc.heightOfString(label, { width: LABEL }), doc.heightOfString(value, { width })));
    const y = doc.y;
    doc.fillColor(GREY).text(label, MARGIN, y, { width: LABEL });
    const below = doc.y;
    doc.fillColor(INK).text(value, MARGIN + LABEL + 4, y, { width });
    doc.y = Math.max(below, doc.y) + 2;
  }
  doc.x = MARGIN;
}

function paragraph(doc: Doc, text: string): void {
  doc
    .font('regular')
    .fontSize(10.5)
    .fillColor(INK)
    .text(text, MARGIN, doc.y, { width: inner(doc) });
}

type Frame = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** False when there is nothing to draw, or it cannot be drawn: no reason to give out no document. */
function drawn(doc: Doc, jpeg: Buffer | null, { x, y, width, height }: Frame): boolean {
  if (jpeg === null) return false;
  try {
    doc.image(jpeg, x, y, { fit: [width, height], align: 'center', valign: 'center' });
    return true;
  } catch {
    return false;
  }
}

function still(doc: Doc, own: FileCaption, picture: PrintedStill | undefined, frame: Frame): void {
  const { x, y, width, height } = frame;
  if (!drawn(doc, picture?.jpeg ?? null, frame)) {
    doc.rect(x, y, width, height).stroke(GREY).fillColor(GREY).fontSize(9);
    doc.text(picture ? own.broken : own.missing, x + 8, y + 8, { width: width - 16 });
  }
  const [what = '', ...rest] = own.caption.split('\n');
  doc
    .fillColor(GREY)
    .fontSize(8)
    .text(what, x, y + height + 3, { width });
  // A hash is compared as a whole: small enough for one line.
  doc.fontSize(5.1).text(rest.join('\n'), x, doc.y, { width });
}

/** Two in a row; a row is not torn apart. */
function stills(doc: Doc, files: readonly FileCaption[], pictures: readonly PrintedStill[]): void {
  const width = (inner(doc) - GAP) / 2;
  const height = stillHeight(doc);
  doc.font('regular');
  for (let i = 0; i < files.length; i += 2) {
    room(doc, height + CAPTION);
    const top = doc.y;
    files.slice(i, i + 2).forEach((own, column) => {
      const picture = pictures.find(({ sha256 }) => sha256 === own.file.sha256);
      still(doc, own, picture, { x: MARGIN + column * (width + GAP), y: top, width, height });
    });
    doc.y = top + height + CAPTION;
  }
  doc.x = MARGIN;
}

/** The link in words, and as a QR code (ISO/IEC 18004) for the camera of a phone. */
function reply(doc: Doc, { link, label }: Extract<DocumentBlock, { type: 'reply' }>): void {
  room(doc, CODE_SIDE + 8);
  const top = doc.y + 4;
  const { data, size } = encode(link, { ecc: 'M', border: 2 });
  const module = CODE_SIDE / size;
  doc.fillColor('#000000');
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) doc.rect(MARGIN + x * module, top + y * module, module, module);
    });
  });
  doc.fill();
  doc.font('regular').fontSize(9.5).fillColor(INK);
  doc.text(label, MARGIN + CODE_SIDE + 10, top + 6, { width: inner(doc) - CODE_SIDE - 10, link });
  doc.x = MARGIN;
  doc.y = Math.max(doc.y, top + CODE_SIDE + 4);
}

function signatures(doc: Doc, labels: readonly string[]): void {
  room(doc, 64);
  doc.y += 36;
  const [y, width] = [doc.y, inner(doc) / labels.length];
  labels.forEach((label, i) => {
    doc.fillColor(INK).text(label, MARGIN + i * width, y, { width });
  });
  doc.x = MARGIN;
  doc.moveDown(1);
}

const stillHeight = (doc: Doc) => (((inner(doc) - GAP) / 2) * 9) / 16;

/** A heading does not stay behind when the pictures under it begin the next page. */
function spaceBefore(doc: Doc, next: readonly DocumentBlock[]): number {
  const [first] = next[0]?.type === 'case' ? next.slice(1) : next;
  return first?.type === 'stills' ? MIN_SPACE + stillHeight(doc) + CAPTION : MIN_SPACE;
}

function draw(doc: Doc, block: DocumentBlock, pictures: readonly PrintedStill[], next: readonly DocumentBlock[]): void {
  switch (block.type) {
    case 'facts':
      facts(doc, block.rows);
      break;
    case 'text':
      paragraph(doc, block.text);
      break;
    case 'item':
      paragraph(doc, `· ${block.text}`);
      break;
    case 'case':
      subheading(doc, block.text, spaceBefore(doc, next));
      break;
    case 'stills':
      stills(doc, block.files, pictures);
      break;
    case 'reply':
      reply(doc, block);
      break;
    case 'signatures':
      signatures(doc, block.labels);
      break;
  }
}

/** The foot of each page: which page of how many, and across it what the document is not yet. */
function marks(doc: Doc, { title, mark }: FilledDocument): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    doc.switchToPage(page);
    // Below the margin: without this the text would begin another page.
    doc.page.margins.bottom = 0;
    doc.font('regular').fontSize(8).fillColor(GREY);
    const foot = `${title}　${page + 1} / ${count}`;
    doc.text(foot, MARGIN, doc.page.height - 36, { width: inner(doc), align: 'center', lineBreak: false });
    if (mark === null) continue;
    doc.save().rotate(-35, { origin: [doc.page.width / 2, doc.page.height / 2] });
    doc.font('bold').fontSize(34).fillColor('#b42318').fillOpacity(0.16);
    doc.text(mark, 0, doc.page.height / 2 - 20, { width: doc.page.width, align: 'center', lineBreak: false });
    doc.fillOpacity(1).restore();
  }
}

/** @param pictures the stills that have arrived; the others are named as still on their way */
export function renderPdf(filled: FilledDocument, pictures: readonly PrintedStill[]): Promise<Buffer> {
  const { regular, bold } = documentFonts();
  const { author, createdAt } = filled.info;
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, bufferPages: true, lang: filled.lang === 'zh' ? 'zh-CN' : 'en' },
    info: { Title: `${filled.title} ${filled.subtitle}`, Author: author, CreationDate: new Date(createdAt) },
  });
  doc.registerFont('regular', regular).registerFont('bold', bold);
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  doc.font('bold').fontSize(19).fillColor(INK).text(filled.title, { align: 'center' });
  doc.moveDown(0.3).font('regular').fontSize(9.5).fillColor(GREY).text(filled.subtitle, { align: 'center' });
  for (const section of filled.sections) {
    heading(doc, section.heading, spaceBefore(doc, section.blocks));
    for (const [i, block] of section.blocks.entries()) draw(doc, block, pictures, section.blocks.slice(i + 1));
  }
  doc
    .moveDown(0.5)
    .font('regular')
    .fontSize(8.5)
    .fillColor(GREY)
    .text(filled.footer, MARGIN, doc.y, { width: inner(doc) });
  marks(doc, filled);
  doc.end();
  return done;
}

/** The reminder as it stands when nothing is known of how it was served. */
export function renderNotice(
  content: NoticeContent,
  link: string | null,
  pictures: readonly PrintedStill[],
): Promise<Buffer> {
  const service = { methods: [], sentAt: null, receivedAt: null, receivedBy: null };
  return renderPdf(fillTemplate(reminderTemplate, { content, link, linkUntil: null, service }, 'zh'), pictures);
}
