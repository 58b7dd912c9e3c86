/** The benchmark's rows as a Markdown table. Pure. */
import type { BenchRow } from './row.ts';
import type { Spread } from './spread.ts';

const round = (value: number) =>
  Number.isNaN(value) ? '—' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);

/** The median, and where several rounds differ, the least and the most. */
function figure(value: number, range?: Spread): string {
  if (!range || range.min === range.max) return round(value);
  return `${round(value)} (${round(range.min)}–${round(range.max)})`;
}

function otherBuild({ against, unit }: BenchRow): string {
  if (!against) return '—';
  const ratio = against.ratio === null ? '' : `, ratio ${round(against.ratio)}`;
  return `${round(against.value)} ${unit}${ratio}; ours ${round(against.share)} ×`;
}

function cells(row: BenchRow): string[] {
  const { ceiling } = row;
  return [
    row.id,
    row.figure,
    `${figure(row.value, row.range)} ${row.unit}`,
    ceiling ? `${figure(ceiling.value, ceiling.range)} ${row.unit} (${ceiling.what})` : '—',
    row.ratio === null ? '—' : figure(row.ratio, row.ratioRange),
    otherBuild(row),
    row.aim,
    row.met === null ? '' : row.met ? 'met' : 'NOT MET',
    row.note ?? '',
  ];
}

/** Figures are medians of interleaved rounds, with the least and the most in brackets. */
export function benchTable(rows: readonly BenchRow[]): string {
  const heads = ['#', 'figure', 'value', 'ceiling', 'ratio', 'the other build', 'aim', '', 'note'];
  const lines = [heads, heads.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}
