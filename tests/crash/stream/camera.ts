/** A camera that shows a scene over a wire that can be disturbed. */
import type { CameraFile } from '../../../test-media/cameras/annex-b.ts';
import { type RtspCamera, startRtspCamera } from '../../../test-media/cameras/rtsp-camera.ts';
import { createDoorman } from './doorman.ts';
import type { createScene } from './scene.ts';
import { createWire } from './wire.ts';

export const FPS = 5;
export const PATH = 'live/ch1?stream=main';
export type StagedCamera = Awaited<ReturnType<typeof startStagedCamera>>;

export async function startStagedCamera(options: {
  readonly id: string;
  readonly file: CameraFile;
  readonly scene: ReturnType<typeof createScene>;
  /** A viewer that joins gets the pictures since the last keyframe. */
  readonly greets: boolean;
  readonly random: () => number;
}) {
  const { id, scene, random } = options;
  const wire = createWire(random);
  const doorman = createDoorman();
  const camera: RtspCamera = await startRtspCamera({
    ...doorman.options,
    fps: FPS,
    files: { '': options.file },
    show: scene.show,
    send: wire.send,
    noise: wire.noise,
    clockOf: wire.clockOf,
    reportEvery: FPS,
    goesOn: true,
    ...(options.greets ? { onJoin: wire.onJoin } : {}),
  });
  return { id, scene, wire, doorman, camera, greets: options.greets, random };
}
