/** So long a stream with faults put in at seeded moments, and an account of every pass that was to be seen in it. */
import { until } from '../../processes.ts';
import { randomOf } from '../rounds.ts';
import { FPS, type StagedCamera } from './camera.ts';
import { type Fault, LONG, SHORT } from './faults.ts';
import { type StreamStage, startStreamStage } from './stage.ts';
import { countMessages, countPasses, type Recovery, spreadOf, watchCalm } from './tally.ts';
import { createTurns } from './turns.ts';

export type HourOptions = {
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  /** The node's log. */
  readonly logFile: string;
  /** Told once a minute how it stands. */
  readonly say?: (line: string) => void;
};
export type Account = ReturnType<typeof accountOf>;

const AWAY_MS = 90_000;
/** Pictures of quiet after a pass, in which its event must be made up. */
const REST = 30;
/** Of the street's clip, pictures between which its stall stands and has been found: a long fault hides no change. */
const STANDING = [110, 140] as const;

type Notes = {
  readonly faults: Map<string, number>;
  readonly recoveries: Recovery[];
  readonly troubles: string[];
  /** Faults that are going on. */
  readonly open: Set<Promise<void>>;
};

/**
 * Time at which the camera was seen again; null while it is not. A status tells since when it holds, so one that came
 * and went while the broker was away is none the worse for it.
 */
function seenAgain(stage: StreamStage, camera: string, putAt: number): number | null {
  const later = stage.hub.statusesOf(camera).filter(({ since }) => Date.parse(since) >= putAt);
  const lost = later.findLastIndex(({ state }) => state === 'blind');
  const again = later.slice(lost + 1)[0];
  return again ? Date.parse(again.since) : null;
}

/** Puts a fault in and waits until the camera is seen again, if it was away. */
async function putFault(stage: StreamStage, staged: StagedCamera, fault: Fault, notes: Notes): Promise<void> {
  const putAt = Date.now();
  const { back } = await fault.put(staged);
  notes.faults.set(fault.kind, (notes.faults.get(fault.kind) ?? 0) + 1);
  const during = staged.scene.current();
  during?.faults.push(fault.kind);
  if (back === null) return;
  // A silence may end before anybody took it for one.
  const silent = fault.kind.startsWith('silence');
  if (silent) await staged.scene.pictures(10);
  if (
    silent &&
    stage.hub.statusesOf(staged.id).at(-1)?.state !== 'blind' &&
    seenAgain(stage, staged.id, putAt) === null
  )
    return;
  const at = await until(
    `${staged.id} is seen again after ${fault.kind}`,
    () => seenAgain(stage, staged.id, putAt),
    AWAY_MS,
  );
  notes.recoveries.push({ kind: fault.kind, camera: staged.id, ms: Math.max(0, at - back) });
}

function begin(work: Promise<void>, notes: Notes): void {
  const noted = work.catch((error: unknown) => void notes.troubles.push(String(error)));
  notes.open.add(noted);
  void noted.finally(() => notes.open.delete(noted));
}

/** One truck after another, each with a long fault before it or short ones while it passes. */
async function driveGate(stage: StreamStage, notes: Notes, random: () => number, isOver: () => boolean): Promise<void> {
  const { gate } = stage;
  const nextLong = createTurns(LONG, random);
  const nextShort = createTurns(SHORT, random);
  for (let n = 0; !isOver(); n++) {
    if (n % 2 === 1) await putFault(stage, gate, nextLong(), notes);
    await gate.scene.pictures(REST);
    const [first, second] = [Math.floor(random() * 25), 25 + Math.floor(random() * 35)];
    const faults = new Map([
      [first, nextShort()],
      [second, nextShort()],
    ]);
    await gate.scene.onePass((picture) => {
      const fault = faults.get(picture);
      if (fault) begin(putFault(stage, gate, fault, notes), notes);
    });
    await gate.scene.pictures(REST);
    await Promise.all(notes.open);
  }
}

