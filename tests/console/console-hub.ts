/** A real hub with a real node's events and files behind it, for a real browser in front of it. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UnitBody } from '../../contracts/api/unit.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { GENESIS } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { topic } from '../../contracts/topics.ts';
import type { FourEyesConfig } from '../../hub/four-eyes-config.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { upsertSite } from '../../hub/registry/sites.ts';
import { upsertUnit } from '../../hub/registry/units.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { eventId } from '../../platform/event-id.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey, eventHash, signEvent, type UnsignedEvent } from '../../platform/signing.ts';
import { connectNode, NODE_PASSWORD, type TestLink } from '../hub/node.ts';
import { cameras, type Finding, NODE, site } from './city.ts';
import { drawScene, HEIGHT, type Scene, WIDTH } from './scene.ts';

export const PASSWORD = 'a password for the console';
const people = [
  { name: 'lin', displayName: '林晓', role: 'operator' },
  { name: 'hong', displayName: '洪波', role: 'operator' },
  { name: 'chen', displayName: '陈敏', role: 'supervisor' },
  { name: 'tang', displayName: '唐静', role: 'admin' },
  { name: 'wu', displayName: '吴岩', role: 'viewer' },
  { name: 'xu', displayName: '许明', role: 'unit', unit: 'fz-team-3' },
] as const;

/** Always on duty, in the whole city; the user `xu` belongs to it. */
export const UNIT: UnitBody = {
  id: 'fz-team-3',
  name: { zh: '丰泽三中队', en: 'Fengze team 3' },
  kind: 'city-management',
  area: { city: '350500' },
  roster: [{ name: '全天', windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] }],
};

async function fillRegistry({ store }: Hub, publicKey: string): Promise<void> {
  await upsertUnit(store, UNIT);
  for (const person of people) await upsertUser(store, { ...person, password: PASSWORD });
  const name = { zh: '丰泽一号边缘节点', en: 'Fengze edge node 1' };
  await upsertNode(store, { id: NODE, name, publicKey, password: NODE_PASSWORD });
  await upsertSite(store, site);
  for (const camera of cameras) await upsertCamera(store, camera);
}

async function upload(url: string, bytes: Buffer, sha256: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/evidence/${sha256}`, {
    method: 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(`${NODE}:${NODE_PASSWORD}`).toString('base64')}`,
      'content-type': 'application/octet-stream',
    },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
}

/** The node's side: draws, signs, sends, uploads. `finding` returns its late files' upload. */
function createNode(hub: Hub, link: TestLink, key: ReturnType<typeof deriveNodeKey>) {
  let seq = 0;
  let prev = GENESIS;
  const still = async (
    finding: Finding,
    startedAt: number,
    [role, scene, after]: readonly [EvidenceRef['role'], Scene, number],
  ) => {
    const at = timestamp(startedAt + after * 1000);
    const bytes = await drawScene(scene, finding.camera, at);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const ref: EvidenceRef = {
      role,
      sha256,
      mime: 'image/jpeg',
      bytes: bytes.length,
      at,
      width: WIDTH,
      height: HEIGHT,
    };
    return { ref, bytes };
  };
  return async function tell(finding: Finding, startedAt: number): Promise<() => Promise<void>> {
    const stills = await Promise.all(finding.stills.map((wish) => still(finding, startedAt, wish)));
    seq += 1;
    const unsigned = {
      v: 1,
      id: eventId(NODE, finding.camera, finding.zone, finding.kind, finding.key),
      rev: 1,
      seq,
      node: NODE,
      camera: finding.camera,
      zone: finding.zone,
      kind: finding.kind,
      phase: 'start',
      startedAt: timestamp(startedAt),
      at: timestamp(startedAt + 300_000),
      endedAt: null,
      score: finding.score,
      objects: finding.boxes.map((box, track) => ({ track, class: finding.class, score: finding.score, box })),
      detail: finding.detail,
      location: cameras.find((camera) => camera.id === finding.camera)?.location ?? null,
      evidence: stills.map(({ ref }) => ref),
      model: { name: 'kerb-s', version: '1.0.0', sha256: GENESIS },
      rule: { version: '1.0.0', params: GENESIS },
      clock: { offsetMs: 3, source: 'ntp' },
    } as UnsignedEvent;
    const event: ViolationEvent = signEvent(unsigned, prev, key);
    prev = eventHash(event);
    await link.send(event);
    await link.until((acks) => acks.some((ack) => ack.id === event.id));
    const late = finding.late ?? [];
    const send = (some: typeof stills) =>
      Promise.all(some.map(({ ref, bytes }) => upload(hub.url, bytes, ref.sha256))).then(() => undefined);
    await send(stills.filter(({ ref }) => !late.includes(ref.role)));
    return () => send(stills.filter(({ ref }) => late.includes(ref.role)));
  };
}

function statusMessage(now: number) {
  const camera = (state: string, reasons: string[], fault?: string) => ({
    state,
    reasons,
    since: timestamp(now - 3_600_000),
    ...(fault === undefined ? {} : { fault }),
  });
  return {
    state: 'online',
    at: timestamp(now),
    version: '1.0.0',
    cameras: {
      'fz-dongtu-03': camera('watched', []),
      'lc-xijie-11': camera('degraded', ['dark', 'blurred']),
      'fz-gate-17a': camera('blind', ['offline'], 'EDGE_SOURCE_UNREACHABLE: rtsp://10.12.4.17/sub refuses'),
    },
  };
}

export async function startConsoleHub(demo = false, fourEyes?: FourEyesConfig) {
  let ahead = 0;
  const clock = { now: () => systemClock.now() + ahead };
  const dir = await mkdtemp(join(tmpdir(), 'kerbwatch-console-'));
  const hub = await startHub(
    {
      database: `sqlite:${join(dir, 'hub.db')}`,
      dataDir: dir,
      http: { host: '127.0.0.1', port: 0 },
      broker: { host: '127.0.0.1', port: 0 },
      ...(fourEyes ? { fourEyes } : {}),
      demo,
    },
    { log: createLog({ level: 'error' }), clock },
  );
  const key = deriveNodeKey('console test node');
  await fillRegistry(hub, key.publicKeyPem);
  const link = await connectNode(hub.mqttUrl ?? '', NODE);
  await link.client.publishAsync(topic(NODE, 'status'), JSON.stringify(statusMessage(Date.now())), {
    qos: 1,
    retain: true,
  });
  await hub.idle();
  return {
    hub,
    url: hub.url,
    /** Sets the hub's clock forward. */
    advance(ms: number) {
      ahead += ms;
    },
    tell: createNode(hub, link, key),
    /** The one case of a finding. */
    async caseOf(finding: Finding) {
      await hub.idle();
      const id = eventId(NODE, finding.camera, finding.zone, finding.kind, finding.key);
      const page = await hub.caseReads.list({ kind: finding.kind, limit: 200 });
      for (const row of page.cases) {
        const detail = await hub.caseReads.get(row.id, { name: 'wu', role: 'viewer' });
        if (detail.events.some((event) => event.id === id)) return detail.case;
      }
      throw new Error(`no case of ${finding.key}`);
    },
    async close() {
      await link.close();
      await hub.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
export type ConsoleHub = Awaited<ReturnType<typeof startConsoleHub>>;
