/** P10: eight street cameras for an hour: do memory and handles stay where they are? */
import type { NodeHealth } from '../contracts/status.ts';
import { costOf, type TreeCost } from './cost/tree-cost.ts';
import { type EdgeNode, startEdgeNode } from './fleet/edge-node.ts';
import { openRtspFleet } from './fleet/street-fleet.ts';
import { openMedia } from './media.ts';
import type { BenchOptions } from './options.ts';
import type { BenchRow } from './row.ts';
import { median, slope } from './spread.ts';

const CAMERAS = 8;
const MODEL = 'kerb-s-int8';
const HOUR_MS = 3_600_000;
const SHORT_HOURS = 5 / 60;
/** Buffers, rings and the compiler's code have their size by then; a short run gives them a third of its time. */
const SETTLE_MS = 300_000;
const SILENT_MS = 60_000;
/** Growth that counts as none: of the settled size, and in handles. */
const FLAT_SHARE = 0.05;
const FLAT_HANDLES = 4;

type Sample = { readonly atMs: number; readonly cost: TreeCost };

async function sample(node: EdgeNode, forMs: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const began = performance.now();
  const any = (_: NodeHealth) => true;
  while (performance.now() - began < forMs) {
    if (!(await node.health(any, SILENT_MS))) throw new Error(`no health for ${SILENT_MS / 1000} s`);
    samples.push({ atMs: performance.now() - began, cost: costOf([node.pid]) });
  }
  return samples;
}

/** How a figure went after it had settled: medians of the first and the last third, and growth an hour. Pure. */
export function trendOf(points: readonly (readonly [atMs: number, value: number])[]) {
  const third = Math.max(1, Math.floor(points.length / 3));
  const values = points.map(([, value]) => value);
  return {
    first: median(values.slice(0, third)),
    last: median(values.slice(-third)),
    anHour: slope(points) * HOUR_MS,
  };
}

function rowOf(
  figure: string,
  unit: string,
  trend: ReturnType<typeof trendOf>,
  allowed: number,
  note: string,
): BenchRow {
  return {
    id: 'P10',
    figure: `${CAMERAS} street cameras: ${figure}`,
    value: trend.last,
    unit,
    ceiling: { what: 'the same node, settled', value: trend.first },
    ratio: trend.last / trend.first,
    aim: `grows by ≤ ${allowed.toPrecision(2)} ${unit}`,
    met: trend.last - trend.first <= allowed,
    note: `${trend.anHour >= 0 ? '+' : ''}${trend.anHour.toFixed(1)} ${unit} an hour; ${note}`,
  };
}

/** P10 of docs/bench.md. */
export async function run({ own, hours }: BenchOptions): Promise<BenchRow[]> {
  const media = await openMedia();
  const fleet = await openRtspFleet(CAMERAS, media);
  const forMs = (hours ?? SHORT_HOURS) * HOUR_MS;
  const node = await startEdgeNode({ checkout: own, cameras: fleet.cameras, model: MODEL });
  try {
    const samples = await sample(node, forMs);
    const settled = samples.filter(({ atMs }) => atMs > Math.min(SETTLE_MS, forMs / 3));
    const of = (value: (cost: TreeCost) => number) => trendOf(settled.map(({ atMs, cost }) => [atMs, value(cost)]));
    const memory = of((cost) => cost.pssMiB);
    const minutes = Math.round(forMs / 60_000);
    const note = `${minutes} minutes, ${settled.length} samples${hours === null ? '; the long form: --hours 1' : ''}`;
    return [
      rowOf('memory', 'MiB', memory, memory.first * FLAT_SHARE, note),
      rowOf(
        'handles',
        'handles',
        of((cost) => cost.handles),
        FLAT_HANDLES,
        note,
      ),
    ];
  } finally {
    await node.close();
    await fleet.close();
    media.close();
  }
}