async function driveStreet(
  stage: StreamStage,
  notes: Notes,
  random: () => number,
  isOver: () => boolean,
): Promise<void> {
  const { street } = stage;
  const nextLong = createTurns(LONG.slice(0, 3), random);
  const nextShort = createTurns(SHORT, random);
  const inPass = async (from: number, to: number) => {
    for (;;) {
      await street.scene.pictures(1);
      const picture = street.scene.passPicture() ?? 0;
      if (isOver() || (picture >= from && picture < to)) return;
    }
  };
  for (let n = 0; !isOver(); n++) {
    await inPass(STANDING[0], STANDING[1]);
    if (isOver()) return;
    await putFault(stage, street, n % 3 === 2 ? nextLong() : nextShort(), notes);
    if (n % 2 === 0) continue;
    await street.scene.pictures(Math.round(60 + random() * 100));
    await putFault(stage, street, nextShort(), notes);
  }
}

/** Broker, hub and file store away in turn, whatever the cameras do. */
async function driveHub(
  { hub, calm }: StreamStage,
  notes: Notes,
  random: () => number,
  isOver: () => boolean,
): Promise<void> {
  // The camera that is left in peace is the clock.
  const wait = async (from: number, to: number) => {
    const end = calm.sent() + FPS * (from + random() * (to - from));
    await until('time passes', () => calm.sent() >= end || isOver(), 600_000);
  };
  const away = [
    { kind: 'broker away 5–20 s', go: hub.killBroker, back: hub.startBroker },
    { kind: 'hub silent 5–20 s', go: () => hub.hub.answerWith(null), back: () => hub.hub.answerWith(() => 'stored') },
    {
      kind: 'files refused 5–20 s',
      go: () => hub.store.answerFirst(() => 503),
      back: () => hub.store.answerFirst(null),
    },
  ] as const;
  for (let n = 0; ; n++) {
    await wait(30, 70);
    if (isOver()) return;
    const { kind, go, back } = away[n % away.length] as (typeof away)[number];
    await go();
    notes.faults.set(kind, (notes.faults.get(kind) ?? 0) + 1);
    await wait(5, 20);
    await back();
  }
}

function accountOf(stage: StreamStage, notes: Notes, calm: ReturnType<typeof watchCalm>) {
  const { gate, street, hub, calm: peace } = stage;
  const events = hub.hub.received;
  const kinds = [...new Set(notes.recoveries.map(({ kind }) => kind))];
  const of = (kind: string, camera: string) =>
    spreadOf(notes.recoveries.filter((one) => one.kind === kind && one.camera === camera).map(({ ms }) => ms));
  return {
    gate: countPasses(gate.scene.passes, events, gate.id),
    street: countPasses(street.scene.passes, events, street.id),
    /** Events of the camera at which nothing happens. */
    calmEvents: events.filter(({ camera }) => camera === peace.id).length,
    faults: Object.fromEntries([...notes.faults].sort()),
    recoveries: kinds.map((kind) => ({ kind, gate: of(kind, gate.id), street: of(kind, street.id) })),
    messages: countMessages(stage),
    calm: calm(),
    troubles: notes.troubles,
  };
}

export async function streamHour({ folder, logFile, seconds, seed, say }: HourOptions): Promise<Account> {
  const random = randomOf(seed);
  const stage = await startStreamStage(folder, logFile, random);
  const notes: Notes = { faults: new Map(), recoveries: [], troubles: [], open: new Set() };
  const calm = watchCalm(stage);
  const account = () => accountOf(stage, notes, calm);
  const reports = setInterval(() => say?.(JSON.stringify({ at: new Date().toISOString(), ...account() })), 60_000);
  try {
    for (const camera of [stage.gate.id, stage.street.id, stage.calm.id]) {
      await until(`${camera} is watched`, () => stage.hub.statusesOf(camera).at(-1)?.state === 'watched', 120_000);
    }
    const end = performance.now() + seconds * 1000;
    const isOver = () => performance.now() > end;
    await Promise.all([
      driveGate(stage, notes, random, isOver),
      driveStreet(stage, notes, random, isOver),
      driveHub(stage, notes, random, isOver),
    ]);
    await until('everything found is at the hub', () => stage.edge.stats().outbox === 0, 120_000);
    await until('all files are at the hub', () => stage.edge.stats().evidencePending === 0, 120_000);
    return account();
  } finally {
    clearInterval(reports);
    await stage.close();
  }
}
