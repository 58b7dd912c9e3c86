/** A PostgreSQL server of its own for a test: made in a temporary folder, on a free port, gone afterwards. */
import { execFile } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresBin } from './needs.ts';

const run = promisify(execFile);

export type PostgresServer = {
  /** Without a password; a fresh database for each name. */
  createDatabase(name: string): Promise<string>;
  /** `immediate` is a crash: no checkpoint, connections cut. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** PostgreSQL refuses to run as root: there it runs as its own user. */
async function serverUser(): Promise<{ name: string; uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { name: 'postgres', uid: await id('-u'), gid: await id('-g') };
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = postgresBin();
  if (!bin) throw new Error('PostgreSQL server programs not found');
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-pg-'));
  const user = await serverUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const port = await freePort();
  const program = (name: string, args: readonly string[]) =>
    user
      ? run('runuser', ['-u', user.name, '--', join(bin, name), ...args], { cwd: folder })
      : run(join(bin, name), [...args], { cwd: folder });
  const data = join(folder, 'data');
  await program('initdb', ['-D', data, '-U', 'kerbwatch', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']);
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  const start = async () => {
    await program('pg_ctl', ['-D', data, '-w', '-t', '60', '-l', join(folder, 'log'), '-o', options, 'start']);
  };
  let running = false;
  const server: PostgresServer = {
    async createDatabase(name) {
      await program('createdb', ['-h', '127.0.0.1', '-p', String(port), '-U', 'kerbwatch', name]);
      return `postgres://kerbwatch@127.0.0.1:${port}/${name}`;
    },
    async start() {
      await start();
      running = true;
    },
    async stop(mode = 'fast') {
      if (running) await program('pg_ctl', ['-D', data, '-w', '-m', mode, 'stop']);
      running = false;
    },
    async close() {
      await server.stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
