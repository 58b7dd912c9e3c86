/** `npm run dev`: it starts, serves the console's sources with the hub behind them, plays, and ends as a whole. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NodeView } from '../../contracts/api/registry.ts';
import { CSRF_HEADER } from '../../contracts/api/session.ts';
import { DEMO_LOGIN_PASSWORD } from '../../demo/hub.ts';
import { packageRoot } from '../../platform/paths.ts';
import { accepts, freePort, run, until } from '../processes.ts';

const childrenOf = (pid: number): number[] => {
  const own = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const children = own.map((line) => line.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === pid);
  return children.flatMap(([child = 0]) => [child, ...childrenOf(child)]);
};
const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('hub, console and a playing node start together and end together', async () => {
  const port = await freePort();
  const dev = run(process.execPath, ['--import', 'tsx', join(packageRoot(), 'tools/dev/main.ts'), '--port', `${port}`]);
  try {
    await until('the console is served', () => accepts(port));
    const site = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${site}/review`)).text()).toContain('/@vite/client');
    expect(await (await fetch(`${site}/src/app.tsx`)).text()).toContain('createHotContext');
    const session = await fetch(`${site}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: DEMO_LOGIN_PASSWORD }),
    });
    expect(session.status).toBe(200);
    const { csrf } = (await session.json()) as { csrf: string };
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const node = await until('the cameras are watched', async () => {
      const answer = await fetch(`${site}/api/v1/nodes`, { headers: { cookie, [CSRF_HEADER]: csrf } });
      const [own] = (await answer.json()) as NodeView[];
      const cameras = Object.values(own?.status?.cameras ?? {});
      return cameras.length > 0 && cameras.every(({ state }) => state === 'watched') && own;
    });
    expect(Object.keys(node?.status?.cameras ?? {}).length).toBeGreaterThan(1);
    const children = childrenOf(dev.child.pid ?? 0);
    expect(children.length).toBeGreaterThan(1);
    await dev.kill('SIGINT');
    expect(dev.child.exitCode, dev.output()).toBe(0);
    // Each ends by itself once its parent is gone; a moment later on a busy machine.
    await until('no process is left', () => !children.some(lives));
    expect(await accepts(port)).toBe(false);
  } finally {
    await dev.kill('SIGKILL');
  }
});
