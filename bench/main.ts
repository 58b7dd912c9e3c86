/** Runs the benches one after another and prints their table. */
import { cpus, loadavg } from 'node:os';
import { AppError } from '../platform/app-error.ts';
import { otherCheckout, ownCheckout } from './checkout.ts';
import type { BenchOptions } from './options.ts';
import type { BenchRow } from './row.ts';
import { benchTable } from './table.ts';

const benches = {
  P1: () => import('./p1-line.ts'),
  P2: () => import('./p2-quiet-camera.ts'),
  P3: () => import('./p3-busy-camera.ts'),
  P4: () => import('./p4-many-cameras.ts'),
  P5: () => import('./p5-latency.ts'),
  P6: () => import('./p6-ingest.ts'),
  P7: () => import('./p7-lists.ts'),
  P8: () => import('./p8-tracker.ts'),
  P9: () => import('./p9-start.ts'),
  P10: () => import('./p10-endurance.ts'),
  P11: () => import('./p11-preprocessing.ts'),
  PEER: () => import('./peer-opencv.ts'),
} satisfies Record<string, () => Promise<{ run: (options: BenchOptions) => Promise<BenchRow[]> }>>;

const benchIds = Object.keys(benches);

export type BenchRequest = Pick<BenchOptions, 'cameras' | 'minutes' | 'hours'> & {
  readonly only: readonly string[] | null;
  readonly against: string | null;
  readonly json: boolean;
};

/** Prints the table, or JSON; progress goes to stderr. @throws CFG_INVALID for a figure that there is not */
export async function runBench(request: BenchRequest): Promise<void> {
  const { only, against, json, ...rest } = request;
  if (only?.some((id) => !benchIds.includes(id))) {
    const unknown = only.filter((id) => !benchIds.includes(id)).join(',');
    throw new AppError('CFG_INVALID', `--only ${unknown}: the figures are ${benchIds.join(', ')}`);
  }
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`;
  const load = loadavg()[0] ?? 0;
  process.stderr.write(`${machine}; load at the start ${load.toFixed(2)}\n`);
  const options: BenchOptions = { ...rest, own: ownCheckout(), against: against ? otherCheckout(against) : null };
  const rows: BenchRow[] = [];
  for (const [id, load] of Object.entries(benches)) {
    if (only && !only.includes(id)) continue;
    process.stderr.write(`measuring ${id} …\n`);
    const { run } = await load();
    rows.push(...(await run(options)));
  }
  if (json) process.stdout.write(`${JSON.stringify({ machine, load, rows })}\n`);
  else process.stdout.write(benchTable(rows));
}
