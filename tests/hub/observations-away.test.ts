/** A node's counts on their way to a hub that is away, killed, or older than they are. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { HOUR_MS, type ObservationBatch } from '../../contracts/observations.ts';
import { topic } from '../../contracts/topics.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { createUplink } from '../../edge/uplink/index.ts';
import { openStore } from '../../hub/storage/store.ts';
import { systemClock } from '../../platform/clock.ts';
import { packageRoot } from '../../platform/paths.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { stallDraft } from '../edge/drafts.ts';
import { needs } from '../needs.ts';
import { accepts, freePort, mosquittoProgram, type Running, run, until } from '../processes.ts';
import { createTestNode, NODE_PASSWORD } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';
/** Weeks after it are no future for a hub with the system's clock. */
const PAST = Date.parse('2026-01-01T00:00:00.000Z');

describe.skipIf(!needs('mosquitto'))('a node’s counts over Mosquitto', () => {
  let folder: string;
  let ports: { mqtt: number; http: number };
  let broker: Running;
  let hub: Running | null;
  let outbox: ReturnType<typeof openOutbox>;
  let uplink: ReturnType<typeof createUplink>;
  const key = deriveNodeKey(A);
  const database = () => `sqlite:${join(folder, 'hub.db')}`;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kerbwatch-counts-'));
    mkdirSync(join(folder, 'edge'));
    ports = { mqtt: await freePort(), http: await freePort() };
    const lines = [`listener ${ports.mqtt} 127.0.0.1`, 'allow_anonymous true', 'user root', ''];
    writeFileSync(join(folder, 'mosquitto.conf'), lines.join('\n'));
    broker = run(mosquittoProgram, ['-c', join(folder, 'mosquitto.conf')]);
    await until('the broker listens', () => accepts(ports.mqtt));
    const config = { database: database(), dataDir: folder, mqtt: `mqtt://127.0.0.1:${ports.mqtt}` };
    writeFileSync(join(folder, 'hub.yaml'), stringify({ ...config, http: { host: '127.0.0.1', port: ports.http } }));
    hub = null;
    open();
    const store = await openStore(database(), { log: quiet });
    await createTestNode(A).register(store);
    await store.close();
  });
  afterEach(async () => {
    await uplink.close();
    outbox.close();
    await hub?.kill('SIGKILL');
    await broker.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function open(): void {
    outbox = openOutbox({ file: join(folder, 'edge', 'outbox.db'), node: A, key, clock: systemClock, log: quiet });
    uplink = createUplink({
      ...{ node: A, mqtt: `mqtt://127.0.0.1:${ports.mqtt}`, evidence: `http://127.0.0.1:${ports.http}` },
      ...{ password: NODE_PASSWORD, ca: null, version: '0.5.0', queue: outbox, evidenceDir: folder, log: quiet },
      ...{ clock: systemClock, random: () => 0, observationsMs: 200 },
      onConfig: async ({ version }) => ({ version, ok: false, faults: [] }),
      onCommand: async ({ requestId }) => ({ requestId, ok: false }),
    });
    uplink.start();
  }
  async function startHubProcess(): Promise<void> {
    hub = run(process.execPath, [
      '--import',
      'tsx',
      join(packageRoot(), 'cli/main.ts'),
      'hub',
      '--config',
      join(folder, 'hub.yaml'),
    ]);
    await until('the hub is ready', async () => (await fetch(`http://127.0.0.1:${ports.http}/readyz`)).ok);
  }
  /** Passes by hour. */
  let told: number[];
  function count(hour: number): void {
    told[hour] = (told[hour] ?? 0) + 1;
    const tally = { camera: 'cam-1', zone: 'gate', kind: 'muck-truck', hour: PAST + hour * HOUR_MS } as const;
    outbox.append({
      drafts: [],
      files: [],
      states: [],
      hours: [{ ...tally, watchedMs: 1000, statistics: { passes: 1 } }],
    });
  }
  const delivered = () => outbox.hoursPending(1, 0).length === 0;
  async function passes(): Promise<number[]> {
    const store = await openStore(database(), { log: quiet });
    try {
      return (await store.db.selectFrom('observation_hours').select('statistics').orderBy('hour').execute()).map(
        ({ statistics }) => (JSON.parse(statistics) as { passes: number }).passes,
      );
    } finally {
      await store.close();
    }
  }

  test('a hub that is away, killed in between and back, and a node that is restarted: each pass once', async () => {
    told = [];
    // A day without a hub, and more than goes in one message.
    for (let hour = 0; hour < 450; hour++) count(hour);
    await startHubProcess();
    await until('all have left', delivered);
    for (let round = 0; round < 3; round++) {
      for (let hour = 0; hour < 450; hour += 7) count(hour);
      await until('some are on their way', () => outbox.hoursPending(100, 0).length < 100);
      await hub?.kill('SIGKILL');
      for (let hour = 0; hour < 450; hour += 11) count(hour);
      await uplink.close();
      outbox.close();
      open();
      await startHubProcess();
      await until('all have left', delivered);
    }
    expect(await passes()).toEqual(told);
  }, 120_000);

  test('a hub that does not know of counts is sent none, and gets its events', async () => {
    const { client, ...link } = await connectOldHub(ports.mqtt);
    told = [];
    count(0);
    outbox.append({ drafts: [stallDraft(1)], files: [], states: [] });
    await until('the event is acknowledged', () => outbox.depth().depth === 0);
    expect(link.topics()).not.toContain(topic(A, 'observations'));
    expect(outbox.hoursPending(9, 0)).toHaveLength(1);
    // Updated, it says so; what it refuses is not repeated until it changes.
    await client.publishAsync(topic(A, 'acks'), '{"acks":[],"observations":[]}');
    const first = await until('the counts', () => link.batches()[0] ?? null);
    await client.publishAsync(
      topic(A, 'acks'),
      JSON.stringify({ acks: [], observations: [{ id: first.id, refused: [0] }] }),
    );
    const known = link.batches().length;
    count(1);
    const second = await until(
      'the other hour',
      () => link.batches().find((one, i) => i >= known && one.hours[0]?.hour !== first.hours[0]?.hour) ?? null,
    );
    expect(second.hours).toHaveLength(1);
    expect(outbox.hoursPending(9, 0)).toHaveLength(2);
    await client.endAsync(true);
  });
});

/** Acknowledges events as any hub does, and hears everything that the node says. */
async function connectOldHub(port: number) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'old-hub' });
  const heard: { readonly name: string; readonly text: string }[] = [];
  client.on('message', (name, payload) => {
    heard.push({ name, text: payload.toString() });
    if (name !== topic(A, 'events')) return;
    const { id, rev, seq } = JSON.parse(payload.toString()) as { id: string; rev: number; seq: number };
    client.publish(topic(A, 'acks'), JSON.stringify({ acks: [{ id, rev, seq, status: 'stored' }] }), { qos: 1 });
  });
  await client.subscribeAsync(`kerbwatch/v1/${A}/#`, { qos: 1 });
  return {
    client,
    topics: () => heard.map(({ name }) => name),
    batches: () =>
      heard
        .filter(({ name }) => name === topic(A, 'observations'))
        .map(({ text }) => JSON.parse(text) as ObservationBatch),
  };
}
