/** One node's uplink over Mosquitto, with a hub and a store of evidence that do as they are told. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Outbox, openOutbox } from '../../edge/outbox/index.ts';
import { carryOut } from '../../edge/uplink/carry-out.ts';
import { createUplink, type Uplink } from '../../edge/uplink/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { accepts, freePort, mosquittoProgram, type Running, run, until } from '../processes.ts';
import { stallDraft } from './drafts.ts';
import { createTinyHub, createTinyStore } from './tiny-hub.ts';

export const node = 'node-1';
export const PASSWORD = 'only-for-this-test';
const log = createLog({ level: 'silent' });

/** What a test holds; hub, store and outbox are new for each. */
export type UplinkStage = {
  folder: string;
  url: string;
  broker: Running;
  outboxFile: string;
  outbox: Outbox;
  uplink: Uplink;
  hub: Awaited<ReturnType<typeof createTinyHub>>;
  store: Awaited<ReturnType<typeof createTinyStore>>;
};

/** For a `describe`: the broker lives as long as its tests. */
export function useUplink() {
  // Filled before the first test.
  const stage = {} as UplinkStage;
  let port = 0;
  let turn = 0;

  async function startBroker(): Promise<void> {
    stage.broker = run(mosquittoProgram, ['-c', join(stage.folder, 'mosquitto.conf')]);
    await until('the broker listens', () => accepts(port));
  }

  function startUplink(more: { resendMs?: number; window?: number } = {}): void {
    const { outbox } = stage;
    stage.uplink = createUplink({
      node,
      mqtt: stage.url,
      evidence: stage.store.url,
      password: PASSWORD,
      ca: null,
      version: '0',
      queue: outbox,
      evidenceDir: stage.folder,
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
    stage.uplink.start();
  }

  beforeAll(async () => {
    stage.folder = await mkdtemp(join(tmpdir(), 'kerbwatch-uplink-'));
    port = await freePort();
    stage.url = `mqtt://127.0.0.1:${port}`;
    const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence true', 'user root'];
    const location = `persistence_location ${stage.folder}/`;
    writeFileSync(join(stage.folder, 'mosquitto.conf'), [...lines, location, ''].join('\n'));
    await startBroker();
  });
  afterAll(async () => {
    await stage.broker.kill('SIGKILL');
    await rm(stage.folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    stage.outboxFile = join(stage.folder, `outbox-${turn++}.db`);
    stage.outbox = openOutbox({ file: stage.outboxFile, node, key: deriveNodeKey(node), clock: systemClock, log });
    stage.hub = await createTinyHub(stage.url, node);
    stage.store = await createTinyStore();
  });
  afterEach(async () => {
    await stage.uplink.close();
    stage.outbox.close();
    await stage.hub.close();
    await stage.store.close();
  });

  return {
    stage,
    startBroker,
    startUplink,
    depth: (): number => stage.outbox.depth().depth,
    appendEvents(count: number, from = 0): void {
      const drafts = Array.from({ length: count }, (_, i) => stallDraft(from + i));
      stage.outbox.append({ drafts, files: [], states: [] });
    },
  };
}
