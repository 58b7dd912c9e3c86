/** Camera hosts over a real outbox, with clips as cameras: what the tests of the hosts share. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { createHosts, type HostsOptions } from '../../edge/hosts/index.ts';
import { openOutbox } from '../../edge/outbox/index.ts';
import { createRetention } from '../../edge/outbox/retention.ts';
import { defaultCalendar } from '../../edge/settings.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { busyCameras } from '../crash/rounds.ts';

export const NODE = 'hosts-node';
const MODEL = join(packageRoot(), 'models', 'kerb-s');

/** A street camera on that clip, with rules that find something every few seconds; every frame is begun at. */
export function cameraOn(id: string, clip: string, source: Partial<CameraConfig['source']> = {}): CameraConfig {
  const [camera] = busyCameras(clip, 2);
  if (!camera) throw new Error('unreachable: there are two');
  return {
    ...camera,
    id,
    zones: camera.zones.slice(0, 2),
    gate: { enabled: false },
    source: { url: clip, cadence: 5, ...source },
  } as unknown as CameraConfig;
}

/** Not begun yet: `load`, then `go`. */
export async function openStage(
  dataDir: string,
  cameras: readonly CameraConfig[],
  options: { hosts: number; mode?: 'live' | 'replay'; startAt?: number } & Partial<
    Pick<HostsOptions, 'retention' | 'steadyMs'>
  >,
) {
  mkdirSync(dataDir, { recursive: true });
  const evidenceDir = join(dataDir, 'evidence');
  const log = createLog({ level: 'fatal' });
  const outbox = openOutbox({
    file: join(dataDir, 'outbox.db'),
    node: NODE,
    key: deriveNodeKey(NODE),
    clock: systemClock,
    log,
  });
  const disk = { maxBytes: 1e9, keepDays: 1 };
  const statuses = new Map<string, CameraStatus>();
  const begun: string[] = [];
  const appended = new Set<() => void>();
  const heard = new Set<(camera: string, status: CameraStatus) => void>();
  outbox.onAppend(() => {
    for (const tell of appended) tell();
  });
  const hosts = createHosts({
    setup: {
      node: NODE,
      calendar: defaultCalendar,
      evidenceDir,
      mode: options.mode ?? 'live',
      startAt: options.startAt ?? null,
      acceptLicences: [],
      logLevel: 'fatal',
    },
    cameras: cameras.map((camera) => ({ camera, logins: { main: null, analyse: null }, modelDir: MODEL })),
    hosts: options.hosts,
    detailPerSecond: 4,
    outbox,
    retention: options.retention ?? createRetention({ outbox, dir: evidenceDir, ...disk, clock: systemClock, log }),
    ...(options.steadyMs === undefined ? {} : { steadyMs: options.steadyMs }),
    onStatus: (camera, status) => {
      statuses.set(camera, status);
      for (const tell of heard) tell(camera, status);
    },
    onFirstFrame: (camera) => void begun.push(camera),
    clock: systemClock,
    log,
  });
  return {
    hosts,
    outbox,
    statuses,
    /** Cameras whose first frame has gone through, again for each new host. */
    begun,
    onAppend: appended,
    onStatus: heard,
    pidOf(camera: string): number {
      const host = hosts.running().find(({ cameras: ids }) => ids.includes(camera));
      if (!host?.pid) throw new Error(`nobody looks at ${camera}`);
      return host.pid;
    },
    events: (): ViolationEvent[] => outbox.pending(100_000).map(({ body }) => JSON.parse(body) as ViolationEvent),
    async begin(): Promise<void> {
      await hosts.load();
      hosts.go();
    },
    async close(): Promise<void> {
      await hosts.close();
      outbox.close();
    },
  };
}

/** Is there such a process that has not ended? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
