/** From a node's message to a committed case, over both brokers and both databases; and what is refused on the way. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { noticeStills } from '../../hub/notices/issue.ts';
import { systemClock } from '../../platform/clock.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { startMosquitto } from './mosquitto.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START, type TestLink } from './node.ts';
import { quiet, testDatabases } from './stores.ts';

const A = 'node-a';
const B = 'node-b';
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;

const viewer = { name: 'v', role: 'viewer' } as const;

for (const database of testDatabases()) {
  for (const broker of ['embedded', 'mosquitto'] as const) {
    const available = database.available && (broker === 'embedded' || needs('mosquitto'));
    describe.skipIf(!available)(`ingest: ${broker} broker, ${database.dialect}`, () => {
      let mosquitto: Awaited<ReturnType<typeof startMosquitto>> | null = null;
      let hub: Hub;
      let link: TestLink;
      let folder: string;
      let node: ReturnType<typeof createTestNode>;
      let mqttUrl: string;

      beforeAll(async () => {
        await database.start();
        const password = NODE_PASSWORD;
        if (broker === 'mosquitto') {
          mosquitto = await startMosquitto({ [A]: password, [B]: password, 'kerbwatch-hub': password });
        }
      });
      afterAll(async () => {
        await mosquitto?.close();
        await database.close();
      });

      beforeEach(async () => {
        folder = mkdtempSync(join(tmpdir(), 'kerbwatch-hub-'));
        hub = await startHub(
          {
            database: await database.url(),
            dataDir: folder,
            http: { host: '127.0.0.1', port: 0 },
            ...(mosquitto
              ? { mqtt: mosquitto.url, mqttUser: 'kerbwatch-hub', mqttPassword: 'env:KERBWATCH_TEST_MQTT' }
              : { mqtt: 'embedded', broker: { host: '127.0.0.1', port: 0 } }),
          },
          { log: quiet, clock: systemClock },
        );
        node = createTestNode(A);
        await node.register(hub.store);
        await createTestNode(B).register(hub.store);
        mqttUrl = hub.mqttUrl ?? mosquitto?.url ?? '';
        link = await connectNode(mqttUrl, A);
      });
      afterEach(async () => {
        await link?.close();
        await hub?.close();
        rmSync(folder, { recursive: true, force: true });
      });

      const quarantine = () =>
        hub.store.db.selectFrom('quarantine').select(['node', 'code', 'reason', 'bytes']).orderBy('id').execute();

      test('an event becomes a case; its revisions and a second event are the same case', async () => {
        await link.send(node.tell());
        await link.send(node.tell({ rev: 2, endedAt: START + 90_000 }));
        await link.send(node.tell({ key: 'two', startedAt: START + 3_600_000 }));
        await link.until((acks) => acks.length === 3);
        expect(link.acks.map((ack) => [ack.seq, ack.status])).toEqual([
          [1, 'stored'],
          [2, 'stored'],
          [3, 'stored'],
        ]);
        const { cases, counts } = await hub.caseReads.list({});
        expect(counts).toEqual({ 'pending-review': 1 });
        expect(cases).toMatchObject([{ sightings: 2, state: 'pending-review', node: A, endedAt: null }]);
        expect(cases[0]?.number).toMatch(/^350500\d{13}$/);
        const detail = await hub.caseReads.get(cases[0]?.id ?? '', viewer);
        expect(detail.events.map((event) => event.rev)).toEqual([2, 1]);
        expect(detail.history.map((entry) => entry.action)).toEqual(['opened', 'sighting']);
      });

      test('what earlier revisions brought stays with the event, and the notice shows it', async () => {
        const still = (role: EvidenceRef['role'], hex: string, seconds: number): EvidenceRef => ({
          ...{ role, sha256: hex.repeat(64), mime: 'image/jpeg', bytes: 9, width: 640, height: 360 },
          at: new Date(START + seconds * 1000).toISOString(),
        });
        const bed = still('bed', 'a', 1);
        const during = still('during', 'b', 2);
        const ground = still('ground-after', 'c', 9);
        const after = still('after', 'd', 40);
        const truck = { kind: 'muck-truck' } as const;
        await link.send(node.tell({ ...truck, evidence: [bed, during] }));
        await link.send(node.tell({ ...truck, rev: 2, evidence: [ground] }));
        await link.send(node.tell({ ...truck, rev: 3, endedAt: START + 50_000, evidence: [after] }));
        await link.until((acks) => acks.length === 3);
        const found = (await hub.caseReads.list({})).cases[0];
        const { events } = await hub.caseReads.get(found?.id ?? '', viewer);
        expect(events[0]?.evidence).toEqual(
          [bed, during, ground, after].map((ref) => ({ ...ref, stored: false, state: 'waiting' })),
        );
        expect(found?.thumbnail).toBe(bed.sha256);
        const files = await noticeStills(hub.store.db, 'muck-truck', events[0]?.id ?? '');
        expect(files).toEqual([bed, during, ground]);
      });

      test('missing numbers are reported until they arrive; repetitions change nothing', async () => {
        const events = [1, 2, 3, 4, 5].map((i) => node.tell({ key: `k${i}`, zone: `z${i}` }));
        const gaps = () => hub.store.db.selectFrom('seq_gaps').select(['from_seq', 'to_seq']).execute();
        for (const i of [4, 0, 4]) await link.send(events[i] as (typeof events)[number]);
        await link.until((acks) => acks.length === 3);
        expect(await gaps()).toEqual([{ from_seq: 2, to_seq: 4 }]);
        await link.send(events[2] as (typeof events)[number]);
        await link.until((acks) => acks.length === 4);
        expect(await gaps()).toEqual([
          { from_seq: 2, to_seq: 2 },
          { from_seq: 4, to_seq: 4 },
        ]);
        for (const i of [1, 3]) await link.send(events[i] as (typeof events)[number]);
        await link.until((acks) => acks.length === 6);
        expect(await gaps()).toEqual([]);
        expect(link.acks.filter((ack) => ack.status === 'duplicate')).toHaveLength(1);
        expect((await hub.caseReads.list({})).cases).toHaveLength(5);
      });

      test('bad payloads are set apart with one reason each, and the good ones between them are stored', async () => {
        const good = [node.tell({ key: 'a', zone: 'a' }), node.tell({ key: 'b', zone: 'b' })];
        const stranger = deriveNodeKey('somebody else');
        const bad: [string, string | Buffer][] = [
          ['ING_NOT_JSON', 'garbage'],
          ['ING_NOT_JSON', Buffer.from([0xff, 0xfe, 0x00])],
          ['ING_SCHEMA', '[]'],
          ['ING_SCHEMA', JSON.stringify({ ...good[0], extra: 1 })],
          ['ING_SCHEMA', JSON.stringify({ ...good[0], kind: 'jaywalking' })],
          ['ING_WRONG_NODE', JSON.stringify(createTestNode(B).forge({}, 1))],
          ['ING_SIGNATURE', JSON.stringify(node.forge({ key: 'c' }, 3, stranger))],
          ['ING_SIGNATURE', JSON.stringify({ ...node.forge({ key: 'c' }, 3), score: 0.1 })],
          ['ING_TOO_LARGE', ' '.repeat(300 * 1024)],
          ['ING_CONFLICT', JSON.stringify(node.forge({ key: 'other', zone: 'q' }, 1))],
          ['ING_CONFLICT', JSON.stringify(node.forge({ key: 'a', zone: 'a', at: START + 5 }, 9))],
        ];
        await link.send(good[0] as never);
        for (const [, payload] of bad) await link.send(payload);
        await link.send(good[1] as never);
        await link.until((acks) => acks.length === bad.length + 2);
        expect(link.acks.filter((ack) => ack.status === 'quarantined').map((ack) => ack.reason?.split(':')[0])).toEqual(
          bad.map(([code]) => code),
        );
        expect((await quarantine()).map((row) => row.code)).toEqual(bad.map(([code]) => code));
        expect((await hub.caseReads.list({})).cases).toHaveLength(2);
      });

      test('10 MB, another node’s topic and a stranger do no harm', async () => {
        const forged = JSON.stringify(node.forge({}, 1));
        const attempts: [string, string | Buffer, 0 | 1][] = [
          [topic(A, 'events'), forged, 0],
          [topic(B, 'events'), Buffer.alloc(10 * 1024 * 1024), 0],
        ];
        for (const [to, payload, qos] of attempts) {
          const other = await connectNode(mqttUrl, B);
          const cut = new Promise<void>((resolve) => other.client.once('close', () => resolve()));
          other.client.publish(to, payload, { qos });
          // Mosquitto drops what may not be written without a word; everything else ends the connection.
          if (broker === 'embedded' || typeof payload !== 'string') await cut;
          await other.client.endAsync(true);
        }
        await link.send(node.tell());
        await link.until((acks) => acks.length === 1);
        expect((await hub.caseReads.list({})).cases).toHaveLength(1);
        await expect(connectNode(mqttUrl, A, 'nobody')).rejects.toThrow();
        if (broker === 'mosquitto') return;
        await hub.idle();
        expect((await quarantine()).map((row) => [row.node, row.code])).toEqual([
          [B, 'ING_WRONG_NODE'],
          [B, 'ING_TOO_LARGE'],
        ]);
      });

      test('a node may not listen to another one, nor to all', async () => {
        for (const filter of [topic(B, 'acks'), 'kerbwatch/v1/+/acks', '#', topic(A, 'events')]) {
          const subscribing = link.client.subscribeAsync(filter, { qos: 1 });
          // Mosquitto grants what it then never delivers; the embedded broker says no.
          if (broker === 'embedded') await expect(subscribing).rejects.toThrow('Subscribe error');
          else await subscribing.catch(() => {});
        }
        const other = await connectNode(mqttUrl, B);
        const heard: string[] = [];
        link.client.on('message', (to) => heard.push(to));
        await other.send(createTestNode(B).tell());
        await other.until((acks) => acks.length === 1);
        await link.send(node.tell());
        await link.until((acks) => acks.length === 1);
        expect(new Set(heard)).toEqual(new Set([topic(A, 'acks')]));
        await other.close();
      });

      test('status and last will reach the registry', async () => {
        const changed = new Promise<void>((resolve) => {
          hub.changes.subscribe((message) => message.type === 'node' && resolve());
        });
        const status = { state: 'online', at: new Date(START).toISOString(), version: '1', cameras: {} };
        await link.client.publishAsync(topic(A, 'status'), JSON.stringify(status), { qos: 1, retain: true });
        await changed;
        const row = await hub.store.db.selectFrom('nodes').select('status').where('id', '=', A).executeTakeFirst();
        expect(JSON.parse(row?.status ?? '')).toEqual(status);
      });
    });
  }
}

test('a hub whose ingest has ended on a mistake of ours says that it is not ready', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-ended-'));
  const hub = await startHub(
    {
      ...{ database: `sqlite:${join(folder, 'hub.db')}`, dataDir: folder, http: { host: '127.0.0.1', port: 0 } },
      ...{ mqtt: 'embedded', broker: { host: '127.0.0.1', port: 0 } },
    },
    { log: quiet, clock: systemClock },
  );
  const node = createTestNode(A);
  await node.register(hub.store);
  const link = await connectNode(hub.mqttUrl ?? '', A);
  const readyz = async () => {
    const answer = await fetch(`${hub.url}/readyz`);
    return [answer.status, ((await answer.json()) as { detail?: string }).detail ?? ''] as const;
  };
  try {
    expect((await readyz())[0]).toBe(200);
    hub.changes.subscribe(() => {
      throw new Error('a mistake of ours');
    });
    await link.send(node.tell());
    const [, why] = await until('it is not ready', async () => {
      const answer = await readyz();
      return answer[0] === 503 && answer;
    });
    expect(why).toMatch(/ingest has stopped/);
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
  } finally {
    await link.close();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
