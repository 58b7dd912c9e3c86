/** Fills a running hub as its own nodes and people would: signed events over MQTT, stills over HTTP, commands on cases. */
import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import type { CaseCommand } from '../contracts/api/case.ts';
import { CSRF_HEADER, type Role, roles, type Session } from '../contracts/api/session.ts';
import { GENESIS } from '../contracts/event.ts';
import type { EvidenceRef, EvidenceRole } from '../contracts/evidence.ts';
import { type ViolationKind, violations } from '../contracts/violations/index.ts';
import type { Hub } from '../hub/main.ts';
import { upsertCamera } from '../hub/registry/cameras.ts';
import { upsertNode } from '../hub/registry/nodes.ts';
import { upsertPermit, upsertSite } from '../hub/registry/sites.ts';
import { upsertUnit } from '../hub/registry/units.ts';
import { upsertUser } from '../hub/registry/users.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { timestamp } from '../platform/clock.ts';
import { eventId } from '../platform/event-id.ts';
import { deriveNodeKey, eventHash, signEvent, type UnsignedEvent } from '../platform/signing.ts';
import { connectNode, NODE_PASSWORD } from './hub/node.ts';

const WIDTH = 960;
const HEIGHT = 540;
const MINUTE = 60_000;

type Seeded = {
  readonly kind: ViolationKind;
  readonly camera: string;
  readonly key: string;
  readonly minutesAgo: number;
  readonly box: [number, number, number, number];
  readonly stills: readonly EvidenceRole[];
  readonly colour: string;
  readonly steps: readonly [Role, CaseCommand][];
};

/** The one unit of the seed, always on duty; the user `unit` belongs to it. */
export const SEED_UNIT = 'fz-team';

const confirm: [Role, CaseCommand] = ['operator', { command: 'confirm' }];
const dispatch: [Role, CaseCommand] = ['supervisor', { command: 'dispatch', unit: SEED_UNIT }];
const handle: [Role, CaseCommand] = ['unit', { command: 'handle' }];
const feedback: [Role, CaseCommand] = ['unit', { command: 'feedback', note: '摊位已劝离，路面已清理' }];
const recheck = (result: 'start' | 'pass'): [Role, CaseCommand] => ['supervisor', { command: 'recheck', result }];
const close: [Role, CaseCommand] = ['supervisor', { command: 'close', outcome: 'service' }];

const stall = (key: string, minutesAgo: number, x: number, steps: Seeded['steps'] = []): Seeded => ({
  kind: 'road-stall',
  camera: 'fz-dongtu-03',
  key,
  minutesAgo,
  box: [x, 0.45, 0.12, 0.25],
  stills: ['before', 'start', 'threshold'],
  colour: '#c8452f',
  steps,
});
const bikes = (camera: string, minutesAgo: number, steps: Seeded['steps'] = []): Seeded => ({
  kind: 'bike-clutter',
  camera,
  key: camera,
  minutesAgo,
  box: [0.3, 0.55, 0.3, 0.2],
  stills: ['before', 'threshold', 'worst'],
  colour: '#2f7fc8',
  steps,
});
const truck = (key: string, minutesAgo: number, steps: Seeded['steps'] = []): Seeded => ({
  kind: 'muck-truck',
  camera: 'dh-gate-01',
  key,
  minutesAgo,
  box: [0.35, 0.3, 0.3, 0.4],
  stills: ['approach', 'bed', 'ground-after'],
  colour: '#9a6a32',
  steps,
});

const cases: readonly Seeded[] = [
  stall('a', 6, 0.05),
  stall('b', 18, 0.25),
  stall('c', 45, 0.45, [['operator', { command: 'reject', reason: 'parked-vehicle', note: '停放车辆，不是摊位' }]]),
  stall('d', 130, 0.65, [confirm, dispatch]),
  stall('e', 200, 0.85, [confirm, dispatch, handle, feedback, recheck('start'), recheck('pass'), close]),
  bikes('fz-bike-01', 9),
  bikes('fz-bike-02', 70, [['operator', { command: 'field-check' }]]),
  bikes('fz-bike-03', 150, [confirm, dispatch, handle]),
  truck('1', 4),
  truck('2', 30, [['operator', { command: 'claim' }]]),
  truck('3', 90, [confirm]),
  truck('4', 240, [confirm, dispatch, handle, feedback]),
];

