/** The node's camera hosts: cameras spread over them, hosts that end replaced, the camera that ends them put alone. */
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Outbox } from '../outbox/index.ts';
import type { EvidenceRetention } from '../outbox/retention.ts';
import { bootOf, threadsOf } from './boot.ts';
import { createCameraBoard } from './camera-board.ts';
import { type CameraCounts, createFigures } from './figures.ts';
import { type HostEnd, type HostProcess, startHost } from './host-process.ts';
import type { CameraOrder, HostNews, HostRequest, HostSetup, InferenceWork } from './messages.ts';
import { createRegroup, type Regroup } from './regroup.ts';
import { createRuns } from './runs.ts';
import { loadOf, spread } from './spread.ts';
import { fromWire } from './wire-fault.ts';
import { writeLine } from './write-line.ts';

export type HostsOptions = {
  readonly setup: HostSetup;
  readonly cameras: readonly CameraOrder[];
  /** Most hosts; fewer where there are fewer cameras. */
  readonly hosts: number;
  /** Inferences on regions of far zones that the node may make a second, all hosts together. */
  readonly detailPerSecond: number;
  readonly outbox: Pick<Outbox, 'append' | 'loadState'>;
  readonly retention: Pick<EvidenceRetention, 'reserve'>;
  readonly onStatus: (camera: string, status: CameraStatus) => void;
  /** Node time at which a camera's first frame had gone through its line; again after its host was replaced. */
  readonly onFirstFrame: (camera: string, at: number) => void;
  /** Without a host's end for so long, its cameras' past is forgotten; default: ten minutes. */
  readonly steadyMs?: number;
  readonly clock: Clock;
  readonly log: Log;
};

export type HostsHealth = { readonly running: number; readonly restarts: number; readonly rssBytes: number };

export type Hosts = {
  /** Settles when every host has its models; rejects with EDGE_MODEL_* or what else keeps one from it. */
  readonly load: () => Promise<void>;
  /** The cameras begin. */
  readonly go: () => void;
  /** All cameras have ended and what they found is in the outbox; in replay it rejects with a camera's fault. */
  readonly ended: Promise<void>;
  readonly countsOf: (camera: string) => CameraCounts;
  readonly health: () => HostsHealth;
  /** Does as ordered to what a camera remembers. Rejects with EDGE_MEMORY, EDGE_DISK_FULL, EDGE_OUTBOX_BUSY. */
  readonly memory: (order: MemoryCommand) => Promise<MemoryMap>;
  /** Of all hosts: the mean load, and all inferences that wait. */
  readonly inference: () => InferenceWork;
  /** The hosts of this moment, for diagnosis and tests. */
  readonly running: () => readonly { readonly pid: number | null; readonly cameras: readonly string[] }[];
  readonly close: () => Promise<void>;
};

type Host = { readonly cameras: readonly string[]; readonly child: HostProcess };

const NO_PROCESS_MS = 10_000;

