/** Connections that break at the wrong moment end themselves and nothing else: no event without a listener ends the hub. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { connectNode, createTestNode } from './node.ts';
import { quiet } from './stores.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('streams, sockets and half requests cut while the hub works and while it stops', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-broken-'));
  const died: unknown[] = [];
  const note = (error: unknown) => died.push(error);
  process.on('uncaughtExceptionMonitor', note);
  const hub = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      http: { host: '127.0.0.1', port: 0 },
      mqtt: 'embedded',
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet, clock: systemClock },
  );
  try {
    await upsertUser(hub.store, { name: 'viewer', displayName: 'viewer', role: 'viewer', password: PASSWORD });
    const viewer = await logIn(hub.url, 'viewer');
    const node = createTestNode('node-a');
    await node.register(hub.store);
    const [http, mqtt] = [new URL(hub.url), new URL(hub.mqttUrl ?? '')];
    // Half a request, half a packet, half a TLS hello; then a reset.
    const halves = [
      'GET /api/v1/ca',
      'PUT /x HTTP/1.1\r\ncontent-length: 99\r\n\r\nabc',
      '\x10\xff\xff',
      '\x16\x03\x01',
    ];
    for (const half of halves) {
      for (const { hostname, port } of [http, mqtt]) {
        const socket = connect(Number(port), hostname);
        await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
        socket.on('error', () => {});
        await new Promise<void>((resolve) => socket.write(half, 'latin1', () => resolve()));
        await turn();
        socket.resetAndDestroy();
      }
    }
    const streams = [];
    for (let i = 0; i < 20; i++) streams.push(await viewer.call('GET', '/api/v1/stream'));
    const link = await connectNode(hub.mqttUrl ?? '', 'node-a');
    await link.send(node.tell());
    await link.until((acks) => acks.length === 1);
    for (const stream of streams.slice(0, 10)) await stream.body?.cancel();
    for (let i = 0; i < 200; i++) hub.changes.emit({ type: 'node', node: 'node-a' });
    link.client.stream.destroy();
    const closed = hub.close();
    let closing = true;
    void closed.finally(() => {
      closing = false;
    });
    // Changes go on to the last moment.
    while (closing) {
      hub.changes.emit({ type: 'node', node: 'node-a' });
      await turn();
    }
    await closed;
    await link.close();
    for (let i = 0; i < 10; i++) await turn();
    expect(died).toEqual([]);
  } finally {
    process.off('uncaughtExceptionMonitor', note);
    rmSync(folder, { recursive: true, force: true });
  }
});
