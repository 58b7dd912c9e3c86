/** Evidence by HTTP beside the events: resumed where it was cut off, and never in their way. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../platform/canonical.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { jpegRef, stallDraft } from './drafts.ts';
import { node, PASSWORD, useUplink } from './uplink-stage.ts';

describe.skipIf(!needs('mosquitto'))('uplink over Mosquitto: evidence', () => {
  const { appendEvents, depth, stage, startUplink } = useUplink();
  const picture = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255));
  const sha256 = sha256Hex(picture);
  function appendPicture(n = 1): void {
    const { folder, outbox } = stage;
    mkdirSync(join(folder, 'ev'), { recursive: true });
    writeFileSync(join(folder, 'ev', 'a.jpg'), picture);
    outbox.append({
      drafts: [stallDraft(n, { evidence: [jpegRef(sha256, picture.length)] })],
      files: [{ sha256, path: 'ev/a.jpg' }],
      states: [],
    });
  }

  test('goes on where it was cut off, with credentials in the header only', async () => {
    const { hub, outbox, store } = stage;
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
    const { hub, outbox, store } = stage;
    hub.answerWith(() => 'stored');
    store.files.set(sha256, picture.subarray(0, 250_000));
    appendPicture();
    startUplink();
    await until('it is delivered', () => outbox.undeliveredCount() === 0);
    expect(store.files.get(sha256)?.equals(picture)).toBe(true);
    expect(store.requests.at(-1)?.range).toBe('bytes 250000-299999/300000');
  });

  test('waits for the event’s ack, and a hub that takes no files holds no event back', async () => {
    const { hub, outbox, store } = stage;
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
    const { hub, outbox, store } = stage;
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
    const { hub, outbox, store } = stage;
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
    const { hub, outbox, store } = stage;
    hub.answerWith(() => 'stored');
    startUplink();
    appendPicture();
    await until('it came', () => hub.received.length > 0);
    const other = new Sqlite(stage.outboxFile);
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
    const { folder, hub, outbox, store } = stage;
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
