/** What is reported of cameras: their own status, the end of their host, and that one of them had to be put alone. */
import type { CameraStatus } from '../../contracts/status.ts';
import { AppError } from '../../platform/app-error.ts';

type HostCode = 'EDGE_HOST_ENDED' | 'EDGE_HOST_QUARANTINE';

const faultLine = (code: HostCode, camera: string): string => `${code} ${new AppError(code, camera).message}`;

/** @param report takes each status as it is published */
export function createCameraBoard(report: (camera: string, status: CameraStatus) => void) {
  /** Cameras put alone, each with its own last word. */
  const alone = new Map<string, CameraStatus | null>();

  return {
    /** A camera's own word; one that is alone says so as long as it has nothing worse to report. */
    status(camera: string, status: CameraStatus): void {
      const isAlone = alone.has(camera);
      if (isAlone) alone.set(camera, status);
      const note = isAlone && !status.fault ? { fault: faultLine('EDGE_HOST_QUARANTINE', camera) } : {};
      report(camera, { ...status, ...note });
    },
    /** Its host has ended. Returns the code under which that is reported. */
    lost(camera: string, quarantined: boolean, since: string): HostCode {
      if (quarantined) alone.set(camera, null);
      const code = alone.has(camera) ? 'EDGE_HOST_QUARANTINE' : 'EDGE_HOST_ENDED';
      report(camera, { state: 'blind', reasons: ['offline'], since, fault: faultLine(code, camera) });
      return code;
    },
    /** Takes the note from those who have been steady for long. */
    clear(isSteady: (camera: string) => boolean): void {
      for (const [camera, status] of alone) {
        if (!isSteady(camera)) continue;
        alone.delete(camera);
        if (status) report(camera, status);
      }
    },
  };
}
