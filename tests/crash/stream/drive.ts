/** Puts faults in, one after another: at the gate between trucks and while they pass, in the street, and at the hub. */
import { until } from '../../processes.ts';
import { FPS, type StagedCamera } from './camera.ts';
import { type Fault, LONG, SHORT } from './faults.ts';
import type { StreamStage } from './stage.ts';
import type { Recovery } from './tally.ts';
import { createTurns } from './turns.ts';

export type Drive = {
  readonly stage: StreamStage;
  readonly random: () => number;
  readonly isOver: () => boolean;
  readonly pace: Pace;
  readonly faults: Map<string, number>;
  readonly recoveries: Recovery[];
  /** What was waited for in vain. */
  readonly troubles: string[];
};

export type Pace = {
  /** A long fault before every so many trucks. */
  readonly longEvery: number;
  /** Pictures of quiet before and after a truck. */
  readonly rest: number;
  /** Seconds between two faults of the hub. */
  readonly hub: readonly [number, number];
};

const AWAY_MS = 90_000;
/** A silence may end before anybody took it for one; whoever did has said so by then, pictures. */
const SAID = 10;
/** Of the street's clip, pictures between which its stall stands and has been found: a long fault hides no change. */
const STANDING = [110, 140] as const;

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
async function tryFault(drive: Drive, staged: StagedCamera, fault: Fault): Promise<void> {
  const { id, scene } = staged;
  const putAt = Date.now();
  scene.current()?.faults.push(fault.kind);
  const { back } = await fault.put(staged);
  drive.faults.set(fault.kind, (drive.faults.get(fault.kind) ?? 0) + 1);
  if (back === null) return;
  if (fault.kind.startsWith('silence')) {
    await scene.pictures(SAID);
    const isAway = drive.stage.hub.statusesOf(id).at(-1)?.state === 'blind';
    if (!isAway && seenAgain(drive.stage, id, putAt) === null) return;
  }
  // Without a greeting there is nothing to be had before the next keyframe.
  const from = staged.greets ? back : await until('a keyframe', () => scene.keyAfter(back));
  const at = await until(`${id} is seen again`, () => seenAgain(drive.stage, id, putAt), AWAY_MS);
  drive.recoveries.push({ kind: fault.kind, camera: id, ms: Math.max(0, at - from) });
}

/** One fault that does not end is noted, and the others go on. */
async function putFault(drive: Drive, staged: StagedCamera, fault: Fault): Promise<void> {
  try {
    await tryFault(drive, staged, fault);
  } catch (error) {
    drive.troubles.push(`${new Date().toISOString()} ${fault.kind}: ${String(error)}`);
  }
}

/** One truck after another, each with a long fault before it or short ones while it passes. */
export async function driveGate(drive: Drive): Promise<void> {
  const { random, isOver, pace } = drive;
  const { gate } = drive.stage;
  const nextLong = createTurns(LONG, random);
  const nextShort = createTurns(SHORT, random);
  for (let n = 0; !isOver(); n++) {
    if (n % pace.longEvery === pace.longEvery - 1) await putFault(drive, gate, nextLong());
    await gate.scene.pictures(pace.rest);
    const [first, second] = [Math.floor(random() * 25), 25 + Math.floor(random() * 35)];
    const open: Promise<void>[] = [];
    const faults = new Map([
      [first, nextShort()],
      [second, nextShort()],
    ]);
    await gate.scene.onePass((picture) => {
      const fault = faults.get(picture);
      if (fault) open.push(putFault(drive, gate, fault));
    });
    await gate.scene.pictures(pace.rest);
    await Promise.all(open);
  }
}

export async function driveStreet(drive: Drive): Promise<void> {
  const { random, isOver } = drive;
  const { street } = drive.stage;
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
    await putFault(drive, street, n % 3 === 2 ? nextLong() : nextShort());
    if (n % 2 === 0) continue;
    await street.scene.pictures(Math.round(60 + random() * 100));
    await putFault(drive, street, nextShort());
  }
}

/** Broker, hub and file store away in turn, whatever the cameras do. */
export async function driveHub(drive: Drive): Promise<void> {
  const { random, isOver, pace, faults } = drive;
  const { hub, calm } = drive.stage;
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
    await wait(pace.hub[0], pace.hub[1]);
    if (isOver()) return;
    const { kind, go, back } = away[n % away.length] as (typeof away)[number];
    await go();
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
    await wait(5, 20);
    await back();
  }
}
