/** What the node's main process and a camera host say to each other. Pixels are not among it. */
import type { MemoryCommand, MemoryMap } from '../../contracts/camera-memory.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { CameraStatus } from '../../contracts/status.ts';
import type { CameraConfig } from '../config.ts';
import type { CameraLogins } from '../credentials.ts';
import type { Batch } from '../outbox/index.ts';
import type { CameraFigures } from '../pipeline/camera.ts';
import type { WireFault } from './wire-fault.ts';

export type CameraOrder = {
  /** A file's path is absolute. */
  readonly camera: CameraConfig;
  /** Travel here, and never in arguments or environment. */
  readonly logins: CameraLogins;
  readonly modelDir: string;
};

/** What all hosts of a node are told alike. */
export type HostSetup = {
  readonly node: string;
  readonly calendar: Calendar;
  readonly evidenceDir: string;
  readonly mode: 'live' | 'replay';
  readonly startAt: number | null;
  readonly acceptLicences: readonly string[];
  readonly logLevel: string;
};

export type HostBoot = HostSetup & {
  readonly kind: 'boot';
  readonly cameras: readonly CameraOrder[];
  /** This host's part of the node's inferences on regions of far zones. */
  readonly detailPerSecond: number;
  /** Least time between two cameras of this host that begin to connect, ms. */
  readonly startSpacingMs: number;
};

export type ToHost =
  | HostBoot
  /** Models are loaded everywhere: begin. */
  | { readonly kind: 'go' }
  | { readonly kind: 'ping' }
  /** To what a camera remembers; answered by `memory` under the same number. */
  | { readonly kind: 'memory'; readonly n: number; readonly order: MemoryCommand }
  | { readonly kind: 'answer'; readonly n: number; readonly value: string | null; readonly fault: WireFault | null }
  | { readonly kind: 'stop' };

/** Each is answered under its number, after the commit. */
export type HostRequest =
  | { readonly kind: 'append'; readonly n: number; readonly batch: Batch }
  | { readonly kind: 'reserve'; readonly n: number; readonly bytes: number }
  | { readonly kind: 'state'; readonly n: number; readonly name: string };

/** `load`: share of the inference threads' time over the last minute, 0..1; `queue`: inferences that wait now. */
export type InferenceWork = { readonly load: number; readonly queue: number };

export type HostNews =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'refused'; readonly fault: WireFault }
  | { readonly kind: 'status'; readonly camera: string; readonly status: CameraStatus }
  /** The first frame of a camera has gone through its line. */
  | { readonly kind: 'first-frame'; readonly camera: string; readonly at: number }
  /** The answer to a ping, and the last word of a camera. */
  | {
      readonly kind: 'figures';
      readonly cameras: Readonly<Record<string, CameraFigures>>;
      readonly rssBytes: number;
      readonly inference: InferenceWork;
    }
  | { readonly kind: 'memory'; readonly n: number; readonly map: MemoryMap | null; readonly fault: WireFault | null }
  | { readonly kind: 'ended'; readonly camera: string; readonly fault: WireFault | null }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'stopped'; readonly fault: WireFault | null };

export type FromHost = HostRequest | HostNews;
