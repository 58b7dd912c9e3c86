/** The database breaks under load, again and again: the hub lives, says so, comes back by itself, and loses nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Problem } from '../../contracts/api/problem.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { createPostgresPool } from '../../hub/storage/postgres-pool.ts';
import { systemClock } from '../../platform/clock.ts';
import { needs } from '../needs.ts';
import { type PostgresServer, startPostgres } from '../postgres.ts';
import { until } from '../processes.ts';
import { connectNode, createTestNode, START, type TestLink } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';

/** A network between hub and database that a test may cut. */
async function startNetwork(to: number) {
  const open = new Set<Socket>();
  let cut = false;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => open.delete(socket));
    }
    near.on('data', (chunk) => cut || far.write(chunk));
    far.on('data', (chunk) => cut || near.write(chunk));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAll() {
      for (const socket of open) socket.resetAndDestroy();
    },
    setCut(now: boolean) {
      cut = now;
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

describe.skipIf(!needs('postgres'))('PostgreSQL breaks while events flow', () => {
  let server: PostgresServer;
  let network: Awaited<ReturnType<typeof startNetwork>>;
  let hub: Hub;
  let link: TestLink;
  let folder = '';
  let made = 0;
  const node = createTestNode(A);
  const died: unknown[] = [];
  const note = (error: unknown) => died.push(error);

  beforeAll(async () => {
    server = await startPostgres();
    // The runner would take an unhandled 'error' event for its own; here each one is counted.
    process.on('uncaughtExceptionMonitor', note);
  });
  afterAll(async () => {
    process.off('uncaughtExceptionMonitor', note);
    await server.close();
  });
  beforeEach(async () => {
    died.length = 0;
    const url = new URL(await server.createDatabase(`away_${made++}`));
    network = await startNetwork(Number(url.port));
    url.port = String(network.port);
    folder = mkdtempSync(join(tmpdir(), 'kerbwatch-away-'));
    hub = await startHub(
      {
        database: url.href,
        dataDir: folder,
        http: { host: '127.0.0.1', port: 0 },
        mqtt: 'embedded',
        broker: { host: '127.0.0.1', port: 0 },
      },
      { log: quiet, clock: systemClock },
    );
    await node.register(hub.store);
    link = await connectNode(hub.mqttUrl ?? '', A);
  });
  afterEach(async () => {
    await link.close();
    await hub.close();
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const readyz = () => fetch(`${hub.url}/readyz`);
  let told = 0;
  const tell = () => node.tell({ key: `k${told}`, zone: `z${told % 20}`, startedAt: START + told++ * 1000 });

  /** Keeps telling while `trouble` happens, then counts what is missing once everything is settled. */
  async function underLoad(trouble: (sent: () => number) => Promise<void>): Promise<void> {
    const first = told + 1;
    let going = true;
    let sent = 0;
    const load = (async () => {
      while (going) {
        for (let i = 0; i < 20; i++)
          link.client.publish(`kerbwatch/v1/${A}/events`, JSON.stringify(tell()), { qos: 1 });
        sent += 20;
        await until('some room', () => link.acks.length > sent - 400, 120_000);
      }
    })();
    await trouble(() => sent);
    going = false;
    await load;
    await link.until((acks) => acks.length >= sent);
    const settled = new Set(link.acks.filter(({ status }) => status !== 'quarantined').map(({ seq }) => seq));
    expect(settled.size).toBe(sent);
    const rows = await hub.store.db.selectFrom('messages').select('seq').execute();
    expect(rows.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, i) => first + i));
    expect(await hub.store.db.selectFrom('seq_gaps').selectAll().execute()).toHaveLength(first > 1 ? 1 : 0);
    expect(died).toEqual([]);
  }

  test('stopped five times in mid-ingest, immediately and fast', { timeout: 180_000 }, async () => {
    await underLoad(async () => {
      for (const mode of ['immediate', 'fast', 'immediate', 'immediate', 'fast'] as const) {
        const before = link.acks.length;
        await until('events flow', () => link.acks.length > before + 40, 60_000);
        await server.stop(mode);
        const away = await readyz();
        expect([away.status, ((await away.json()) as Problem).code]).toEqual([503, 'API_UNAVAILABLE']);
        await server.start();
        await until('it is ready again', async () => (await readyz()).status === 200);
      }
    });
  });

  test('connections ended by an administrator, and cut in mid-query', { timeout: 120_000 }, async () => {
    await underLoad(async () => {
      for (let round = 0; round < 6; round++) {
        const before = link.acks.length;
        await until('events flow', () => link.acks.length > before + 40, 60_000);
        if (round % 2 === 0) network.cutAll();
        else
          await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()`
            .execute(hub.store.db)
            .catch(() => {});
      }
    });
  });

  test('a network that swallows everything is noticed, and not only after a quarter of an hour', async () => {
    const { pool, limitSilence } = createPostgresPool(await server.createDatabase('silent'), { log: quiet });
    const url = new URL(await server.createDatabase('swallowed'));
    url.port = String(network.port);
    const far = createPostgresPool(url.href, { log: quiet });
    far.limitSilence(300);
    limitSilence(300);
    await far.pool.query('select 1');
    network.setCut(true);
    await expect(far.pool.query('select 1')).rejects.toThrow();
    network.setCut(false);
    expect((await far.pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    // One that answers in time is left alone, however long it was idle before.
    expect((await pool.query('select pg_sleep(0.2)')).rowCount).toBe(1);
    await Promise.all([pool.end(), far.pool.end()]);
    expect(died).toEqual([]);
  });

  test('the API says 503 with a code while it is away, whatever is asked', { timeout: 60_000 }, async () => {
    await server.stop('fast');
    const authorization = `Basic ${Buffer.from(`${A}:whatever it is`).toString('base64')}`;
    const asked = await Promise.all([
      fetch(`${hub.url}/api/v1/cases`, { headers: { cookie: 'kerbwatch=abc' } }),
      fetch(`${hub.url}/api/v1/evidence/${'0'.repeat(64)}`, { method: 'HEAD', headers: { authorization } }),
      fetch(`${hub.url}/n/${'x'.repeat(43)}`),
      fetch(`${hub.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'somebody', password: 'something' }),
      }),
    ]);
    expect(asked.map(({ status }) => status)).toEqual([503, 503, 503, 503]);
    expect(await asked[0]?.json()).toMatchObject({ code: 'API_UNAVAILABLE' });
    // Whoever opens a notice on a phone reads words.
    expect(await asked[2]?.text()).toMatch(/<h1>中心尚未就绪<\/h1>.*请稍候再试/);
    await server.start();
    await until('it is ready again', async () => (await readyz()).status === 200);
  });
});
