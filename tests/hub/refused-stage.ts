/** A real broker, a hub and a node's outbox with its uplink, for tests of what is refused and comes again. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { NodeView } from '../../contracts/api/registry.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { type EventDraft, type Outbox, openOutbox } from '../../edge/outbox/index.ts';
import { carryOut } from '../../edge/uplink/carry-out.ts';
import { createUplink, type Uplink } from '../../edge/uplink/index.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { logIn, PASSWORD, type Person } from '../api/seeded-hub.ts';
import { stallDraft } from '../edge/drafts.ts';
import { startMosquitto } from './mosquitto.ts';
import { NODE_PASSWORD } from './node.ts';
import { quiet } from './stores.ts';

export const node = 'node-1';
export const key = deriveNodeKey(node);
process.env.KERBWATCH_TEST_MQTT = NODE_PASSWORD;

export const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => stallDraft(from + i));

/** What tests close, open again or replace. */
export type RefusedStage = {
  mosquitto: Awaited<ReturnType<typeof startMosquitto>>;
  folder: string;
  /** The outbox's database. */
  file: string;
  hub: Hub;
  admin: Person;
  outbox: Outbox;
  uplink: Uplink | null;
};

/** Sets itself up for each test of the suite that calls it. */
export function useRefusedStage() {
  const stage = {} as RefusedStage;

  const startHere = (clock = systemClock) =>
    startHub(
      {
        database: `sqlite:${join(stage.folder, 'hub.db')}`,
        dataDir: stage.folder,
        http: { host: '127.0.0.1', port: 0 },
        ...{ mqtt: stage.mosquitto.url, mqttUser: 'kerbwatch-hub', mqttPassword: 'env:KERBWATCH_TEST_MQTT' },
      },
      { log: quiet, clock },
    );
  const openWith = (own: typeof key) =>
    openOutbox({ file: stage.file, node, key: own, clock: systemClock, log: quiet });
  const depth = () => stage.outbox.depth().depth;

  beforeAll(async () => {
    stage.mosquitto = await startMosquitto({ [node]: NODE_PASSWORD, 'kerbwatch-hub': NODE_PASSWORD });
  });
  afterAll(() => stage.mosquitto.close());
  beforeEach(async () => {
    stage.folder = mkdtempSync(join(tmpdir(), 'kerbwatch-refused-'));
    mkdirSync(join(stage.folder, 'edge'));
    stage.file = join(stage.folder, 'edge', 'outbox.db');
    stage.hub = await startHere();
    await upsertUser(stage.hub.store, { name: 'admin', displayName: 'admin', role: 'admin', password: PASSWORD });
    stage.admin = await logIn(stage.hub.url, 'admin');
    stage.outbox = openWith(key);
    stage.uplink = null;
  });
  afterEach(async () => {
    await stage.uplink?.close();
    stage.outbox.close();
    await stage.hub.close();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  return {
    stage,
    startHere,
    openWith,
    depth,
    settled: () => depth() === 0 && stage.outbox.refusedCount() === 0,
    append: (...drafts: EventDraft[]) => stage.outbox.append({ drafts, files: [], states: [] }),
    connect(): void {
      const { outbox, mosquitto, hub, folder } = stage;
      stage.uplink = createUplink({
        ...{ node, mqtt: mosquitto.url, evidence: hub.url, password: NODE_PASSWORD, ca: null, version: '0' },
        ...{ queue: outbox, evidenceDir: folder, clock: systemClock, random: Math.random, log: quiet },
        onConfig: async ({ version }) => ({ version, ok: false, faults: [] }),
        onCommand: (command) =>
          carryOut(command, { reload: null, resend: outbox.resendRefused, deliverAgain: outbox.evidenceWanted }),
      });
      stage.uplink.start();
    },
    async register(publicKey = key.publicKeyPem): Promise<void> {
      const body = { id: node, publicKey, password: NODE_PASSWORD };
      expect((await stage.admin.call('PUT', '/api/v1/nodes', { body })).status).toBe(204);
    },
    async view(): Promise<NodeView> {
      const nodes = (await (await stage.admin.call('GET', '/api/v1/nodes')).json()) as NodeView[];
      return nodes.find(({ id }) => id === node) as NodeView;
    },
    messages: async () =>
      (await stage.hub.store.db.selectFrom('messages').select('body').orderBy('seq').execute()).map(
        ({ body }) => JSON.parse(body) as ViolationEvent,
      ),
  };
}
