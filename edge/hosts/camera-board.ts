/** What is said of cameras: their own word, the end of their host, and that one of them had to be put alone. */
import type { CameraStatus } from '../../contracts/status.ts';
import { AppError } from '../../platform/app-error.ts';

type HostCode = 'EDGE_HOST_ENDED' | 'EDGE_HOST_QUARANTINE';

const faultLine = (code: HostCode, camera: string): string => `${code} ${new AppError(code, camera).message}`;

export function createCameraBoard(say: (camera: string, status: CameraStatus) => void) {
  /** Cameras put alone, each with its own last word. */
  const alone = new Map<string, CameraStatus | null>();

  return {
    /** A camera's own word; one that is alone says so as long as it has nothing worse to say. */
    status(camera: string, status: CameraStatus): void {
      const isAlone = alone.has(camera);
      if (isAlone) alone.set(camera, status);
      const note = isAlone && !status.fault ? { fault: faultLine('EDGE_HOST_QUARANTINE', camera) } : {};
      say(camera, { ...status, ...note });
    },
    /** Its host has ended. Returns the code under which that is told. */
    lost(camera: string, quarantined: boolean, since: string): HostCode {
      if (quarantined) alone.set(camera, null);
      const code = alone.has(camera) ? 'EDGE_HOST_QUARANTINE' : 'EDGE_HOST_ENDED';
      say(camera, { state: 'blind', reasons: ['offline'], since, fault: faultLine(code, camera) });
      return code;
    },
    /** Takes the note from those who have been steady for long. */
    forgive(isSteady: (camera: string) => boolean): void {
      for (const [camera, status] of alone) {
        if (!isSteady(camera)) continue;
        alone.delete(camera);
        if (status) say(camera, status);
      }
    },
  };
}
