/** Strangers who guess passwords as fast as they can: events are acknowledged and people log in as if they were not there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hub, startHub } from '../../hub/main.ts';
import { hashPassword, passwordMatches } from '../../hub/registry/password.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectNode, createTestNode, type TestLink } from './node.ts';
import { quiet } from './stores.ts';

const CONNECTIONS = 64;
const PASSWORD = 'a password for tests';
let hub: Hub;
let link: TestLink;
let folder: string;
const node = createTestNode('besieged');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-strangers-'));
  hub = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      http: { host: '127.0.0.1', port: 0 },
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet, clock: systemClock },
  );
  await node.register(hub.store);
  await upsertUser(hub.store, { name: 'lin', displayName: 'Lin', role: 'operator', password: PASSWORD });
  link = await connectNode(hub.mqttUrl ?? '', node.name);
});
afterAll(async () => {
  await link?.close();
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Each connection asks again as soon as it is answered. */
function besiege(name: () => string) {
  const agent = new Agent({ keepAlive: true });
  const clients = new Set<MqttClient>();
  let going = true;
  let answers = 0;
  const http = () => {
    const authorization = `Basic ${Buffer.from(`${name()}:guess ${Math.random()}`).toString('base64')}`;
    const asked = request(`${hub.url}/api/v1/evidence/${'0'.repeat(64)}`, {
      method: 'HEAD',
      agent,
      headers: { authorization },
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => {
        answers += 1;
        if (going) http();
      });
    });
    asked.on('error', () => {});
    asked.end();
  };
  const mqtt = () => {
    const client = connect(hub.mqttUrl ?? '', {
      username: name(),
      password: `guess ${Math.random()}`,
      reconnectPeriod: 0,
    });
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => {
      if (!clients.delete(client)) return;
      client.end(true);
      answers += 1;
      if (going) mqtt();
    });
  };
  for (let i = 0; i < CONNECTIONS / 2; i += 1) {
    http();
    mqtt();
  }
  return {
    answers: () => answers,
    stop() {
      going = false;
      agent.destroy();
      for (const client of clients) client.end(true);
    },
  };
}

let told = 0;
/** The slowest of twenty events but one, ms from sent to acknowledged. */
async function slowAck(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    const event = node.tell({ key: `k${told}`, zone: `z${told}` });
    told += 1;
    const started = performance.now();
    await link.send(event);
    await link.until((acks) => acks.some((ack) => ack.id === event.id));
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[18] ?? Number.POSITIVE_INFINITY;
}

async function logIn(): Promise<{ status: number; ms: number }> {
  const started = performance.now();
  const answer = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'lin', password: PASSWORD }),
  });
  await answer.text();
  return { status: answer.status, ms: performance.now() - started };
}

test.each([
  ['invented names', () => `nobody-${Math.floor(Math.random() * 1e9)}`],
  ['the name of a node', () => node.name],
])('%s: events, log-ins and the node’s own uploads go on', async (_what, name) => {
  const idle = await slowAck();
  const siege = besiege(name);
  try {
    await expect.poll(siege.answers, { timeout: 30_000 }).toBeGreaterThan(CONNECTIONS / 4);
    const before = siege.answers();
    const besieged = await slowAck();
    expect(besieged).toBeLessThan(Math.max(500, 10 * idle));
    const { status, ms } = await logIn();
    expect(status).toBe(200);
    expect(ms).toBeLessThan(2000);
    // The node's password is known by now: its uploads and its next connection wait for nobody.
    const again = await connectNode(hub.mqttUrl ?? '', node.name);
    await again.close();
    await expect.poll(siege.answers, { timeout: 30_000 }).toBeGreaterThan(before);
  } finally {
    siege.stop();
  }
});

test('an unknown name and a wrong password are told apart by no clock', async () => {
  const hash = await hashPassword(PASSWORD);
  const median = async (stored: string | null) => {
    const times: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const started = performance.now();
      expect(await passwordMatches(`wrong ${i}`, stored)).toBe(false);
      times.push(performance.now() - started);
    }
    return times.sort((a, b) => a - b)[3] ?? 0;
  };
  const known = await median(hash);
  const unknown = await median(null);
  expect(Math.abs(known - unknown)).toBeLessThan(0.35 * Math.max(known, unknown));
  expect(unknown).toBeGreaterThanOrEqual(190);
});
