/** A fleet lives through a part of its day against a running hub, and says what the hub owes at the end. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFile } from '../edge/key-file.ts';
import type { HubLogin } from '../hub/client/hub-client.ts';
import type { Log } from '../platform/log.ts';
import { packageVersion } from '../platform/paths.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { sleep } from '../platform/sleep.ts';
import { type FleetSize, layOut, type SimNode } from './fleet.ts';
import { createSimNode, type SimAddresses, type SimCounts, type SimulatedNode } from './node.ts';
import { isAway, type Outage, planOutages } from './outages.ts';
import { createRandom } from './random.ts';
import { registerFleet, type SimRegistration } from './register.ts';
import { createStillMaker } from './still.ts';

export type SimOptions = {
  readonly addresses: SimAddresses;
  readonly login: HubLogin;
  readonly size: FleetSize;
  /** Cameras of one node. */
  readonly each: number;
  readonly prefix: string;
  readonly seed: string;
  readonly speedup: number;
  readonly seconds: number;
  /** Moment at which the simulated time ends, ms since the epoch; so nothing lies in the hub's future. */
  readonly until: number;
  readonly outages: number;
  readonly outageSeconds: number;
  readonly repeat: number;
  /** How long the hub may take for what is left at the end. */
  readonly drainSeconds: number;
  /** Folder of outboxes and keys; undefined: one that goes when nothing is owed. */
  readonly data?: string | undefined;
  readonly onProgress: (what: string, done: number, total: number | null) => void;
  readonly stop: AbortSignal;
  readonly log: Log;
};

export type SimResult = SimCounts & {
  readonly nodes: number;
  readonly cameras: number;
  readonly simulatedHours: number;
  readonly seconds: number;
  /** How long the hub took for what was left at the end. */
  readonly drainedSeconds: number;
  readonly peakRssBytes: number;
  /** Most simulated time that the fleet was behind, s: above a few hours of `speedup` this machine was too slow. */
  readonly mostBehindSeconds: number;
  /** Where the outboxes lie of what is owed; null when nothing is. */
  readonly kept: string | null;
};

const STEP_MS = 200;
const COUNT_MS = 5000;
const HEALTH_MS = 10_000;
/** Nodes that start, or do their turn, at once. */
const AT_ONCE = 8;

async function eachOf<T>(all: readonly T[], work: (one: T, i: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += AT_ONCE)
    await Promise.all(all.slice(from, from + AT_ONCE).map((one, i) => work(one, from + i)));
}

async function openFleet(options: SimOptions, layout: readonly SimNode[], folder: string, from: number) {
  const stills = await createStillMaker();
  const registered: SimRegistration[] = [];
  for (const node of layout) {
    const { publicKeyPem: publicKey } = await loadOrCreateKey(keyFile(join(folder, node.id)));
    registered.push({ node, publicKey, password: randomBytes(24).toString('base64url') });
  }
  await registerFleet(options.login, registered);
  const { addresses, seed, repeat, log } = options;
  const ca = addresses.ca === null ? null : await readFile(addresses.ca);
  const nodes: SimulatedNode[] = [];
  for (const { node, password } of registered) {
    const random = createRandom(`${seed} ${node.id} line`);
    const rest = { addresses, ca, seed, repeat, log, from, stills, random, version: packageVersion() };
    nodes.push(await createSimNode({ node, folder: join(folder, node.id), password, ...rest }));
  }
  return nodes;
}

function sumOf(nodes: readonly SimulatedNode[]): SimCounts {
  const sum = { made: 0, stored: 0, duplicates: 0, refused: 0, outstanding: 0, evidenceMade: 0, evidenceOwed: 0 };
  for (const node of nodes)
    for (const [name, count] of Object.entries(node.counts())) sum[name as keyof typeof sum] += count;
  return sum;
}

const owes = ({ outstanding, refused, evidenceOwed }: SimCounts) => outstanding + refused + evidenceOwed > 0;

/** Does what is due `every` ms, by the time of the run. @param first when for the first time, ms */
function createRounds(every: number, first = every) {
  let next = first;
  return (at: number): boolean => {
    if (at < next) return false;
    next = at + every;
    return true;
  };
}

