/** A checkout's edge node as a process of its own, seen as a hub sees it: by its health and status. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeHealth, NodeStatus } from '../../contracts/status.ts';
import type { BenchCamera, Checkout } from '../checkout.ts';
import { readProcesses, treeOf } from '../cost/process-table.ts';
import { startStandInHub } from './stand-in-hub.ts';

export type EdgeNode = {
  readonly pid: number;
  /** `performance.now()` when it was started. */
  readonly startedAt: number;
  /** The first health from now on that `holds`; null when the time is over before. */
  readonly health: (holds: (health: NodeHealth) => boolean, withinMs: number) => Promise<NodeHealth | null>;
  /** The same for its status, which it sends at every change; the last one counts. */
  readonly status: (holds: (status: NodeStatus) => boolean, withinMs: number) => Promise<NodeStatus | null>;
  readonly counts: () => { readonly events: number; readonly files: number };
  readonly close: () => Promise<void>;
};

const STOP_MS = 20_000;

/** Waits for a message that holds; rejects when the process ends meanwhile. */
function createWaiting<T>(ended: Promise<never>) {
  let last: T | null = null;
  const waiting = new Set<(message: T) => void>();
  return {
    take(message: T): void {
      last = message;
      for (const check of [...waiting]) check(message);
    },
    /** @param again the last message counts too */
    async next(holds: (message: T) => boolean, withinMs: number, again: boolean): Promise<T | null> {
      if (again && last && holds(last)) return last;
      let check: (message: T) => void = () => {};
      let timer: NodeJS.Timeout | undefined;
      const found = new Promise<T | null>((resolve) => {
        check = (message) => holds(message) && resolve(message);
        timer = setTimeout(() => resolve(null), withinMs);
        waiting.add(check);
      });
      try {
        return await Promise.race([found, ended]);
      } finally {
        waiting.delete(check);
        clearTimeout(timer);
      }
    },
  };
}

/** Ends it as an operator would; whatever of it is left after a while is killed. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  const family = treeOf(readProcesses(), [child.pid]);
  child.kill('SIGTERM');
  const timer = setTimeout(() => {
    for (const { pid } of family) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }, STOP_MS);
  await gone;
  clearTimeout(timer);
}

export type EdgeOrder = {
  readonly checkout: Checkout;
  readonly cameras: readonly BenchCamera[];
  readonly model: string;
};

/** A node of a checkout as a process of its own, before a hub that only takes and answers. */
export async function startEdgeNode({ checkout, cameras, model }: EdgeOrder): Promise<EdgeNode> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const hub = await startStandInHub();
  const file = checkout.configure({ folder, cameras, model, mqtt: hub.mqtt, evidence: hub.evidence });
  const { command, args, cwd, env } = checkout.program(['edge', '--config', file]);
  const startedAt = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the edge of ${checkout.name} ended with ${code}: ${output}`)));
  });
  ended.catch(() => {});
  const health = createWaiting<NodeHealth>(ended);
  const status = createWaiting<NodeStatus>(ended);
  hub.onHealth(health.take);
  hub.onStatus(status.take);
  return {
    pid: child.pid ?? 0,
    startedAt,
    health: (holds, withinMs) => health.next(holds, withinMs, false),
    status: (holds, withinMs) => status.next(holds, withinMs, true),
    counts: hub.counts,
    async close() {
      await stop(child);
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