async function drawStill(item: Seeded, role: EvidenceRole, at: number): Promise<Buffer> {
  const [x, y, w, h] = item.box;
  const object =
    role === 'before'
      ? ''
      : `<rect x="${x * WIDTH}" y="${y * HEIGHT}" width="${w * WIDTH}" height="${h * HEIGHT}" rx="8" fill="${item.colour}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="${WIDTH}" height="${HEIGHT}" fill="#9fb3c4"/><rect y="${HEIGHT * 0.45}" width="${WIDTH}" height="${HEIGHT * 0.55}" fill="#6b6f73"/><rect y="${HEIGHT * 0.45}" width="${WIDTH}" height="${HEIGHT * 0.2}" fill="#a9a49a"/>${object}<text x="14" y="30" font-size="20" fill="#fff">${item.camera} ${role} ${timestamp(at)}</text></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
}

const zoneOf = (kind: ViolationKind) => {
  const polygon: [number, number][] = [
    [0.02, 0.3],
    [0.98, 0.3],
    [0.98, 0.95],
    [0.02, 0.95],
  ];
  const id = 'pavement';
  if (kind === 'muck-truck') {
    const gateLine: [[number, number], [number, number]] = [
      [0.1, 0.8],
      [0.9, 0.8],
    ];
    return { id, kind, polygon, gateLine, inside: [0.5, 0.4] as [number, number], site: 'donghai' };
  }
  return { id, kind, polygon };
};

async function register(hub: Hub, password: string): Promise<void> {
  await upsertUnit(hub.store, {
    id: SEED_UNIT,
    name: { zh: '丰泽区城管中队', en: 'Fengze city management team' },
    kind: 'city-management',
    area: { city: '350500', county: '350503' },
    roster: [{ name: '全天', windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }] }],
  });
  for (const role of roles) {
    const unit = role === 'unit' ? { unit: SEED_UNIT } : {};
    await upsertUser(hub.store, { name: role, displayName: `测试 ${role}`, role, password, ...unit });
  }
  await upsertSite(hub.store, {
    id: 'donghai',
    name: { zh: '东海安置房工地', en: 'Donghai housing site' },
    address: '泉州市丰泽区东海街道（测试地址）',
    permitNumber: '350503202600718',
    developer: '东海建设开发有限公司（测试）',
    contractor: '闽南建筑工程有限公司（测试）',
    manager: { name: '陈志强', phone: '000-0000-0000' },
    responsibilityLetter: '泉丰渣〔2026〕18 号，2026-01-15',
  });
  await upsertPermit(hub.store, {
    id: 'P-0718',
    site: 'donghai',
    carrier: '顺达运输（测试）',
    plates: ['闽C12345'],
    windows: [{ days: [1, 2, 3, 4, 5], from: '20:00', to: '06:00' }],
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
  });
  const kinds = new Map(cases.map((item) => [item.camera, item.kind]));
  for (const [id, kind] of kinds) {
    await upsertCamera(hub.store, {
      id,
      node: nodeOf(id),
      name: { zh: `测试点位 ${id}`, en: `Test place ${id}` },
      kind: kind === 'road-stall' ? 'street' : kind === 'bike-clutter' ? 'bike' : 'gate',
      location: { lon: 118.61, lat: 24.9 },
      district: '350503',
      ...(kind === 'muck-truck' ? { site: 'donghai' } : {}),
      zones: [zoneOf(kind)],
    });
  }
}

const nodeOf = (camera: string) => (camera.startsWith('dh-') ? 'dh-edge-01' : 'fz-edge-01');

type Still = { readonly ref: EvidenceRef; readonly jpeg: Buffer };

async function stillsOf(item: Seeded, startedAt: number): Promise<Still[]> {
  return Promise.all(
    item.stills.map(async (role, i) => {
      const at = startedAt + (i - 1) * MINUTE;
      const jpeg = await drawStill(item, role, at);
      const size = { width: WIDTH, height: HEIGHT };
      return {
        jpeg,
        ref: { role, sha256: sha256Hex(jpeg), mime: 'image/jpeg', bytes: jpeg.length, at: timestamp(at), ...size },
      };
    }),
  );
}

function eventOf(item: Seeded, seq: number, startedAt: number, evidence: EvidenceRef[]): UnsignedEvent {
  const node = nodeOf(item.camera);
  const over = item.kind === 'muck-truck';
  return {
    v: 1,
    id: eventId(node, item.camera, 'pavement', item.kind, `${item.key} ${startedAt}`),
    rev: 1,
    seq,
    node,
    camera: item.camera,
    zone: 'pavement',
    kind: item.kind,
    phase: over ? 'end' : 'start',
    startedAt: timestamp(startedAt),
    at: timestamp(startedAt + MINUTE),
    endedAt: over ? timestamp(startedAt + MINUTE) : null,
    score: 0.91,
    objects: [{ track: 12, class: over ? 'truck' : 'stall', score: 0.93, box: item.box }],
    detail: violations[item.kind].sample.detail,
    location: { lon: 118.61, lat: 24.9 },
    evidence,
    model: { name: 'seed', version: '1', sha256: GENESIS },
    rule: { version: '1', params: GENESIS },
    clock: { offsetMs: 3, source: 'ntp' },
  } as UnsignedEvent;
}

async function upload(hub: Hub, node: string, still: Still): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${node}:${NODE_PASSWORD}`).toString('base64')}`;
  const answer = await fetch(`${hub.url}/api/v1/evidence/${still.ref.sha256}`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'image/jpeg' },
    body: new Uint8Array(still.jpeg),
  });
  if (!answer.ok) throw new Error(`evidence was refused: ${answer.status} ${await answer.text()}`);
}

async function tell(hub: Hub, node: string, now: number): Promise<void> {
  const key = deriveNodeKey(`seed ${node}`);
  await upsertNode(hub.store, { id: node, publicKey: key.publicKeyPem, password: NODE_PASSWORD });
  const link = await connectNode(hub.mqttUrl ?? '', node);
  try {
    let seq = 0;
    let prev = GENESIS;
    const stills: Still[] = [];
    for (const item of cases.filter(({ camera }) => nodeOf(camera) === node)) {
      const startedAt = now - item.minutesAgo * MINUTE;
      const own = await stillsOf(item, startedAt);
      stills.push(...own);
      seq += 1;
      const unsigned = eventOf(
        item,
        seq,
        startedAt,
        own.map(({ ref }) => ref),
      );
      const event = signEvent(unsigned, prev, key);
      prev = eventHash(event);
      await link.send(event);
    }
    await link.until((acks) => acks.length === seq);
    const refused = link.acks.find((ack) => ack.status !== 'stored');
    if (refused) throw new Error(`event was refused: ${JSON.stringify(refused)}`);
    for (const still of stills) await upload(hub, node, still);
  } finally {
    await link.close();
  }
}

/** Brings a photograph of the place after handling, as the unit's phone would. */
async function bringPhoto(hub: Hub, password: string, caseId: string): Promise<void> {
  const url = `${hub.url}/api/v1`;
  const session = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'unit', password }),
  });
  const { csrf } = (await session.json()) as Session;
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const photo = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#8a8f93' } })
    .jpeg()
    .toBuffer();
  const answer = await fetch(`${url}/cases/${caseId}/photos`, {
    method: 'POST',
    headers: { cookie, [CSRF_HEADER]: csrf, 'content-type': 'image/jpeg' },
    body: new Uint8Array(photo),
  });
  if (!answer.ok) throw new Error(`photograph was refused: ${answer.status} ${await answer.text()}`);
}

async function moveCases(hub: Hub, password: string, now: number): Promise<void> {
  const { cases: found } = await hub.caseReads.list({ limit: 200 });
  for (const item of cases) {
    const startedAt = timestamp(now - item.minutesAgo * MINUTE);
    let row = found.find((one) => one.camera === item.camera && one.startedAt === startedAt);
    if (!row) throw new Error(`no case of ${item.camera} at ${startedAt}`);
    for (const [role, command] of item.steps) {
      if (command.command === 'feedback') await bringPhoto(hub, password, row.id);
      const actor = { name: role, role, ...(role === 'unit' ? { unit: SEED_UNIT } : {}) };
      row = await hub.caseCommands.apply(row.id, command, actor, row.version);
    }
  }
}

/**
 * Users `viewer`, `operator`, `supervisor`, `admin` and `unit` (all with `password`, 12 characters at least), a unit, two
 * nodes, five cameras, a site with its manager, and twelve cases of the three kinds in nine states; two of them with a notice.
 */
export async function seedDemoHub(hub: Hub, { password, now = Date.now() }: { password: string; now?: number }) {
  await register(hub, password);
  for (const node of ['fz-edge-01', 'dh-edge-01']) await tell(hub, node, now);
  await moveCases(hub, password, now);
}
