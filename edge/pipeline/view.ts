/** What is asked of a frame before the model: can the camera see its place, and has anything changed? */
import type { CameraConfig } from '../config.ts';
import type { Frame, ModelInput } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import { type CameraView, createCameraHealth, type ViewHealth } from '../health/camera-health.ts';
import { type ChangeDetector, createChangeDetector, type FrameChange } from '../motion/change-detector.ts';
import { changeDetection } from '../settings.ts';

const CADENCE = 5;

export type ViewedFrame = { readonly view: CameraView; readonly change: FrameChange };

/** The view with the doubt about the clock added; the same object while nothing changes. */
function createDoubt() {
  let seen: CameraView | null = null;
  let doubtful: CameraView | null = null;
  return (view: CameraView): CameraView => {
    if (view === seen && doubtful) return doubtful;
    seen = view;
    doubtful = { state: view.state === 'watched' ? 'degraded' : view.state, reasons: [...view.reasons, 'clock'] };
    return doubtful;
  };
}

/** `paced`: frames come at the camera's pace, so that too few of them mean something (live). */
export function createView(camera: CameraConfig, input: ModelInput, paced: boolean, clockIsSure: () => boolean) {
  const cadence = camera.source.cadence ?? CADENCE;
  const { enabled, sensitivity, maxIntervalMs } = changeDetection(camera);
  let size = '';
  let health: ViewHealth | null = null;
  let changes: ChangeDetector | null = null;
  const withDoubt = createDoubt();

  /** Cells lie on the picture and not on the letterbox's border, so both begin anew when the size changes. */
  function adaptTo(width: number, height: number): void {
    const now = `${width}x${height}`;
    if (now === size) return;
    size = now;
    const grid = { ...input, area: placementOf(input, width, height) };
    health = createCameraHealth({ ...grid, expectedFps: paced && typeof cadence === 'number' ? cadence : null });
    changes = enabled ? createChangeDetector({ ...grid, sensitivity, forcedInferenceMs: maxIntervalMs }) : null;
  }

  return {
    observe(frame: Frame): ViewedFrame {
      adaptTo(frame.full.width, frame.full.height);
      if (!health) throw new Error('unreachable: adaptTo makes it');
      const view = health.observe(frame.pixels, frame.at, frame.resting);
      return {
        view: clockIsSure() ? view : withDoubt(view),
        change: changes ? changes.check(frame.pixels, frame.at) : 'changed',
      };
    },
    /** Another timeline: what was learnt with times of the old one is forgotten. */
    reset(): void {
      size = '';
    },
    /** No stream. */
    offline: (): CameraView => health?.offline() ?? { state: 'blind', reasons: ['offline'] },
  };
}
