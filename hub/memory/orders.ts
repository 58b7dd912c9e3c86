/** Orders to what cameras remember: queued in the database, sent until their node answers, settled by its answer. */
import type { MemoryOrder } from '../../contracts/camera-memory.ts';
import type { Reply } from '../../contracts/command.ts';
import type { NodeStatus } from '../../contracts/status.ts';
import { topic } from '../../contracts/topics.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import {
  deleteMemoryOrder,
  type MemoryOrderRow,
  memoryOrder,
  memoryOrdersDue,
  putCameraMemory,
  updateMemoryOrder,
} from '../storage/camera-memory.ts';
import { nodeStatus } from '../storage/nodes.ts';
import type { Store } from '../storage/store.ts';

/** ms; without an answer for so long an order is sent again. */
const AGAIN_MS = 60_000;
const AT_ONCE = 200;
/** What may be over in a minute: a process that starts, a disk that is full, a file that is locked. */
const passing: ReadonlySet<string> = new Set(['EDGE_MEMORY', 'EDGE_DISK_FULL', 'EDGE_OUTBOX_BUSY']);
/** An order that a node has put off so often concerns a camera or a zone that it does not have. */
const MAX_TRIES = 30;

export type MemoryOrders = {
  /** Sends what waits; one node's, or all nodes'. What fails is tried again by the next round. */
  readonly send: (node?: string) => Promise<void>;
  /** A node's answer to anything; what is none of ours is left alone. */
  readonly answered: (node: string, reply: Reply) => Promise<void>;
};

export type MemoryOrdersOptions = {
  readonly store: Store;
  readonly clock: Clock;
  /** To a node's topic, QoS 1. */
  readonly publish: (topic: string, payload: string) => void;
  /** A map came or an order was settled. */
  readonly onSettled: (node: string) => void;
  readonly log: Log;
};

function isOnline(status: string | null | undefined): boolean {
  return typeof status === 'string' && (JSON.parse(status) as NodeStatus).state === 'online';
}

export function createMemoryOrders({ store, clock, publish, onSettled, log }: MemoryOrdersOptions): MemoryOrders {
  async function sendOne({ id, node, body, tries }: MemoryOrderRow): Promise<void> {
    const order = JSON.parse(body) as MemoryOrder;
    await updateMemoryOrder(store.db, id, { sent_at: timestamp(clock.now()), tries: tries + 1 });
    publish(topic(node, 'commands'), JSON.stringify({ requestId: id, ...order }));
  }

  async function send(node?: string): Promise<void> {
    // A node that has just come has heard nothing of what was sent before.
    const before = node === undefined ? clock.now() - AGAIN_MS : clock.now();
    const due = await memoryOrdersDue(store.db, timestamp(before), AT_ONCE, node);
    const online = new Map<string, boolean>();
    for (const order of due) {
      if (!online.has(order.node)) online.set(order.node, isOnline(await nodeStatus(store.db, order.node)));
      if (online.get(order.node)) await sendOne(order);
    }
  }

  async function settle(order: MemoryOrderRow, reply: Reply): Promise<void> {
    const { command, camera } = JSON.parse(order.body) as MemoryOrder;
    const { node, id } = order;
    const at = timestamp(clock.now());
    if (reply.ok && reply.memory) {
      await putCameraMemory(store.db, { camera, node, body: JSON.stringify(reply.memory), received_at: at });
    }
    const reason = reply.ok ? null : `${reply.code ?? ''} ${reply.message ?? ''}`.trim().slice(0, 500);
    if (!reply.ok && passing.has(reply.code ?? '') && order.tries < MAX_TRIES) {
      await updateMemoryOrder(store.db, id, { reason });
    } else if (command === 'memory-show') {
      // A question; its answer is the map.
      await deleteMemoryOrder(store.db, id);
    } else {
      await updateMemoryOrder(store.db, id, { state: reply.ok ? 'done' : 'refused', settled_at: at, reason });
    }
    if (reason) log.warn({ node, camera, command, reason }, 'a node did not do as ordered to a camera’s memory');
  }

  return {
    send: (node) =>
      send(node).catch((error: unknown) => log.warn({ err: error }, 'orders to nodes could not be sent; tried again')),
    async answered(node, reply) {
      try {
        const order = await memoryOrder(store.db, reply.requestId, node);
        if (!order) return;
        await settle(order, reply);
        onSettled(node);
      } catch (error) {
        // The order still waits and is sent again; the node knows it by its id.
        log.warn({ node, err: error }, 'the answer of a node could not be kept');
      }
    },
  };
}
