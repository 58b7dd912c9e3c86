/** A camera's memory as the node keeps it: made from the configuration, loaded, and saved now and then. */
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { AppError } from '../../platform/app-error.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';
import type { Detector } from '../domain/detector.ts';
import { type CameraMemory, createCameraMemory } from '../memory/camera-memory.ts';
import type { MemoryZone } from '../memory/parts.ts';
import type { Batch } from '../outbox/index.ts';
import { ruleOf } from '../rules/index.ts';
import { resolveParams } from '../rules/params.ts';
import { memoryOf } from '../settings.ts';

/** Under which the outbox saves it. */
export const memoryName = (camera: string): string => `memory/${camera}`;

/** What a killed host may lose of its counts, ms of node time. */
const SAVE_MS = 600_000;

function zoneOf(zone: ZoneConfig, camera: CameraConfig): MemoryZone {
  const { id, polygon } = zone;
  const score = ruleOf(zone.kind).scoreAsked?.(resolveParams(zone, camera.kind)) ?? null;
  return { id, polygon, score };
}

/** The picture and the model that the memory is of. */
export function fingerprintOf({ source }: CameraConfig, { ref }: Pick<Detector, 'ref'>): string {
  return sha256Hex(canonicalJson([source.url, source.analyse?.url ?? null, ref.name, ref.version]));
}

/** @param fingerprint by `fingerprintOf`; @param saved what was saved under `memoryName`, or null */
export function memoryFor(
  camera: CameraConfig,
  fingerprint: string,
  calendar: Calendar,
  saved: string | null,
): CameraMemory {
  const zones = camera.zones.map((zone) => zoneOf(zone as ZoneConfig, camera));
  return createCameraMemory(
    {
      ...memoryOf(camera),
      zones,
      location: camera.location ?? null,
      utcOffsetMinutes: calendar.utcOffsetMinutes,
      fingerprint,
    },
    saved,
  );
}

/** Says in the camera's status where more is asked of the detector, whenever that changes. @param raised cells */
export function tellRaised(raised: () => number, report: (status: CameraStatus) => void) {
  let last: CameraStatus | null = null;
  let told = 0;
  const send = (status: CameraStatus) => {
    last = status;
    told = raised();
    report(told > 0 ? { ...status, raisedCells: told } : status);
  };
  return {
    status: send,
    /** After each frame. */
    check(): void {
      if (last && raised() !== told) send(last);
    },
  };
}

export type KeptMemoryOptions = {
  readonly camera: CameraConfig;
  readonly memory: CameraMemory;
  readonly append: (batch: Batch) => unknown;
  readonly clock: Clock;
  readonly log: Log;
};

/** Saves a memory, and takes orders: one is answered once what it changed is safe. */
export function keepMemory({ camera, memory, append, clock, log }: KeptMemoryOptions) {
  let savedAt = clock.now();

  async function save(): Promise<void> {
    const json = memory.save();
    savedAt = clock.now();
    if (json === null) return;
    try {
      await append({ drafts: [], files: [], states: [{ name: memoryName(camera.id), json }] });
    } catch (error) {
      memory.unsaved();
      throw error;
    }
  }

  function trySave(): Promise<void> {
    // A full disk or a locked outbox may be over by the next time; counts of ten minutes more are at stake.
    return save().catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      log.warn({ camera: camera.id, code: error.code }, 'what the camera remembers could not be saved; tried again');
    });
  }

  return {
    /** To be called now and then; saves when it is time to. */
    async maySave(): Promise<void> {
      if (Math.abs(clock.now() - savedAt) >= SAVE_MS) await trySave();
    },
    trySave,
    /** @throws EDGE_MEMORY, EDGE_DISK_FULL, EDGE_OUTBOX_BUSY: ask again later then. */
    async order(order: MemoryCommand): Promise<MemoryMap> {
      if (order.command === 'memory-reset' && order.zone && !camera.zones.some(({ id }) => id === order.zone)) {
        throw new AppError('EDGE_MEMORY', `camera ${camera.id} has no zone ${order.zone}`);
      }
      const map = memory.order(order, clock.now());
      if (order.command !== 'memory-show') await save();
      return map;
    },
  };
}
