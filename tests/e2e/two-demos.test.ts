/** A second `npm run demo`: it says what is the matter and leaves the first alone, or runs beside it on a port of its own. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { freePort, type Running, run, until } from '../processes.ts';
import { cli, kerbwatch } from './stage.ts';

const running: Running[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill('SIGKILL');
});

const demo = (port: number) => {
  const started = run(process.execPath, [cli, 'demo', '--port', String(port)]);
  running.push(started);
  return started;
};
const url = (one: Running) => /http:\/\/127\.0\.0\.1:\d+/.exec(one.output())?.[0] ?? '';
const answers = async (address: string) => (await fetch(`${address}/readyz`)).ok;
const folderOf = (port: number) => join(packageRoot(), '.kerbwatch', `demo-${port}`);

test('the first goes on, and stops on Ctrl-C', { timeout: 180_000 }, async () => {
  const port = await freePort();
  const first = demo(port);
  await until('the first demo runs', () => url(first) !== '' && answers(url(first)), 90_000);
  const before = readdirSync(join(folderOf(port), 'hub'));

  const second = kerbwatch(['demo', '--port', String(port)]);
  expect(second.status).toBe(1);
  expect(second.stderr).toMatch(/^kerbwatch: HUB_PORT .*npm run demo -- --port \d+\n {2}→ /);
  expect(readdirSync(join(folderOf(port), 'hub'))).toEqual(expect.arrayContaining(before));
  expect(await answers(url(first))).toBe(true);

  const beside = demo(0);
  await until('another demo runs beside it', () => url(beside) !== '' && answers(url(beside)), 90_000);
  await beside.kill('SIGINT');
  expect(beside.child.exitCode).toBe(0);
  expect(await answers(url(first))).toBe(true);
  await first.kill('SIGINT');
  expect(first.child.exitCode).toBe(0);
  expect(existsSync(folderOf(port))).toBe(true);
  for (const left of [folderOf(port), `${folderOf(port)}.lock`]) rmSync(left, { recursive: true });
});

test('a port that is none is a usage fault', () => {
  expect(kerbwatch(['demo', '--port', 'eighty']).status).toBe(2);
});
