/** Webhooks on both databases against real HTTP servers: signed, retried, apart from each other, nothing personal. */
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type WebhookEvent, WebhookMessage } from '../../contracts/api/webhook.ts';
import { createSeal } from '../../hub/seal.ts';
import { createWebhookDeliveries, MAX_WEBHOOK_ATTEMPTS } from '../../hub/webhooks/deliveries.ts';
import { createWebhooks } from '../../hub/webhooks/registry.ts';
import { isPrivateAddress, publicLookup, targetFault } from '../../hub/webhooks/target.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { faultsOf } from '../../platform/validate.ts';
import { ann, type CaseStage, openCaseStage, sue } from './case-stage.ts';
import { START } from './node.ts';
import { quiet, testDatabases } from './stores.ts';

const HOUR = 3_600_000;
const by = { actor: 'root', address: null, now: START };
const seal = createSeal(createNodeKey().privateKey, 'kerbwatch webhook secrets');

type Received = { readonly headers: Record<string, string>; readonly body: string };

/** A receiver that answers as it is told; `null`: it never does. */
async function startReceiver() {
  const received: Received[] = [];
  let answer: number | null = 204;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
      if (answer !== null) response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith(status: number | null) {
      answer = status;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`webhooks on ${database.dialect}`, () => {
    let now = START;
    let stage: CaseStage;
    let receiver: Awaited<ReturnType<typeof startReceiver>>;
    beforeAll(() => database.start(), 60_000);
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START;
      stage = await openCaseStage(database, () => now, {});
      receiver = await startReceiver();
    }, 60_000);
    afterEach(async () => {
      await receiver.close();
      await stage.store.close();
    });

    const registry = () => createWebhooks({ store: stage.store, seal, allowPrivate: true });
    const worker = (answerMs = 10_000) =>
      createWebhookDeliveries({
        ...{ store: stage.store, clock: { now: () => now }, seal, allowPrivate: true, log: quiet },
        ...{ metrics: new Registry(), answerMs },
      });
    const add = (events: WebhookEvent[], url = receiver.url) => registry().create({ name: 'city', url, events }, by);
    async function round(own = worker()) {
      await own.round();
      await own.idle();
    }
    const rows = () => stage.store.db.selectFrom('webhook_deliveries').selectAll().orderBy('at').orderBy('n').execute();

    test('what it wants is told, signed, in order, and nothing personal', async () => {
      const { secret } = await add(['case.opened', 'case.filed', 'case.closed']);
      await stage.report({ kind: 'muck-truck' });
      now += 1000;
      await stage.give({ command: 'claim' }, ann);
      await stage.give({ command: 'confirm', plate: '闽CD1234', note: '车主张三 13900000000' }, ann);
      await round();
      const messages = receiver.received.map(({ body }) => JSON.parse(body) as WebhookMessage);
      expect(messages.map(({ type, data }) => [type, data.state])).toEqual([
        ['case.opened', 'pending-review'],
        ['case.filed', 'filed'],
      ]);
      for (const { headers, body } of receiver.received) {
        expect(faultsOf(WebhookMessage, JSON.parse(body))).toEqual([]);
        const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
        const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
        const mac = createHmac('sha256', key).update(signed).digest('base64');
        expect(headers['webhook-signature']).toBe(`v1,${mac}`);
        expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(now / 1000));
      }
      const said = JSON.stringify(receiver.received);
      for (const personal of ['1234', '张三', '13900000000', 'ann', 'node-a']) expect(said).not.toContain(personal);
      expect(messages[0]?.data).toMatchObject({ kind: 'muck-truck', source: 'video_ai', district: null });
      await round();
      expect(receiver.received).toHaveLength(2);
    });

    test('a failure ends the turn and is tried again with back-off, under one id', async () => {
      await add(['case.opened']);
      receiver.answerWith(503);
      await stage.report({});
      now += 1000;
      await stage.report({ key: 'two', zone: 'z2' });
      await round();
      expect((await rows()).map(({ attempts }) => attempts)).toEqual([1, 0]);
      await round();
      const [failed, waiting] = await rows();
      expect([failed?.state, failed?.attempts, failed?.reason]).toEqual(['queued', 1, '127.0.0.1: answers 503']);
      expect(Date.parse(failed?.next_at ?? '')).toBeGreaterThanOrEqual(now + 5000);
      expect(waiting?.attempts).toBe(1);
      receiver.answerWith(200);
      now += 60_000;
      await round();
      expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual([
        ['delivered', 2],
        ['delivered', 2],
      ]);
      const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
      expect([ids.length, new Set(ids).size]).toEqual([4, 2]);
    });

    test('a redirect is not followed, and an answer that never comes holds up no other receiver', async () => {
      const slow = await startReceiver();
      try {
        slow.answerWith(null);
        receiver.answerWith(307);
        await registry().create({ name: 'a slow one', url: slow.url, events: ['case.opened'] }, by);
        await add(['case.opened']);
        await stage.report({});
        const own = worker(60_000);
        await own.round();
        await expect.poll(async () => (await rows()).find(({ reason }) => reason)?.reason).toContain('redirects (307)');
        receiver.answerWith(200);
        now += 3_600_000;
        await own.round();
        await expect.poll(async () => (await rows()).filter(({ state }) => state === 'delivered').length).toBe(1);
        // The slow one has its first try still under way.
        expect([slow.received.length, receiver.received.length]).toEqual([1, 2]);
        await own.stop();
        expect((await rows()).map(({ state }) => state).sort()).toEqual(['delivered', 'queued']);
      } finally {
        await slow.close();
      }
    });

    test('tried for a day it is a dead letter; a person has it sent again, or gives it up', async () => {
      const { id } = await add(['case.opened']);
      receiver.answerWith(500);
      await stage.report({});
      await stage.store.db
        .updateTable('webhook_deliveries')
        .set({ attempts: MAX_WEBHOOK_ATTEMPTS - 1 })
        .execute();
      await round();
      const [letter] = await registry().deadLetters();
      expect(letter).toMatchObject({ event: 'case.opened', attempts: MAX_WEBHOOK_ATTEMPTS, webhook: id });
      expect((await registry().list())[0]).toMatchObject({ dead: 1, queued: 0 });
      receiver.answerWith(200);
      now += 10 * HOUR;
      await round();
      expect(receiver.received).toHaveLength(1);
      await registry().settle(letter?.id ?? '', { command: 'retry' }, { ...by, now });
      await round();
      expect([receiver.received.length, await registry().deadLetters()]).toEqual([2, []]);
      const again = registry().settle(letter?.id ?? '', { command: 'give-up' }, by);
      await expect(again).rejects.toMatchObject({ code: 'API_TRANSITION' });
    });

    test('off, nothing is queued; removed, nothing is left; its secret is sealed and not in the log', async () => {
      const { id, secret } = await add(['case.opened']);
      await registry().change(id, { enabled: false }, by);
      await stage.report({});
      expect(await rows()).toEqual([]);
      await registry().change(id, { enabled: true }, by);
      await stage.report({ key: 'two', zone: 'z2' });
      expect(await rows()).toHaveLength(1);
      const db = stage.store.db;
      const kept = [
        await db.selectFrom('webhooks').selectAll().execute(),
        await db.selectFrom('audit').selectAll().execute(),
      ];
      expect(JSON.stringify(kept)).not.toContain(secret.slice(6));
      expect(JSON.stringify(await registry().list())).not.toContain('ecret');
      await registry().remove(id, by);
      expect([await rows(), await registry().list()]).toEqual([[], []]);
      await expect(registry().remove(id, by)).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
      const steps = await db.selectFrom('audit').select(['action', 'thing']).where('thing', '=', 'webhook').execute();
      expect(steps.map(({ action }) => action)).toEqual(['create', 'change', 'change', 'delete']);
    });

    test('a change that is undone is told to nobody', async () => {
      await add(['case.filed']);
      await stage.report({});
      await stage.give({ command: 'claim' }, ann);
      const wrong = stage.give({ command: 'dispatch', unit: 'x' }, sue);
      await expect(wrong).rejects.toMatchObject({ code: 'API_TRANSITION' });
      expect(await rows()).toEqual([]);
    });

    test('a private target is refused at the door and again when it is sent', async () => {
      const closed = createWebhooks({ store: stage.store, seal, allowPrivate: false });
      const body = { name: 'x', url: receiver.url, events: ['case.opened' as const] };
      await expect(closed.create(body, by)).rejects.toMatchObject({
        code: 'API_VALIDATION',
        faults: [{ path: 'url' }],
      });
      await add(['case.opened']);
      await stage.report({});
      const parts = { store: stage.store, clock: { now: () => now }, seal, allowPrivate: false, log: quiet };
      await round(createWebhookDeliveries({ ...parts, metrics: new Registry(), answerMs: 300 }));
      expect([receiver.received.length, (await rows())[0]?.reason]).toEqual([0, '127.0.0.1: must begin with https://']);
    });
  });
}

describe('targets', () => {
  test.each<[string, boolean]>([
    ['https://city.example/hook', true],
    ['http://city.example/hook', false],
    ['https://localhost/', false],
    ['https://127.0.0.1/', false],
    ['https://2130706433/', false],
    ['https://10.1.2.3/', false],
    ['https://192.168.0.9:8443/x', false],
    ['https://169.254.169.254/latest', false],
    ['https://[::1]/', false],
    ['https://[::ffff:10.0.0.1]/', false],
    ['https://[fd00::1]/', false],
    ['https://8.8.8.8/', true],
    ['https://user:secret@city.example/', false],
    ['ftp://city.example/', false],
  ])('%s may: %s', (url, may) => {
    expect(targetFault(url, false) === null).toBe(may);
  });

  test('a name that leads to this machine gives no address', async () => {
    const error = await new Promise((resolve) => publicLookup('localhost', { all: true }, resolve));
    expect(String(error)).toContain('private network');
    expect([isPrivateAddress('not one'), isPrivateAddress('2606:4700::1111')]).toEqual([true, false]);
  });
});
