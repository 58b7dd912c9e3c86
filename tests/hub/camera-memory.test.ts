/** Camera memory at the hub: orders that reach a node whenever it comes, decisions on their way back, what people may do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CameraMemoryView } from '../../contracts/api/memory.ts';
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import type { Reply } from '../../contracts/command.ts';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { timestamp } from '../../platform/clock.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { until } from '../processes.ts';
import { connectNode, createTestNode, START, type TestLink } from './node.ts';
import { quiet, testDatabases } from './stores.ts';

const A = 'node-a';
const CAMERA = 'node-a-cam';
const map: MemoryMap = {
  ...{ enabled: true, at: timestamp(START), since: timestamp(START - 86_400_000), minDays: 3, sureScore: 0.85 },
  ...{ raised: 1, heldBack: 2, forgotten: null },
  layers: [
    {
      ...{ light: 'day', thing: 'stall', watchedHours: 80 },
      cells: [{ cell: 300, share: 0.9, days: 5, dwells: 7, events: 1, rejected: 1, confirmed: 0, bar: 0.83 }],
    },
  ],
};

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`camera memory on ${database.dialect}`, () => {
    let hub: Hub;
    let folder: string;
    let now = START + 3_600_000;
    const node = () => createTestNode(A);
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-memory-'));
      hub = await startHub(
        {
          ...{ database: await database.url(), dataDir: folder, http: { host: '127.0.0.1', port: 0 } },
          ...{ mqtt: 'embedded', broker: { host: '127.0.0.1', port: 0 } },
        },
        { log: quiet, clock: { now: () => now } },
      );
      await node().register(hub.store);
      await upsertCamera(hub.store, {
        ...{ id: CAMERA, node: A, name: { zh: '一', en: 'One' }, kind: 'street', location: null, zones: [] },
      });
      for (const role of ['viewer', 'operator', 'supervisor'] as const) {
        await upsertUser(hub.store, { name: role, displayName: role, role, password: PASSWORD });
      }
    });
    afterEach(async () => {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A node that is there and answers each command as it is told to. */
    async function openNode(answer: (command: MemoryCommand) => Partial<Reply> | null) {
      const link: TestLink = await connectNode(hub.mqttUrl ?? '', A);
      const commands: MemoryCommand[] = [];
      link.client.on('message', (to, payload) => {
        if (to !== topic(A, 'commands')) return;
        const command = JSON.parse(payload.toString()) as MemoryCommand;
        commands.push(command);
        const reply = answer(command);
        const { requestId } = command;
        if (reply)
          link.client.publish(topic(A, 'replies'), JSON.stringify({ requestId, ok: true, ...reply }), { qos: 1 });
      });
      await link.client.subscribeAsync(topic(A, 'commands'), { qos: 1 });
      const status = { state: 'online', at: timestamp(now), version: '0.6.0', cameras: {} };
      await link.client.publishAsync(topic(A, 'status'), JSON.stringify(status), { qos: 1, retain: true });
      return { commands, close: () => link.close(), link };
    }
    const orders = () => hub.store.db.selectFrom('memory_orders').selectAll().orderBy('created_at').execute();
    const settled = (state: string) =>
      until(`an order is ${state}`, async () => (await orders()).find((order) => order.state === state) ?? null);
    const path = `/api/v1/cameras/${CAMERA}/memory`;
    const read = async (role: string) =>
      (await (await logIn(hub.url, role)).call('GET', path)).json() as Promise<CameraMemoryView>;

    test('whoever looks has the node asked, and sees what it answers', async () => {
      const there = await openNode(() => ({ memory: map }));
      expect(await read('viewer')).toMatchObject({ camera: CAMERA, node: A, map: null, still: null, orders: [] });
      const view = await until('the map has come', async () => {
        const now = await read('viewer');
        return now.map && now;
      });
      expect(view.map).toEqual(map);
      expect(await orders()).toEqual([]);
      expect((await (await logIn(hub.url, 'viewer')).call('GET', '/api/v1/cameras/none/memory')).status).toBe(404);
      await there.close();
    });

    test('a supervisor’s order waits for the node, is told until it answers, and is kept with who gave it', async () => {
      const operator = await logIn(hub.url, 'operator');
      expect((await operator.call('POST', path, { body: { command: 'reset' } })).status).toBe(403);
      const supervisor = await logIn(hub.url, 'supervisor');
      expect((await supervisor.call('POST', path, { body: { command: 'reset', cells: [576] } })).status).toBe(400);
      const reset = { command: 'reset', cells: [300, 301], light: 'day' };
      expect((await supervisor.call('POST', path, { body: reset })).status).toBe(200);
      expect(await orders()).toMatchObject([{ state: 'queued', tries: 0, created_by: 'supervisor' }]);

      let answers = 0;
      const there = await openNode(() =>
        answers++ === 0 ? { ok: false, code: 'EDGE_MEMORY', message: 'its process is starting' } : { memory: map },
      );
      await until('it was put off', async () => (await orders())[0]?.reason ?? null);
      expect((await orders())[0]?.state).toBe('queued');
      now += 61_000;
      await hub.sweep();
      await settled('done');
      expect(new Set(there.commands.map(({ requestId }) => requestId)).size).toBe(1);
      expect(there.commands[0]).toMatchObject({
        command: 'memory-reset',
        camera: CAMERA,
        cells: [300, 301],
        light: 'day',
      });
      const { orders: shown, map: fresh } = await read('viewer');
      expect(shown).toMatchObject([{ change: reset, by: 'supervisor', state: 'done', reason: null }]);
      expect(fresh).toEqual(map);
      await there.close();
    });

    test('a node that does not know the order refuses it; another node’s answer is none', async () => {
      const other = createTestNode('node-b');
      await other.register(hub.store);
      const supervisor = await logIn(hub.url, 'supervisor');
      await supervisor.call('POST', path, { body: { command: 'restore' } });
      const id = (await orders())[0]?.id ?? '';
      const stranger = await connectNode(hub.mqttUrl ?? '', 'node-b');
      const forged = JSON.stringify({ requestId: id, ok: true, memory: map });
      await stranger.client.publishAsync(topic('node-b', 'replies'), forged, { qos: 1 });
      await hub.idle();
      expect((await orders())[0]?.state).toBe('queued');
      const there = await openNode(() => ({
        ok: false,
        code: 'API_VALIDATION',
        message: 'not a command of this version',
      }));
      expect((await settled('refused')).reason).toBe('API_VALIDATION not a command of this version');
      expect((await read('viewer')).map).toBeNull();
      await stranger.close();
      await there.close();
    });

    test('decisions go to the camera that saw the case, with where its things stood, and are taken back', async () => {
      const there = await openNode(() => ({ memory: map }));
      const sender = node();
      const words = () => there.commands.filter(({ command }) => command === 'verdict');
      async function decided(key: string, at: number, ...given: Parameters<Hub['caseCommands']['apply']>[1][]) {
        const event = sender.tell({ key, startedAt: at, at, box: [0.4, 0.4, 0.1, 0.2] });
        await there.link.send(event);
        await there.link.until((acks) => acks.some(({ id }) => id === event.id));
        const { cases } = await hub.caseReads.list({ state: 'pending-review' });
        const id = cases[0]?.id ?? '';
        for (const command of given) {
          const { version } = (await hub.caseReads.get(id, { name: 'operator', role: 'operator' })).case;
          await hub.caseCommands.apply(id, command, { name: 'operator', role: 'operator' }, version);
        }
        return id;
      }
      const wrong = await decided('a', START, { command: 'reject', reason: 'wrong-class' }, { command: 'undo' });
      await until('both words have come', () => words().length === 2);
      const sights = [{ class: 'stall', box: [0.4, 0.4, 0.1, 0.2], at: timestamp(START) }];
      const about = { camera: CAMERA, kind: 'road-stall', case: wrong };
      expect(words()[0]).toMatchObject({ ...about, verdict: 'rejected', sights });
      expect(words()[1]).toMatchObject({ ...about, verdict: 'none', sights: [] });
      const { version } = (await hub.caseReads.get(wrong, { name: 'operator', role: 'operator' })).case;
      const actor = { name: 'operator', role: 'operator' } as const;
      await hub.caseCommands.apply(wrong, { command: 'reject', reason: 'permitted' }, actor, version);
      // Nothing was known of it before, and nothing is taken back.
      await decided('b', START + 7_200_000, { command: 'reject', reason: 'too-unclear' });
      await until('the permitted one has come', () => words().length === 3);
      expect(words()[2]).toMatchObject({ ...about, verdict: 'confirmed', sights });
      expect((await read('viewer')).orders).toEqual([]);
      await there.close();
    });
  });
}
