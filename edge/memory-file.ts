/** What a camera remembers, read and reset from beside its node. */
import { dirname, join, resolve } from 'node:path';
import { cellCentre, type MemoryMap, type MemoryOrder } from '../contracts/camera-memory.ts';
import { AppError } from '../platform/app-error.ts';
import { readCalendar } from '../platform/calendar.ts';
import { loadConfig } from '../platform/load-config.ts';
import { EdgeConfig } from './config.ts';
import { readState, replaceState } from './outbox/inspect.ts';
import { lockFolder } from './outbox/lock.ts';
import { memoryFor, memoryName } from './pipeline/open-memory.ts';

type Place = { readonly config: string; readonly camera: string };

/** The configured camera's memory as it was saved last, whatever model it is of. */
async function openSaved({ config: file, camera: id }: Place) {
  const folder = dirname(resolve(file));
  const config = await loadConfig(EdgeConfig, file);
  const camera = config.cameras.find((one) => one.id === id);
  if (!camera) throw new AppError('EDGE_MEMORY', `${file} has no camera ${id}`);
  const dataDir = resolve(folder, config.dataDir);
  const outbox = join(dataDir, 'outbox.db');
  const known = { ...camera, memory: camera.memory ?? config.memory ?? {} };
  const open = async () => {
    const saved = readState(outbox, memoryName(id));
    const { fingerprint = '' } = saved === null ? {} : (JSON.parse(saved) as { fingerprint?: string });
    return memoryFor(known, fingerprint, await readCalendar(config.calendar, folder), saved);
  };
  return { dataDir, outbox, open, hasZone: (zone: string) => camera.zones.some((one) => one.id === zone) };
}

/** The map as it was saved last: at most ten minutes old. @throws CFG_*, EDGE_MEMORY, EDGE_OUTBOX */
export async function savedMemory(place: Place): Promise<MemoryMap> {
  const { open } = await openSaved(place);
  return (await open()).order({ command: 'memory-show', camera: place.camera }, 0);
}

/**
 * Carries out an order while the node is not running.
 *
 * @param now ms since the epoch
 * @throws CFG_*, EDGE_MEMORY, EDGE_OUTBOX: also while a node works in the folder
 */
export async function changeMemory(place: Place, order: MemoryOrder, now: number): Promise<MemoryMap> {
  const { dataDir, outbox, open, hasZone } = await openSaved(place);
  if (order.command === 'memory-reset' && order.zone !== undefined && !hasZone(order.zone)) {
    throw new AppError('EDGE_MEMORY', `camera ${place.camera} has no zone ${order.zone}`);
  }
  const unlock = lockFolder(dataDir);
  try {
    const memory = await open();
    const map = memory.order(order, now);
    const json = memory.save();
    if (json !== null) replaceState(outbox, memoryName(place.camera), json, now);
    return map;
  } finally {
    unlock();
  }
}

/** A map in lines for a terminal: each cell of which more is asked. */
export function describeMemory(map: MemoryMap): string {
  const head = map.enabled ? '' : 'switched off\n';
  const since = map.since === null ? 'nothing remembered yet' : `remembers since ${map.since}, saved at ${map.at}`;
  const cells = map.layers.flatMap(({ light, thing, cells: all }) =>
    all
      .filter(({ bar }) => bar > 0)
      .map(({ cell, share, days, rejected, bar }) => {
        const [x, y] = cellCentre(cell).map((at) => at.toFixed(3));
        const seen = `box ${Math.round(share * 100)} % of the time, ${days} days, ${rejected} rejected`;
        return `  ${light} ${thing} at ${x},${y}: ${bar} asked; ${seen}\n`;
      }),
  );
  return `${head}${since}; more is asked of ${map.raised} cells, ${map.heldBack} events were held back\n${cells.join('')}`;
}
