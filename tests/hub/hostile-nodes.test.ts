/** Registered nodes that behave badly: what one of them does to its own connection is no other node's trouble. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectAsync, type IConnackPacket, MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topic } from '../../contracts/topics.ts';
import { type EmbeddedBroker, startBroker } from '../../hub/broker/embedded.ts';
import { startHub } from '../../hub/main.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { createLog } from '../../platform/log.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START } from './node.ts';
import { quiet } from './stores.ts';

let broker: EmbeddedBroker;
let hub: MqttClient;

beforeAll(async () => {
  broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    checkNode: async () => 'good',
    onRefused: () => {},
    log: quiet,
  });
  hub = new MqttClient(() => broker.connectHub(), { clientId: 'hub', reconnectPeriod: 0 });
  await connected(hub);
});
afterAll(async () => {
  hub?.end(true);
  await broker?.close();
});

const connected = (client: MqttClient) =>
  new Promise<IConnackPacket>((resolve, reject) => client.once('connect', resolve).once('error', reject));
const address = () => `mqtt://127.0.0.1:${broker.port}`;
const optionsOf = (node: string) => ({
  username: node,
  password: 'good',
  keepalive: 0,
  reconnectPeriod: 0,
  protocolVersion: 4 as const,
});

test('one that asks for everything and reads nothing holds up nobody, and is cut off', async () => {
  const greedy = await connectAsync(address(), optionsOf('greedy'));
  const honest = await connectAsync(address(), optionsOf('honest'));
  try {
    for (const [node, client] of [
      ['greedy', greedy],
      ['honest', honest],
    ] as const)
      await client.subscribeAsync(topic(node, 'acks'), { qos: 1 });
    greedy.stream.unpipe();
    greedy.stream.pause();
    const cut = once(greedy.stream, 'close');
    greedy.stream.on('error', () => {});
    const told = new Promise<string>((resolve) =>
      honest.once('message', (_topic, payload) => resolve(payload.toString())),
    );
    // More than the buffers of both ends and the network between them take.
    const unread = Buffer.alloc(512 * 1024, 'x');
    for (let i = 0; i < 64; i += 1) hub.publish(topic('greedy', 'acks'), unread, { qos: 1 });
    hub.publish(topic('honest', 'acks'), 'for the one who reads', { qos: 1 });
    expect(await told).toBe('for the one who reads');
    // What had arrived before is still to be read; then comes the end.
    greedy.stream.resume();
    await cut;
  } finally {
    for (const client of [greedy, honest]) client.end(true);
  }
});

test('a session of a node lasts as long as its connection, whatever it asks for', async () => {
  const options = { ...optionsOf('hoarder'), clientId: 'again', clean: false };
  const first = await connectAsync(address(), options);
  await first.subscribeAsync(topic('hoarder', 'acks'), { qos: 1 });
  await first.endAsync();
  await hub.publishAsync(topic('hoarder', 'acks'), 'nobody is there', { qos: 1 });
  const second = connect(address(), options);
  try {
    expect((await connected(second)).sessionPresent).toBe(false);
  } finally {
    second.end(true);
  }
});

async function startWatched(log = quiet) {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-hostile-'));
  const watched = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      http: { host: '127.0.0.1', port: 0 },
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log, clock: { now: () => START }, idleMs: 500 },
  );
  const node = createTestNode('hostile');
  await node.register(watched.store);
  const link = await connectNode(watched.mqttUrl ?? '', node.name);
  return {
    ...{ url: watched.url, node, link },
    async close() {
      await link.close();
      await watched.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('one whose messages are refused does not fill the log', async () => {
  const logged: string[] = [];
  const log = createLog({ level: 'warn', destination: { write: (line) => void logged.push(line) } });
  const { link, close } = await startWatched(log);
  try {
    for (let i = 0; i < 40; i += 1) await link.send(`{"id":"junk ${i}"}`);
    await link.until((acks) => acks.length >= 40);
    expect(logged.filter((line) => line.includes('"refused"'))).toHaveLength(1);
  } finally {
    await close();
  }
});

test('another spelling of a signature is no second content of a message', async () => {
  const { link, node, close } = await startWatched();
  try {
    const event = node.tell();
    const { sig } = event.chain;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const spelt = `${sig.slice(0, -1)}${letters[letters.indexOf(sig.slice(-1)) + 1]}`;
    expect(Buffer.from(spelt, 'base64url').equals(Buffer.from(sig, 'base64url'))).toBe(true);
    await link.send({ ...event, chain: { ...event.chain, sig: spelt } });
    await link.send(event);
    await link.until((acks) => acks.length >= 2);
    expect(link.acks.map(({ status }) => status)).toEqual(['quarantined', 'stored']);
  } finally {
    await close();
  }
});

test('an upload whose connection died keeps its file from nobody', async () => {
  const { url, link, node, close } = await startWatched();
  const bytes = Buffer.from('a still of a stall');
  const sha256 = sha256Hex(bytes);
  const still = { role: 'start', sha256, mime: 'image/jpeg', bytes: bytes.length, width: 1, height: 1 } as const;
  const { hostname, port } = new URL(url);
  const socket = connectTcp(Number(port), hostname);
  try {
    const event = node.tell({ evidence: [{ ...still, at: new Date(START).toISOString() }] });
    await link.send(event);
    await link.until((acks) => acks.some(({ id, status }) => id === event.id && status === 'stored'));
    const authorization = `Basic ${Buffer.from(`${node.name}:${NODE_PASSWORD}`).toString('base64')}`;
    const path = `/api/v1/evidence/${sha256}`;
    // Announced whole, brought in part, and then the box has no network any more.
    socket.on('error', () => {});
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n`);
    socket.write(`Content-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes.subarray(0, 5)}`);
    const received = async () =>
      (await fetch(`${url}${path}`, { method: 'HEAD', headers: { authorization } })).headers.get('upload-offset');
    await expect.poll(received, { timeout: 20_000 }).toBe('5');
    const rest = () =>
      fetch(`${url}${path}`, {
        method: 'PUT',
        headers: { authorization, 'content-range': `bytes 5-${bytes.length - 1}/${bytes.length}` },
        body: bytes.subarray(5),
      });
    await expect.poll(async () => (await rest()).status, { timeout: 20_000 }).toBe(201);
  } finally {
    socket.destroy();
    await close();
  }
});

test('connections that never log in are few an address and small; a node comes in beside them', async () => {
  const opened = Array.from({ length: 300 }, () => connectTcp(broker.port, '127.0.0.1'));
  const closed = opened.map((socket) => once(socket.on('error', () => {}).resume(), 'close'));
  try {
    // Whoever is over the limit is let go of at once, and the others when they are gone.
    await Promise.all(closed.slice(256));
    expect(opened.slice(0, 256).every((socket) => !socket.destroyed)).toBe(true);
    for (const socket of opened.slice(0, 128)) socket.destroy();
    await Promise.all(closed.slice(0, 128));
    const honest = await connectAsync(address(), optionsOf('honest'));
    honest.end(true);
    // CONNECT of a stranger that announces 200 KiB, and the same from a node that has logged in.
    const [big] = opened.slice(200);
    big?.write(Buffer.from([0x10, 0x80, 0xc0, 0x0c]));
    await closed[200];
  } finally {
    for (const socket of opened) socket.destroy();
  }
});
