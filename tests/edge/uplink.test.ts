import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { topic } from '../../contracts/topics.ts';
import { type Outbox, openOutbox } from '../../edge/outbox/index.ts';
import { carryOut } from '../../edge/uplink/carry-out.ts';
import { createUplink, type Uplink } from '../../edge/uplink/index.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { needs } from '../needs.ts';
import { accepts, freePort, mosquittoProgram, type Running, run, until } from '../processes.ts';
import { jpegRef, stallDraft } from './drafts.ts';
import { createTinyHub, createTinyStore } from './tiny-hub.ts';

const node = 'node-1';
const log = createLog({ level: 'silent' });
const PASSWORD = 'only-for-this-test';

describe.skipIf(!needs('mosquitto'))('uplink over Mosquitto', () => {
  let folder = '';
  let port = 0;
  let broker: Running;
  let outbox: Outbox;
  let uplink: Uplink;
  let hub: Awaited<ReturnType<typeof createTinyHub>>;
  let store: Awaited<ReturnType<typeof createTinyStore>>;
  const depth = () => outbox.depth().depth;
  const url = () => `mqtt://127.0.0.1:${port}`;

  async function startBroker(): Promise<void> {
    broker = run(mosquittoProgram, ['-c', join(folder, 'mosquitto.conf')]);
    await until('the broker listens', () => accepts(port));
  }
  function startUplink(more: { resendMs?: number; window?: number } = {}): void {
    uplink = createUplink({
      node,
      mqtt: url(),
      evidence: store.url,
      password: PASSWORD,
      ca: null,
      version: '0',
      queue: outbox,
      evidenceDir: folder,
      clock: systemClock,
      random: () => 0,
      log,
      onConfig: async ({ version }) => ({ version, ok: false, faults: [{ path: 'a', message: 'b' }] }),
      onCommand: (command) =>
        carryOut(command, {
          reload: async () => {},
          resend: outbox.resendRefused,
          deliverAgain: outbox.evidenceWanted,
        }),
      ...more,
    });
    uplink.start();
  }
  function appendEvents(count: number, from = 0): void {
    const drafts = Array.from({ length: count }, (_, i) => stallDraft(from + i));
    outbox.append({ drafts, files: [], states: [] });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kerbwatch-uplink-'));
    port = await freePort();
    const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence true', 'user root'];
    writeFileSync(join(folder, 'mosquitto.conf'), [...lines, `persistence_location ${folder}/`, ''].join('\n'));
    await startBroker();
  });
  afterAll(async () => {
    await broker.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  let turn = 0;
  beforeEach(async () => {
    const file = join(folder, `outbox-${turn++}.db`);
    outbox = openOutbox({ file, node, key: deriveNodeKey(node), clock: systemClock, log });
    hub = await createTinyHub(url(), node);
    store = await createTinyStore();
  });
  afterEach(async () => {
    await uplink.close();
    outbox.close();
    await hub.close();
    await store.close();
  });

  test('no message leaves the outbox before the hub’s own ack, however long the broker has had it', async () => {
    appendEvents(120);
    startUplink();
    await until('a full window has come', () => hub.received.length >= 50);
    // Every one of these is acknowledged by the broker (QoS 1); that must count for nothing.
    expect(depth()).toBe(120);
    expect(uplink.stats().inFlight).toBe(50);
    expect(hub.received.map((event) => event.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await hub.ack([...hub.received].reverse().slice(0, 10));
    await until('ten have left', () => depth() === 110);
    expect(outbox.pending(1)[0]?.seq).toBe(1);
    hub.answerWith(() => 'stored');
    await hub.ack(hub.received);
    await until('all have left', () => depth() === 0);
    expect(new Set(hub.received.map((event) => event.seq)).size).toBe(120);
  });

  test('what is not acknowledged is sent again; the same body each time', async () => {
    appendEvents(1);
    startUplink({ resendMs: 200 });
    await until('it came three times', () => hub.received.length >= 3);
    expect(depth()).toBe(1);
    expect(hub.received[1]).toEqual(hub.received[0]);
    await hub.ack([...hub.received.slice(0, 1)], 'duplicate');
    await until('it has left', () => depth() === 0);
  });

  test('a refused message is kept as refused and holds nothing up', async () => {
    hub.answerWith((event) => (event.seq === 2 ? 'quarantined' : 'stored'));
    startUplink();
    appendEvents(3);
    await until('all are settled', () => depth() === 0);
    expect(outbox.refusedCount()).toBe(1);
  });

  test('acks that are none change nothing', async () => {
    appendEvents(1);
    startUplink();
    await until('it came', () => hub.received.length > 0);
    const garbage = ['', 'not json', '[]', '{"acks":7}', JSON.stringify({ acks: [{ id: 'x' }] })];
    for (const payload of garbage) await hub.publish('acks', payload);
    await until('all were read', () => uplink.stats().unreadableAcks === garbage.length);
    expect(depth()).toBe(1);
  });

  test('a broker killed in the middle costs nothing', async () => {
    hub.answerWith(() => 'stored');
    startUplink();
    appendEvents(200);
    await until('some have left', () => depth() < 200);
    await broker.kill('SIGKILL');
    appendEvents(100, 200);
    await startBroker();
    await until('all have left', () => depth() === 0);
    expect(new Set(hub.received.map((event) => event.seq)).size).toBe(300);
  });

  test('status is retained, orders are answered', async () => {
    startUplink();
    uplink.publishStatus({ 'cam-1': { state: 'watched', reasons: [], since: '2026-01-01T00:00:00.000Z' } });
    await until('status', () => /"online".*cam-1/.test(hub.last('status')));
    await hub.publish('commands', JSON.stringify({ requestId: 'r1', command: 'reload' }));
    await until('reply', () => hub.last('replies') === '{"requestId":"r1","ok":true}');
    await hub.publish('commands', JSON.stringify({ requestId: 'r2', command: 'fly' }));
    await until('refusal', () => hub.last('replies').includes('API_VALIDATION'));
    await hub.publish('config', JSON.stringify({ version: 3, config: {} }));
    await until('applied', () => hub.last('applied').includes('"version":3'));
    await uplink.close();
    const late = await connectAsync(url());
    const status = new Promise<string>((done) => late.on('message', (_, payload) => done(payload.toString())));
    await late.subscribeAsync(topic(node, 'status'));
    expect(JSON.parse(await status)).toMatchObject({ state: 'offline' });
    await late.endAsync();
  });

  describe('evidence', () => {
    const picture = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
    const sha256 = sha256Hex(picture);
    function appendPicture(n = 1): void {
      mkdirSync(join(folder, 'ev'), { recursive: true });
      writeFileSync(join(folder, 'ev', 'a.jpg'), picture);
      outbox.append({
        drafts: [stallDraft(n, { evidence: [jpegRef(sha256, picture.length)] })],
        files: [{ sha256, path: 'ev/a.jpg' }],
        states: [],
      });
    }

    test('goes on where it was cut off, with credentials in the header only', async () => {
      hub.answerWith(() => 'stored');
      store.cutOnceAfter(100_000);
      appendPicture();
      startUplink();
      await until('it is delivered', () => outbox.undeliveredCount() === 0);
      expect(store.files.get(sha256)?.equals(picture)).toBe(true);
      const puts = store.requests.filter((request) => request.method === 'PUT');
      expect(puts[0]?.range).toBe(`bytes 0-299999/300000`);
      const from = Number(/^bytes (\d+)-/.exec(puts.at(-1)?.range ?? '')?.[1]);
      expect(from).toBeGreaterThanOrEqual(100_000);
      const basic = `Basic ${Buffer.from(`${node}:${PASSWORD}`).toString('base64')}`;
      for (const request of store.requests) {
        expect(request.authorization).toBe(basic);
        expect(request.url).toBe(`/api/v1/evidence/${sha256}`);
      }
    });

    test('a new process asks first and sends only the rest', async () => {
      hub.answerWith(() => 'stored');
      store.files.set(sha256, picture.subarray(0, 250_000));
      appendPicture();
      startUplink();
      await until('it is delivered', () => outbox.undeliveredCount() === 0);
      expect(store.files.get(sha256)?.equals(picture)).toBe(true);
      expect(store.requests.at(-1)?.range).toBe('bytes 250000-299999/300000');
    });

    test('waits for the event’s ack, and a hub that takes no files holds no event back', async () => {
      store.answerFirst(() => 503);
      appendPicture();
      appendEvents(30, 10);
      startUplink();
      await until('the events came', () => hub.received.length >= 31);
      expect(store.requests).toEqual([]);
      hub.answerWith(() => 'stored');
      await hub.ack(hub.received);
      await until('the events have left', () => depth() === 0);
      await until('the file was tried', () => store.requests.length > 0);
      expect(outbox.undeliveredCount()).toBe(1);
      store.answerFirst(null);
      await until('the file is delivered', () => outbox.undeliveredCount() === 0);
    });

    test('a file that the hub has lost is sent again when it asks; one that is gone here is not promised', async () => {
      hub.answerWith(() => 'stored');
      appendPicture();
      startUplink();
      await until('it is delivered', () => outbox.undeliveredCount() === 0);
      store.files.clear();
      const order = { requestId: 'r1', command: 'evidence', sha256: ['e'.repeat(64), sha256] };
      await hub.publish('commands', JSON.stringify(order));
      await until('it is there again', () => store.files.get(sha256)?.length === picture.length);
      expect(JSON.parse(hub.last('replies'))).toEqual({
        ...{ requestId: 'r1', ok: true, message: '1 of 2 files are sent again' },
      });
      await hub.publish('commands', JSON.stringify({ ...order, requestId: 'r2', sha256: ['e'.repeat(64)] }));
      await until('an answer', () => hub.last('replies').includes('r2'));
      expect(JSON.parse(hub.last('replies'))).toMatchObject({ requestId: 'r2', ok: false, code: 'EDGE_EVIDENCE' });
    });

    test('410 is a final word: the file is not sent again, and may go', async () => {
      hub.answerWith(() => 'stored');
      store.answerFirst(() => 410);
      appendPicture();
      startUplink();
      await until('it is settled', () => outbox.undeliveredCount() === 0);
      const asked = store.requests.length;
      store.answerFirst(null);
      appendPicture(2);
      await until('the second event has left', () => depth() === 0);
      expect(store.requests).toHaveLength(asked);
      expect(store.files.size).toBe(0);
    });

    test('an outbox that another program holds stops neither uploads nor events for good', async () => {
      hub.answerWith(() => 'stored');
      startUplink();
      appendPicture();
      await until('it came', () => hub.received.length > 0);
      const other = new Sqlite(join(folder, `outbox-${turn - 1}.db`));
      other.exec('BEGIN IMMEDIATE');
      await until('the upload was tried', () => store.requests.length > 0 || depth() > 0);
      // Acks and deliveries meet the lock; nothing of it may end the process or be forgotten.
      await hub.ack(hub.received);
      await hub.publish('commands', JSON.stringify({ requestId: 'busy', command: 'evidence', sha256: [sha256] }));
      await until('an answer', () => hub.last('replies').includes('busy'));
      other.exec('ROLLBACK');
      other.close();
      await hub.ack(hub.received);
      await until('all is delivered', () => depth() === 0 && outbox.undeliveredCount() === 0);
    });

    test('a file that the hub does not know yet, or that is gone here, does not stop the others', async () => {
      hub.answerWith(() => 'stored');
      const other = Buffer.from('another picture');
      const lost = 'f'.repeat(64);
      writeFileSync(join(folder, 'b.jpg'), other);
      outbox.append({
        drafts: [stallDraft(1, { evidence: [jpegRef(lost, 9), jpegRef(sha256Hex(other), other.length)] })],
        files: [
          { sha256: lost, path: 'gone.jpg' },
          { sha256: sha256Hex(other), path: 'b.jpg' },
        ],
        states: [],
      });
      startUplink();
      await until('the other is delivered', () => outbox.undeliveredCount() === 1);
      let refusals = 1;
      store.answerFirst(() => (refusals-- > 0 ? 404 : null));
      appendPicture(2);
      await until('the late one is delivered', () => store.files.get(sha256)?.length === picture.length);
    });
  });
});
