/** The hub's clock jumps, while it runs and while it is off: nothing expires or is deleted in haste, and nothing stands still for ever. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHubClock } from '../../hub/hub-clock.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START } from './node.ts';
import { quiet } from './stores.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const A = 'node-a';

let folder = '';
let hub: Hub;
/** The wall clock, and the one that only goes forward. */
let wall = 0;
let elapsed = 0;
const still = Buffer.from('a still of a case that nobody has looked at yet');

const start = () =>
  startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      http: { host: '127.0.0.1', port: 0 },
      mqtt: 'embedded',
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet, clock: { now: () => wall }, elapsed: () => elapsed },
  );

/** Time that really passes, with the sweeps that happen meanwhile. */
async function live(ms: number, steps = 8): Promise<void> {
  for (let i = 0; i < steps; i++) {
    wall += ms / steps;
    elapsed += ms / steps;
    await hub.sweep();
  }
}

const counts = async () => (await hub.caseReads.list({})).counts;
const fileIsThere = () => {
  const sha256 = sha256Hex(still);
  return existsSync(join(folder, 'evidence', 'blobs', sha256.slice(0, 2), sha256));
};
const readyz = async () => (await (await fetch(`${hub.url}/readyz`)).json()) as { status: string; notes: string[] };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-clock-'));
  wall = START + HOUR;
  elapsed = 1000;
  hub = await start();
  const node = createTestNode(A);
  await node.register(hub.store);
  const link = await connectNode(hub.mqttUrl ?? '', A);
  const at = new Date(START).toISOString();
  const ref = { role: 'during', sha256: sha256Hex(still), mime: 'image/jpeg', bytes: still.length } as const;
  await link.send(node.tell({ key: 'one', zone: 'a', evidence: [{ ...ref, at, width: 64, height: 48 }] }));
  await link.send(node.tell({ key: 'two', zone: 'b' }));
  await link.until((acks) => acks.length === 2);
  await link.close();
  const authorization = `Basic ${Buffer.from(`${A}:${NODE_PASSWORD}`).toString('base64')}`;
  const address = `${hub.url}/api/v1/evidence/${sha256Hex(still)}`;
  expect((await fetch(address, { method: 'PUT', headers: { authorization }, body: still })).status).toBe(201);
  await hub.sweep();
});
afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

test('without a step everything goes as ever: a day expires, a month removes', async () => {
  await live(25 * HOUR);
  expect(await counts()).toEqual({ expired: 2 });
  expect(fileIsThere()).toBe(true);
  await live(31 * DAY, 40);
  expect(fileIsThere()).toBe(false);
  expect((await readyz()).notes).toEqual([]);
});

for (const [words, step] of [
  ['25 hours', 25 * HOUR],
  ['32 days', 32 * DAY],
  ['ten years', 3653 * DAY],
] as const) {
  test(`${words} ahead, put right again: nothing expired, nothing removed`, async () => {
    wall += step;
    await live(2 * HOUR);
    expect(await counts()).toEqual({ 'pending-review': 2 });
    expect(fileIsThere()).toBe(true);
    expect((await readyz()).notes[0]).toMatch(/^clock \d+ s ahead: nothing expires/);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toContain(`kerbwatch_clock_ahead_seconds ${step / 1000}`);
    wall -= step;
    await hub.sweep();
    expect((await readyz()).notes).toEqual([]);
    expect(await counts()).toEqual({ 'pending-review': 2 });
    // And what is due by real time is done.
    await live(25 * HOUR);
    expect(await counts()).toEqual({ expired: 2 });
    expect(fileIsThere()).toBe(true);
  });

  test(`${words} ahead over a restart, and over another one: the same`, async () => {
    await hub.close();
    wall += step;
    hub = await start();
    expect((await readyz()).notes).toHaveLength(1);
    await live(2 * HOUR);
    await hub.close();
    wall += HOUR;
    hub = await start();
    await live(2 * HOUR);
    expect(await counts()).toEqual({ 'pending-review': 2 });
    expect(fileIsThere()).toBe(true);
  });
}

test('a month off is no different from a wrong clock: after a day of running it is believed', async () => {
  await hub.close();
  wall += 40 * DAY;
  hub = await start();
  await live(23 * HOUR);
  expect([await counts(), fileIsThere()]).toEqual([{ 'pending-review': 2 }, true]);
  await live(2 * HOUR);
  expect([await counts(), fileIsThere()]).toEqual([{ expired: 2 }, false]);
  expect((await readyz()).notes).toEqual([]);
});

test('an administrator says that the clock is right: what waited goes on at once', async () => {
  await upsertUser(hub.store, { name: 'admin', displayName: 'admin', role: 'admin', password: PASSWORD });
  wall += 40 * DAY;
  await hub.sweep();
  const admin = await logIn(hub.url, 'admin');
  const seen = (await (await admin.call('GET', '/api/v1/clock')).json()) as Record<string, unknown>;
  expect(seen).toMatchObject({ held: true, aheadSeconds: (40 * DAY) / 1000, believedInSeconds: DAY / 1000 });
  expect((await admin.call('POST', '/api/v1/clock/confirmation')).status).toBe(204);
  await hub.sweep();
  expect([await counts(), fileIsThere()]).toEqual([{ expired: 2 }, false]);
});

test('what a person confirms holds, also where the disk has no room to note it', async () => {
  let now = START;
  const watch = await createHubClock({
    ...{ clock: { now: () => now }, elapsed: () => 0, confirmMs: DAY, log: quiet },
    file: join(folder, 'a folder that is not there', 'clock.json'),
    latestCommit: async () => START,
  });
  now += 30 * DAY;
  expect(await watch.check()).toMatchObject({ held: true });
  await watch.confirm();
  expect(await watch.check()).toMatchObject({ held: false });
});

test('a day back freezes nothing: what is due by that clock is done, and its way back is no step', async () => {
  wall -= DAY;
  await live(HOUR);
  expect((await readyz()).notes[0]).toMatch(/^clock \d+ s behind$/);
  expect(await counts()).toEqual({ 'pending-review': 2 });
  wall += DAY;
  await hub.sweep();
  expect((await readyz()).notes).toEqual([]);
  await live(25 * HOUR);
  expect(await counts()).toEqual({ expired: 2 });
});

test('a second step while one is held begins the day anew; small steps and slow drift are none', async () => {
  wall += 2 * DAY;
  await live(20 * HOUR);
  wall += 2 * DAY;
  await live(20 * HOUR);
  expect(await counts()).toEqual({ 'pending-review': 2 });
  wall -= 4 * DAY;
  await hub.sweep();
  for (let i = 0; i < 60; i++) {
    wall += 500;
    await live(60_000, 1);
  }
  wall += 200_000;
  await hub.sweep();
  expect((await readyz()).notes).toEqual([]);
});
