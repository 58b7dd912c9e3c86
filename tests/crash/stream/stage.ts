/** A real edge node on three cameras: one at a gate and one in a street that are disturbed, and one that is left in peace. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type DemoClip, loadClips } from '../../../demo/clips.ts';
import type { CameraConfig } from '../../../edge/config.ts';
import { type Edge, startEdge } from '../../../edge/main.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { startRtspCamera } from '../../../test-media/cameras/rtsp-camera.ts';
import { randomOf } from '../rounds.ts';
import { FPS, PATH, type StagedCamera, startStagedCamera } from './camera.ts';
import { LOGIN } from './doorman.ts';
import { type StagedHub, startStagedHub } from './hub.ts';
import { createScene, type Stretch, streamOf } from './scene.ts';

const NODE = 'stream-node';
const SECRETS = { STREAM_UPLINK: 'uplink-password-of-this-test', STREAM_CAMERA: LOGIN.password };
/** Of truck-uncovered.mp4, pictures: one truck from before it comes to after it has gone; and nothing. */
const TRUCK: Stretch = [180, 240];
const NOTHING: Stretch = [240, 280];
/** Silence for so long is a dead connection, s. */
const STALL_SECONDS = 5;
const SMALL = '512:288';

export type StreamStage = {
  readonly edge: Edge;
  readonly hub: StagedHub;
  readonly gate: StagedCamera;
  readonly street: StagedCamera;
  /** The camera that is left in peace: its name and how many pictures it has sent. */
  readonly calm: { readonly id: string; readonly sent: () => number };
  readonly close: () => Promise<void>;
};

function clipNamed(name: string): DemoClip {
  const clip = loadClips().find(({ file }) => file.endsWith(`${name}.mp4`));
  if (!clip) throw new Error(`${name} is not among the clips`);
  return clip;
}

function configOf({ truth }: DemoClip, url: string, more: object): CameraConfig {
  const { id, kind, zones } = truth.camera;
  const source = { url, user: LOGIN.user, password: 'env:STREAM_CAMERA', stallSeconds: STALL_SECONDS, ...more };
  return { id, kind, source, zones } as CameraConfig;
}

async function stagedOn(
  clip: DemoClip,
  folder: string,
  random: () => number,
  options: { readonly quiet: Stretch | null; readonly pass: Stretch | null; readonly greets: boolean },
): Promise<StagedCamera> {
  const { id } = clip.truth.camera;
  const file = streamOf(clip.file, folder, id);
  const other = streamOf(clip.file, folder, `${id}-small`, SMALL);
  const scene = createScene({ file, other, quiet: options.quiet, pass: options.pass ?? [0, file.units.length] });
  return startStagedCamera({ id, file, scene, greets: options.greets, random });
}

export async function startStreamStage(folder: string, logFile: string, seed: number): Promise<StreamStage> {
  const [truck, stall, quiet] = [clipNamed('truck-uncovered'), clipNamed('stall-day'), clipNamed('calm-street')];
  const hub = await startStagedHub(folder, NODE);
  const gate = await stagedOn(truck, folder, randomOf(seed + 4), { quiet: NOTHING, pass: TRUCK, greets: true });
  const street = await stagedOn(stall, folder, randomOf(seed + 5), { quiet: null, pass: null, greets: false });
  const calm = await startRtspCamera({ fps: FPS, files: { '': streamOf(quiet.file, folder, 'calm') } });
  Object.assign(process.env, SECRETS);
  const log = createLog({ level: 'info', destination: createWriteStream(logFile) });
  const edge = await startEdge(
    {
      node: NODE,
      dataDir: join(folder, 'edge'),
      modelsDir: join(packageRoot(), 'models'),
      model: 'kerb-s',
      hosts: 3,
      uplink: { mqtt: hub.url, password: 'env:STREAM_UPLINK', evidence: hub.store.url },
      cameras: [
        configOf(truck, gate.camera.url(PATH), {}),
        configOf(stall, street.camera.url(PATH), { cadence: 'keyframes' }),
        configOf(quiet, calm.url(PATH), {}),
      ],
    },
    { log, clock: systemClock, configDir: folder },
  );
  return {
    edge,
    hub,
    gate,
    street,
    calm: { id: quiet.truth.camera.id, sent: calm.sent },
    async close() {
      await edge.close();
      await Promise.all([gate.camera.close(), street.camera.close(), calm.close(), hub.close()]);
    },
  };
}
