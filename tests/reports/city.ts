/** Two months of a small city, told to a database as its node and its people would, by a clock of its own. */
import type { CaseCommand, RejectReason } from '../../contracts/api/case.ts';
import type { CameraBody } from '../../contracts/api/registry.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertPermit, upsertSite } from '../../hub/registry/sites.ts';
import { insertNotice } from '../../hub/storage/notices.ts';
import { putObservationHours } from '../../hub/storage/observation-hours.ts';
import { timestamp } from '../../platform/clock.ts';
import { type CaseStage, openCaseStage, who } from '../hub/case-stage.ts';
import type { TestDatabase } from '../hub/stores.ts';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
const DAY = 24 * HOUR;
/** Local midnight of 2026-10-28 in Quanzhou. */
const START = Date.parse('2026-10-27T16:00:00.000Z');
const DAYS = 38;

export const cameras: readonly CameraBody[] = [
  { id: 'street-1', kind: 'street', district: '350503', grid: '350503004002007' },
  { id: 'street-2', kind: 'street', grid: '350502001003001' },
  { id: 'temple', kind: 'heritage', district: '350502', grid: '350502001003002' },
  { id: 'school', kind: 'street', district: '350582' },
  { id: 'nowhere', kind: 'street' },
  { id: 'gate', kind: 'gate', district: '350503', site: 'site-1' },
].map(
  (camera) =>
    ({
      ...camera,
      node: 'node-a',
      name: { zh: `点位${camera.id}`, en: `Camera ${camera.id}` },
      location: null,
      zones: [zoneOf(camera.id)],
    }) as unknown as CameraBody,
);

function zoneOf(camera: string) {
  const polygon = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  if (camera === 'gate')
    return {
      ...{ id: 'z1', kind: 'muck-truck', polygon, site: 'site-1', inside: [0.5, 0.4] },
      gateLine: [
        [0.1, 0.8],
        [0.9, 0.8],
      ],
    };
  return { id: 'z1', kind: 'road-stall', polygon, ...(camera === 'school' ? { sensitivePlace: 'school' } : {}) };
}

/** Numerical Recipes' generator: the same city each time. */
function createDice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Who reviews, who handles and who inspects are three. */
const team = (...names: string[]) => names.map((name) => who(name, 'operator'));
const operators = team('ann', 'bob', 'cai');
const handlers = team('han', 'hua');
const inspectors = team('ina', 'ivo');
const [sue, sam] = ['sue', 'sam'].map((name) => who(name, 'supervisor')) as [
  ReturnType<typeof who>,
  ReturnType<typeof who>,
];
const reasons: RejectReason[] = ['parked-vehicle', 'permitted', 'pedestrians', 'too-unclear'];
const outcomes = ['service', 'service', 'management', 'enforcement'] as const;

type Scheduled = { readonly at: number; readonly run: () => Promise<void> };

/** What is to happen, by time; what happens may schedule more. */
function createAgenda() {
  const waiting: Scheduled[] = [];
  return {
    at(time: number, run: () => Promise<void>) {
      const index = waiting.findIndex((one) => one.at > time);
      waiting.splice(index < 0 ? waiting.length : index, 0, { at: time, run });
    },
    next: () => waiting.shift(),
  };
}

export type LivedCity = { readonly stage: CaseStage; readonly now: () => number; readonly close: () => Promise<void> };

async function register({ store }: CaseStage): Promise<void> {
  for (const camera of cameras) await upsertCamera(store, camera);
  const manager = { name: '陈工' };
  await upsertSite(store, {
    ...{ id: 'site-1', name: { zh: '一号工地', en: 'Site one' }, address: '—', manager },
    responsibilityLetter: '2026-1',
  });
  await upsertSite(store, { id: 'site-2', name: { zh: '=二号', en: '=Site two' }, address: '—', manager });
  await upsertPermit(store, {
    ...{ id: 'P-1', site: 'site-1', carrier: '顺达运输', plates: ['闽C·12345'], windows: [] },
    ...{ validFrom: '2026-01-01', validTo: '2026-12-31' },
  });
}

