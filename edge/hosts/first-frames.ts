/** Logs which camera was analysed first, and when the last one has been. */
import type { Log } from '../../platform/log.ts';
import type { CameraConfig } from '../config.ts';

/**
 * @param onFirst node time of the first frame of any camera, ms since the epoch
 * @returns takes each camera with its first frame; again is no news
 */
export function createFirstFrames(
  cameras: readonly Pick<CameraConfig, 'id'>[],
  log: Log,
  onFirst: (at: number) => void,
) {
  const missing = new Set(cameras.map(({ id }) => id));
  return (camera: string, at: number): void => {
    if (missing.size === cameras.length) {
      log.info({ camera, uptimeSeconds: process.uptime() }, 'first frame analysed');
      onFirst(at);
    }
    if (missing.delete(camera) && missing.size === 0) {
      log.info({ cameras: cameras.length, uptimeSeconds: process.uptime() }, 'every camera has been analysed');
    }
  };
}
