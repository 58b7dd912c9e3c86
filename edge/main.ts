/** The edge's composition root: the only file that knows every stage. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Calendar } from '../contracts/schedule.ts';
import type { CameraStatus, NodeStatus } from '../contracts/status.ts';
import { endOfCalendar, readCalendar } from '../platform/calendar.ts';
import type { Clock } from '../platform/clock.ts';
import { timestamp } from '../platform/clock.ts';
import { findFfmpeg } from '../platform/find-ffmpeg.ts';
import type { Log } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import { readSecret } from '../platform/secret.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { answerCommand, answerConfig } from './answer-orders.ts';
import type { CameraConfig, EdgeConfig } from './config.ts';
import { cameraLogins } from './credentials.ts';
import type { Detector } from './domain/detector.ts';
import { createInference } from './inference/index.ts';
import { keyFile } from './key-file.ts';
import { createLetGo, createSignal, createWait, type LetGo, within } from './lifetime.ts';
import { createModelChoice } from './model-folder.ts';
import { lockFolder, type Outbox, openOutbox } from './outbox/index.ts';
import { type Camera, createCamera, type NodeParts } from './pipeline/camera.ts';
import { createDetailBudget, DETAIL_PER_SECOND } from './pipeline/detail-budget.ts';
import { createDiskRoom, type DiskRoom } from './pipeline/disk-room.ts';
import { nodeHealth } from './pipeline/node-health.ts';
import { withFilesFrom } from './settings.ts';
import { createUplink, type Uplink } from './uplink/index.ts';

export type EdgeOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** Folder that relative paths of the configuration start from. */
  readonly configDir: string;
  /** `replay`: every camera's file once, as fast as it goes, no frame left out. Default `live`. */
  readonly sourceMode?: 'live' | 'replay';
  /** ms since the epoch of each file's first frame. */
  readonly startAt?: number;
  readonly random?: () => number;
  /** Reads and checks the configuration anew, for the hub's `reload`; throws what is wrong with it. */
  readonly reload?: () => Promise<void>;
};

export type EdgeStats = {
  /** Number of the last message ever made by this node. */
  readonly lastSeq: number;
  readonly outbox: number;
  readonly refused: number;
  readonly evidencePending: number;
  readonly frames: number;
  readonly inferred: number;
};

export type Edge = {
  readonly publicKeyPem: string;
  /** Node time at which the first frame of any camera had gone through the line, ms. */
  readonly firstFrameAt: Promise<number>;
  /** The hub asked for a restart with a new configuration: `close`, then start again. */
  readonly reloadAsked: Promise<'reload'>;
  /**
   * All files have ended, every message is acknowledged or refused, every file that the hub wants is delivered.
   * Rejects with a camera's fault in replay. Of use with sources that end.
   */
  readonly drained: () => Promise<void>;
  readonly stats: () => EdgeStats;
  /** Stops the cameras, saves what they know, says goodbye to the hub. What is not delivered stays for the next start. */
  readonly close: () => Promise<void>;
};

const HEALTH_MS = 10_000;
const UPKEEP_MS = 60_000;
const STOP_MS = 5000;
/** At a stop the hub has this long to acknowledge what was found last, ms; the rest stays for the next start. */
const FLUSH_MS = 2000;
const MAX_BYTES = 8_589_934_592;
const KEEP_DAYS = 10;