async function count({ store }: CaseStage): Promise<void> {
  const rows = [];
  for (let hour = 0; hour < 24 * DAYS; hour++) {
    for (const [i, { id }] of cameras.entries()) {
      if (id === 'nowhere' || (hour + i) % 7 === 0) continue;
      const kind = id === 'gate' ? 'muck-truck' : 'road-stall';
      const statistics =
        id === 'gate'
          ? { passes: hour % 5, outbound: hour % 3, loadedOut: hour % 2, uncoveredOut: 0 }
          : { stallMinutes: hour % 11, mostStalls: hour % 4 };
      const base = { hour: timestamp(START + hour * HOUR), node: 'node-a', camera: id, kind, rev: 1 };
      rows.push({ ...base, zone: 'z1', watched_seconds: 3000 + (hour % 600), statistics: JSON.stringify(statistics) });
      // A second zone of the camera, watched for less of the hour: the camera saw no more by that.
      if (id === 'street-1') rows.push({ ...base, zone: 'z2', watched_seconds: 600, statistics: '{}' });
    }
  }
  await putObservationHours(store.db, store.dialect, rows);
}

async function giveNotices({ store }: CaseStage): Promise<void> {
  const states = ['ready', 'delivered', 'acknowledged', 'corrected', 'overdue', 'withdrawn', 'verified'];
  for (let i = 0; i < 21; i++) {
    const created = START + i * 2 * DAY;
    const state = states[i % states.length] as string;
    await insertNotice(store.db, {
      ...{ id: `notice-${i}`, number: `N${i}`, case_id: 'none', site: i % 3 === 0 ? 'site-2' : 'site-1', state },
      ...{ created_at: timestamp(created), ready_at: timestamp(created), correct_by: timestamp(created + DAY) },
      sent_at: state === 'ready' ? null : timestamp(created + HOUR),
      acknowledged_at: ['acknowledged', 'corrected', 'verified'].includes(state) ? timestamp(created + 2 * HOUR) : null,
      ...{
        token: `t${i}`,
        merged_id: null,
        token_sealed: null,
        token_expires_at: timestamp(created + 30 * DAY),
        revoked_at: null,
      },
      body: '{}',
    });
  }
}

type Who = ReturnType<typeof who>;
/** What everybody in the city shares: the desk, the time, what is planned, and luck. */
type Street = {
  readonly stage: CaseStage;
  readonly agenda: ReturnType<typeof createAgenda>;
  readonly dice: (below: number) => number;
  readonly time: { now: number };
};

const pickBy =
  (dice: Street['dice']) =>
  <T>(some: readonly T[]): T =>
    some[dice(some.length)] as T;

/** Gives a command where the case still takes it: somebody else may have been quicker. */
function createGiving({ stage }: Street) {
  return async (id: string, command: CaseCommand, actor: Who): Promise<boolean> => {
    const detail = await stage.reads.get(id, actor);
    if (!detail.steps.includes(command.command)) return false;
    await stage.commands.apply(id, command, actor, detail.case.version);
    return true;
  };
}

/** Inspection, with work that fails it once and cases that are opened again. */
function createInspection(street: Street, feedBack: (id: string, round: number) => Promise<void>) {
  const { agenda, dice, time } = street;
  const pick = pickBy(dice);
  const give = createGiving(street);
  const soon = (minutes: number, run: () => Promise<unknown>) =>
    agenda.at(time.now + (1 + dice(minutes)) * MINUTE, async () => void (await run()));

  async function close(id: string): Promise<void> {
    await give(id, { command: 'close', outcome: pick(outcomes) }, sam);
    if (dice(9) === 0) soon(3000, () => give(id, { command: 'reopen', note: 'again' }, sue));
  }
  return async function inspect(id: string, round: number): Promise<void> {
    if (!(await give(id, { command: 'recheck', result: 'start' }, pick(inspectors)))) return;
    soon(120, async () => {
      if (round === 0 && dice(5) === 0) {
        await give(id, { command: 'recheck', result: 'fail' }, pick(inspectors));
        return soon(300, () => feedBack(id, 1));
      }
      await give(id, { command: 'recheck', result: 'pass' }, pick(inspectors));
      soon(300, () => close(id));
    });
  };
}

