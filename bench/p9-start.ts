/** P9: from the start of a program to the first frame analysed (edge, one camera and a fleet) and to ready (hub). */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadClips } from '../demo/clips.ts';
import { packageRoot } from '../platform/paths.ts';
import { freePort } from './free-port.ts';
import type { BenchOptions } from './options.ts';
import { fleetStart } from './p9-fleet-start.ts';
import type { BenchRow } from './row.ts';
import { median } from './spread.ts';

const RUNS = 3;

function start(side: 'edge' | 'hub', config: string): ChildProcess {
  const cli = join(packageRoot(), 'dist', 'cli', 'main.js');
  return spawn(process.execPath, [cli, side, '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, KERBWATCH_LOG: 'info', BENCH_PASSWORD: 'bench-only' },
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Milliseconds until a line of the log holds `text`. */
function logged(child: ChildProcess, text: string, started: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve(performance.now() - started);
    });
    child.once('exit', (code) => reject(new Error(`ended (${code}) before "${text}": ${seen.slice(-1000)}`)));
  });
}

async function edgeStart(folder: string): Promise<number> {
  const clip = loadClips()[0];
  if (!clip) throw new Error('no clip is shipped');
  const config = join(folder, 'edge.yaml');
  const { id, kind, zones } = clip.truth.camera;
  writeFileSync(
    config,
    stringify({
      node: 'bench-edge',
      dataDir: join(folder, 'edge'),
      modelsDir: join(packageRoot(), 'models'),
      model: 'kerb-s',
      uplink: { mqtt: 'mqtt://127.0.0.1:9', password: 'env:BENCH_PASSWORD', evidence: 'http://127.0.0.1:9' },
      cameras: [{ id, kind, source: { url: clip.file, cadence: 5, loop: true }, zones }],
    }),
  );
  const started = performance.now();
  const child = start('edge', config);
  try {
    return await logged(child, 'first frame analysed', started);
  } finally {
    await stop(child);
  }
}

async function hubStart(folder: string): Promise<number> {
  const port = await freePort();
  const config = join(folder, 'hub.yaml');
  const dataDir = join(folder, 'hub');
  writeFileSync(
    config,
    stringify({
      database: `sqlite:${dataDir}/hub.db`,
      dataDir,
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port },
    }),
  );
  const started = performance.now();
  const child = start('hub', config);
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`)
        .then((response) => response.ok)
        .catch(() => false);
      if (ready) return performance.now() - started;
      if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await stop(child);
  }
}

/** P9 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  try {
    const edge: number[] = [];
    const hub: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      edge.push(await edgeStart(folder));
      hub.push(await hubStart(folder));
    }
    const row = (figure: string, ms: number, limit: number): BenchRow => ({
      id: 'P9',
      figure,
      value: ms / 1000,
      unit: 's',
      ceiling: null,
      ratio: null,
      aim: `< ${limit} s`,
      met: ms < limit * 1000,
    });
    return [
      row('start to first frame analysed (edge)', median(edge), 3),
      row('start to ready (hub)', median(hub), 2),
      await fleetStart(options),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
