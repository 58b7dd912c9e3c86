/** The edge's composition root: outbox, uplink and disk in this process, cameras in their hosts. */
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Calendar } from '../contracts/schedule.ts';
import type { NodeStatus } from '../contracts/status.ts';
import { endOfCalendar, readCalendar } from '../platform/calendar.ts';
import { type Clock, timestamp } from '../platform/clock.ts';
import { createCondition } from '../platform/condition.ts';
import { createDeferred } from '../platform/deferred.ts';
import { createDisposer, type Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import { readSecret } from '../platform/secret.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { type CameraConfig, EdgeConfig } from './config.ts';
import { cameraLogins } from './credentials.ts';
import { createFirstFrames } from './hosts/first-frames.ts';
import { createHosts, type Hosts } from './hosts/index.ts';
import type { CameraOrder } from './hosts/messages.ts';
import { keyFile } from './key-file.ts';
import { createModelChoice } from './models/model-folder.ts';
import { lockFolder, type Outbox, openOutbox } from './outbox/index.ts';
import { createRetention, type EvidenceRetention } from './outbox/retention.ts';
import { nodeHealth } from './pipeline/node-health.ts';
import { REGIONS_PER_SECOND } from './regions/region-budget.ts';
import { withFilesFrom } from './settings.ts';
import { startUpkeep } from './upkeep.ts';
import { carryOut, checkDesired } from './uplink/carry-out.ts';
import { createUplink, type Uplink } from './uplink/index.ts';

export type EdgeOptions = {
  readonly log: Log;
  /** Of this process; camera hosts have the system's. */
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

type Node = {
  readonly outbox: Outbox;
  readonly retention: EvidenceRetention;
  readonly evidenceDir: string;
  readonly publicKeyPem: string;
};

async function openNode(config: EdgeConfig, options: EdgeOptions, disposer: Disposer): Promise<Node> {
  const { log, clock } = options;
  const dataDir = resolve(options.configDir, config.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  disposer.add('folder lock', lockFolder(dataDir));
  const fresh = !existsSync(keyFile(dataDir));
  const key = await loadOrCreateKey(keyFile(dataDir));
  if (fresh) log.info({ node: config.node, publicKey: key.publicKeyPem }, 'a key was made: register it at the hub');
  const outbox = openOutbox({ file: join(dataDir, 'outbox.db'), node: config.node, key, clock, log });
  disposer.add('outbox', outbox.close);
  const evidenceDir = join(dataDir, 'evidence');
  const retention = createRetention({
    outbox,
    dir: evidenceDir,
    maxBytes: config.disk?.maxBytes ?? MAX_BYTES,
    keepDays: config.disk?.keepDays ?? KEEP_DAYS,
    clock,
    log,
  });
  return { outbox, retention, evidenceDir, publicKeyPem: key.publicKeyPem };
}

/** A row may outlive its file, as on a card that was exchanged. */
function isHere(outbox: Outbox, evidenceDir: string, sha256: string): boolean {
  const path = outbox.evidencePath(sha256);
  return path !== null && existsSync(join(evidenceDir, path));
}

async function openUplink(
  config: EdgeConfig,
  options: EdgeOptions,
  { outbox, evidenceDir }: Node,
  hooks: { readonly onReload: () => void; readonly onProgress: () => void; readonly onMemory: Hosts['memory'] },
): Promise<Uplink> {
  const { reload, configDir, clock, log } = options;
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
    random: options.random ?? Math.random,
    log,
    onProgress: hooks.onProgress,
    onConfig: (desired) => checkDesired(EdgeConfig, desired),
    onCommand: (command) =>
      carryOut(command, {
        reload: askReload,
        resend: outbox.resendRefused,
        memory: hooks.onMemory,
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

function ordersOf(config: EdgeConfig, { configDir, log }: EdgeOptions): Promise<CameraOrder[]> {
  const chooseModel = createModelChoice(config, configDir);
  const orderOf = async (camera: CameraConfig): Promise<CameraOrder> => {
    const modelDir = await chooseModel(camera);
    log.info({ camera: camera.id, model: basename(modelDir) }, 'model chosen');
    const logins = await cameraLogins(camera.source, configDir);
    const memory = camera.memory ?? config.memory;
    return { camera: { ...withFilesFrom(camera, configDir), ...(memory ? { memory } : {}) }, logins, modelDir };
  };
  return Promise.all(config.cameras.map(orderOf));
}

async function openHosts(
  config: EdgeConfig,
  options: EdgeOptions,
  node: Node,
  hooks: Pick<Parameters<typeof createHosts>[0], 'onStatus' | 'onFirstFrame'>,
): Promise<Hosts> {
  const { clock, log } = options;
  return createHosts({
    setup: {
      node: config.node,
      calendar: await openCalendar(config, options),
      evidenceDir: node.evidenceDir,
      mode: options.sourceMode ?? 'live',
      startAt: options.startAt ?? null,
      acceptLicences: config.acceptLicences ?? [],
      logLevel: log.level,
    },
    cameras: await ordersOf(config, options),
    hosts: config.hosts ?? config.inferenceWorkers ?? availableParallelism(),
    detailPerSecond: config.detailPerSecond ?? REGIONS_PER_SECOND,
    outbox: node.outbox,
    retention: node.retention,
    clock,
    log,
    ...hooks,
  });
}

function statsOf(outbox: Outbox, hosts: Hosts, cameras: readonly CameraConfig[]): EdgeStats {
  const sum = (name: 'frames' | 'inferred') => cameras.reduce((total, { id }) => total + hosts.countsOf(id)[name], 0);
  return {
    lastSeq: outbox.lastSeq(),
    outbox: outbox.depth().depth,
    refused: outbox.refusedCount(),
    evidencePending: outbox.undeliveredCount(),
    frames: sum('frames'),
    inferred: sum('inferred'),
  };
}

async function start(config: EdgeConfig, options: EdgeOptions, disposer: Disposer): Promise<Edge> {
  const { log, clock } = options;
  const reload = createDeferred<'reload'>();
  const firstFrame = createDeferred<number>();
  const node = await openNode(config, options, disposer);
  const { outbox } = node;
  const progress = createCondition();
  const isAcknowledged = () => outbox.depth().depth === 0;
  const uplink = await openUplink(config, options, node, {
    onReload: () => reload.resolve('reload'),
    onProgress: progress.check,
    // Orders come only once it has been started.
    onMemory: (order) => hosts.memory(order),
  });
  disposer.add('uplink', uplink.close);
  disposer.add('last acknowledgements', () => (uplink.online() ? progress.until(isAcknowledged, FLUSH_MS) : undefined));
  const board = unseenCameras(config, clock);
  const hosts = await openHosts(config, options, node, {
    onFirstFrame: createFirstFrames(config.cameras, log, firstFrame.resolve),
    onStatus: (camera, status) => {
      board[camera] = status;
      uplink.publishStatus({ ...board });
    },
  });
  disposer.add('camera hosts', hosts.close);
  await hosts.load();
  uplink.publishStatus({ ...board });
  uplink.start();
  hosts.go();
  const reportHealth = () => {
    const now = { hosts: hosts.health(), inference: hosts.inference() };
    return uplink.publishHealth(nodeHealth(board, hosts.countsOf, now, outbox, clock));
  };
  disposer.add('upkeep', startUpkeep(node.retention, clock, log, reportHealth));
  return {
    publicKeyPem: node.publicKeyPem,
    firstFrameAt: firstFrame.promise,
    reloadAsked: reload.promise,
    async drained() {
      await hosts.ended;
      await progress.until(() => isAcknowledged() && outbox.evidencePending(1).length === 0);
    },
    stats: () => statsOf(outbox, hosts, config.cameras),
    close: disposer.dispose,
  };
}

/**
 * Starts one edge node; settles when models are loaded and the cameras are being opened.
 * @throws CFG_SECRET, CFG_PROGRAM_MISSING, EDGE_MODEL_*, EDGE_OUTBOX, EDGE_KEY. A camera's fault is no reason to fail.
 */
export async function startEdge(config: EdgeConfig, options: EdgeOptions): Promise<Edge> {
  const disposer = createDisposer();
  try {
    return await start(config, options, disposer);
  } catch (error) {
    await disposer
      .dispose()
      .catch((cause: unknown) => options.log.warn({ err: cause }, 'clean-up after a failed start'));
    throw error;
  }
}