/** From dispatch to feedback; some units send a case back, some never begin. */
function createHandling(street: Street) {
  const { agenda, dice, time } = street;
  const pick = pickBy(dice);
  const give = createGiving(street);
  const inspect = createInspection(street, feedBack);

  async function feedBack(id: string, round: number): Promise<void> {
    const actor = pick(handlers);
    if (!(await street.stage.reads.get(id, actor)).steps.includes('feedback')) return;
    await street.stage.bringPhoto(actor, id);
    await give(id, { command: 'feedback', note: 'done' }, actor);
    agenda.at(time.now + (1 + dice(240)) * MINUTE, () => inspect(id, round));
  }
  return async function dispatch(id: string): Promise<void> {
    if (!(await give(id, { command: 'dispatch', unit: '中队' }, sue))) return;
    if (dice(12) === 0) {
      agenda.at(time.now + 20 * MINUTE, async () => {
        await give(id, { command: 'return', note: 'not ours' }, pick(handlers));
        agenda.at(time.now + 20 * MINUTE, () => dispatch(id));
      });
      return;
    }
    if (dice(10) === 0) return;
    agenda.at(time.now + (1 + dice(60)) * MINUTE, async () => {
      await give(id, { command: 'handle' }, pick(handlers));
      agenda.at(time.now + (1 + dice(260)) * MINUTE, () => feedBack(id, 0));
    });
  };
}

/** Operators: they confirm, reject, send somebody to look, take back, and overlook. */
function createReview(street: Street) {
  const { agenda, dice, time } = street;
  const pick = pickBy(dice);
  const give = createGiving(street);
  const dispatch = createHandling(street);

  async function reject(id: string, actor: Who): Promise<void> {
    if (!(await give(id, { command: 'reject', reason: pick(reasons) }, actor)) || dice(6) !== 0) return;
    time.now += 20_000;
    await give(id, { command: 'undo' }, actor);
  }
  return async function review(id: string): Promise<void> {
    const actor = pick(operators);
    const luck = dice(20);
    if (luck === 0) return;
    if (luck < 6) return reject(id, actor);
    if (luck === 6) {
      await give(id, { command: 'field-check' }, actor);
      return agenda.at(time.now + 50 * MINUTE, () => review(id));
    }
    const plate = luck === 7 ? { plate: '闽C12345' } : {};
    if (!(await give(id, { command: 'confirm', ...plate }, actor))) return;
    if (luck === 8) {
      time.now += 30_000;
      await give(id, { command: 'undo' }, actor);
      agenda.at(time.now + 5 * MINUTE, () => review(id));
      return;
    }
    if (luck === 9)
      agenda.at(
        time.now + 10 * MINUTE,
        async () => void (await give(id, { command: 'void', note: 'by mistake' }, sue)),
      );
    agenda.at(time.now + (1 + dice(90)) * MINUTE, () => dispatch(id));
  };
}

/** The node: it tells of something, and whoever is on duty gets to it within the hour. */
function createNode(street: Street) {
  const { stage, agenda, dice, time } = street;
  const review = createReview(street);
  const pick = pickBy(dice);
  const ids = async () => (await stage.store.db.selectFrom('cases').select('id').execute()).map(({ id }) => id);
  let told = 0;
  return async () => {
    const camera = pick(cameras).id;
    const truck = camera === 'gate';
    const before = new Set(await ids());
    await stage.report({
      ...{ key: `event ${told++}`, camera, kind: truck ? 'muck-truck' : 'road-stall' },
      // A few spots, so that some events join a case that is there.
      box: [0.2 * dice(4), 0.4, 0.1, 0.2],
      ...{ startedAt: time.now - 5 * MINUTE, at: time.now - MINUTE, endedAt: time.now + dice(50) * MINUTE },
      ...(dice(25) === 0 && !truck ? { presentSinceStart: true } : {}),
    });
    for (const id of await ids()) if (!before.has(id)) agenda.at(time.now + (1 + dice(40)) * MINUTE, () => review(id));
  };
}

/** Lives through it. @param seed other dice, another city */
export async function liveThrough(database: TestDatabase, seed = 7): Promise<LivedCity> {
  const time = { now: START };
  const [dice, agenda] = [createDice(seed), createAgenda()];
  const stage = await openCaseStage(database, () => time.now, {});
  await register(stage);
  const tell = createNode({ stage, agenda, dice, time });
  for (let i = 0; i < 9 * DAYS; i++) agenda.at(START + dice(DAYS * 24 * 60) * MINUTE, tell);
  for (let day = 0; day < DAYS; day++)
    agenda.at(START + day * DAY + 12 * HOUR, async () => void (await stage.commands.expire()));
  for (let next = agenda.next(); next; next = agenda.next()) {
    time.now = Math.max(time.now, next.at);
    await next.run();
  }
  await count(stage);
  await giveNotices(stage);
  time.now = Math.max(time.now, START + 60 * DAY);
  return { stage, now: () => time.now, close: () => stage.store.close() };
}
