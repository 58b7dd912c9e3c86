/** Charts of the printed bulletin, drawn as vectors: lines by day, heat by hour, bars. */
import { ACCENT, type Doc, GREY, INK, LINE, MARGIN } from './page.ts';

const series = ['#12718a', '#c96a12', '#2a8550', '#6450c8'];

type Frame = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The next 1, 2 or 5 times a power of ten. */
export function niceTop(value: number): number {
  if (value <= 5) return Math.max(1, Math.ceil(value));
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

function label(doc: Doc, text: string, x: number, y: number, options: PDFKit.Mixins.TextOptions = {}): void {
  doc
    .font('regular')
    .fontSize(7)
    .fillColor(GREY)
    .text(text, x, y, { lineBreak: false, ...options });
}

export type LineSeries = { readonly name: string; readonly values: readonly number[] };

/** Lines over the days of a month, with a grid and the names of the lines. */
export function lineChart(doc: Doc, frame: Frame, lines: readonly LineSeries[], labels: readonly string[]): void {
  const { x, y, width, height } = frame;
  const plot = { x: x + 30, y: y + 16, width: width - 36, height: height - 34 };
  const top = niceTop(Math.max(1, ...lines.flatMap(({ values }) => values)));
  for (const step of [0, 0.5, 1]) {
    const at = plot.y + plot.height * (1 - step);
    doc
      .moveTo(plot.x, at)
      .lineTo(plot.x + plot.width, at)
      .lineWidth(0.4)
      .stroke(LINE);
    label(doc, String(top * step), x, at - 5, { width: 26, align: 'right' });
  }
  const step = plot.width / Math.max(1, labels.length - 1);
  for (const [i, text] of labels.entries()) {
    if (i % 5 === 0) label(doc, text, plot.x + i * step - 10, plot.y + plot.height + 4, { width: 20, align: 'center' });
  }
  for (const [n, { name, values }] of lines.entries()) {
    const colour = series[n % series.length] as string;
    for (const [i, value] of values.entries()) {
      const at = [plot.x + i * step, plot.y + plot.height * (1 - value / top)] as const;
      if (i === 0) doc.moveTo(...at);
      else doc.lineTo(...at);
    }
    doc.lineWidth(1.4).stroke(colour);
    const left = plot.x + n * 70;
    doc.rect(left, y + 3, 8, 5).fill(colour);
    doc
      .font('regular')
      .fontSize(7.5)
      .fillColor(INK)
      .text(name, left + 11, y, { lineBreak: false });
  }
}

/** From the paper's white to the accent. */
function shade(share: number): string {
  const mix = (from: number, to: number) => Math.round(from + (to - from) * share);
  const part = (value: number) => value.toString(16).padStart(2, '0');
  return `#${part(mix(0xf2, 0x12))}${part(mix(0xf7, 0x71))}${part(mix(0xf8, 0x8a))}`;
}

/** A field for each hour and row, darker where there is more; the number stands in it. */
export function heatChart(
  doc: Doc,
  frame: Frame,
  rows: readonly { readonly name: string; readonly values: readonly number[] }[],
): void {
  const { x, y, width, height } = frame;
  const name = 110;
  const cell = { width: (width - name) / 24, height: (height - 14) / Math.max(1, rows.length) };
  const most = Math.max(1, ...rows.flatMap(({ values }) => values));
  for (let hour = 0; hour < 24; hour++)
    label(doc, String(hour), x + name + hour * cell.width, y, { width: cell.width, align: 'center' });
  for (const [n, row] of rows.entries()) {
    const top = y + 12 + n * cell.height;
    doc
      .font('regular')
      .fontSize(7.5)
      .fillColor(INK)
      .text(row.name, x, top + cell.height / 2 - 5, { width: name - 6, height: 10, ellipsis: true, lineBreak: false });
    for (const [hour, value] of row.values.entries()) {
      const left = x + name + hour * cell.width;
      const share = value / most;
      doc.rect(left + 0.5, top + 0.5, cell.width - 1, cell.height - 1).fill(shade(share));
      if (value > 0)
        doc
          .font('regular')
          .fontSize(6.5)
          .fillColor(share > 0.55 ? '#ffffff' : INK)
          .text(String(value), left, top + cell.height / 2 - 4.5, {
            width: cell.width,
            align: 'center',
            lineBreak: false,
          });
    }
  }
}

export type ChartBar = { readonly name: string; readonly value: number; readonly text: string };

/** Bars across, with names and values. */
export function barChart(doc: Doc, { x, y, width, height }: Frame, bars: readonly ChartBar[]): void {
  const name = 92;
  const room = width - name - 66;
  const step = Math.min(22, height / Math.max(1, bars.length));
  const most = Math.max(1e-9, ...bars.map(({ value }) => value));
  for (const [n, bar] of bars.entries()) {
    const top = y + n * step;
    doc.font('regular').fontSize(7.5).fillColor(INK);
    doc.text(bar.name, x, top + step / 2 - 5, {
      width: name - 6,
      height: 10,
      align: 'right',
      ellipsis: true,
      lineBreak: false,
    });
    const long = (bar.value / most) * room;
    doc.rect(x + name, top + step * 0.18, Math.max(0.5, long), step * 0.64).fill(ACCENT);
    doc.fillColor(GREY).text(bar.text, x + name + long + 4, top + step / 2 - 5, { lineBreak: false });
  }
}

/** One line of parts that make a whole, with their names below. */
export function stackedBar(doc: Doc, { x, y, width }: Frame, parts: readonly ChartBar[]): void {
  const sum = parts.reduce((all, { value }) => all + value, 0);
  let left = x;
  for (const [n, part] of parts.entries()) {
    const own = sum === 0 ? 0 : (part.value / sum) * width;
    const colour = series[n % series.length] as string;
    if (own > 0) doc.rect(left, y, own, 16).fill(colour);
    left += own;
    const at = x + (n * width) / parts.length;
    doc.rect(at, y + 22, 8, 6).fill(colour);
    doc
      .font('regular')
      .fontSize(8)
      .fillColor(INK)
      .text(`${part.name} ${part.text}`, at + 12, y + 19, { lineBreak: false });
  }
  if (sum === 0) doc.rect(x, y, width, 16).lineWidth(0.6).stroke(LINE);
}

/** Back to the left margin below what was drawn. */
export function below(doc: Doc, y: number): void {
  doc.x = MARGIN;
  doc.y = y;
}
