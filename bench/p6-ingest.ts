/** P6: events a second from the broker to a committed case, against the same rows in bare SQLite and the broker alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeKey } from '../platform/signing.ts';
import type { Checkout } from './checkout.ts';
import { makeBacklog } from './ingest/backlog.ts';
import { throughBareSqlite } from './ingest/bare-sqlite.ts';
import { type Published, publishTo } from './ingest/server.ts';
import { interleave } from './interleave.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { type BenchRow, measuredRow } from './row.ts';
import { median } from './spread.ts';

const EVENTS = 4000;
const ROUNDS = 3;
const NODE = 'bench-node';
const AIM = 0.5;

/** `bare` is what the rows of that very run cost in bare SQLite, events a second. */
type Run = Published & { readonly bare: number };

/** P6 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const key = createNodeKey();
  const payloads = makeBacklog(NODE, EVENTS, key);
  const publicKeyFile = join(folder, 'node.pem');
  writeFileSync(publicKeyFile, key.publicKeyPem);
  const once = async (what: 'hub' | 'broker', { root }: Checkout): Promise<Run> => {
    const data = mkdtempSync(join(folder, `${what}-`));
    const published = await publishTo({ what, root, folder: data, node: NODE, publicKeyFile }, payloads);
    const bare = what === 'hub' ? throughBareSqlite(data, join(data, 'hub.db'), EVENTS) : Number.POSITIVE_INFINITY;
    rmSync(data, { recursive: true, force: true });
    return { ...published, bare };
  };
  try {
    const [brokers = [], ours = [], others] = await interleave(
      [
        { name: 'embedded broker alone', run: () => once('broker', options.own) },
        ...checkoutsOf(options).map((each) => ({ name: each.name, run: () => once('hub', each) })),
      ],
      ROUNDS,
    );
    return [rowOf(brokers, ours, others ?? null)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowOf(brokers: readonly Run[], ours: readonly Run[], others: readonly Run[] | null): BenchRow {
  const rates = (runs: readonly Run[]) => runs.map((ran) => ran.perSecond);
  const bare = (runs: readonly Run[]) => runs.map((ran) => ran.bare);
  const sqlite = median(bare(ours)) < median(rates(brokers));
  return measuredRow({
    id: 'P6',
    figure: 'hub: broker to committed case',
    unit: 'events/s',
    values: rates(ours),
    ceiling: sqlite
      ? { what: 'the same rows, bare SQLite', values: bare(ours) }
      : { what: 'embedded broker, QoS 1', values: rates(brokers) },
    against: others ? { values: rates(others), ...(sqlite ? { ceilings: bare(others) } : {}) } : null,
    aim: `≥ ${AIM} × the lower`,
    met: ({ ratio }) => ratio !== null && ratio >= AIM,
    note: [
      `bare SQLite ${median(bare(ours)).toFixed(0)}/s in transactions of 100, broker ${median(rates(brokers)).toFixed(0)}/s`,
      `${(median(ours.map((ran) => ran.cpuSeconds)) * 1000).toFixed(2)} CPU-ms of the hub an event`,
      'the publisher is a process of its own',
    ].join('; '),
  });
}
