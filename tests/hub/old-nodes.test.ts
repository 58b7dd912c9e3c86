/** A hub that is newer than its nodes: a rolling update of many boxes loses nothing and stalls nowhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AckBatch, AckStatus } from '../../contracts/ack.ts';
import { type TopicName, topic } from '../../contracts/topics.ts';
import { createOldNodes } from '../../hub/ingest/acks.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { isValid } from '../../platform/validate.ts';
import { needs } from '../needs.ts';
import { startMosquitto } from './mosquitto.ts';
import { connectNode, createTestNode, NODE_PASSWORD, type TestLink } from './node.ts';
import { quiet } from './stores.ts';

const A = 'node-a';
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;

/** What 0.1.0 takes: one field more, and the whole batch counts for nothing. */
const OldAckBatch = Type.Object(
  {
    acks: Type.Array(
      Type.Object(
        {
          id: Type.String({ maxLength: 64 }),
          rev: Type.Integer({ minimum: 0 }),
          seq: Type.Integer({ minimum: 0 }),
          status: AckStatus,
          reason: Type.Optional(Type.String({ maxLength: 500 })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: false },
);
const takenByOld = (acks: AckBatch['acks']) => isValid(OldAckBatch, { acks });

describe.skipIf(!needs('mosquitto'))('over Mosquitto', () => {
  let mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  let folder = '';
  let hub: Hub;
  let link: TestLink;
  let node: ReturnType<typeof createTestNode>;

  const start = () =>
    startHub(
      {
        ...{ database: `sqlite:${join(folder, 'hub.db')}`, dataDir: folder, http: { host: '127.0.0.1', port: 0 } },
        ...{ mqtt: mosquitto.url, mqttUser: 'kerbwatch-hub', mqttPassword: 'env:KERBWATCH_TEST_MQTT' },
      },
      { log: quiet, clock: systemClock },
    );
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kerbwatch-old-nodes-'));
    mosquitto = await startMosquitto({ [A]: NODE_PASSWORD, 'kerbwatch-hub': NODE_PASSWORD });
    hub = await start();
    node = createTestNode(A);
    await node.register(hub.store);
    link = await connectNode(mosquitto.url, A);
  });
  afterEach(async () => {
    await link.close();
    await hub.close();
    await mosquitto.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function say(version: string, state: 'online' | 'offline' = 'online'): Promise<void> {
    const name: TopicName = 'status';
    const status = { state, at: timestamp(systemClock.now()), version, cameras: {} };
    await link.client.publishAsync(topic(A, name), JSON.stringify(status), { qos: 1, retain: true });
  }
  const disable = (disabled: boolean) =>
    upsertNode(hub.store, { id: A, publicKey: node.key.publicKeyPem, password: NODE_PASSWORD, disabled });
  /** Stored, a duplicate, a number that another message has, a wrong signature and what is no event at all. */
  async function sendAll(key: string): Promise<AckBatch['acks']> {
    const from = link.acks.length;
    const event = node.tell({ key, zone: key });
    const clash = node.forge({ key: `${key}-other`, zone: `${key}-other` }, event.seq);
    const forged = node.forge({ key: `${key}-forged`, zone: key }, 900, deriveNodeKey('a stranger'));
    for (const payload of [event, event, clash, forged, '{"v":1}']) await link.send(payload);
    await link.until((acks) => acks.length >= from + 5);
    const acks = link.acks.slice(from);
    expect(acks.map(({ status }) => status)).toEqual([
      ...['stored', 'duplicate', 'quarantined', 'quarantined', 'quarantined'],
    ]);
    return acks;
  }

  test('each is answered in the form that it takes, by its own word', async () => {
    await say('0.1.0');
    const old = await sendAll('one');
    expect(takenByOld(old)).toBe(true);
    expect(old.at(3)?.reason).toMatch(/^ING_SIGNATURE: /);
    // The box is updated.
    await say('0.3.0');
    const fresh = await sendAll('two');
    expect(fresh[0]).toHaveProperty('hash');
    expect(fresh[2]).toMatchObject({ code: 'ING_CONFLICT', taken: 'seq' });
    expect(takenByOld(fresh)).toBe(false);
  });

  test('a hub that is started anew knows it from what is retained, also of a node that was disabled meanwhile', async () => {
    await say('0.1.0');
    await sendAll('one');
    await disable(true);
    await hub.close();
    hub = await start();
    await hub.idle();
    await disable(false);
    const from = link.acks.length;
    await link.send(node.tell({ key: 'two', zone: 'two' }));
    await link.until((acks) => acks.length > from);
    expect(takenByOld(link.acks.slice(from))).toBe(true);
  });
});

test('versions', () => {
  const old = createOldNodes();
  for (const version of ['0.1.0', '0.2.9', '0.2.0-rc.1']) {
    old.heard(A, version);
    expect(old.has(A)).toBe(true);
  }
  for (const version of ['0.3.0', '0.10.0', '1.0.0', 'of our own']) {
    old.heard(A, '0.1.0');
    old.heard(A, version);
    expect(old.has(A)).toBe(false);
  }
});