async function live(options: SimOptions, nodes: readonly SimulatedNode[], outages: readonly Outage[], from: number) {
  const { speedup, seconds, stop, onProgress } = options;
  const began = performance.now();
  const counting = createRounds(COUNT_MS);
  const health = createRounds(HEALTH_MS, HEALTH_MS / 5);
  const runMs = seconds * 1000;
  let peakRssBytes = 0;
  let mostBehindSeconds = 0;
  for (let at = 0; at < runMs && !stop.aborted; ) {
    at = Math.min(runMs, performance.now() - began);
    const simulated = from + at * speedup;
    const [countNow, reportNow] = [counting(at) || at === runMs, health(at)];
    await eachOf(nodes, async (node, i) => {
      if (isAway(outages, i, at)) await node.disconnect();
      else node.connect();
      await node.live(simulated);
      if (countNow) node.count(simulated);
      if (reportNow) node.reportHealth();
      if (countNow) await node.sweep();
    });
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss());
    const tookMs = performance.now() - began - at;
    mostBehindSeconds = Math.max(mostBehindSeconds, ((tookMs - STEP_MS) * speedup) / 1000);
    onProgress('seconds', Math.round(at / 1000), seconds);
    if (at < runMs) await sleep(Math.max(0, STEP_MS - tookMs), stop);
  }
  return {
    seconds: (performance.now() - began) / 1000,
    peakRssBytes,
    mostBehindSeconds: Math.max(0, mostBehindSeconds),
  };
}

async function drain(options: SimOptions, nodes: readonly SimulatedNode[]): Promise<number> {
  const began = performance.now();
  for (const node of nodes) node.connect();
  const isDone = () => !owes(sumOf(nodes)) && !nodes.some((node) => node.hoursOwed());
  while (!isDone() && !options.stop.aborted && performance.now() - began < options.drainSeconds * 1000) {
    options.onProgress('messages outstanding', sumOf(nodes).outstanding, null);
    await sleep(STEP_MS, options.stop);
  }
  return (performance.now() - began) / 1000;
}

/** @throws HUB_UNREACHABLE, API_* of the registration */
export async function runSim(options: SimOptions): Promise<SimResult> {
  const folder = options.data ?? (await mkdtemp(join(tmpdir(), 'kerbwatch-sim-')));
  const layout = layOut(options.size, options.each, options.prefix);
  const from = options.until - options.seconds * 1000 * options.speedup;
  const nodes = await openFleet(options, layout, folder, from);
  const { outageSeconds, seconds, seed } = options;
  const outages = planOutages(nodes.length, options.outages, outageSeconds * 1000, seconds * 1000, seed);
  try {
    const run = await live(options, nodes, outages, from);
    const drainedSeconds = await drain(options, nodes);
    const counts = sumOf(nodes);
    const kept = options.data !== undefined || owes(counts) ? folder : null;
    const cameras = layout.reduce((sum, node) => sum + node.cameras.length, 0);
    const simulatedHours = (run.seconds * options.speedup) / 3600;
    return { nodes: nodes.length, cameras, simulatedHours, ...run, drainedSeconds, ...counts, kept };
  } finally {
    await eachOf(nodes, (node) => node.disconnect());
    const owed = owes(sumOf(nodes));
    for (const node of nodes) node.close();
    if (options.data === undefined && !owed) await rm(folder, { recursive: true, force: true });
  }
}

/** Whether the hub owes anything: then the command fails. */
export const isOwed = (result: SimResult): boolean => owes(result);

/** The end of a run in words. */
export function describeSim(result: SimResult): string {
  const { made, stored, duplicates, refused, outstanding, evidenceMade, evidenceOwed, kept } = result;
  const lines = [
    `${result.nodes} nodes, ${result.cameras} cameras, ${result.simulatedHours.toFixed(1)} h in ${result.seconds.toFixed(0)} s`,
    `events: ${made} made, ${made - outstanding - refused} acknowledged (${stored} stored, ${duplicates} known already), ${refused} refused, ${outstanding} outstanding`,
    `evidence: ${evidenceMade} files made, ${evidenceOwed} owed; the rest came within ${result.drainedSeconds.toFixed(1)} s`,
    `memory: ${(result.peakRssBytes / 2 ** 20).toFixed(0)} MiB at most; behind by ${result.mostBehindSeconds.toFixed(0)} simulated seconds at most`,
    kept && owes(result) ? `the outboxes of what is owed lie in ${kept}` : '',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}
