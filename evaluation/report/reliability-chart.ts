/** Reliability curves: how often a box of a score is right, a line a model (C. Guo et al. 2017, figure 4). */
import type { Reliability } from '../metrics/reliability.ts';
import { bilingual, type Html, html } from './html.ts';

const SIZE = 220;
const LEFT = 34;
const BOTTOM = 26;
/** Colours of the page's style. */
const COLOURS = 6;
/** A bin with fewer boxes jumps about. */
const MIN_BOXES = 5;

const x = (score: number) => LEFT + score * SIZE;
const y = (share: number) => SIZE - share * SIZE + 8;

function curve({ bins }: Reliability, index: number): Html {
  const points = bins.flatMap(({ meanScore, right }) =>
    meanScore === null || right.value === null || right.cases < MIN_BOXES
      ? []
      : [{ at: [x(meanScore).toFixed(1), y(right.value).toFixed(1)] as const, cases: right.cases }],
  );
  const own = `k${index % COLOURS}`;
  const dots = points.map(
    ({ at: [cx, cy], cases }) => html`<circle cx="${cx}" cy="${cy}" r="3"><title>${cases}</title></circle>`,
  );
  return html`<g class="curve ${own}"><polyline points="${points.map(({ at }) => at.join(',')).join(' ')}"/>${dots}</g>`;
}

/** One square chart with a legend; the diagonal is where a score means what it says. */
export function reliabilityChart(
  curves: readonly { readonly name: string; readonly reliability: Reliability }[],
): Html {
  const steps = [0, 0.5, 1];
  const marks = steps.map(
    (step) =>
      html`<text x="${x(step)}" y="${SIZE + BOTTOM}" text-anchor="middle">${step}</text><text class="end" x="${LEFT - 6}" y="${y(step) + 4}">${step}</text>`,
  );
  const legend = curves.map(({ name, reliability: { expectedCalibrationError: error, boxes } }, i) => {
    const figure = error === null ? '–' : error.toFixed(3);
    return html`<span class="key k${i % COLOURS}">${name} · ${bilingual({ zh: '校准误差', en: 'error' })} ${figure} · ${boxes}</span> `;
  });
  return html`<div class="reliability"><svg viewBox="0 0 ${SIZE + LEFT + 12} ${SIZE + BOTTOM + 8}" role="img" aria-label="reliability"><rect class="frame" x="${LEFT}" y="8" width="${SIZE}" height="${SIZE}"/><line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>${marks}${curves.map(({ reliability }, i) => curve(reliability, i))}</svg><p class="legend">${legend}</p></div>`;
}
