/** The node's health as it is published: what each camera does, and how much waits for the hub. */
import type { CameraHealth, NodeHealth, NodeStatus } from '../../contracts/status.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Outbox } from '../outbox/index.ts';
import type { Camera } from './camera.ts';

function cameraHealth(camera: Camera, board: NodeStatus['cameras']): CameraHealth {
  const { line, source, restarts } = camera.stats();
  const status = board[camera.id];
  return {
    state: status?.state ?? 'blind',
    reasons: status?.reasons ?? ['offline'],
    fps: line?.fps ?? 0,
    latencyMs: line?.latencyMs ?? 0,
    frames: line?.frames ?? 0,
    inferred: line?.inferred ?? 0,
    detailLooks: line?.detailLooks ?? 0,
    detailSkipped: line?.detailSkipped ?? 0,
    lateLooks: line?.lateLooks ?? 0,
    inferenceWaitMs: line?.inferenceWaitMs ?? 0,
    drops: source?.drops ?? 0,
    reconnects: (source?.reconnects ?? 0) + restarts,
    clockOffsetMs: source?.clockOffsetMs ?? 0,
  };
}

export function nodeHealth(
  cameras: readonly Camera[],
  board: NodeStatus['cameras'],
  outbox: Outbox,
  clock: Clock,
): NodeHealth {
  const now = clock.now();
  const { depth, oldestAt } = outbox.depth();
  return {
    at: timestamp(now),
    cameras: Object.fromEntries(cameras.map((camera) => [camera.id, cameraHealth(camera, board)])),
    outbox: {
      depth,
      oldestSeconds: oldestAt === null ? 0 : Math.max(0, (now - oldestAt) / 1000),
      evidencePending: outbox.undeliveredCount(),
      diskBytes: outbox.diskBytes(),
    },
  };
}
