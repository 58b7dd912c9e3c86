/** The node's health as it is published: what each camera does, and how much waits for the hub. */
import type { CameraHealth, NodeHealth, NodeStatus } from '../../contracts/status.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Outbox } from '../outbox/index.ts';

/** Counts since the node began, and what the camera does now. */
export type CameraWork = Omit<CameraHealth, 'state' | 'reasons'>;

function cameraHealth(status: NodeStatus['cameras'][string] | undefined, work: CameraWork): CameraHealth {
  return { state: status?.state ?? 'blind', reasons: status?.reasons ?? ['offline'], ...work };
}

/** @param board the status of each camera as it was reported last */
export function nodeHealth(
  board: NodeStatus['cameras'],
  workOf: (camera: string) => CameraWork,
  { hosts, inference }: Required<Pick<NodeHealth, 'hosts' | 'inference'>>,
  outbox: Outbox,
  clock: Clock,
): NodeHealth {
  const now = clock.now();
  const { depth, oldestAt } = outbox.depth();
  return {
    at: timestamp(now),
    cameras: Object.fromEntries(
      Object.entries(board).map(([camera, status]) => [camera, cameraHealth(status, workOf(camera))]),
    ),
    hosts,
    inference,
    outbox: {
      depth,
      oldestSeconds: oldestAt === null ? 0 : Math.max(0, (now - oldestAt) / 1000),
      evidencePending: outbox.undeliveredCount(),
      diskBytes: outbox.diskBytes(),
    },
  };
}