async function version(): Promise<string> {
  const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function openCalendar(config: EdgeConfig, { configDir, clock, log }: EdgeOptions): Promise<Calendar> {
  const calendar = await readCalendar(config.calendar, configDir);
  const ending = endOfCalendar(calendar, clock.now());
  if (ending) log.warn({ knownUntil: calendar.knownUntil }, ending);
  return calendar;
}

async function openNode(config: EdgeConfig, options: EdgeOptions, letGo: LetGo) {
  const { log, clock } = options;
  const dataDir = resolve(options.configDir, config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  letGo.later(lockFolder(dataDir));
  const fresh = !existsSync(keyFile(dataDir));
  const key = await loadOrCreateKey(keyFile(dataDir));
  if (fresh) log.info({ node: config.node, publicKey: key.publicKeyPem }, 'a key was made: register it at the hub');
  const outbox = openOutbox({ file: join(dataDir, 'outbox.db'), node: config.node, key, clock, log });
  letGo.later(outbox.close);
  const evidenceDir = join(dataDir, 'evidence');
  const room = createDiskRoom({
    outbox,
    dir: evidenceDir,
    maxBytes: config.disk?.maxBytes ?? MAX_BYTES,
    keepDays: config.disk?.keepDays ?? KEEP_DAYS,
    clock,
    log,
  });
  const parts: NodeParts = {
    node: config.node,
    calendar: await openCalendar(config, options),
    outbox,
    room,
    evidenceDir,
    ffmpeg: await findFfmpeg(),
    mode: options.sourceMode ?? 'live',
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    clock,
    random: options.random ?? Math.random,
    // In replay each camera has its own, in its recording's time.
    ...(options.sourceMode === 'replay'
      ? {}
      : { detail: createDetailBudget(config.detailPerSecond ?? DETAIL_PER_SECOND) }),
    log,
  };
  return { parts, publicKeyPem: key.publicKeyPem };
}

/** A row may outlive its file, as on a card that was exchanged. */
function isHere(outbox: Outbox, evidenceDir: string, sha256: string): boolean {
  const path = outbox.evidencePath(sha256);
  return path !== null && existsSync(join(evidenceDir, path));
}

async function openUplink(
  config: EdgeConfig,
  options: EdgeOptions,
  { outbox, evidenceDir, clock, random, log }: NodeParts,
  hooks: { readonly onReload: () => void; readonly onProgress: () => void },
): Promise<Uplink> {
  const { reload, configDir } = options;
  const askReload = reload
    ? async () => {
        await reload();
        setImmediate(hooks.onReload);
      }
    : null;
  return createUplink({
    node: config.node,
    mqtt: config.uplink.mqtt,
    evidence: config.uplink.evidence,
    password: await readSecret(config.uplink.password, configDir),
    ca: config.uplink.ca ? await readFile(resolve(configDir, config.uplink.ca)) : null,
    version: await version(),
    queue: outbox,
    evidenceDir,
    clock,
    random,
    log,
    onProgress: hooks.onProgress,
    onConfig: answerConfig,
    onCommand: (command) =>
      answerCommand(command, {
        reload: askReload,
        resend: outbox.resendRefused,
        deliverAgain: (hashes) => outbox.evidenceWanted(hashes.filter((sha256) => isHere(outbox, evidenceDir, sha256))),
      }),
  });
}

function unseenCameras(config: EdgeConfig, clock: Clock): NodeStatus['cameras'] {
  const since = timestamp(clock.now());
  return Object.fromEntries(
    config.cameras.map((camera) => [camera.id, { state: 'blind' as const, reasons: ['offline' as const], since }]),
  );
}

async function openCameras(
  config: EdgeConfig,
  { configDir, log }: EdgeOptions,
  node: NodeParts,
  hooks: {
    readonly loadDetector: (folder: string) => Promise<Detector>;
    readonly onFirstFrame: (at: number) => void;
    readonly onStatus: (camera: string, status: CameraStatus) => void;
  },
): Promise<Camera[]> {
  let first = true;
  const chooseModel = createModelChoice(config, configDir);
  const load = async (camera: CameraConfig) => {
    const folder = await chooseModel(camera);
    log.info({ camera: camera.id, model: basename(folder) }, 'model chosen');
    return hooks.loadDetector(folder);
  };
  const open = async (camera: CameraConfig) =>
    createCamera(node, {
      camera: withFilesFrom(camera, configDir),
      credentials: (await cameraLogins(camera.source, configDir)).main,
      detector: await load(camera),
      remember: true,
      onFrame: () => {
        if (!first) return;
        first = false;
        log.info({ camera: camera.id, uptimeSeconds: process.uptime() }, 'first frame analysed');
        hooks.onFirstFrame(node.clock.now());
      },
      onStatus: (status) => hooks.onStatus(camera.id, status),
    });
  return Promise.all(config.cameras.map(open));
}

/** Gives each line time to save; a writer that waits for a full disk is told to give up. */
async function stopCameras(cameras: readonly Camera[], runs: readonly Promise<void>[]): Promise<void> {
  for (const camera of cameras) camera.stop();
  const settled = Promise.allSettled(runs);
  await within(STOP_MS, settled);
  const closed = await Promise.allSettled(cameras.map((camera) => camera.close()));
  await settled;
  for (const result of closed) if (result.status === 'rejected') throw result.reason;
}

/** What a node does beside watching: says how it is, and keeps its disk in bounds. */
function startUpkeep(room: DiskRoom, log: Log, sayHealth: () => void): () => void {
  const noted = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.warn({ err: error }, 'upkeep failed; tried again'));
  // What it says is read from the outbox, which another program may hold at this moment.
  const say = () => noted(Promise.resolve().then(sayHealth));
  const timers = [setInterval(say, HEALTH_MS), setInterval(() => noted(room.sweep()), UPKEEP_MS)];
  noted(room.removeOrphans());
  return () => timers.forEach(clearInterval);
}

function statsOf(outbox: Outbox, cameras: readonly Camera[]): EdgeStats {
  const sum = (name: 'frames' | 'inferred') =>
    cameras.reduce((total, camera) => total + (camera.stats().line?.[name] ?? 0), 0);
  return {
    lastSeq: outbox.lastSeq(),
    outbox: outbox.depth().depth,
    refused: outbox.refusedCount(),
    evidencePending: outbox.undeliveredCount(),
    frames: sum('frames'),
    inferred: sum('inferred'),
  };
}

async function start(config: EdgeConfig, options: EdgeOptions, letGo: LetGo): Promise<Edge> {
  const { log, clock } = options;
  const reload = createSignal<'reload'>();
  const firstFrame = createSignal<number>();
  const { parts: node, publicKeyPem } = await openNode(config, options, letGo);
  const { outbox } = node;
  const delivered = createWait(() => outbox.depth().depth === 0 && outbox.evidencePending(1).length === 0);
  const acknowledged = createWait(() => outbox.depth().depth === 0);
  const uplink = await openUplink(config, options, node, {
    onReload: () => reload.give('reload'),
    onProgress: () => {
      acknowledged.look();
      delivered.look();
    },
  });
  letGo.later(uplink.close);
  letGo.later(() => (uplink.online() ? within(FLUSH_MS, acknowledged.wait()) : undefined));
  const inference = createInference({
    log,
    ...(config.inferenceWorkers ? { workers: config.inferenceWorkers } : {}),
    ...(config.acceptLicences ? { acceptLicences: config.acceptLicences } : {}),
  });
  letGo.later(inference.close);
  const board = unseenCameras(config, clock);
  const cameras = await openCameras(config, options, node, {
    loadDetector: inference.loadDetector,
    onFirstFrame: firstFrame.give,
    onStatus: (camera, status) => {
      board[camera] = status;
      uplink.publishStatus({ ...board });
    },
  });
  uplink.publishStatus({ ...board });
  uplink.start();
  const runs = cameras.map((camera) => camera.run());
  // In replay the caller hears of a fault through `drained`; live, the supervisor has said all there is to say.
  for (const run of runs) run.catch((error: unknown) => log.error({ err: error }, 'a camera has ended with a fault'));
  letGo.later(() => stopCameras(cameras, runs));
  letGo.later(startUpkeep(node.room, log, () => uplink.publishHealth(nodeHealth(cameras, board, outbox, clock))));
  return {
    publicKeyPem,
    firstFrameAt: firstFrame.promise,
    reloadAsked: reload.promise,
    async drained() {
      await Promise.all(runs);
      await delivered.wait();
    },
    stats: () => statsOf(outbox, cameras),
    close: letGo.all,
  };
}

/**
 * Starts one edge node; settles when models are loaded and the cameras are being opened.
 * @throws CFG_SECRET, CFG_PROGRAM_MISSING, EDGE_MODEL_*, EDGE_OUTBOX, EDGE_KEY. A camera's fault is no reason to fail.
 */
export async function startEdge(config: EdgeConfig, options: EdgeOptions): Promise<Edge> {
  const letGo = createLetGo();
  try {
    return await start(config, options, letGo);
  } catch (error) {
    await letGo.all().catch((cause: unknown) => options.log.warn({ err: cause }, 'letting go after a failed start'));
    throw error;
  }
}
