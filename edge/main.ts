/** The edge's composition root: the only file that knows every stage. */
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { NodeStatus } from '../contracts/status.ts';
import type { Clock } from '../platform/clock.ts';
import { timestamp } from '../platform/clock.ts';
import { findFfmpeg } from '../platform/find-ffmpeg.ts';
import type { Log } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import { readSecret } from '../platform/secret.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { answerCommand, answerConfig } from './answer-orders.ts';
import type { CameraConfig, EdgeConfig } from './config.ts';
import { createInference } from './inference/index.ts';
import { modelFolder } from './model-folder.ts';
import { lockFolder, type Outbox, openOutbox } from './outbox/index.ts';
import { type Camera, createCamera, type NodeParts } from './pipeline/camera.ts';
import { createDiskRoom } from './pipeline/disk-room.ts';
import { nodeHealth } from './pipeline/node-health.ts';
import { defaultCalendar, withFilesFrom } from './settings.ts';
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
const MAX_BYTES = 8_589_934_592;
const KEEP_DAYS = 10;

async function version(): Promise<string> {
  const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function openDisk(config: EdgeConfig, dataDir: string, options: EdgeOptions, outbox: Outbox) {
  const dir = join(dataDir, 'evidence');
  const room = createDiskRoom({
    outbox,
    dir,
    maxBytes: config.disk?.maxBytes ?? MAX_BYTES,
    keepDays: config.disk?.keepDays ?? KEEP_DAYS,
    clock: options.clock,
    log: options.log,
  });
  return { dir, room };
}

/** What the node says of its cameras, and that it said it. */
function createBoard(config: EdgeConfig, clock: Clock) {
  const since = timestamp(clock.now());
  const cameras: NodeStatus['cameras'] = Object.fromEntries(
    config.cameras.map((camera) => [camera.id, { state: 'blind', reasons: ['offline'], since }]),
  );
  return cameras;
}

async function connect(
  config: EdgeConfig,
  options: EdgeOptions,
  parts: { readonly outbox: Outbox; readonly evidenceDir: string; readonly reload: () => void; onProgress(): void },
): Promise<Uplink> {
  const { reload } = options;
  const askReload = reload
    ? async () => {
        await reload();
        setImmediate(parts.reload);
      }
    : null;
  return createUplink({
    node: config.node,
    mqtt: config.uplink.mqtt,
    evidence: config.uplink.evidence,
    password: await readSecret(config.uplink.password, options.configDir),
    ca: config.uplink.ca ? await readFile(resolve(options.configDir, config.uplink.ca)) : null,
    version: await version(),
    queue: parts.outbox,
    evidenceDir: parts.evidenceDir,
    clock: options.clock,
    random: options.random ?? Math.random,
    log: options.log,
    onProgress: parts.onProgress,
    onConfig: answerConfig,
    onCommand: (command) => answerCommand(command, askReload),
  });
}

async function credentialsOf(camera: CameraConfig, configDir: string) {
  const { user, password } = camera.source;
  return user ? { user, password: password ? await readSecret(password, configDir) : '' } : null;
}

/** Lets go in the reverse order of taking, all of it, whatever fails. */
function createLetGo() {
  const steps: (() => unknown)[] = [];
  return {
    later: (step: () => unknown): number => steps.push(step),
    async all(): Promise<void> {
      let fault: unknown = null;
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          fault ??= error;
        }
      }
      if (fault !== null) throw fault;
    },
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

async function start(config: EdgeConfig, options: EdgeOptions, letGo: ReturnType<typeof createLetGo>): Promise<Edge> {
  const { log, clock, configDir } = options;
  const mode = options.sourceMode ?? 'live';
  const dataDir = resolve(configDir, config.dataDir);
  await mkdir(dataDir, { recursive: true });
  letGo.later(lockFolder(dataDir));
  const key = await loadOrCreateKey(join(dataDir, 'node-key.pem'));
  const outbox = openOutbox({ file: join(dataDir, 'outbox.db'), node: config.node, key, clock, log });
  letGo.later(outbox.close);
  const { dir: evidenceDir, room } = openDisk(config, dataDir, options, outbox);
  const ffmpeg = await findFfmpeg(config.ffmpeg);
  const waiters = new Set<() => void>();
  const onProgress = () => {
    for (const waiter of [...waiters]) waiter();
  };
  let reload: () => void = () => {};
  const reloadAsked = new Promise<'reload'>((done) => {
    reload = () => done('reload');
  });
  const uplink = await connect(config, options, { outbox, evidenceDir, reload, onProgress });
  letGo.later(uplink.close);
  const inference = createInference({ log, ...(config.inferenceWorkers ? { workers: config.inferenceWorkers } : {}) });
  letGo.later(inference.close);

  let firstFrame: (at: number) => void = () => {};
  const firstFrameAt = new Promise<number>((done) => {
    firstFrame = done;
  });
  let seenFirst = false;
  const board = createBoard(config, clock);
  const node: NodeParts = {
    node: config.node,
    calendar: config.calendar ?? defaultCalendar,
    outbox,
    room,
    evidenceDir,
    ffmpeg,
    mode,
    ...(options.startAt === undefined ? {} : { startAt: options.startAt }),
    clock,
    random: options.random ?? Math.random,
    log,
  };
  const openCamera = async (camera: CameraConfig): Promise<Camera> =>
    createCamera(node, {
      camera: withFilesFrom(camera, configDir),
      credentials: await credentialsOf(camera, configDir),
      detector: await inference.loadDetector(modelFolder(config, camera, configDir)),
      remember: true,
      onFrame: () => {
        if (seenFirst) return;
        seenFirst = true;
        log.info({ camera: camera.id, uptimeSeconds: process.uptime() }, 'first frame analysed');
        firstFrame(clock.now());
      },
      onStatus: (status) => {
        board[camera.id] = status;
        uplink.publishStatus({ ...board });
      },
    });
  const cameras = await Promise.all(config.cameras.map(openCamera));
  uplink.publishStatus({ ...board });
  uplink.start();
  const runs = cameras.map((camera) => camera.run());
  // In replay the caller hears of a fault through `drained`; live, the supervisor has said all there is to say.
  for (const run of runs) run.catch((error: unknown) => log.error({ err: error }, 'a camera has ended with a fault'));
  letGo.later(() => stopCameras(cameras, runs));
  const timers = [
    setInterval(() => uplink.publishHealth(nodeHealth(cameras, board, outbox, clock)), HEALTH_MS),
    setInterval(
      () => void room.sweep().catch((error: unknown) => log.warn({ err: error }, 'upkeep failed')),
      UPKEEP_MS,
    ),
  ];
  letGo.later(() => timers.forEach(clearInterval));
  void room.removeOrphans().catch((error: unknown) => log.warn({ err: error }, 'looking for orphans failed'));

  const isDrained = () => outbox.depth().depth === 0 && outbox.evidencePending(1).length === 0;
  return {
    publicKeyPem: key.publicKeyPem,
    firstFrameAt,
    reloadAsked,
    async drained() {
      await Promise.all(runs);
      await new Promise<void>((done) => {
        const look = () => {
          if (!isDrained()) return;
          waiters.delete(look);
          done();
        };
        waiters.add(look);
        look();
      });
    },
    stats: () => ({
      lastSeq: outbox.lastSeq(),
      outbox: outbox.depth().depth,
      refused: outbox.refusedCount(),
      evidencePending: outbox.undeliveredCount(),
      frames: cameras.reduce((sum, camera) => sum + (camera.stats().line?.frames ?? 0), 0),
      inferred: cameras.reduce((sum, camera) => sum + (camera.stats().line?.inferred ?? 0), 0),
    }),
    close: letGo.all,
  };
}

/** Gives each line time to save; a writer that waits for a full disk is told to give up. */
async function stopCameras(cameras: readonly Camera[], runs: readonly Promise<void>[]): Promise<void> {
  for (const camera of cameras) camera.stop();
  const settled = Promise.allSettled(runs);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, STOP_MS);
  });
  await Promise.race([settled, late]);
  clearTimeout(timer);
  await Promise.all(cameras.map((camera) => camera.close()));
  await settled;
}
