/** What one host is told when it begins. Pure. */
import type { CameraConfig } from '../config.ts';
import type { CameraOrder, HostBoot, HostSetup } from './messages.ts';

/** Two cameras of a node begin to connect at least this far apart, ms: 145 are through in under four seconds. */
const SPACING_MS = 25;
const MIN_THREADS = 8;
/** For files, names and stills, beside the streams that wait in the pool. */
const SPARE_THREADS = 4;

/** A camera that may need inferences on regions of far zones; whether it does shows with the first picture. */
const mayNeedRegions = ({ zones }: CameraConfig): boolean => zones.some((zone) => zone.detail !== 'off');

/** RTSP over TCP is read without a thread; every other stream holds one while it waits. */
function holdsThread({ source }: CameraConfig): boolean {
  return !/^rtsps?:/i.test(source.url) || source.transport === 'udp';
}

/** Threads of libuv that a host with these cameras needs (UV_THREADPOOL_SIZE). */
export function threadsOf(cameras: readonly CameraOrder[]): number {
  return Math.max(MIN_THREADS, cameras.filter(({ camera }) => holdsThread(camera)).length + SPARE_THREADS);
}

/** `all`: every camera of the node, among whom its inferences on regions are shared. */
export function bootOf(
  setup: HostSetup,
  cameras: readonly CameraOrder[],
  all: readonly CameraOrder[],
  node: { readonly detailPerSecond: number; readonly hosts: number },
): HostBoot {
  const far = (orders: readonly CameraOrder[]) => orders.filter(({ camera }) => mayNeedRegions(camera)).length;
  return {
    ...setup,
    kind: 'boot',
    cameras,
    detailPerSecond: (node.detailPerSecond * far(cameras)) / Math.max(1, far(all)),
    startSpacingMs: SPACING_MS * node.hosts,
  };
}
