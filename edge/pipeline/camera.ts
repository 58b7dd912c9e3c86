/** Puts one camera together: source, line, stills and writer, under its own supervisor. */
import { relative } from 'node:path';
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Ffmpeg } from '../../platform/find-ffmpeg.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { Detector } from '../domain/detector.ts';
import { createStillKeeper, evidencePath } from '../evidence/index.ts';
import type { Outbox } from '../outbox/index.ts';
import { type Credentials, createSource, type Source } from '../source/index.ts';
import { createCameraLine, type FrameLook } from './camera-line.ts';
import type { DetailBudget } from './detail-budget.ts';
import type { DiskRoom } from './disk-room.ts';
import { createFindingWriter, type FindingWriter } from './finding-writer.ts';
import { stateName } from './saved-line.ts';
import { superviseCamera } from './supervise.ts';

/** What all cameras of a node share. */
export type NodeParts = {
  readonly node: string;
  readonly calendar: Calendar;
  readonly outbox: Outbox;
  readonly room: DiskRoom;
  readonly evidenceDir: string;
  readonly ffmpeg: Ffmpeg;
  readonly mode: 'live' | 'replay';
  /** ms since the epoch of a file's first frame, where the configuration says nothing. */
  readonly startAt?: number;
  readonly clock: Clock;
  readonly random: () => number;
  /** The budget of looks at far zones that live cameras share; default: one each, as in a replay. */
  readonly detail?: DetailBudget;
  readonly log: Log;
};

export type CameraParts = {
  readonly camera: CameraConfig;
  readonly credentials: Credentials | null;
  readonly detector: Detector;
  /** False when nothing of an earlier run may play a part: the same bytes each time. */
  readonly remember: boolean;
  readonly onFrame: (look: FrameLook) => void;
  readonly onStatus: (status: CameraStatus) => void;
};

const elapsed = () => performance.now();

export async function createCamera(node: NodeParts, parts: CameraParts) {
  const { outbox, evidenceDir, log, random } = node;
  const { camera, detector } = parts;
  const name = stateName(camera.id);
  const keeper = await createStillKeeper({
    dir: evidenceDir,
    camera: camera.id,
    log,
    remember: parts.remember,
  });
  let source: Source | null = null;
  let writer = newWriter();

  function newWriter(): FindingWriter {
    return createFindingWriter({
      stateName: name,
      writeStills: keeper.write,
      fileOf: (ref) => relative(evidenceDir, evidencePath(evidenceDir, ref.sha256, ref.mime)),
      append: outbox.append,
      makeRoom: node.room.makeRoom,
      onTrouble: (fault) => supervisor.setTrouble(fault),
      random,
      log,
    });
  }

  function clockState(): ClockState {
    // Frames are stamped from the stream's own timestamps; a recording's are exact by definition.
    const offsetMs = node.mode === 'replay' ? 0 : Math.round(source?.stats().clockOffsetMs ?? 0);
    return { offsetMs, source: 'pts' };
  }

  const supervisor = superviseCamera({
    camera: camera.id,
    mode: node.mode,
    open: async () => {
      if (writer.isBroken()) writer = newWriter();
      source = createSource({
        camera: camera.id,
        config: camera.source,
        credentials: parts.credentials,
        input: detector.input,
        ffmpeg: node.ffmpeg,
        mode: node.mode,
        ...(node.startAt === undefined ? {} : { startAt: node.startAt }),
        clock: node.clock,
        log,
        random,
      });
      const line = createCameraLine({
        node: node.node,
        camera,
        calendar: node.calendar,
        detector,
        keeper,
        writer,
        saved: writer.latestState() ?? (parts.remember ? outbox.loadState(name) : null),
        mode: node.mode,
        clockState,
        ...(node.detail ? { detail: node.detail } : {}),
        elapsed,
        log,
      });
      return { source, line };
    },
    onFrame: parts.onFrame,
    onStatus: parts.onStatus,
    clock: node.clock,
    random,
    log,
  });

  return {
    id: camera.id,
    /** Settles when a file has ended and everything found is in the outbox, or `stop` was called. */
    async run(): Promise<void> {
      await supervisor.run();
      await writer.flush();
    },
    stats: supervisor.stats,
    waiting: (): number => writer.waiting(),
    stop: supervisor.stop,
    /** After `run` has settled: gives up what cannot be written, and says how much that was. */
    async close(): Promise<void> {
      const lost = await writer.close();
      if (lost > 0)
        log.error({ camera: camera.id, frames: lost }, 'findings could not be saved before the node stopped');
      await keeper.close();
      await detector.close();
    },
  };
}

export type Camera = Awaited<ReturnType<typeof createCamera>>;
