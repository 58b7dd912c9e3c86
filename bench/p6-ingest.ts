/** P6: events a second from the broker to a committed case, against the same rows in bare SQLite and the broker alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import type { AckBatch } from '../contracts/ack.ts';
import { GENESIS, type ViolationEvent } from '../contracts/event.ts';
import { topic } from '../contracts/topics.ts';
import { startBroker } from '../hub/broker/embedded.ts';
import { startHub } from '../hub/main.ts';
import { upsertNode } from '../hub/registry/nodes.ts';
import { systemClock } from '../platform/clock.ts';
import { eventId } from '../platform/event-id.ts';
import { createLog } from '../platform/log.ts';
import { createNodeKey, eventHash, signEvent } from '../platform/signing.ts';
import { openSqlite } from '../platform/sqlite.ts';
import type { BenchRow } from './row.ts';

const EVENTS = 4000;
const IN_FLIGHT = 200;
const NODE = 'bench-node';
const PASSWORD = 'bench password';
const TABLES = ['messages', 'events', 'evidence', 'event_evidence', 'cases', 'case_history'] as const;
const log = createLog({ level: 'silent' });

/** Stalls on 1,000 cameras, four events each in two cases, four stills an event: a city's backlog after an outage. */
function makeEvents(key: ReturnType<typeof createNodeKey>): string[] {
  let prev = GENESIS;
  const start = Date.now() - EVENTS * 1000;
  return Array.from({ length: EVENTS }, (_, i) => {
    const camera = `cam-${i % 1000}`;
    const place = Math.floor(i / 2000) * 0.3;
    const at = new Date(start + i * 1000).toISOString();
    const still = (n: number) => ({
      role: (['before', 'start', 'during', 'after'] as const)[n] ?? 'after',
      sha256: (i * 4 + n).toString(16).padStart(64, '0'),
      mime: 'image/jpeg' as const,
      bytes: 80_000,
      at,
      width: 1920,
      height: 1080,
    });
    const event: ViolationEvent<'road-stall'> = signEvent(
      {
        v: 1,
        id: eventId(NODE, camera, 'z', 'road-stall', String(i)),
        rev: 1,
        seq: i + 1,
        node: NODE,
        camera,
        zone: 'z',
        kind: 'road-stall',
        phase: 'start',
        startedAt: at,
        at,
        endedAt: null,
        score: 0.9,
        objects: [{ track: i, class: 'stall', score: 0.9, box: [place, 0.4, 0.03, 0.1] }],
        detail: {
          dwellSeconds: 180,
          attended: true,
          permit: null,
          ruleWindow: 'always',
          subKind: 'road',
          unknownSeconds: 0,
        },
        location: { lon: 118.6, lat: 24.9 },
        evidence: [0, 1, 2, 3].map(still),
        model: { name: 'kerb-s', version: '1', sha256: GENESIS },
        rule: { version: '1', params: GENESIS },
        clock: { offsetMs: 0, source: 'ntp' },
      },
      prev,
      key,
    ) as ViolationEvent<'road-stall'>;
    prev = eventHash(event);
    return JSON.stringify(event);
  });
}

function connectAs(url: string): Promise<MqttClient> {
  return connectAsync(url, { clientId: NODE, username: NODE, password: PASSWORD, protocolVersion: 4 });
}

/** Publishes all with a window of unanswered ones; `answered` says how many have come back. */
async function publishAll(client: MqttClient, to: string, payloads: readonly string[], count: () => number) {
  let sent = 0;
  const began = performance.now();
  await new Promise<void>((resolve, reject) => {
    const go = () => {
      if (count() >= payloads.length) return resolve();
      while (sent < payloads.length && sent - count() < IN_FLIGHT) {
        client.publish(to, payloads[sent++] ?? '', { qos: 1 }, (error) => error && reject(error));
      }
    };
    client.on('message', go);
    go();
  });
  return (payloads.length * 1000) / (performance.now() - began);
}

