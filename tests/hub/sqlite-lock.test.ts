/** Another process holds the SQLite file: the hub's event loop goes on, reads are answered, nothing is lost; and one hub a file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { startHub } from '../../hub/main.ts';
import { openStore } from '../../hub/storage/store.ts';
import { systemClock } from '../../platform/clock.ts';
import { run, until } from '../processes.ts';
import { connectNode, createTestNode } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';

/** Takes the write lock in a process of its own, says so, and keeps it until it is killed. */
const HOLD = `
const db = new (require('better-sqlite3'))(process.argv[1]);
db.exec('BEGIN IMMEDIATE');
console.log('held');
setInterval(() => {}, 1000);
`;

function configOf(folder: string) {
  return {
    database: `sqlite:${join(folder, 'hub.db')}`,
    dataDir: folder,
    http: { host: '127.0.0.1', port: 0 },
    mqtt: 'embedded',
    broker: { host: '127.0.0.1', port: 0 },
  };
}

test('a lock held for seconds blocks no tick and no reader, and costs no event', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-lock-'));
  const hub = await startHub(configOf(folder), { log: quiet, clock: systemClock });
  const node = createTestNode(A);
  await node.register(hub.store);
  const link = await connectNode(hub.mqttUrl ?? '', A);
  await link.send(node.tell({ key: 'before', zone: 'a' }));
  await link.until((acks) => acks.length === 1);
  const holder = run(process.execPath, ['-e', HOLD, join(folder, 'hub.db')]);
  try {
    await until('the lock is held', () => holder.output().includes('held'));
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    for (let i = 0; i < 20; i++) await link.send(node.tell({ key: `k${i}`, zone: `z${i}` }));
    const began = performance.now();
    let reads = 0;
    let slowest = 0;
    while (performance.now() - began < 2500) {
      const asked = performance.now();
      expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
      slowest = Math.max(slowest, performance.now() - asked);
      reads += 1;
    }
    delay.disable();
    expect(link.acks).toHaveLength(1);
    // Before, each try stood still for five seconds. The bounds leave room for a busy machine.
    expect(delay.max / 1e6).toBeLessThan(1000);
    expect(delay.percentile(90) / 1e6).toBeLessThan(100);
    expect(slowest).toBeLessThan(1500);
    expect(reads).toBeGreaterThan(10);
  } finally {
    await holder.kill('SIGKILL');
  }
  await link.until((acks) => acks.length === 21);
  expect(link.acks.every(({ status }) => status === 'stored')).toBe(true);
  await link.close();
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an exclusive lock is told as 503 once patience has ended, not as a fault of the hub', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-lock-'));
  const store = await openStore(`sqlite:${join(folder, 'hub.db')}`, { log: quiet });
  const holder = run(process.execPath, ['-e', HOLD, join(folder, 'hub.db')]);
  await until('the lock is held', () => holder.output().includes('held'));
  const writing = store.db.insertInto('counters').values({ name: 'c', value: 1 }).execute();
  await expect(writing).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_BUSY/) });
  await holder.kill('SIGKILL');
  // A transaction of several statements waits in the same way, and nobody else's statement slips into it.
  const step = (name: string) =>
    store.transaction(async (trx) => {
      await trx.insertInto('counters').values({ name, value: 1 }).execute();
      await trx
        .insertInto('counters')
        .values({ name: `${name}2`, value: 2 })
        .execute();
    });
  await Promise.all([step('a'), step('b'), step('c')]);
  expect(await store.db.selectFrom('counters').select('name').orderBy('name').execute()).toHaveLength(6);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a second hub on the same file is refused with a code; the first goes on; a third may start after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-two-'));
  const first = await startHub(configOf(folder), { log: quiet, clock: systemClock });
  const second = startHub(configOf(folder), { log: quiet, clock: systemClock });
  await expect(second).rejects.toMatchObject({ code: 'HUB_DATABASE_IN_USE' });
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  // What only looks in (`--create-admin`, a backup) is not kept out.
  const beside = await openStore(`sqlite:${join(folder, 'hub.db')}`, { log: quiet });
  await beside.close();
  await first.close();
  const third = await startHub(configOf(folder), { log: quiet, clock: systemClock });
  await third.close();
  rmSync(folder, { recursive: true, force: true });
});
