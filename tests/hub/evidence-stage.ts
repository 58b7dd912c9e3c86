/** A hub with two nodes and two people for tests of evidence: announcing, bringing, looking, and a clock to be moved. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { CaseDetail } from '../../contracts/api/case.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { openStore } from '../../hub/storage/store.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { logIn, PASSWORD, type Person } from '../api/seeded-hub.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START, type TestLink } from './node.ts';
import { quiet, type testDatabases } from './stores.ts';

export const A = 'node-a';
export const B = 'node-b';
export const DAY = 86_400_000;

export const basic = (node: string) => ({
  authorization: `Basic ${Buffer.from(`${node}:${NODE_PASSWORD}`).toString('base64')}`,
});

export const refOf = (file: Buffer, more: Partial<EvidenceRef> = {}): EvidenceRef => ({
  ...{ role: 'during', sha256: sha256Hex(file), mime: 'image/jpeg', bytes: file.length, width: 64, height: 48 },
  at: new Date(START).toISOString(),
  ...more,
});

export async function picture(background: string): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

export const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

/** What tests change or read anew: another hub after a restart, the clock's shift, what nodes were asked for. */
export type EvidenceStage = {
  hub: Hub;
  folder: string;
  links: TestLink[];
  people: { viewer: Person; supervisor: Person };
  /** What people do to the hub's clock, ms. */
  shift: number;
  orders: { node: string; sha256: string[] }[];
};

/** Sets itself up for each test of the suite that calls it. */
export function useEvidenceStage(database: ReturnType<typeof testDatabases>[number]) {
  const nodes: Record<string, ReturnType<typeof createTestNode>> = { [A]: createTestNode(A), [B]: createTestNode(B) };
  const stage = {} as EvidenceStage;
  let url = '';

  const start = () =>
    startHub(
      {
        database: url,
        dataDir: stage.folder,
        http: { host: '127.0.0.1', port: 0 },
        mqtt: 'embedded',
        broker: { host: '127.0.0.1', port: 0 },
        evidence: { freeMegabytes: 0 },
      },
      // Time that really passes: both clocks agree, so no step is seen.
      {
        log: quiet,
        clock: { now: () => systemClock.now() + stage.shift },
        elapsed: () => performance.now() + stage.shift,
      },
    );

  /** The node's link, and what it is asked for. */
  async function connect(name: string): Promise<void> {
    const link = await connectNode(stage.hub.mqttUrl ?? '', name);
    stage.links.push(link);
    link.client.on('message', (to, payload) => {
      if (to === topic(name, 'commands'))
        stage.orders.push({ node: name, sha256: (JSON.parse(payload.toString()) as { sha256: string[] }).sha256 });
    });
    await link.client.subscribeAsync(topic(name, 'commands'), { qos: 1 });
  }

  beforeAll(() => database.start());
  afterAll(() => database.close());
  beforeEach(async () => {
    Object.assign(stage, {
      shift: 0,
      orders: [],
      links: [],
      folder: mkdtempSync(join(tmpdir(), 'kerbwatch-evidence-')),
    });
    url = await database.url();
    // Before it starts, so that the hub knows them at once and not when it looks again.
    const store = await openStore(url, { log: quiet });
    for (const name of [A, B] as const) {
      nodes[name] = createTestNode(name);
      await nodes[name]?.register(store);
    }
    await store.close();
    stage.hub = await start();
    for (const role of ['viewer', 'supervisor'] as const)
      await upsertUser(stage.hub.store, { name: role, displayName: role, role, password: PASSWORD });
    const { url: address } = stage.hub;
    stage.people = { viewer: await logIn(address, 'viewer'), supervisor: await logIn(address, 'supervisor') };
    for (const name of [A, B]) await connect(name);
  });
  afterEach(async () => {
    for (const link of stage.links) await link.close();
    await stage.hub.close();
    rmSync(stage.folder, { recursive: true, force: true });
  });

  const file = (sha256: string) => `${stage.hub.url}/api/v1/evidence/${sha256}`;

  return {
    stage,
    start,
    connect,
    file,
    /** Of its database. */
    url: () => url,
    /** An event of a node that names these files; gives its case once it is stored. */
    async announce(name: string, evidence: EvidenceRef[], key = 'one'): Promise<string> {
      const link = stage.links[name === A ? 0 : 1] as TestLink;
      const before = link.acks.length;
      const event = nodes[name]?.tell({ key, zone: key, evidence });
      if (!event) throw new Error('no such node');
      await link.send(event);
      await link.until((acks) => acks.length > before);
      expect(link.acks.at(-1)?.status).toBe('stored');
      const row = await stage.hub.store.db
        .selectFrom('events')
        .select('case_id')
        .where('id', '=', event.id)
        .executeTakeFirst();
      return row?.case_id ?? '';
    },
    put: (node: string, bytes: Buffer, more: { name?: Buffer; range?: string } = {}) =>
      fetch(file(sha256Hex(more.name ?? bytes)), {
        method: 'PUT',
        headers: { ...basic(node), ...(more.range ? { 'content-range': more.range } : {}) },
        body: new Uint8Array(bytes),
      }),
    async head(node: string, bytes: Buffer) {
      const answer = await fetch(file(sha256Hex(bytes)), { method: 'HEAD', headers: basic(node) });
      return [answer.status, answer.headers.get('upload-offset'), answer.headers.get('upload-complete')];
    },
    view: (bytes: Buffer) => stage.people.viewer.call('GET', `/api/v1/evidence/${sha256Hex(bytes)}`),
    async stateIn(caseId: string) {
      const answer = await stage.people.viewer.call('GET', `/api/v1/cases/${caseId}`);
      const { events } = (await answer.json()) as CaseDetail;
      return events.flatMap(({ evidence }) =>
        evidence.map(({ state, actual }) => (actual ? { state, actual } : state)),
      );
    },
    onDisk(bytes: Buffer) {
      const sha256 = sha256Hex(bytes);
      return join(stage.folder, 'evidence', 'blobs', sha256.slice(0, 2), sha256);
    },
  };
}
