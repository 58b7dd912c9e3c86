/** Runs the benches one after another and prints their table. */
import { cpus } from 'node:os';
import type { BenchRow } from './row.ts';

const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<BenchRow[]> }>>> = {
  P1: () => import('./p1-edge-line.ts'),
  P2: () => import('./p2-quiet-camera.ts'),
  P3: () => import('./p3-busy-camera.ts'),
  P5: () => import('./p5-latency.ts'),
  P6: () => import('./p6-ingest.ts'),
  P8: () => import('./p8-tracker.ts'),
  P9: () => import('./p9-start.ts'),
  P11: () => import('./p11-preprocessing.ts'),
};

const round = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

function line(row: BenchRow): string {
  const ceiling = row.ceiling ? `${round(row.ceiling.value)} ${row.unit} (${row.ceiling.what})` : '—';
  const ratio = row.ratio === null ? '—' : `${row.ratio.toFixed(3)}`;
  const met = row.met === null ? '' : row.met ? 'met' : 'NOT MET';
  return [row.id, row.figure, `${round(row.value)} ${row.unit}`, ceiling, ratio, row.aim, met, row.note ?? ''].join(
    ' | ',
  );
}

export async function runBench(options: { only: readonly string[] | null; json: boolean }): Promise<void> {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`;
  process.stderr.write(`${machine}\n`);
  const rows: BenchRow[] = [];
  for (const [id, load] of Object.entries(benches)) {
    if (options.only && !options.only.includes(id)) continue;
    process.stderr.write(`measuring ${id} …\n`);
    const { run } = await load();
    rows.push(...(await run()));
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ machine, rows })}\n`);
    return;
  }
  process.stdout.write('| # | figure | value | ceiling | ratio | aim | | note |\n|---|---|---|---|---|---|---|---|\n');
  for (const row of rows) process.stdout.write(`| ${line(row)} |\n`);
}
