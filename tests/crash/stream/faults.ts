/** What cameras, networks, processes and hubs do wrong, each by its name, to be put in on demand. */
import { until } from '../../processes.ts';
import { PATH, type StagedCamera } from './camera.ts';
import { childConnectedTo } from './processes-of.ts';

/** `back`: ms since the epoch from which the stream could be had again; null where it never went away. */
export type Done = { readonly back: number | null };

export type Fault = {
  readonly kind: string;
  /** Settles when the fault is over. */
  readonly put: (camera: StagedCamera) => Promise<Done>;
};

const TWO_TO_31 = 2 ** 31;
const DAY_MS = 86_400_000;
const STAYED: Done = { back: null };

const pictures = ({ scene, random }: StagedCamera, from: number, to: number): Promise<void> =>
  scene.pictures(Math.round(from + random() * (to - from)));

/** A cut in the middle of a picture; the camera is there all the time. */
async function cut({ wire, camera }: StagedCamera): Promise<Done> {
  await wire.half();
  // After what was written has gone out.
  await new Promise((go) => setImmediate(go));
  camera.cut();
  return { back: Date.now() };
}

async function goAway(staged: StagedCamera): Promise<Done> {
  const { wire, camera } = staged;
  await wire.half();
  await camera.goAway();
  await pictures(staged, 25, 100);
  await camera.comeBack();
  return { back: Date.now() };
}

async function refuse(staged: StagedCamera): Promise<Done> {
  staged.doorman.refuse(true);
  await cut(staged);
  await pictures(staged, 10, 50);
  staged.doorman.refuse(false);
  return { back: Date.now() };
}

/** Connections stay, and nothing comes. */
async function fallSilent(staged: StagedCamera): Promise<Done> {
  staged.wire.setSilent(true);
  await pictures(staged, 15, 100);
  staged.wire.setSilent(false);
  return { back: Date.now() };
}

async function signalHost({ camera }: StagedCamera, signal: 'SIGKILL' | 'SIGSTOP'): Promise<Done> {
  const pid = await until('a host is connected', () => childConnectedTo(camera.port));
  process.kill(pid, signal);
  return { back: Date.now() };
}

/** Stopped for less than it takes to be given up, as by a machine that swaps. */
async function pauseHost(staged: StagedCamera): Promise<Done> {
  const pid = await until('a host is connected', () => childConnectedTo(staged.camera.port));
  process.kill(pid, 'SIGSTOP');
  await pictures(staged, 10, 35);
  process.kill(pid, 'SIGCONT');
  return STAYED;
}

async function redirect(staged: StagedCamera): Promise<Done> {
  staged.doorman.move(() => `rtsp://localhost:${staged.camera.port}/${PATH}`);
  return cut(staged);
}

async function renewNonces(staged: StagedCamera): Promise<Done> {
  staged.doorman.renewNonces(true);
  const done = await cut(staged);
  await until('nobody watches', () => staged.camera.viewers() === 0);
  await until('somebody watches again', () => staged.camera.viewers() > 0);
  staged.doorman.renewNonces(false);
  return done;
}

async function forget({ doorman, camera }: StagedCamera): Promise<Done> {
  await doorman.forget();
  camera.cut();
  return { back: Date.now() };
}

const stays =
  (work: (staged: StagedCamera) => Promise<void> | void): Fault['put'] =>
  async (staged) => {
    await work(staged);
    return STAYED;
  };

/** The camera cannot be seen for longer than a truck takes to pass. */
export const LONG: readonly Fault[] = [
  { kind: 'server gone 5–20 s', put: goAway },
  { kind: '503 on reconnect', put: refuse },
  { kind: 'silence 3–20 s', put: fallSilent },
  { kind: 'host killed -9', put: (staged) => signalHost(staged, 'SIGKILL') },
  { kind: 'host paused 2–7 s', put: pauseHost },
  { kind: 'host stopped', put: (staged) => signalHost(staged, 'SIGSTOP') },
];

/** Over within a second or so: in mid-pass too. */
export const SHORT: readonly Fault[] = [
  { kind: 'cut in mid-picture', put: cut },
  { kind: 'redirect', put: redirect },
  { kind: '401 with a new nonce', put: renewNonces },
  { kind: 'session timed out', put: forget },
  {
    kind: 'RTP time jump of 2^31',
    put: stays(({ wire, random }) => wire.jump(random() < 0.5 ? TWO_TO_31 : -TWO_TO_31 + 1)),
  },
  { kind: 'RTP reset', put: stays(({ wire }) => wire.reset()) },
  { kind: 'NTP step', put: stays(({ wire, random }) => wire.stepClock(Math.round((random() - 0.5) * 2 * DAY_MS))) },
  { kind: 'packets lost', put: stays(({ wire }) => wire.lose()) },
  { kind: 'bytes flipped', put: stays(({ wire }) => wire.flip(false)) },
  { kind: 'bytes flipped in a keyframe', put: stays(({ wire }) => wire.flip(true)) },
  { kind: 'last GOP sent again', put: stays(({ wire }) => wire.repeat()) },
  { kind: 'sound and metadata', put: stays(({ wire }) => wire.babble()) },
  {
    kind: 'another size, and back',
    put: stays(async ({ scene, random }) => {
      scene.setSize(true);
      await scene.pictures(Math.round(20 + random() * 60));
      scene.setSize(false);
    }),
  },
];
