/** Puts one camera together: source, line, stills and writer, under its own supervisor. */
import { relative } from 'node:path';
import type { ClockState } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { CameraLogins } from '../credentials.ts';
import type { Detector } from '../domain/detector.ts';
import { createStillStore, evidencePath } from '../evidence/index.ts';
import type { Batch } from '../outbox/index.ts';
import type { RegionBudget } from '../regions/region-budget.ts';
import { createSource, type Risk, type Source } from '../source/index.ts';
import type { ClockStepWatch } from '../source/time/clock-watch.ts';
import { type CameraLine, createCameraLine, type FrameResult } from './camera-line.ts';
import { createFindingWriter, type FindingWriter } from './finding-writer.ts';
import { fingerprintOf, keepMemory, memoryFor, memoryName, tellRaised } from './open-memory.ts';
import { backgroundName } from './saved-background.ts';
import { savedAt, stateName } from './saved-line.ts';
import { superviseCamera } from './supervise.ts';

/** Where findings are safe: the outbox itself, or the way to it in another process. */
export type FindingStore = {
  /** Settles once the batch is committed. */
  readonly append: (batch: Batch) => unknown;
  readonly loadState: (name: string) => string | null | Promise<string | null>;
};

/** What all cameras of a node share. */
export type NodeParts = {
  readonly node: string;
  readonly calendar: Calendar;
  readonly outbox: FindingStore;
  readonly retention: { readonly reserve: (bytes: number) => Promise<void> };
  readonly evidenceDir: string;
  /** Memory for the stills of one camera's past; default: as the store has it. */
  readonly pastBytes?: number;
  readonly mode: 'live' | 'replay';
  /** ms since the epoch of a file's first frame, where the configuration says nothing. */
  readonly startAt?: number;
  /** Replay: a file is repeated until its stream is so long, ms. */
  readonly repeatToMs?: number;
  readonly clock: Clock;
  /** Live: the process's one watch on steps of its clock. */
  readonly watch?: ClockStepWatch;
  readonly random: () => number;
  /** The budget of inferences on regions of far zones that live cameras share; default: one each, as in a replay. */
  readonly detail?: RegionBudget;
  /** Each connection's turn, for cameras that start together. */
  readonly limiter?: () => Promise<() => void>;
  readonly log: Log;
};

export type CameraParts = {
  readonly camera: CameraConfig;
  readonly logins: CameraLogins;
  readonly detector: Detector;
  /** False when nothing of an earlier run may play a part: the same bytes each time. */
  readonly remember: boolean;
  readonly risk?: Risk;
  readonly onFrame: (result: FrameResult) => void;
  readonly onStatus: (status: CameraStatus) => void;
};

const elapsed = () => performance.now();

/**
 * Restores what an earlier run kept; nothing is connected before `run`.
 *
 * @throws EDGE_DISK_FULL, EDGE_EVIDENCE
 */
export async function createCamera(node: NodeParts, parts: CameraParts) {
  const { outbox, evidenceDir, log, random } = node;
  const { camera, detector } = parts;
  const name = stateName(camera.id);
  const stillStore = await createStillStore({
    dir: evidenceDir,
    camera: camera.id,
    log,
    remember: parts.remember,
    ...(node.pastBytes === undefined ? {} : { pastBytes: node.pastBytes }),
  });
  const remembered = parts.remember ? await outbox.loadState(memoryName(camera.id)) : null;
  const memory = memoryFor(camera, fingerprintOf(camera, detector), node.calendar, remembered);
  const kept = keepMemory({ camera, memory, append: outbox.append, clock: node.clock, log });
  let source: Source | null = null;
  let writer = newWriter();

  function newWriter(): FindingWriter {
    return createFindingWriter({
      stateName: name,
      writeStills: stillStore.write,
      fileOf: (ref) => relative(evidenceDir, evidencePath(evidenceDir, ref.sha256, ref.mime)),
      append: outbox.append,
      reserve: node.retention.reserve,
      onTrouble: (fault) => supervisor.setTrouble(fault),
      random,
      log,
    });
  }

  /** A recording's times are exact by definition. */
  function clockState(): ClockState {
    const stats = source?.stats();
    return { offsetMs: Math.round(stats?.clockOffsetMs ?? 0), source: stats?.clockSource ?? 'pts' };
  }

  const raised = tellRaised(memory.raised, parts.onStatus);
  const supervisor = superviseCamera({
    camera: camera.id,
    mode: node.mode,
    open: async () => {
      if (writer.isBroken()) writer = newWriter();
      const saved = writer.latestState() ?? (parts.remember ? await outbox.loadState(name) : null);
      const notBefore = savedAt(saved);
      let line: CameraLine | null = null;
      source = createSource({
        camera: camera.id,
        config: camera.source,
        kind: camera.kind,
        logins: parts.logins,
        input: detector.input,
        mode: node.mode,
        ...(node.startAt === undefined ? {} : { startAt: node.startAt }),
        ...(node.repeatToMs === undefined ? {} : { repeatToMs: node.repeatToMs }),
        clock: node.clock,
        ...(node.watch ? { watch: node.watch } : {}),
        ...(notBefore === null ? {} : { notBefore }),
        mayMove: () => line?.isIdle() ?? true,
        log,
        random,
        ...(node.limiter ? { limiter: node.limiter } : {}),
        ...(parts.risk ? { risk: parts.risk } : {}),
      });
      line = createCameraLine({
        node: node.node,
        camera,
        calendar: node.calendar,
        detector,
        stillStore,
        writer,
        saved,
        savedBackground: parts.remember ? await outbox.loadState(backgroundName(camera.id)) : null,
        mode: node.mode,
        clockState,
        clockIsSure: () => source?.clockIsSure() ?? true,
        memory,
        ...(node.detail ? { detail: node.detail } : {}),
        elapsed,
        log,
      });
      return { source, line };
    },
    onFrame(result) {
      parts.onFrame(result);
      raised.check();
      void kept.maySave();
    },
    onStatus: raised.status,
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
      if (parts.remember) await kept.trySave();
    },
    stats: supervisor.stats,
    /** Orders of the hub to what the camera remembers. @throws EDGE_MEMORY, EDGE_DISK_FULL, EDGE_OUTBOX_BUSY */
    memory: kept.order,
    waiting: (): number => writer.waiting(),
    stop: supervisor.stop,
    /** After `run` has settled: gives up what cannot be written, and says how much that was. */
    async close(): Promise<void> {
      const lost = await writer.close();
      if (lost > 0)
        log.error({ camera: camera.id, frames: lost }, 'findings could not be saved before the node stopped');
      await stillStore.close();
      await detector.close();
    },
  };
}

/** Counts since this camera's process began, and what it does now. */
export type CameraFigures = ReturnType<Camera['stats']>;
export type Camera = Awaited<ReturnType<typeof createCamera>>;
