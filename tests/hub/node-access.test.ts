/** A node that is changed, disabled or removed is cut off at once, by every hub of the database; what it was stays. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { listNodes, upsertNode } from '../../hub/registry/nodes.ts';
import { ROOT_KEY_FILE } from '../../hub/registry/root-key.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { logIn, PASSWORD, type Person } from '../api/seeded-hub.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { startMosquitto } from './mosquitto.ts';
import { connectNode, createTestNode, NODE_PASSWORD, type TestLink } from './node.ts';
import { quiet, testDatabases } from './stores.ts';

const NODE = 'box-1';
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;

const hubOn = (database: string, folder: string, mqtt: object = { broker: { host: '127.0.0.1', port: 0 } }) =>
  startHub(
    { database, dataDir: folder, http: { host: '127.0.0.1', port: 0 }, ...mqtt },
    { log: quiet, clock: systemClock },
  );

const closed = (link: TestLink) =>
  new Promise<void>((resolve) => {
    link.client.options.reconnectPeriod = 0;
    link.client.once('close', () => resolve());
  });

async function upload(url: string): Promise<number> {
  const body = Buffer.from('a file');
  const authorization = `Basic ${Buffer.from(`${NODE}:${NODE_PASSWORD}`).toString('base64')}`;
  const answer = await fetch(`${url}/api/v1/evidence/${createHash('sha256').update(body).digest('hex')}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/octet-stream' },
    body,
  });
  await answer.text();
  return answer.status;
}

const statusOf = async (hub: Hub) => (await listNodes(hub.store)).find((node) => node.id === NODE)?.status?.version;
const say = (link: TestLink, version: string) =>
  link.client.publishAsync(
    topic(NODE, 'status'),
    JSON.stringify({ state: 'online', at: '2026-11-23T02:00:00.000Z', version, cameras: {} }),
    { qos: 1 },
  );

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`embedded broker, ${database.dialect}`, () => {
    let hub: Hub;
    let folder: string;
    let url: string;
    let admin: Person;
    let link: TestLink;
    const node = () => createTestNode(NODE);
    const put = (change: object) =>
      admin.call('PUT', '/api/v1/nodes', { body: { id: NODE, publicKey: node().key.publicKeyPem, ...change } });

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-access-'));
      url = await database.url();
      hub = await hubOn(url, folder);
      await upsertUser(hub.store, { name: 'admin', displayName: 'A', role: 'admin', password: PASSWORD });
      admin = await logIn(hub.url, 'admin');
      expect((await put({ password: NODE_PASSWORD })).status).toBe(204);
      link = await connectNode(hub.mqttUrl ?? '', NODE);
      await say(link, 'before');
      await until('its status', async () => (await statusOf(hub)) === 'before');
    });
    afterEach(async () => {
      await link.close();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    test.each([
      ['its password is changed', { password: 'quite another password' }],
      ['its key is changed', { publicKey: deriveNodeKey('another box').publicKeyPem }],
      ['it is disabled', { disabled: true }],
    ])('its session ends when %s', async (_, change) => {
      const gone = closed(link);
      expect((await put(change)).status).toBe(204);
      await gone;
    });

    test('a new name alone cuts nobody off', async () => {
      expect((await put({ name: { zh: '一号', en: 'One' } })).status).toBe(204);
      await say(link, 'after');
      await until('its status', async () => (await statusOf(hub)) === 'after');
      expect(link.client.connected).toBe(true);
    });

    test('disabled, it can neither connect nor upload, and says why; enabled, it goes on where it was', async () => {
      const teller = node();
      await link.send(teller.tell());
      await link.until((acks) => acks.length === 1);
      const gone = closed(link);
      await put({ disabled: true });
      await gone;
      await expect(connectNode(hub.mqttUrl ?? '', NODE)).rejects.toThrow(/not authorized/i);
      expect(await upload(hub.url)).toBe(403);
      expect((await listNodes(hub.store))[0]).toMatchObject({ id: NODE, disabled: true, lastSeq: 1 });
      await put({ disabled: false });
      link = await connectNode(hub.mqttUrl ?? '', NODE);
      await link.send(teller.tell({ key: 'two' }));
      await link.until((acks) => acks.some((ack) => ack.status === 'stored'));
      expect(await upload(hub.url)).toBe(404);
    });

    test('removed, it is gone from the list and its cases stay; registered again, its numbers go on', async () => {
      const teller = node();
      await link.send(teller.tell());
      await link.until((acks) => acks.length === 1);
      const gone = closed(link);
      expect((await admin.call('DELETE', `/api/v1/nodes/${NODE}`)).status).toBe(204);
      await gone;
      expect((await admin.call('DELETE', `/api/v1/nodes/${NODE}`)).status).toBe(404);
      expect(await listNodes(hub.store)).toEqual([]);
      expect((await hub.caseReads.list({})).cases).toHaveLength(1);
      await expect(connectNode(hub.mqttUrl ?? '', NODE)).rejects.toThrow();
      expect(await upload(hub.url)).toBe(401);
      // Its old password went with it.
      await put({});
      await expect(connectNode(hub.mqttUrl ?? '', NODE)).rejects.toThrow();
      await put({ password: NODE_PASSWORD });
      link = await connectNode(hub.mqttUrl ?? '', NODE);
      await link.send(teller.tell({ key: 'two' }));
      await link.until((acks) => acks.some((ack) => ack.status === 'stored'));
      expect((await listNodes(hub.store))[0]).toMatchObject({ lastSeq: 2, missing: [] });
    });

    // A SQLite file takes one hub.
    if (database.dialect === 'postgres') {
      test('another hub on the database cuts it off within seconds', async () => {
        const second = mkdtempSync(join(tmpdir(), 'kerbwatch-access-'));
        copyFileSync(join(folder, ROOT_KEY_FILE), join(second, ROOT_KEY_FILE));
        const other = await hubOn(url, second);
        const there = await connectNode(other.mqttUrl ?? '', NODE);
        try {
          const gone = closed(there);
          await put({ disabled: true });
          await gone;
          expect(await upload(other.url)).toBe(403);
        } finally {
          await there.close();
          await other.close();
          rmSync(second, { recursive: true, force: true });
        }
      });
    }
  });
}

describe.skipIf(!needs('mosquitto'))('outer broker', () => {
  test('what a disabled node goes on sending is refused with its reason, and taken once it is enabled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-access-'));
    const mosquitto = await startMosquitto({ [NODE]: NODE_PASSWORD, 'kerbwatch-hub': NODE_PASSWORD });
    const hub = await hubOn(`sqlite:${join(folder, 'hub.db')}`, folder, {
      mqtt: mosquitto.url,
      mqttUser: 'kerbwatch-hub',
      mqttPassword: 'env:KERBWATCH_TEST_MQTT',
    });
    const node = createTestNode(NODE);
    await node.register(hub.store);
    await upsertUser(hub.store, { name: 'admin', displayName: 'A', role: 'admin', password: PASSWORD });
    const admin = await logIn(hub.url, 'admin');
    const put = (disabled: boolean) =>
      admin.call('PUT', '/api/v1/nodes', { body: { id: NODE, publicKey: node.key.publicKeyPem, disabled } });
    const link = await connectNode(mosquitto.url, NODE);
    try {
      await put(true);
      const event = node.tell();
      await say(link, 'while disabled');
      await link.send(event);
      await link.until((acks) => acks.length === 1);
      expect(link.acks[0]).toMatchObject({
        status: 'quarantined',
        reason: expect.stringMatching(/^ING_NODE_DISABLED/),
      });
      expect(await statusOf(hub)).toBeUndefined();
      await put(false);
      await link.send(event);
      await link.until((acks) => acks.some((ack) => ack.status === 'stored'));
      // Enabled at another hub: this one takes what comes a moment later, and does not send it into its long pauses.
      for (let round = 0; round < 3; round += 1) {
        await put(true);
        await upsertNode(hub.store, { id: NODE, publicKey: node.key.publicKeyPem, disabled: false });
        const from = link.acks.length;
        await link.send(node.tell({ key: `round ${round}` }));
        await link.until((acks) => acks.length > from);
        expect(link.acks.at(-1)?.status).toBe('stored');
      }
    } finally {
      await link.close();
      await hub.close();
      await mosquitto.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
