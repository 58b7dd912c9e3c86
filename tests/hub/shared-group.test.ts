/** Two hubs behind one Mosquitto share the load of one database; one of them dies. And the last word of a node that does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { NodeView } from '../../contracts/api/registry.ts';
import { topic } from '../../contracts/topics.ts';
import { type HubOptions, startHub } from '../../hub/main.ts';
import { listNodes } from '../../hub/registry/nodes.ts';
import { openStore, type Store } from '../../hub/storage/store.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { type PostgresServer, startPostgres } from '../postgres.ts';
import { freePort, run, until } from '../processes.ts';
import { startMosquitto } from './mosquitto.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';
const HUB = 'kerbwatch-hub';
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;
const options: HubOptions = { log: quiet, clock: systemClock };

describe.skipIf(!needs('mosquitto') || !needs('postgres'))('over Mosquitto', () => {
  let mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  let postgres: PostgresServer;
  let folder = '';
  let database = '';
  let made = 0;
  beforeAll(async () => {
    mosquitto = await startMosquitto({ [A]: NODE_PASSWORD, [HUB]: NODE_PASSWORD });
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await mosquitto.close();
    await postgres.close();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kerbwatch-shared-'));
    database = await postgres.createDatabase(`hub_${made++}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const configOf = (name: string, port = 0) => ({
    ...{ database, dataDir: join(folder, name), http: { host: '127.0.0.1', port } },
    ...{ mqtt: mosquitto.url, mqttUser: HUB, mqttPassword: 'env:KERBWATCH_TEST_MQTT', sharedGroup: 'hubs' },
  });

  test('a member that was killed is dealt nothing more, and nothing is lost', async () => {
    const node = createTestNode(A);
    const store = await openStore(database, { log: quiet });
    await node.register(store);
    const port = await freePort();
    const config = join(folder, 'second.yaml');
    // One data folder, as one root key and one evidence are for both.
    writeFileSync(config, stringify(configOf('first', port)));
    const first = await startHub(configOf('first'), options);
    const second = run(process.execPath, [
      '--import',
      'tsx',
      join(packageRoot(), 'cli/main.ts'),
      'hub',
      '--config',
      config,
    ]);
    const link = await connectNode(mosquitto.url, A);
    try {
      await until('the second is ready', async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
      const events = Array.from({ length: 60 }, (_, i) => node.tell({ key: `k${i}`, startedAt: START + i * 1000 }));
      for (const event of events.slice(0, 20)) await link.send(event);
      await link.until((acks) => acks.length >= 20);
      const taken = async () => {
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        return Number(/kerbwatch_events_total\{status="stored"\} (\d+)/.exec(text)?.[1] ?? 0);
      };
      // Both took part, so the second is a member that the broker deals to.
      expect(await taken()).toBeGreaterThan(0);
      expect(await taken()).toBeLessThan(20);
      await second.kill('SIGKILL');
      const acked = () => new Set(link.acks.filter(({ status }) => status !== 'quarantined').map(({ seq }) => seq));
      for (const event of events.slice(20)) await link.send(event);
      // No message waits for a member that will not come: each arrives without being sent a second time.
      await link.until(() => acked().size === 60);
      expect(await store.db.selectFrom('messages').select('seq').execute()).toHaveLength(60);
      expect(await store.db.selectFrom('seq_gaps').selectAll().execute()).toEqual([]);
    } finally {
      await link.close();
      await second.kill('SIGKILL');
      await first.close();
      await store.close();
    }
  });

  test('members that share a data folder, as they share its evidence, do not put each other out', async () => {
    const told: string[] = [];
    const log = createLog({ level: 'warn', destination: { write: (line) => void told.push(line) } });
    const hubs = [await startHub(configOf('both'), { log, clock: systemClock })];
    hubs.push(await startHub(configOf('both'), { log, clock: systemClock }));
    const node = createTestNode(A);
    await node.register(hubs[0]?.store as Store);
    const link = await connectNode(mosquitto.url, A);
    try {
      for (let i = 0; i < 20; i++) await link.send(node.tell({ key: `k${i}`, startedAt: START + i * 1000 }));
      await link.until((acks) => acks.length >= 20);
      await until('each is ready', async () =>
        (await Promise.all(hubs.map(({ url }) => fetch(`${url}/readyz`)))).every(({ ok }) => ok),
      );
      expect(told.filter((line) => line.includes('broker is away'))).toEqual([]);
    } finally {
      await link.close();
      for (const hub of hubs) await hub.close();
    }
  });

  test('a node that went without a word watches nothing, from the moment at which the hub learns of it', async () => {
    const node = createTestNode(A);
    const hub = await startHub(configOf('alone'), options);
    await node.register(hub.store);
    const seen = async () => (await listNodes(hub.store))[0] as NodeView;
    const connectedAt = Date.now() - 600_000;
    const watched = { state: 'watched', reasons: [], since: timestamp(connectedAt) };
    const status = (state: string, at: number) =>
      JSON.stringify({ state, at: timestamp(at), version: '1', cameras: { 'cam-1': watched } });
    const client = await connectAsync(mosquitto.url, {
      ...{ clientId: A, username: A, password: NODE_PASSWORD, reconnectPeriod: 0 },
      // As an older node makes it: with what its cameras saw when it connected.
      will: { topic: topic(A, 'status'), payload: Buffer.from(status('offline', connectedAt)), qos: 1, retain: true },
    });
    try {
      await client.publishAsync(topic(A, 'status'), status('online', connectedAt + 1000), { qos: 1, retain: true });
      await until('it is online', async () => (await seen()).status?.state === 'online');
      expect((await seen()).status?.cameras['cam-1']).toEqual(watched);
      const before = Date.now();
      client.stream.destroy();
      const gone = await until('it is offline', async () => {
        const view = await seen();
        return view.status?.state === 'offline' ? view.status : null;
      });
      expect(gone.cameras['cam-1']).toEqual({ state: 'blind', reasons: ['offline'], since: gone.at });
      expect(Date.parse(gone.at)).toBeGreaterThanOrEqual(before);
    } finally {
      await client.endAsync(true);
      await hub.close();
    }
  });
});
