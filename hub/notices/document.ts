/** The notice as a PDF: A4, Chinese with an embedded font, stills with their hashes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import PDFDocument from 'pdfkit';
import { haulageText, listed, localTime, type NoticeContent, roleText, wordsOf } from './content.ts';

/** `jpeg`: null for a file that has arrived and is no picture. */
export type PrintedStill = { readonly sha256: string; readonly jpeg: Buffer | null };

const MARGIN = 56;
/** Heading and one row of stills: they stay together. */
const MIN_SPACE = 220;
const GREY = '#56636f';
const INK = '#12202c';

let fonts: { regular: Buffer; bold: Buffer } | null = null;

/** Noto Sans SC (SIL Open Font License), from the package; only the glyphs used are embedded. */
function loadFonts(): { regular: Buffer; bold: Buffer } {
  if (!fonts) {
    const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'));
    fonts = {
      regular: readFileSync(join(folder, '400Regular', 'NotoSansSC_400Regular.ttf')),
      bold: readFileSync(join(folder, '700Bold', 'NotoSansSC_700Bold.ttf')),
    };
  }
  return fonts;
}

type Doc = PDFKit.PDFDocument;

function heading(doc: Doc, text: string): void {
  doc.moveDown(0.7).font('bold').fontSize(11.5).fillColor(INK).text(text).moveDown(0.25).font('regular').fontSize(10.5);
}

function facts(doc: Doc, rows: readonly (readonly [string, string])[]): void {
  for (const [label, value] of rows) {
    const y = doc.y;
    doc.font('regular').fontSize(10.5).fillColor(GREY).text(label, MARGIN, y, { width: 92 });
    const below = doc.y;
    doc.fillColor(INK).text(value, MARGIN + 96, y, { width: doc.page.width - 2 * MARGIN - 96 });
    doc.y = Math.max(below, doc.y) + 2;
  }
  doc.x = MARGIN;
}

function permitText({ haulage }: NoticeContent): string {
  if (!haulage) return '未核验';
  const { zh } = haulageText[haulage.state];
  return haulage.permit === null ? zh : `${haulage.permit}（${zh}）`;
}

function kindFacts(content: NoticeContent): [string, string][] {
  const { plate } = content;
  const read = plate ? `${plate.text}（${plate.typed ? '人工录入' : '算法识别，请核对'}）` : '未识别';
  const { facts, hasPlate, needsHaulagePermit } = wordsOf(content);
  const stated = facts.map(({ label, values }): [string, string] => [label.zh, values.map(({ zh }) => zh).join(' / ')]);
  return [
    ...(hasPlate ? [['车牌', read] as [string, string]] : []),
    ...stated,
    ...(needsHaulagePermit ? [['运输路线牌', permitText(content)] as [string, string]] : []),
  ];
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

function stills(doc: Doc, content: NoticeContent, pictures: readonly PrintedStill[]): void {
  const width = (doc.page.width - 2 * MARGIN - 12) / 2;
  const height = (width * 9) / 16;
  let column = 0;
  let top = doc.y;
  for (const ref of content.evidence) {
    if (column === 0 && top + height + 34 > doc.page.height - MARGIN) {
      doc.addPage();
      top = doc.y;
    }
    const x = MARGIN + column * (width + 12);
    const picture = pictures.find((still) => still.sha256 === ref.sha256);
    if (!drawn(doc, picture?.jpeg ?? null, { x, y: top, width, height }))
      doc
        .rect(x, top, width, height)
        .stroke(GREY)
        .fillColor(GREY)
        .fontSize(9)
        .text(
          picture ? '画面文件无法显示，原始文件按哈希留存' : '画面暂缺：仍在上传，或正由节点重新上传',
          x + 8,
          top + 8,
          {
            width: width - 16,
          },
        );
    doc
      .fillColor(GREY)
      .fontSize(8)
      .text(
        `${roleText[ref.role].zh}　${localTime(ref.at, content.utcOffsetMinutes)}\nSHA-256 ${ref.sha256.slice(0, 32)}…`,
        x,
        top + height + 3,
        { width },
      );
    column = 1 - column;
    if (column === 0) top += height + 34;
  }
  doc.x = MARGIN;
  doc.y = column === 1 ? top + height + 34 : top;
}

function writeText(doc: Doc, content: NoticeContent, link: string | null): void {
  const { site } = content;
  const { reasons, legalBasis } = wordsOf(content);
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  doc.font('bold').fontSize(19).fillColor(INK).text('整改提醒（违规告知）', { align: 'center' });
  doc
    .moveDown(0.3)
    .font('regular')
    .fontSize(9.5)
    .fillColor(GREY)
    .text(
      `${content.issuer}　编号 ${content.number}　案件 ${content.caseNumber}　${time(content.issuedAt)}（北京时间）`,
      { align: 'center' },
    );
  heading(doc, '一、工地');
  facts(doc, [
    ['工地名称', site.name.zh],
    ['地址', site.address],
    ['施工许可', site.permitNumber ?? '—'],
    ['建设 / 施工单位', `${site.developer ?? '—'} / ${site.contractor ?? '—'}`],
    ['负责人', `${site.manager.name}　${site.manager.phone ?? ''}`],
    ['处置责任书', site.responsibilityLetter ?? '未登记'],
  ]);
  heading(doc, '二、发现的情况');
  facts(doc, [
    [
      '问题',
      listed(
        reasons.map(({ found }) => found),
        'zh',
      ),
    ],
    ['时间', `${time(content.startedAt)}${content.endedAt ? ` 至 ${time(content.endedAt)}` : ''}（北京时间）`],
    ['地点', `${content.camera.name.zh}（${content.camera.id}）`],
    ...kindFacts(content),
  ]);
  heading(doc, '三、依据');
  for (const basis of legalBasis) doc.text(basis);
  heading(doc, '四、整改要求');
  for (const { required } of reasons) doc.text(`· ${required.zh}`);
  doc.text(`· 请于 ${time(content.correctBy)} 前完成整改，并通过下方链接上传整改照片。`);
  heading(doc, '五、您的权利与联系方式');
  doc.text(
    '如对上述情况有异议，您有权陈述和申辩，可在同一页面提交，或联系我们。逾期未整改的，将计入通报、约谈和信用管理。',
  );
  if (link !== null) doc.text(`回复链接：${link}`);
  doc.text(`联系电话：${content.contact}`);
}

/** @param pictures the stills that have arrived; the others are named as still on their way */
export function renderNotice(
  content: NoticeContent,
  link: string | null,
  pictures: readonly PrintedStill[],
): Promise<Buffer> {
  const { regular, bold } = loadFonts();
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    info: { Title: `整改提醒 ${content.number}`, Author: content.issuer, CreationDate: new Date(content.issuedAt) },
  });
  doc.registerFont('regular', regular).registerFont('bold', bold);
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  writeText(doc, content, link);
  if (doc.y > doc.page.height - MARGIN - MIN_SPACE) doc.addPage();
  heading(doc, '六、画面');
  stills(doc, content, pictures);
  doc
    .moveDown(0.5)
    .font('regular')
    .fontSize(8.5)
    .fillColor(GREY)
    .text(
      `本提醒由算法辅助发现，经值班人员 ${content.confirmedBy} 人工确认。原始证据按上列哈希留存备查。本提醒不是处罚决定。`,
    );
  doc.end();
  return done;
}