async function throughHub(folder: string, payloads: readonly string[], publicKey: string) {
  const database = join(folder, 'hub.db');
  const hub = await startHub(
    {
      database: `sqlite:${database}`,
      dataDir: folder,
      mqtt: 'embedded',
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
    },
    { log, clock: systemClock },
  );
  await upsertNode(hub.store, { id: NODE, publicKey, password: PASSWORD });
  const client = await connectAs(hub.mqttUrl ?? '');
  let stored = 0;
  client.on('message', (_topic, payload) => {
    const { acks } = JSON.parse(payload.toString()) as AckBatch;
    stored += acks.filter((ack) => ack.status === 'stored').length;
  });
  await client.subscribeAsync(topic(NODE, 'acks'), { qos: 1 });
  const rate = await publishAll(client, topic(NODE, 'events'), payloads, () => stored);
  await client.endAsync(true);
  await hub.close();
  return { rate, database };
}

/** The rows that the hub wrote, once more: prepared statements, 100 events a transaction, synchronous = FULL. */
function throughBareSqlite(folder: string, database: string): number {
  const source = openSqlite(database);
  const target = openSqlite(join(folder, 'bare.db'), { synchronous: 'FULL' });
  const groups = TABLES.map((name) => {
    const schema = source.prepare("select sql from sqlite_master where type = 'table' and name = ?").get(name);
    target.exec((schema as { sql: string }).sql);
    const indexes = source.prepare(
      "select sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null",
    );
    for (const { sql } of indexes.all(name) as { sql: string }[]) target.exec(sql);
    const rows = source.prepare(`select * from ${name}`).raw().all() as unknown[][];
    const width = rows[0]?.length ?? 0;
    const insert = target.prepare(`insert into ${name} values (${Array(width).fill('?').join(',')})`);
    return { rows, insert };
  });
  const transactions = EVENTS / 100;
  const began = performance.now();
  for (let i = 0; i < transactions; i += 1) {
    target.transaction(() => {
      for (const { rows, insert } of groups) {
        const share = rows.length / transactions;
        for (const row of rows.slice(Math.floor(i * share), Math.floor((i + 1) * share))) insert.run(row);
      }
    })();
  }
  const rate = (EVENTS * 1000) / (performance.now() - began);
  source.close();
  target.close();
  return rate;
}

/** The embedded broker in the same process, with one subscriber that does nothing. */
async function throughBroker(payloads: readonly string[]): Promise<number> {
  const broker = await startBroker({
    host: '127.0.0.1',
    port: 0,
    checkNode: async () => 'good',
    onRefused: () => {},
    log,
  });
  const { MqttClient } = await import('mqtt');
  const hub = new MqttClient(() => broker.connectHub(), { clientId: 'hub', protocolVersion: 4 });
  const client = await connectAs(`mqtt://127.0.0.1:${broker.port}`);
  await hub.subscribeAsync(topic(NODE, 'events'), { qos: 1 });
  let heard = 0;
  hub.on('message', () => {
    heard += 1;
    client.emit('message', '', Buffer.alloc(0), {} as never);
  });
  const rate = await publishAll(client, topic(NODE, 'events'), payloads, () => heard);
  await client.endAsync(true);
  await hub.endAsync(true);
  await broker.close();
  return rate;
}

export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-p6-'));
  try {
    const key = createNodeKey();
    const payloads = makeEvents(key);
    const { rate, database } = await throughHub(folder, payloads, key.publicKeyPem);
    const rows = throughBareSqlite(folder, database);
    const broker = await throughBroker(payloads);
    const ceiling =
      rows < broker
        ? { what: 'the same rows, bare SQLite', value: rows }
        : { what: 'embedded broker, QoS 1', value: broker };
    const ratio = rate / ceiling.value;
    const note = `bare SQLite ${rows.toFixed(0)}/s, broker ${broker.toFixed(0)}/s; the publisher shares the process`;
    return [
      {
        id: 'P6',
        figure: 'hub: broker to committed case',
        value: rate,
        unit: 'events/s',
        ceiling,
        ratio,
        aim: '>= 0.5 x the lower',
        met: ratio >= 0.5,
        note,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
