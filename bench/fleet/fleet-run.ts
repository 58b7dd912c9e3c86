/** One run of a fleet: until every camera is up, then a window whose edges are two messages of health. */
import type { CameraHealth, NodeHealth } from '../../contracts/status.ts';
import { costOf, cpuOf } from '../cost/tree-cost.ts';
import { type EdgeOrder, startEdgeNode } from './edge-node.ts';

export type FleetRun = {
  /** Cameras that gave frames in the window. */
  readonly watched: number;
  /** Of each camera, over the window. */
  readonly framesPerSecond: number;
  readonly inferencesPerSecond: number;
  /** The worst camera's median from packet to rules, at any message of the window, ms. */
  readonly worstLatencyMs: number;
  /** Cameras whose median was late at any message of the window. */
  readonly late: number;
  /** Frames of the window that took longer than that, where the build counts them. */
  readonly lateFrames: number | null;
  readonly drops: number;
  readonly reconnects: number;
  readonly cpuPerSecond: number;
  readonly pssMiB: number;
  readonly processes: number;
  readonly threads: number;
  readonly handles: number;
  readonly events: number;
  readonly files: number;
};

const UP_MS = 180_000;
/** Health comes each 10 s; an edge that is silent for this long is stuck. */
const SILENT_MS = 60_000;
export const LATE_MS = 500;

/** Builds of all ages are measured: what only some of them report is asked for here. */
type Reading = CameraHealth & { readonly lateFrames?: number };

/** Growth of the late frames of all cameras; null where no camera tells. */
function lateFramesOf(first: NodeHealth, last: NodeHealth): number | null {
  const grown = Object.entries(last.cameras).flatMap(([id, camera]) => {
    const { lateFrames } = camera as Reading;
    return lateFrames === undefined ? [] : lateFrames - ((first.cameras[id] as Reading | undefined)?.lateFrames ?? 0);
  });
  return grown.length === 0 ? null : sum(grown);
}

const all = (health: NodeHealth) => Object.values(health.cameras);
const isUp = (health: NodeHealth) => all(health).every(({ frames, state }) => frames > 0 && state !== 'blind');
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What a window between two messages of health saw. Pure. */
export function compareHealth(first: NodeHealth, last: NodeHealth, between: readonly NodeHealth[]) {
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  const grown = (of: 'frames' | 'inferred' | 'drops' | 'reconnects') =>
    Object.entries(last.cameras).map(([id, camera]) => camera[of] - (first.cameras[id]?.[of] ?? 0));
  const cameras = Object.keys(last.cameras);
  const worst = (id: string) => Math.max(...[...between, last].map((health) => health.cameras[id]?.latencyMs ?? 0));
  return {
    watched: grown('frames').filter((frames) => frames > 0).length,
    framesPerSecond: sum(grown('frames')) / seconds / cameras.length,
    inferencesPerSecond: sum(grown('inferred')) / seconds / cameras.length,
    worstLatencyMs: Math.max(...cameras.map(worst)),
    late: cameras.filter((id) => worst(id) > LATE_MS).length,
    lateFrames: lateFramesOf(first, last),
    drops: sum(grown('drops')),
    reconnects: sum(grown('reconnects')),
  };
}

/** Runs a node with a fleet for so many seconds once all cameras are watched. @throws where the node gives no health */
export async function runFleet(order: EdgeOrder & { readonly seconds: number }): Promise<FleetRun> {
  const node = await startEdgeNode(order);
  try {
    await node.health(isUp, UP_MS);
    const next = async () => {
      const health = await node.health(() => true, SILENT_MS);
      if (!health) throw new Error(`${order.checkout.name}: no health for ${SILENT_MS / 1000} s`);
      return health;
    };
    // A minute's medians go by what came before too; the first message after the start is the window's edge.
    const first = await next();
    const [cpu, began] = [cpuOf([node.pid]), performance.now()];
    const before = node.counts();
    const between: NodeHealth[] = [];
    let last = await next();
    while (performance.now() - began < order.seconds * 1000) {
      between.push(last);
      last = await next();
    }
    const seconds = (performance.now() - began) / 1000;
    const cost = costOf([node.pid]);
    const counts = node.counts();
    return {
      ...compareHealth(first, last, between),
      ...cost,
      cpuPerSecond: (cost.cpuSeconds - cpu) / seconds,
      events: counts.events - before.events,
      files: counts.files - before.files,
    };
  } finally {
    await node.close();
  }
}
