/** A camera host's composition root: whole camera lines from source to stills, and one thread for their models. */
import type { MemoryCommand } from '../../contracts/camera-memory.ts';
import { AppError } from '../../platform/app-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { createDeferred } from '../../platform/deferred.ts';
import type { Log } from '../../platform/log.ts';
import { within } from '../../platform/sleep.ts';
import { createInference, type Inference } from '../inference/index.ts';
import { watchHostClock } from '../node-clock.ts';
import { type Camera, createCamera, type NodeParts } from '../pipeline/camera.ts';
import { createRegionBudget } from '../regions/region-budget.ts';
import { createConnectionLimiter } from '../source/connection-limiter.ts';
import { type MainLink, openMainLink } from './main-link.ts';
import type { CameraOrder, HostBoot } from './messages.ts';
import { riskOf } from './risk-mark.ts';
import { toWire } from './wire-fault.ts';

/** Where `startHost` puts the mark. */
export const RISK_FD = 4;
/** Cameras of a host that may be connecting at once, and how long one may hold its place. */
const CONNECTING = { atOnce: 4, holdMs: 2000 };
/** Memory for stills of the past, bytes: a fleet's would grow beyond all that its cameras take else. */
const PAST = { ofHost: 24 * 1024 * 1024, maxACamera: 12 * 1024 * 1024 };
const STOP_MS = 5000;

function partsOf(boot: HostBoot, link: MainLink, log: Log): NodeParts {
  const limiter = createConnectionLimiter({ ...CONNECTING, spacingMs: boot.startSpacingMs });
  return {
    node: boot.node,
    calendar: boot.calendar,
    outbox: link.store,
    retention: link.retention,
    evidenceDir: boot.evidenceDir,
    pastBytes: Math.min(PAST.maxACamera, Math.round(PAST.ofHost / Math.max(1, boot.cameras.length))),
    mode: boot.mode,
    ...(boot.startAt === null ? {} : { startAt: boot.startAt }),
    clock: systemClock,
    random: Math.random,
    // In replay each camera has its own, in its recording's time.
    ...(boot.mode === 'replay'
      ? {}
      : {
          detail: createRegionBudget(boot.detailPerSecond),
          limiter: limiter.enter,
          watch: watchHostClock(systemClock, log),
        }),
    log,
  };
}

function openCamera(parts: NodeParts, inference: Inference, link: MainLink, order: CameraOrder, place: number) {
  const { camera, logins } = order;
  let begun = false;
  return inference.loadDetector(order.modelDir, camera.scores).then((detector) =>
    createCamera(parts, {
      camera,
      logins,
      detector,
      remember: true,
      risk: riskOf(RISK_FD, place),
      onFrame: () => {
        if (begun) return;
        begun = true;
        link.tell({ kind: 'first-frame', camera: camera.id, at: systemClock.now() });
      },
      onStatus: (status) => link.tell({ kind: 'status', camera: camera.id, status }),
    }),
  );
}

type MemoryOrders = (n: number, order: MemoryCommand) => void;

/** Carries orders out, and answers each under its number. @param link null before there is anybody to answer */
function memoryOrders(cameras: readonly Camera[], link: MainLink | null): MemoryOrders {
  async function carryOut(n: number, order: MemoryCommand): Promise<void> {
    const camera = cameras.find(({ id }) => id === order.camera);
    try {
      if (!camera) throw new AppError('EDGE_MEMORY', `camera ${order.camera} is not running yet`);
      link?.tell({ kind: 'memory', n, map: await camera.memory(order), fault: null });
    } catch (error) {
      link?.tell({ kind: 'memory', n, map: null, fault: toWire(error) });
    }
  }
  return (n, order) => void carryOut(n, order);
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

/** Runs one camera to its end and tells how it ended, after its last figures. One that is stopped has not ended. */
async function runCamera(camera: Camera, link: MainLink, reportFigures: () => void, stopped: () => boolean) {
  const fault = await camera.run().then(() => null, toWire);
  reportFigures();
  if (stopped() && !fault) return;
  link.tell({ kind: 'ended', camera: camera.id, fault });
}

async function work(
  boot: HostBoot,
  link: MainLink,
  orders: { readonly go: Promise<void>; readonly stop: Promise<void>; onPing: () => void; onMemory: MemoryOrders },
) {
  const log = link.createLog(boot.logLevel);
  const parts = partsOf(boot, link, log);
  const inference = createInference({ workers: 1, log, acceptLicences: boot.acceptLicences });
  let cameras: Camera[] = [];
  let runs: Promise<void>[] = [];
  let stopped = false;
  const reportFigures = () =>
    link.tell({
      kind: 'figures',
      cameras: Object.fromEntries(cameras.map((camera) => [camera.id, camera.stats()])),
      rssBytes: process.memoryUsage.rss(),
      inference: inference.work(),
    });
  orders.onPing = reportFigures;
  try {
    const opened = await Promise.allSettled(
      boot.cameras.map((order, place) => openCamera(parts, inference, link, order, place)),
    );
    const refused = opened.find((result) => result.status === 'rejected');
    // The node waits for this answer, and tells it.
    if (refused) return link.tell({ kind: 'refused', fault: toWire(refused.reason) });
    cameras = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    orders.onMemory = memoryOrders(cameras, link);
    link.tell({ kind: 'loaded' });
    await Promise.race([orders.go, orders.stop]);
    runs = cameras.map((camera) => runCamera(camera, link, reportFigures, () => stopped));
    await orders.stop;
    stopped = true;
    await stopCameras(cameras, runs);
  } finally {
    await inference.close();
  }
}

/** Takes orders from the main process until it is told to stop; settles when all is saved. */
export async function runHost(): Promise<void> {
  const boot = createDeferred<HostBoot>();
  const go = createDeferred<void>();
  const stop = createDeferred<void>();
  const orders = { go: go.promise, stop: stop.promise, onPing: () => {}, onMemory: memoryOrders([], null) };
  const link = openMainLink((order) => {
    if (order.kind === 'boot') boot.resolve(order);
    else if (order.kind === 'go') go.resolve();
    else if (order.kind === 'ping') orders.onPing();
    else if (order.kind === 'memory') orders.onMemory(order.n, order.order);
    else stop.resolve();
  });
  orders.onMemory = memoryOrders([], link);
  const idle = { load: 0, queue: 0 };
  orders.onPing = () =>
    link.tell({ kind: 'figures', cameras: {}, rssBytes: process.memoryUsage.rss(), inference: idle });
  const fault = await work(await boot.promise, link, orders).then(() => null, toWire);
  await link.leave({ kind: 'stopped', fault });
  process.exit(0);
}
