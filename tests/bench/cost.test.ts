/** What process trees cost: /proc read right, grandchildren counted, the ended ones too. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProcessRow, parseStat, treeOf } from '../../bench/cost/process-table.ts';
import { runCost } from '../../bench/cost/run-cost.ts';
import { costOf, cpuOf, parsePss } from '../../bench/cost/tree-cost.ts';
import { until } from '../processes.ts';

const row = (pid: number, parent: number): ProcessRow => ({ pid, parent, cpuSeconds: 1, endedSeconds: 0, threads: 1 });
/** Keeps a processor busy for so many ms of its time. */
const burn = (ms: number) => `while (process.cpuUsage().user < ${ms * 1000});`;

describe('/proc/PID/stat', () => {
  it('reads a name with blanks and brackets', () => {
    const numbers = Array.from({ length: 49 }, (_, i) => i + 5).join(' ');
    expect(parseStat(`42 (a) (b c) S 7 ${numbers}`)).toEqual({
      pid: 42,
      parent: 7,
      cpuSeconds: (14 + 15) / 100,
      endedSeconds: (16 + 17) / 100,
      threads: 20,
    });
  });

  it.each(['', '42', '42 (node', '42 (node) S 7'])('has nothing to say of "%s"', (text) => {
    expect(parseStat(text)).toBeNull();
  });
});

describe('a tree', () => {
  it('holds roots and all that come from them, each once', () => {
    const rows = [row(1, 0), row(10, 1), row(11, 10), row(12, 11), row(20, 1)];
    const pids = treeOf(rows, [10, 12, 99]).map(({ pid }) => pid);
    expect(pids.sort((a, b) => a - b)).toEqual([10, 11, 12]);
  });
});

it('reads PSS and not what stands beside it', () => {
  expect(parsePss('Rss: 900 kB\nPss:      2048 kB\nPss_Dirty: 7 kB\n')).toBe(2);
  expect(parsePss('')).toBe(0);
});

describe('real processes', () => {
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  });

  /** A parent that idles, with a child that burns and then waits on stdin, or ends. */
  function family(then: 'stays' | 'ends'): number {
    const child = `${burn(300)} ${then === 'stays' ? 'setInterval(() => {}, 1000)' : ''}`;
    const parent = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); setInterval(() => {}, 1000)`;
    const started = spawn(process.execPath, ['-e', parent], { stdio: 'ignore' });
    children.push(started);
    return started.pid ?? 0;
  }

  it('counts a grandchild that lives', async () => {
    const pid = family('stays');
    const cost = await until('the work is seen', () => {
      const now = costOf([pid]);
      return now.cpuSeconds >= 0.3 && now.processes === 2 ? now : null;
    });
    // Pages of the program itself are shared with every other process of this Node.
    expect(cost.pssMiB).toBeGreaterThan(5);
    expect(cost.threads).toBeGreaterThan(2);
    expect(cost.handles).toBeGreaterThan(4);
  });

  it('counts a grandchild that has ended', async () => {
    const pid = family('ends');
    await until('the grandchild came and went', () => costOf([pid]).processes === 1 && cpuOf([pid]) >= 0.3);
    expect(cpuOf([pid])).toBeGreaterThanOrEqual(0.3);
  });

  it('runs a program to its end with all that it started', async () => {
    const child = JSON.stringify(burn(200));
    const parent = `${burn(200)} require('child_process').execFileSync(process.execPath, ['-e', ${child}]); console.log('done')`;
    const { cpuSeconds, out } = await runCost({ command: process.execPath, args: ['-e', parent] });
    expect(out).toBe('done\n');
    expect(cpuSeconds).toBeGreaterThanOrEqual(0.35);
    expect(cpuSeconds).toBeLessThan(5);
  });

  it('says what a program said that failed', async () => {
    const failing = { command: process.execPath, args: ['-e', 'console.error("no camera"); process.exit(3)'] };
    await expect(runCost(failing)).rejects.toThrow(/ended with 3: no camera/);
  });
});
