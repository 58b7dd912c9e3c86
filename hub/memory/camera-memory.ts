/** A camera's memory for people: the newest map with what was ordered of it, and their orders. */
import { createHash, randomUUID } from 'node:crypto';
import type { CameraMemoryView, MemoryChange, MemoryOrderView } from '../../contracts/api/memory.ts';
import type { MemoryMap, MemoryOrder } from '../../contracts/camera-memory.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import {
  cameraMemory,
  latestStill,
  type MemoryOrderRow,
  memoryOrdersOf,
  queueMemoryOrder,
} from '../storage/camera-memory.ts';
import { cameraById } from '../storage/cameras.ts';
import type { Store } from '../storage/store.ts';
import type { MemoryOrders } from './orders.ts';

const SHOWN_ORDERS = 20;
/** ms; a map that is older is asked for again when somebody looks at it. */
const FRESH_MS = 15_000;
const SYSTEM = 'system';

/** One question a camera waits at most. */
const questionOf = (camera: string) => `show-${createHash('sha256').update(camera).digest('hex').slice(0, 40)}`;

function viewOf(row: MemoryOrderRow): MemoryOrderView[] {
  const order = JSON.parse(row.body) as MemoryOrder;
  if (order.command !== 'memory-reset' && order.command !== 'memory-restore') return [];
  const { command, camera: _, ...part } = order;
  const change = (command === 'memory-reset' ? { command: 'reset', ...part } : { command: 'restore' }) as MemoryChange;
  const state = row.state as MemoryOrderView['state'];
  const { id, created_at: at, created_by: by, settled_at: settledAt, reason } = row;
  return [{ id, change, at, by, state, settledAt, reason }];
}

/** @param orders sends what is queued */
export function createCameraMemories({
  store,
  clock,
  orders,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly orders: MemoryOrders;
}) {
  async function nodeOf(camera: string): Promise<string> {
    const row = await cameraById(store.db, camera);
    if (!row) throw new AppError('API_NOT_FOUND', `camera ${camera}`);
    return row.node;
  }

  async function queue(id: string, node: string, order: MemoryOrder, by: string): Promise<void> {
    await queueMemoryOrder(store.db, {
      ...{ id, node, camera: order.camera, case_id: null, body: JSON.stringify(order) },
      ...{ created_at: timestamp(clock.now()), created_by: by },
    });
    await orders.send();
  }

  async function view(camera: string, node: string): Promise<CameraMemoryView> {
    const [known, still, queued] = await Promise.all([
      cameraMemory(store.db, camera),
      latestStill(store.db, camera),
      memoryOrdersOf(store.db, camera, SHOWN_ORDERS),
    ]);
    return {
      ...{ camera, node, map: known ? (JSON.parse(known.body) as MemoryMap) : null },
      receivedAt: known?.received_at ?? null,
      still: still ?? null,
      orders: queued.flatMap(viewOf),
    };
  }

  return {
    /** What is known now; the node is asked for more where that is not of this moment. @throws API_NOT_FOUND */
    async read(camera: string): Promise<CameraMemoryView> {
      const node = await nodeOf(camera);
      const known = await view(camera, node);
      if (clock.now() - Date.parse(known.receivedAt ?? '1970-01-01T00:00:00.000Z') > FRESH_MS) {
        await queue(questionOf(camera), node, { command: 'memory-show', camera }, SYSTEM);
      }
      return known;
    },
    /** Orders a change; it is carried out when the node has it. @throws API_NOT_FOUND */
    async change(camera: string, { command, ...part }: MemoryChange, by: string): Promise<CameraMemoryView> {
      const node = await nodeOf(camera);
      const order = { command: `memory-${command}`, camera, ...part } as MemoryOrder;
      await queue(randomUUID(), node, order, by);
      return view(camera, node);
    },
  };
}

export type CameraMemories = ReturnType<typeof createCameraMemories>;
