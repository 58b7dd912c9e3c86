/** So long a stream with faults put in at seeded moments, and an account of every pass that was to be seen in it. */
import { until } from '../../processes.ts';
import { randomOf } from '../rounds.ts';
import { type Drive, driveGate, driveHub, driveStreet } from './drive.ts';
import { startStreamStage } from './stage.ts';
import { countMessages, countPasses, spreadOf, watchCalm } from './tally.ts';

export type HourOptions = {
  readonly folder: string;
  /** Whatever comes first. */
  readonly seconds: number;
  readonly passes: number;
  readonly pace: Drive['pace'];
  readonly seed: number;
  /** The node's log. */
  readonly logFile: string;
  /** Told once a minute how it stands. */
  readonly say?: (line: string) => void;
};
export type Account = ReturnType<typeof accountOf>;

function accountOf({ stage, faults, recoveries, troubles }: Drive, calm: ReturnType<typeof watchCalm>) {
  const { gate, street, hub, calm: peace } = stage;
  const events = hub.hub.received;
  const kinds = [...new Set(recoveries.map(({ kind }) => kind))];
  const of = (kind: string, camera: string) =>
    spreadOf(recoveries.filter((one) => one.kind === kind && one.camera === camera).map(({ ms }) => ms));
  return {
    gate: countPasses(gate.scene.passes, events, gate.id),
    street: countPasses(street.scene.passes, events, street.id),
    /** Events of the camera at which nothing happens. */
    calmEvents: events.filter(({ camera }) => camera === peace.id).length,
    faults: Object.fromEntries([...faults].sort()),
    recoveries: kinds.map((kind) => ({ kind, gate: of(kind, gate.id), street: of(kind, street.id) })),
    messages: countMessages(stage),
    calm: calm(),
    troubles,
  };
}

export async function streamHour(options: HourOptions): Promise<Account> {
  const { folder, logFile, seed, pace, say } = options;
  const stage = await startStreamStage(folder, logFile, seed);
  const calm = watchCalm(stage);
  const notes = { faults: new Map<string, number>(), recoveries: [], troubles: [] };
  const driveWith = (turn: number): Drive => ({ stage, pace, isOver, random: randomOf(seed + turn), ...notes });
  const account = () => accountOf(driveWith(0), calm);
  const reports = setInterval(() => say?.(JSON.stringify({ at: new Date().toISOString(), ...account() })), 60_000);
  let end = Number.POSITIVE_INFINITY;
  const isOver = () => performance.now() > end || stage.gate.scene.passes.length >= options.passes;
  try {
    for (const { id } of [stage.gate, stage.street, stage.calm]) {
      await until(`${id} is watched`, () => stage.hub.statusesOf(id).at(-1)?.state === 'watched', 120_000);
    }
    end = performance.now() + options.seconds * 1000;
    await Promise.all([driveGate(driveWith(1)), driveStreet(driveWith(2)), driveHub(driveWith(3))]);
    await until('every truck has gone', () => account().gate.open === 0);
    await until('everything found is at the hub', () => stage.edge.stats().outbox === 0, 120_000);
    await until('all files are at the hub', () => stage.edge.stats().evidencePending === 0, 120_000);
    return account();
  } finally {
    clearInterval(reports);
    await stage.close();
  }
}
