/** Runs a program to its end and tells what it and its children cost. One at a time: the kernel adds up ended children. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseStat, readGone } from './process-table.ts';

export type RunCost = {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly out: string;
  readonly err: string;
};

export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
};

const endedSeconds = (): number => parseStat(readGone('/proc/self/stat') ?? '')?.endedSeconds ?? Number.NaN;

/** @throws with the last lines of its output when it does not end well */
export async function runCost(program: Program): Promise<RunCost> {
  const { command, args, cwd, env } = program;
  const before = endedSeconds();
  const began = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd ? { cwd } : {}),
    env: { ...process.env, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const wallSeconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.slice(-1000)}`);
  return { cpuSeconds: endedSeconds() - before, wallSeconds, out, err };
}
