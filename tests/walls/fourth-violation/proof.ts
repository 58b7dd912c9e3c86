/**
 * Takes the last violation of the written list through the whole product and prints what came of it, as JSON: line, hub,
 * console, evaluation and reports. Run in a copy of the sources to which a violation was added; it names none itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseCommand, CaseDetail, CasePage, CaseSummary } from '../../../contracts/api/case.ts';
import type { NoticeView } from '../../../contracts/api/notice.ts';
import { HOUR_MS } from '../../../contracts/observations.ts';
import { topic } from '../../../contracts/topics.ts';
import { violationKinds, violations } from '../../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import { shapesOf } from '../../../contracts/zone-shapes.ts';
import type { CameraConfig } from '../../../edge/config.ts';
import type { Detection } from '../../../edge/domain/detection.ts';
import type { Detector } from '../../../edge/domain/detector.ts';
import { type Replay, replayClip, replayKey } from '../../../edge/replay.ts';
import { resolveParams } from '../../../edge/rules/params.ts';
import { proposeBar } from '../../../evaluation/report/bar.ts';
import { reportMedia } from '../../../evaluation/report/media-report.ts';
import { renderReport } from '../../../evaluation/report/page.ts';
import { type ClipPlay, scoreClip } from '../../../evaluation/scoring/score-clip.ts';
import { parseTruth } from '../../../evaluation/truth/truth.ts';
import { detailText } from '../../../hub/console/src/facts/detail-value.ts';
import { en } from '../../../hub/console/src/i18n/en/index.ts';
import { i18n } from '../../../hub/console/src/i18n/index.ts';
import { zh } from '../../../hub/console/src/i18n/zh/index.ts';
import { startHub } from '../../../hub/main.ts';
import { upsertCamera } from '../../../hub/registry/cameras.ts';
import { upsertNode } from '../../../hub/registry/nodes.ts';
import { upsertPermit, upsertSite } from '../../../hub/registry/sites.ts';
import { upsertUser } from '../../../hub/registry/users.ts';
import { systemClock, timestamp } from '../../../platform/clock.ts';
import { zoneListFaults } from '../../../platform/load-config.ts';
import { createLog } from '../../../platform/log.ts';
import { logIn, PASSWORD, type Person } from '../../api/seeded-hub.ts';
import { connectNode, NODE_PASSWORD } from '../../hub/node.ts';

const [clip = '', kindTitleModule = ''] = process.argv.slice(2);
const kind = violationKinds.at(-1) as (typeof violationKinds)[number];
const entry = violations[kind];
const log = createLog({ level: 'silent' });
const NODE = 'proof-node';
const SITE = 'proof-site';
const CADENCE = 2;
const startAt = Date.now() - 10 * 60_000;

const polygon: ZoneConfig['polygon'] = [
  [0.05, 0.05],
  [0.95, 0.05],
  [0.95, 0.95],
  [0.05, 0.95],
];
const zone = { id: 'forbidden', kind, polygon, ...entry.sample.geometry, site: SITE } as unknown as ZoneConfig;
const camera = { id: 'proof-camera', kind: 'street', source: { url: clip, cadence: CADENCE }, zones: [zone] } as const;

/** Every list of three points and more is made to cross itself: what the check of shapes says of each. */
function crossed(value: unknown): unknown {
  if (!Array.isArray(value)) {
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, crossed(part)]));
  }
  const isOutline = value.length >= 4 && value.every((part) => Array.isArray(part) && part.length === 2);
  return isOutline ? [value[0], value[2], value[1], ...value.slice(3)] : value.map(crossed);
}

/** Recorded eyes: a car stands in the zone at first, and is gone afterwards. */
function recordedDetector(seconds: () => number = () => 0): Detector {
  const car: Detection = { concept: 'car', label: 'car', score: 0.9, box: [0.4, 0.4, 0.2, 0.2] };
  return {
    name: 'recorded',
    ref: { name: 'recorded', version: '1', sha256: '0'.repeat(64) },
    input: { width: 64, height: 36, pixelFormat: 'rgb24', resize: 'letterbox', align: 'center', pad: 114 },
    composites: [],
    detect: async () => (seconds() < 20 ? [car] : []),
    detectIn: async () => [],
    merge: (inferences) => inferences.flat(),
    waits: () => ({ lateLooks: 0, inferenceWaitMs: 0 }),
    close: async () => {},
  };
}