/** Nothing runs before `load`. A host that ends is replaced until `close`. */
export function createHosts(options: HostsOptions): Hosts {
  const { log, clock, outbox, setup } = options;
  const orders = new Map(options.cameras.map((order) => [order.camera.id, order]));
  const loads = new Map(options.cameras.map(({ camera }) => [camera.id, { id: camera.id, load: loadOf(camera) }]));
  const first = spread([...loads.values()], options.hosts);
  const regroup = createRegroup(first.length, options.steadyMs);
  const figures = createFigures();
  const runs = createRuns([...orders.keys()]);
  const live = new Set<Host>();
  const waiting = new Set<NodeJS.Timeout>();
  /** Stopped on purpose, to be put together with another. */
  const retired = new Set<Host>();
  const board = createCameraBoard(options.onStatus);
  let restarts = 0;
  let going = false;
  let closing = false;

  async function onRequest(request: HostRequest): Promise<string | null> {
    if (request.kind === 'append') outbox.append(request.batch);
    else if (request.kind === 'reserve') await options.retention.reserve(request.bytes);
    else return outbox.loadState(request.name);
    return null;
  }

  function onNews(news: HostNews): void {
    if (news.kind === 'status') board.status(news.camera, news.status);
    else if (news.kind === 'first-frame') options.onFirstFrame(news.camera, news.at);
    else if (news.kind === 'figures') takeFigures(news.cameras);
    else if (news.kind === 'log') writeLine(log, news.line);
    else if (news.kind === 'ended') endRun(news.camera, news.fault ? fromWire(news.fault) : null);
  }

  function takeFigures(cameras: Parameters<typeof figures.take>[0]): void {
    figures.take(cameras);
    board.clear((camera) => regroup.isSteady(camera, performance.now()));
    if (closing || retired.size > 0) return;
    const pair = regroup.fold([...live], performance.now());
    if (pair) void putTogether(pair);
  }

  async function putTogether(pair: readonly [Host, Host]): Promise<void> {
    for (const host of pair) retired.add(host);
    await Promise.allSettled(pair.map(({ child }) => child.stop()));
    retired.clear();
    restart({ cameras: pair.flatMap(({ cameras }) => cameras), waitMs: 0, quarantined: false });
  }

  function endRun(camera: string, fault: Error | null): void {
    // In replay whoever waits for the end hears of it; live, the supervisor has reported all there is to report.
    if (fault) log.error({ camera, err: fault }, 'a camera has ended with a fault');
    runs.end(camera, fault);
  }

  function start(cameras: readonly string[]): Host {
    const chosen = cameras.flatMap((camera) => orders.get(camera) ?? []);
    const boot = bootOf(setup, chosen, options.cameras, {
      detailPerSecond: options.detailPerSecond,
      hosts: first.length,
    });
    const child = startHost(boot, threadsOf(chosen), { onRequest, onNews, onEnd: (end) => onEnd(host, end) });
    const host: Host = { cameras, child };
    live.add(host);
    log.info({ pid: child.pid, cameras }, 'a camera host begins');
    return host;
  }

  function restart({ cameras, waitMs }: Regroup): void {
    const begin = () => {
      const left = cameras.filter((camera) => !runs.hasEnded(camera));
      if (closing || left.length === 0) return;
      try {
        const { child } = start(left);
        child.loaded.then(child.go, (error: unknown) =>
          log.error({ cameras, err: error }, 'a camera host did not begin'),
        );
      } catch (error) {
        // Neither memory nor a process to be had: there may be later.
        log.error({ cameras, err: error }, 'a camera host could not be started');
        restart({ cameras: left, waitMs: NO_PROCESS_MS, quarantined: false });
      }
    };
    if (waitMs === 0) {
      begin();
      return;
    }
    const timer = setTimeout(() => {
      waiting.delete(timer);
      begin();
    }, waitMs);
    waiting.add(timer);
  }

  function reportEnd(host: Host, end: HostEnd, next: readonly Regroup[]): void {
    const why = { code: end.code, signal: end.signal, hung: end.hung, pid: host.child.pid };
    log.error({ ...why, groups: next.map(({ cameras, waitMs }) => ({ cameras, waitMs })) }, 'a camera host has ended');
    const since = timestamp(clock.now());
    for (const { cameras, quarantined } of next) {
      for (const camera of cameras) {
        const code = board.lost(camera, quarantined, since);
        if (quarantined) log.error({ camera, code }, new AppError(code, camera).message);
      }
    }
  }

  function onEnd(host: Host, end: HostEnd): void {
    live.delete(host);
    for (const camera of host.cameras) figures.ended(camera);
    if (closing && end.signal)
      log.error({ signal: end.signal, cameras: host.cameras }, 'a camera host did not stop by itself');
    // Before all have their models, `load` tells it.
    if (closing || retired.has(host) || (!going && !end.loaded)) return;
    const left = host.cameras.filter((camera) => !runs.hasEnded(camera));
    if (left.length === 0) return;
    restarts++;
    const death = {
      at: performance.now(),
      cause: end.signal === 'SIGKILL' && !end.hung ? ('killed' as const) : ('failed' as const),
      running: end.loaded,
      suspect: end.suspect === null ? null : (host.cameras[end.suspect] ?? null),
    };
    const next = regroup.after(
      left.flatMap((camera) => loads.get(camera) ?? []),
      death,
      live.size,
    );
    reportEnd(host, end, next);
    for (const group of next) {
      // A recording that ends its process will do so each time.
      const hopeless = setup.mode === 'replay' && group.quarantined;
      if (hopeless) for (const camera of group.cameras) endRun(camera, new AppError('EDGE_HOST_QUARANTINE', camera));
      else restart(group);
    }
  }

  return {
    async load() {
      const hosts = first.map(start);
      await Promise.all(hosts.map(({ child }) => child.loaded));
    },
    go() {
      going = true;
      for (const { child } of live) child.go();
    },
    ended: runs.ended,
    countsOf: figures.of,
    health: () => ({
      running: live.size,
      restarts,
      rssBytes: [...live].reduce((sum, { child }) => sum + child.rssBytes(), 0),
    }),
    inference(): InferenceWork {
      const works = [...live].map(({ child }) => child.inference());
      const sum = (of: (work: InferenceWork) => number) => works.reduce((all, work) => all + of(work), 0);
      return { load: sum(({ load }) => load) / Math.max(1, works.length), queue: sum(({ queue }) => queue) };
    },
    async memory(order) {
      const host = [...live].find(({ cameras }) => cameras.includes(order.camera));
      if (host) return host.child.memory(order);
      const why = orders.has(order.camera) ? 'its process is being started anew' : 'this node has no such camera';
      throw new AppError('EDGE_MEMORY', `camera ${order.camera}: ${why}`);
    },
    running: () => [...live].map(({ child, cameras }) => ({ pid: child.pid, cameras })),
    async close() {
      closing = true;
      for (const timer of waiting) clearTimeout(timer);
      const stopped = await Promise.allSettled([...live].map(({ child }) => child.stop()));
      for (const result of stopped) if (result.status === 'rejected') throw result.reason;
    },
  };
}
