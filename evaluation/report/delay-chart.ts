/** Histogram of the time from due to reported, as inline SVG. */
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { bilingual, type Html, html, note, section } from './html.ts';
import type { MediaReport } from './media-report.ts';
import { kindOf } from './words.ts';

const STEP = 0.5;
/** What is earlier or later falls into the first or last bar. */
const MAX_BARS = 40;
const SIZE = { width: 720, height: 220, left: 34, bottom: 34, top: 10, right: 10 } as const;

export type Bin = { readonly from: number; readonly counts: Readonly<Record<ViolationKind, number>> };

/** Bars of half a second from the earliest to the latest, with 0 always among them. */
export function binDelays(delays: Readonly<Record<ViolationKind, readonly number[]>>): Bin[] {
  const all = violationKinds.flatMap((kind) => delays[kind]);
  if (all.length === 0) return [];
  const indexOf = (delay: number) => Math.max(-MAX_BARS / 2, Math.min(MAX_BARS / 2, Math.floor(delay / STEP + 1e-9)));
  const first = Math.min(0, ...all.map(indexOf));
  const last = Math.max(0, ...all.map(indexOf));
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    from: (first + i) * STEP,
    counts: Object.fromEntries(
      violationKinds.map((kind) => [kind, delays[kind].filter((delay) => indexOf(delay) === first + i).length]),
    ) as Record<ViolationKind, number>,
  }));
}

function bars(bins: readonly Bin[], most: number): Html[] {
  const { width, height, left, bottom, top, right } = SIZE;
  const step = (width - left - right) / Math.max(8, bins.length);
  const scale = (height - bottom - top) / most;
  return bins.map((bin, i) => {
    let y = height - bottom;
    const parts = violationKinds.map((kind, k) => {
      const tall = bin.counts[kind] * scale;
      y -= tall;
      return tall === 0
        ? html``
        : html`<rect class="k${k}" x="${left + i * step + 1}" y="${y}" width="${step - 2}" height="${tall}"><title>${bin.from} s: ${bin.counts[kind]}</title></rect>`;
    });
    const label =
      i % Math.ceil(bins.length / 12) === 0
        ? html`<text x="${left + i * step}" y="${height - bottom + 16}">${bin.from}</text>`
        : html``;
    return html`${parts}${label}`;
  });
}

/** The section with the histogram, one colour a kind. */
export function delayChart(report: MediaReport): Html {
  const delays = Object.fromEntries(
    violationKinds.map((kind) => [kind, report.clips.flatMap((clip) => clip.events[kind].delays)]),
  ) as Record<ViolationKind, number[]>;
  const title = { zh: '应报到上报的时间', en: 'From due to reported' };
  const bins = binDelays(delays);
  if (bins.length === 0) return section(title, note({ zh: '没有可计的事件。', en: 'No event to count.' }));
  const { width, height, left, bottom, top } = SIZE;
  const most = Math.max(...bins.map((bin) => violationKinds.reduce((sum, kind) => sum + bin.counts[kind], 0)));
  const legend = violationKinds.map((kind, k) => html`<span class="key k${k}">${bilingual(kindOf(kind))}</span> `);
  return section(
    title,
    html`<p class="legend">${legend}</p>
<div class="wide"><svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="histogram"><line x1="${left}" y1="${height - bottom}" x2="${width}" y2="${height - bottom}"/><text x="${left - 6}" y="${top + 8}" class="end">${most}</text><text x="${left - 6}" y="${height - bottom}" class="end">0</text>${bars(bins, most)}<text x="${width - 4}" y="${height - 2}" class="end">s</text></svg></div>`,
    note({
      zh: '每格 0.5 秒；0 为规则参数规定的应报时刻，负数为提前。首末两格含更早、更晚者。',
      en: 'Half a second a bar; 0 is when the rule’s parameters make it due, negative is early. The first and last bar hold all beyond.',
    }),
  );
}
