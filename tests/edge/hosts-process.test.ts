/** The edge as the processes that it is: who loads what, what anybody on the box can read, and who ends with whom. */
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { comingAndGoing } from '../crash/rounds.ts';
import { cli, kerbwatch, temporaryFolder, writeConfig } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { freePort, type Running, run, until } from '../processes.ts';
import { cameraOn, isAlive } from './hosts-stage.ts';

const SECRETS = { HOSTS_UPLINK: 'uplink-secret-4711', HOSTS_CAMERA: 'camera-secret-0815' };
const folder = temporaryFolder('hosts-process');
afterAll(folder.remove);

const proc = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** Processes that this one has started and that run Node. */
function hostsOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    proc(pid, `task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.filter((child) => proc(child, 'cmdline').includes('host.'));
}

describe.skipIf(!needs('ffmpeg') || process.platform !== 'linux')('the processes of an edge node', () => {
  let clip = '';
  beforeAll(() => {
    clip = comingAndGoing(folder.path);
  });

  async function configOf(name: string, more: object = {}): Promise<string> {
    const port = await freePort();
    const cameras = ['a', 'b'].map((id) =>
      cameraOn(id, clip, { loop: true, user: 'viewer', password: 'env:HOSTS_CAMERA' }),
    );
    return writeConfig(join(folder.path, `${name}.yaml`), {
      node: 'process-node',
      dataDir: join(folder.path, name),
      modelsDir: join(packageRoot(), 'models'),
      model: 'kerb-s',
      hosts: 2,
      uplink: { mqtt: `mqtt://127.0.0.1:${port}`, password: 'env:HOSTS_UPLINK', evidence: `http://127.0.0.1:${port}` },
      cameras,
      ...more,
    });
  }

  /** A node whose two cameras have been analysed. */
  async function begin(name: string): Promise<{ edge: Running; main: number; hosts: number[] }> {
    const edge = run(process.execPath, [cli, 'edge', '--config', await configOf(name)], SECRETS);
    await until('every camera has been analysed', () => edge.output().includes('every camera has been analysed'));
    const main = edge.child.pid ?? 0;
    return { edge, main, hosts: hostsOf(main) };
  }

  test('each loads only what it works with, and no secret can be read from outside', async () => {
    const { edge, main, hosts } = await begin('maps');
    try {
      expect(hosts).toHaveLength(2);
      expect(proc(main, 'maps')).toContain('better_sqlite3');
      expect(proc(main, 'maps')).not.toMatch(/onnxruntime|node-av|libvips/);
      for (const host of hosts) {
        expect(proc(host, 'maps')).toContain('onnxruntime');
        expect(proc(host, 'maps')).not.toContain('better_sqlite3');
        const open = proc(host, 'cmdline') + proc(host, 'environ');
        for (const secret of Object.values(SECRETS)) expect(open).not.toContain(secret);
      }
      expect(edge.output()).not.toContain(SECRETS.HOSTS_CAMERA);
    } finally {
      await edge.kill('SIGKILL');
    }
  });

  test('hosts are gone within two seconds of a main process that was killed', async () => {
    const { edge, hosts } = await begin('orphans');
    await edge.kill('SIGKILL');
    expect(hosts).toHaveLength(2);
    await until('no host is left', () => !hosts.some(isAlive), 2000);
  });

  test('a signal to all of them at once still stops them in order, with what they know saved', async () => {
    const { edge, main, hosts } = await begin('stop');
    const ended = once(edge.child, 'exit');
    for (const pid of [...hosts, main]) process.kill(pid, 'SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(hosts.some(isAlive)).toBe(false);
    expect(edge.output()).not.toContain('a camera host has ended');
    const db = new Sqlite(join(folder.path, 'stop', 'outbox.db'), { readonly: true });
    const names = db.prepare('SELECT name FROM states ORDER BY name').pluck().all();
    db.close();
    expect(names).toEqual(['line/a', 'line/b']);
  });

  test('a model that cannot be used is told once, and nothing stays behind', async () => {
    const file = await configOf('model', { modelsDir: folder.path, model: 'not-a-model' });
    mkdirSync(join(folder.path, 'not-a-model'));
    writeFileSync(join(folder.path, 'not-a-model', 'model.yaml'), 'name: [nothing, that, fits]\n');
    const { status, stderr } = kerbwatch(['edge', '--config', file], SECRETS);
    expect(status).not.toBe(0);
    expect(stderr.match(/EDGE_MODEL_CARD/g)).toHaveLength(1);
  });
});
