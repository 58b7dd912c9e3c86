/** P4: a city's street cameras on one node, over RTSP and from files, beside bare FFmpeg children and another build. */
import { type BareDecoders, runBareDecoders } from './fleet/bare-decoders.ts';
import { type FleetRun, LATE_MS, runFleet } from './fleet/fleet-run.ts';
import { openFileFleet, openRtspFleet, type StreetFleet } from './fleet/street-fleet.ts';
import { type Contender, interleave } from './interleave.ts';
import { type Media, openMedia } from './media.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { type BenchRow, measuredRow } from './row.ts';

const MODEL = 'kerb-s-int8';
const ROUNDS = 3;
/** A long form is its own repetition. */
const LONG_MINUTES = 5;
/** What bare decoding costs is steady: no longer than this, s. */
const BARE_SECONDS = 60;
const MAX_CPU_SHARE = 0.55;
const MAX_MIB = 600;
const KEYFRAMES_A_SECOND = 0.5;
/** Of the keyframes that cameras send: fewer inferred, and the fleet is not watched as it is configured. */
const MIN_FRAMES = 0.95;

type Result = { readonly bare: BareDecoders | null; readonly fleet: FleetRun | null };
type Runs = {
  readonly where: string;
  readonly count: number;
  readonly bare: readonly BareDecoders[];
  readonly ours: readonly FleetRun[];
  readonly others: readonly FleetRun[] | null;
};

async function measure(
  options: BenchOptions,
  media: Media,
  fleet: StreetFleet,
  { where, rounds }: { readonly where: string; readonly rounds: number },
): Promise<BenchRow[]> {
  const seconds = (options.minutes ?? 1) * 60;
  const { cameras } = fleet;
  const contenders: Contender<Result>[] = [
    {
      name: `${where}: bare FFmpeg children`,
      run: async () => ({ bare: await runBareDecoders(cameras, media, Math.min(seconds, BARE_SECONDS)), fleet: null }),
    },
    ...checkoutsOf(options).map((checkout) => ({
      name: `${where}: ${checkout.name}`,
      run: async () => ({ bare: null, fleet: await runFleet({ checkout, cameras, model: MODEL, seconds }) }),
    })),
  ];
  const [bare = [], ours = [], others] = await interleave(contenders, rounds);
  const fleets = (results: readonly Result[]) => results.flatMap((result) => result.fleet ?? []);
  return rowsOf({
    where,
    count: cameras.length,
    bare: bare.flatMap((result) => result.bare ?? []),
    ours: fleets(ours),
    others: others ? fleets(others) : null,
  });
}

function lateness(runs: readonly FleetRun[]): string {
  const total = (of: (run: FleetRun) => number) => runs.reduce((sum, run) => sum + of(run), 0);
  const frames = runs.every((run) => run.lateFrames === null)
    ? 'late frames are not reported by this build'
    : `${total((run) => run.lateFrames ?? 0)} frames late`;
  return `${total((run) => run.late)} cameras late, ${total((run) => run.drops)} frames dropped, ${frames}`;
}

/** Are the cameras watched, and in time? */
function watchRows({ where, count, ours, others }: Runs): BenchRow[] {
  const row = (figure: string, unit: string, of: (run: FleetRun) => number) => ({
    id: 'P4',
    figure: `${count} street cameras, ${where}: ${figure}`,
    unit,
    values: ours.map(of),
    against: others ? { values: others.map(of) } : null,
  });
  const { reconnects, inferencesPerSecond, events, files } = ours[0] as FleetRun;
  return [
    measuredRow({
      ...row('watched', 'cameras', (run) => run.watched),
      ceiling: { what: 'configured', values: ours.map(() => count) },
      aim: 'all',
      met: () => ours.every((run) => run.watched === count),
      note: `${reconnects} reconnects, ${events} messages of events, ${files} stills delivered`,
    }),
    measuredRow({
      ...row('frames analysed', 'a second a camera', (run) => run.framesPerSecond),
      ceiling: { what: 'keyframes that come', values: ours.map(() => KEYFRAMES_A_SECOND) },
      aim: `≥ ${MIN_FRAMES} ×`,
      met: ({ ratio }) => ratio !== null && ratio >= MIN_FRAMES,
      note: `${inferencesPerSecond.toFixed(3)} inferences of ${MODEL} a second a camera`,
    }),
    measuredRow({
      ...row('worst camera’s latency', 'ms', (run) => run.worstLatencyMs),
      ceiling: null,
      aim: `≤ ${LATE_MS} ms, no drop`,
      met: () => ours.every((run) => run.late + run.drops + (run.lateFrames ?? 0) === 0),
      note: `packet to rules, median of a minute; in all rounds ${lateness(ours)}`,
    }),
  ];
}

/** What it takes, all processes together. */
function costRows({ where, count, bare, ours, others }: Runs): BenchRow[] {
  const { processes, threads, handles } = ours[0] as FleetRun;
  const row = (figure: string, unit: string, of: (run: FleetRun | BareDecoders) => number) => ({
    id: 'P4',
    figure: `${count} street cameras, ${where}: ${figure}`,
    unit,
    values: ours.map(of),
    ceiling: { what: 'bare FFmpeg children decoding the same keyframes', values: bare.map(of) },
    against: others ? { values: others.map(of) } : null,
  });
  return [
    measuredRow({
      ...row('CPU', 'CPU-s a second', (run) => run.cpuPerSecond),
      aim: others ? `≤ ${MAX_CPU_SHARE} × the other build` : '—',
      met: ({ share }) => (share === null ? null : share <= MAX_CPU_SHARE),
    }),
    measuredRow({
      ...row('memory', 'MiB', (run) => run.pssMiB),
      aim: `≤ ${MAX_MIB} MiB`,
      met: ({ value }) => value <= MAX_MIB,
      note: `shared pages counted once; ${processes} processes, ${threads} threads, ${handles} handles`,
    }),
  ];
}

const rowsOf = (runs: Runs) => [...watchRows(runs), ...costRows(runs)];

/** P4 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const media = await openMedia();
  const rounds = (options.minutes ?? 0) >= LONG_MINUTES ? 1 : ROUNDS;
  let fleet: StreetFleet | null = null;
  try {
    fleet = await openRtspFleet(options.cameras, media);
    const live = await measure(options, media, fleet, { where: 'RTSP over TCP', rounds });
    await fleet.close();
    fleet = openFileFleet(options.cameras, media);
    return [...live, ...(await measure(options, media, fleet, { where: 'from files', rounds: 1 }))];
  } finally {
    await fleet?.close();
    media.close();
  }
}
