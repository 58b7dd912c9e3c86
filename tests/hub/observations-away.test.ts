/** A node's counts on their way to a hub that is away, killed, or older than they are. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { AckBatch } from '../../contracts/ack.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { HOUR_MS, type ObservationBatch } from '../../contracts/observations.ts';
import { topic } from '../../contracts/topics.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { createUplink } from '../../edge/uplink/index.ts';
import { openStore } from '../../hub/storage/store.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { packageRoot } from '../../platform/paths.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { stallDraft } from '../edge/drafts.ts';
import { needs } from '../needs.ts';
import { freePort, type Running, run, until } from '../processes.ts';
import { startMosquitto } from './mosquitto.ts';
import { createTestNode, NODE_PASSWORD } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';
const HUB = 'kerbwatch-hub';
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;
/** Weeks after it are no future for a hub with the system's clock. */
const PAST = Date.parse('2026-01-01T00:00:00.000Z');
/** Refused by the old hub once it is updated. */
const BAD = timestamp(PAST);

describe.skipIf(!needs('mosquitto'))('a node’s counts over Mosquitto', () => {
  let folder: string;
  let http: number;
  let mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  let hub: Running | null;
  let outbox: ReturnType<typeof openOutbox>;
  let uplink: ReturnType<typeof createUplink>;
  const key = deriveNodeKey(A);
  const database = () => `sqlite:${join(folder, 'hub.db')}`;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kerbwatch-counts-'));
    mkdirSync(join(folder, 'edge'));
    http = await freePort();
    mosquitto = await startMosquitto({ [A]: NODE_PASSWORD, [HUB]: NODE_PASSWORD });
    const mqtt = { mqtt: mosquitto.url, mqttUser: HUB, mqttPassword: 'env:KERBWATCH_TEST_MQTT' };
    const config = { database: database(), dataDir: folder, ...mqtt, http: { host: '127.0.0.1', port: http } };
    writeFileSync(join(folder, 'hub.yaml'), stringify(config));
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
    await mosquitto.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(): void {
    outbox = openOutbox({ file: join(folder, 'edge', 'outbox.db'), node: A, key, clock: systemClock, log: quiet });
    uplink = createUplink({
      ...{ node: A, mqtt: mosquitto.url, evidence: `http://127.0.0.1:${http}` },
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
    await until('the hub is ready', async () => (await fetch(`http://127.0.0.1:${http}/readyz`)).ok);
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
    const { client, ...link } = await connectOldHub(mosquitto.url);
    told = [];
    count(0);
    outbox.append({ drafts: [stallDraft(1)], files: [], states: [] });
    await until('the event is acknowledged', () => outbox.depth().depth === 0);
    expect(link.topics()).not.toContain(topic(A, 'observations'));
    expect(outbox.hoursPending(9, 0)).toHaveLength(1);
    // Updated, it says so; what it refuses is not repeated until it changes, and holds up nothing.
    await link.acknowledge([]);
    await until('the counts', () => link.batches().length > 0);
    count(1);
    await until('the other hour alone', () =>
      link.batches().some(({ hours }) => hours.every(({ hour }) => hour !== BAD)),
    );
    await until('it has left', () => outbox.hoursPending(9, 0).length === 1);
    expect(outbox.hoursPending(9, 0)[0]?.hour).toBe(PAST);
    await client.endAsync(true);
  });
});

/** Acknowledges events as any hub does, and what it never asked for as one that refuses an hour. */
async function connectOldHub(url: string) {
  const client = await connectAsync(url, { clientId: 'old-hub', username: HUB, password: NODE_PASSWORD });
  const topics: string[] = [];
  const batches: ObservationBatch[] = [];
  const say = (batch: AckBatch) => client.publishAsync(topic(A, 'acks'), JSON.stringify(batch), { qos: 1 });
  const acknowledge = (observations: AckBatch['observations'] = []) => say({ acks: [], observations });
  client.on('message', (name, payload) => {
    topics.push(name);
    if (name === topic(A, 'events')) {
      const { id, rev, seq } = JSON.parse(payload.toString()) as ViolationEvent;
      void say({ acks: [{ id, rev, seq, status: 'stored' }] });
    } else if (name === topic(A, 'observations')) {
      const batch = JSON.parse(payload.toString()) as ObservationBatch;
      batches.push(batch);
      const refused = batch.hours.flatMap(({ hour }, i) => (hour === BAD ? [i] : []));
      void acknowledge([{ id: batch.id, refused }]);
    }
  });
  await client.subscribeAsync(`kerbwatch/v1/${A}/#`, { qos: 1 });
  return { client, acknowledge, topics: () => topics, batches: () => batches };
}
