/** A recording through the whole edge line, frame by frame: the same input gives the same signed events, to the byte. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViolationEvent } from '../contracts/event.ts';
import type { Calendar } from '../contracts/schedule.ts';
import type { Log } from '../platform/log.ts';
import { deriveNodeKey } from '../platform/signing.ts';
import type { CameraConfig } from './config.ts';
import type { Detector } from './domain/detector.ts';
import { createInference } from './inference/index.ts';
import { type Outbox, openOutbox } from './outbox/index.ts';
import { createRetention } from './outbox/retention.ts';
import { createCamera } from './pipeline/camera.ts';
import type { FrameResult } from './pipeline/camera-line.ts';
import { asRecording, defaultCalendar } from './settings.ts';

export type ReplayOptions = {
  readonly clip: string;
  /** Zones, kind, cadence and gate; its source's address is replaced by `clip`. */
  readonly camera: CameraConfig;
  readonly node: string;
  readonly modelDir: string;
  /** A loaded detector to use instead of `modelDir`; stays the caller's to close. */
  readonly detector?: Detector;
  /** ms since the epoch of the first frame; default: the camera's `startAt`, else 2026-01-01. */
  readonly startAt?: number;
  /** The recording begins again at its end, with times that go on, until the stream is so long, ms. */
  readonly repeatToMs?: number;
  readonly calendar?: Calendar;
  /** Keeps outbox and evidence there; else they lie in a temporary folder and go. */
  readonly dataDir?: string;
  readonly log: Log;
  readonly onFrame?: (result: FrameResult) => void;
};

export type Replay = {
  readonly events: ViolationEvent[];
  /** Frames that went through the line. */
  readonly frames: number;
  /** Frames that the change detector let through to the model. */
  readonly inferred: number;
  /** Inferences on parts of the picture in full detail, for far zones. */
  readonly detailLooks: number;
  readonly wallMs: number;
  readonly evidence: { readonly files: number; readonly bytes: number };
};

/** Time stands still in a replay: frames bring their own. */
const REPLAY_CLOCK = { now: () => Date.UTC(2026, 0, 1) };
/** The node's own key stays out of it: a replay's events are signed with a key made from the node's name. */
export const replayKey = (node: string) => deriveNodeKey(`kerbwatch replay ${node}`);

/** The camera with nothing of an earlier run, writing into this outbox. */
async function openCamera(outbox: Outbox, dataDir: string, options: ReplayOptions, detector: Detector) {
  const { log } = options;
  const evidenceDir = join(dataDir, 'evidence');
  const bounds = { maxBytes: Number.MAX_SAFE_INTEGER, keepDays: 0 };
  const node = {
    node: options.node,
    calendar: options.calendar ?? defaultCalendar,
    outbox,
    retention: createRetention({ outbox, dir: evidenceDir, ...bounds, clock: REPLAY_CLOCK, log }),
    evidenceDir,
    mode: 'replay' as const,
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    ...(options.repeatToMs === undefined ? {} : { repeatToMs: options.repeatToMs }),
    clock: REPLAY_CLOCK,
    random: () => 0.5,
    log,
  };
  return createCamera(node, {
    camera: asRecording(options.camera, options.clip),
    logins: { main: null, analyse: null },
    // It stays the caller's to close.
    detector: { ...detector, close: async () => {} },
    remember: false,
    onFrame: options.onFrame ?? (() => {}),
    onStatus: () => {},
  });
}

async function playInto(dataDir: string, options: ReplayOptions, detector: Detector): Promise<Replay> {
  const { node, log } = options;
  const outbox = openOutbox({ file: join(dataDir, 'outbox.db'), node, key: replayKey(node), clock: REPLAY_CLOCK, log });
  const before = outbox.lastSeq();
  try {
    const camera = await openCamera(outbox, dataDir, options, detector);
    const startedAt = performance.now();
    try {
      await camera.run();
    } finally {
      await camera.close();
    }
    const line = camera.stats().line;
    const events = outbox.pending(1_000_000, before).map((row) => JSON.parse(row.body) as ViolationEvent);
    return {
      events,
      frames: line?.frames ?? 0,
      inferred: line?.inferred ?? 0,
      detailLooks: line?.detailLooks ?? 0,
      wallMs: performance.now() - startedAt,
      evidence: { files: outbox.undeliveredCount(), bytes: outbox.diskBytes() },
    };
  } finally {
    outbox.close();
  }
}

/**
 * Plays a recording as one camera, lossless and as fast as the model goes.
 * @throws EDGE_SOURCE_*, EDGE_MODEL_*, CFG_PROGRAM_MISSING.
 */
export async function replayClip(options: ReplayOptions): Promise<Replay> {
  const inference = options.detector ? null : createInference({ workers: 1, log: options.log });
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kerbwatch-replay-')));
  try {
    const detector = options.detector ?? (await inference?.loadDetector(options.modelDir, options.camera.scores));
    if (!detector) throw new Error('unreachable: one of the two is there');
    return await playInto(dataDir, options, detector);
  } finally {
    await inference?.close();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  }
}