async function playLine() {
  let seconds = 0;
  const seen: ClipPlay['seen'][number][] = [];
  const observations: ClipPlay['observations'][number][] = [];
  const replay = await replayClip({
    ...{
      clip,
      camera: camera as unknown as CameraConfig,
      node: NODE,
      modelDir: '',
      detector: recordedDetector(() => seconds),
    },
    ...{ startAt, log },
    onFrame: (look) => {
      seconds = (look.at - startAt) / 1000;
      seen.push({ t: seconds, inferred: look.inferred, detections: look.detections });
      observations.push(...look.observations);
    },
  });
  return { replay, seen, observations };
}

function evaluate({ replay, seen, observations }: Awaited<ReturnType<typeof playLine>>) {
  const reason = (replay.events[0]?.detail as unknown as Record<string, unknown> | undefined)?.[entry.reasonField];
  const violation = { kind, zone: zone.id, from: 0, to: 20, dueAt: 10, detail: { [entry.reasonField]: reason } };
  const missed = { ...violation, from: 30, to: 40, dueAt: 35 };
  const truth = parseTruth(
    {
      clip: 'proof.mp4',
      fps: 10,
      camera: { id: camera.id, kind: camera.kind, zones: [zone] },
      violations: [violation, missed],
    },
    'proof',
  );
  const score = scoreClip({
    ...{ truth, frames: [], seen, observations, events: replay.events, startAt, cadence: CADENCE },
    scaled: { width: 64, height: 36 },
  });
  const report = reportMedia([score], {
    ...{ program: { name: 'kerbwatch', version: '0' }, model: recordedDetector().ref, concepts: ['car'], media: [] },
    wallSeconds: 1,
  });
  const { world, light, weather } = score.report.scene;
  const shown = score.failures.map((failure) => ({ failure, scene: { world, light, weather }, pictures: [] }));
  const { detected, truth: truths } = report.byKind[kind];
  return {
    detected,
    truths,
    reasons: report.reasons,
    bar: proposeBar(report).events,
    page: renderReport(report, shown),
  };
}

async function talk(of: unknown): Promise<Record<'zh' | 'en', unknown>> {
  const resources = { zh: { translation: zh }, en: { translation: en } };
  await i18n.init({ lng: 'zh', resources, interpolation: { escapeValue: false } });
  const { kindTitle } = (await import(kindTitleModule)) as { kindTitle(kind: string): string };
  const detail = of as Readonly<Record<string, unknown>>;
  const say = () => ({
    title: kindTitle(kind),
    reason: detailText(kind, entry.reasonField, detail[entry.reasonField]),
  });
  const chinese = say();
  await i18n.changeLanguage('en');
  return { zh: chinese, en: say() };
}

async function answerOf<T>(answer: Promise<Response>): Promise<T> {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function register(hub: Awaited<ReturnType<typeof startHub>>): Promise<void> {
  const { store } = hub;
  await upsertUser(store, { name: 'sue', displayName: 'Sue', role: 'supervisor', password: PASSWORD });
  const manager = { name: '王', phone: '000' };
  await upsertSite(store, { id: SITE, name: { zh: '工地', en: 'Site' }, address: 'x', manager });
  await upsertNode(store, { id: NODE, publicKey: replayKey(NODE).publicKeyPem, password: NODE_PASSWORD });
  await upsertCamera(store, {
    ...{ id: camera.id, node: NODE, name: { zh: '点位', en: 'Place' }, kind: camera.kind, location: null, site: SITE },
    zones: [zone],
  });
  await upsertPermit(store, {
    ...{ id: 'P-1', site: SITE, carrier: 'x', plates: ['闽C88888'], windows: [] },
    ...{ validFrom: '2020-01-01', validTo: '2099-12-31' },
  });
}

async function review(hub: string, sue: Person) {
  const found = await answerOf<CasePage>(sue.call('GET', `/api/v1/cases?kind=${kind}`));
  let row = found.cases[0] as CaseSummary;
  const opened = row;
  const step = async (command: CaseCommand) => {
    const headers = { 'if-match': `"${row.version}"` };
    row = await answerOf<CaseSummary>(sue.call('POST', `/api/v1/cases/${row.id}/commands`, { body: command, headers }));
  };
  await step({ command: 'confirm', plate: '闽C88888' });
  await step({ command: 'dispatch', unit: 'unit 1' });
  const handlingHours = (Date.parse(row.dueAt ?? '') - Date.now()) / HOUR_MS;
  const { haulage } = await answerOf<CaseDetail>(sue.call('GET', `/api/v1/cases/${row.id}`));
  const byPlate = await answerOf<CasePage>(sue.call('GET', '/api/v1/cases?q=88888'));
  const [notice] = await answerOf<NoticeView[]>(sue.call('GET', '/api/v1/notices'));
  const link = `${hub}${new URL(notice?.link ?? '').pathname}`;
  const page = async (lang: string) => (await fetch(`${link}?lang=${lang}`)).text();
  const pdf = await fetch(`${link}/notice.pdf`);
  const month = await answerOf<object>(
    sue.call('GET', `/api/v1/reports/monthly?month=${timestamp(startAt).slice(0, 7)}`),
  );
  return {
    ...{ cases: found.cases.length, thumbnail: opened.thumbnail, handlingHours, haulage, month },
    ...{
      byPlate: byPlate.cases.length,
      zh: await page('zh'),
      en: await page('en'),
      pdf: pdf.headers.get('content-type'),
    },
  };
}

async function tellHub({ events }: Replay) {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-proof-'));
  const hub = await startHub(
    {
      ...{ database: `sqlite:${join(folder, 'hub.db')}`, dataDir: folder, http: { host: '127.0.0.1', port: 0 } },
      ...{ mqtt: 'embedded', broker: { host: '127.0.0.1', port: 0 }, review: { undoSeconds: 0 } },
    },
    { log, clock: systemClock },
  );
  try {
    await register(hub);
    const link = await connectNode(hub.mqttUrl ?? '', NODE);
    for (const event of events) await link.send(event);
    await link.until((acks) => acks.length === events.length);
    const [name = ''] = Object.keys(entry.statistics);
    const hour = timestamp(Math.floor(startAt / HOUR_MS) * HOUR_MS);
    const counted = {
      camera: camera.id,
      zone: zone.id,
      kind,
      hour,
      rev: 1,
      watchedSeconds: 60,
      statistics: { [name]: 7 },
    };
    await link.client.publishAsync(topic(NODE, 'observations'), JSON.stringify({ id: 'b', hours: [counted] }), {
      qos: 1,
    });
    const acks = link.acks.map(({ status }) => status);
    const facts = await review(hub.url, await logIn(hub.url, 'sue'));
    await link.close();
    return { acks, ...facts };
  } finally {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const played = await playLine();
const { events } = played.replay;
const threshold = events[0]?.evidence.find(({ role }) => role === entry.stillOrder[0])?.sha256;
process.stdout.write(
  JSON.stringify({
    kind,
    faults: zoneListFaults([zone], 'zones').length,
    crossed: zoneListFaults([{ ...zone, ...(crossed(entry.sample.geometry) as object) }], 'zones').map(
      ({ path }) => path,
    ),
    shapes: shapesOf(zone).map(({ key, closed }) => `${key} ${closed}`),
    params: { plain: resolveParams(zone, 'street'), heritage: resolveParams(zone, 'heritage') },
    line: events.map(({ phase, detail, evidence }) => ({ phase, detail, roles: evidence.map(({ role }) => role) })),
    observed: played.observations.length,
    threshold,
    hub: await tellHub(played.replay),
    console: await talk(events[0]?.detail),
    evaluation: evaluate(played),
  }),
);
process.exit(0);
