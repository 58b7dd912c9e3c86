/**
 * The full-size stream of a camera whose sub-stream is analysed: where stills come from. Connected all the time, its
 * ring has the very moment; connected on demand, the picture nearest to it that a keyframe shows.
 */
import { AppError } from '../../../platform/app-error.ts';
import { createCondition } from '../../../platform/condition.ts';
import type { MainPicture } from '../../domain/frame.ts';
import type { Demux, DemuxOrder, MediaPacket } from '../../domain/packet.ts';
import { isRefusedLogin, keepConnected } from '../supervisor.ts';
import { pictureNear } from './moment.ts';
import { createMainPackets } from './packets.ts';

export type MainStream = {
  /** The picture nearest to a moment of the clock that only goes forward, ms; null where none can be had in time. */
  readonly pictureAt: (takenAt: number) => Promise<MainPicture | null>;
  readonly close: () => Promise<void>;
};

/** Connecting and the first keyframe may take so long; a finding's stills wait for it, ms. */
const FIRST_PICTURE_MS = 4000;
/** A main stream that did not come is not waited for again so soon: the camera's line stands still meanwhile, ms. */
const PATIENCE_MS = 60_000;
/** The main stream may be a little behind the sub-stream. */
const BEHIND_MS = 600;
/** Connected on demand, it stays so long after the last still: rules ask for several. */
const LINGER_MS = 50_000;
const RETRY_MS = 2000;
/** Cameras lock out whom they have refused a few times. */
const REFUSED_MS = 60_000;

export type MainStreamOptions = {
  readonly order: Omit<DemuxOrder, 'onStream'>;
  readonly demux: Demux;
  readonly policy: 'always' | 'on-demand';
  /** Display aspect that the configuration states, or null. */
  readonly aspect: number | null;
  /** Why it cannot be had at the moment; the sub-stream's pictures stand for its own. */
  readonly onFault: (fault: AppError) => void;
};

/** Whatever ends it ends no more than this stream. */
function faultIn(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('EDGE_SOURCE_DECODE', String(cause), { cause });
}

/** Connects at once or with the first picture that is asked for, as the policy says, and again after each end. */
export function createMainStream(options: MainStreamOptions): MainStream {
  const { order, policy } = options;
  const packets = createMainPackets(policy === 'on-demand');
  const changed = createCondition();
  let closed = false;
  let connection: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  let linger: NodeJS.Timeout | null = null;
  let missedAt = Number.NEGATIVE_INFINITY;
  let turn: Promise<unknown> = Promise.resolve();

  function onPacket(packet: MediaPacket): void {
    packets.push(packet);
    changed.check();
  }

  async function readOnce(signal: AbortSignal): Promise<AppError | null> {
    packets.restart();
    const fault = await options.demux(order, onPacket, signal).then(() => null, faultIn);
    packets.ended();
    return fault;
  }

  function afterwards(fault: AppError | null): number {
    if (fault) options.onFault(fault);
    return fault && isRefusedLogin(fault) ? REFUSED_MS : RETRY_MS;
  }

  function connect(): void {
    if (connection || closed) return;
    const abort = new AbortController();
    const { signal } = abort;
    connection = { abort, ended: keepConnected(() => readOnce(signal), afterwards, signal) };
  }

  async function disconnect(): Promise<void> {
    const gone = connection;
    connection = null;
    gone?.abort.abort();
    await gone?.ended;
    packets.clear();
  }

  function lingerOn(): void {
    if (policy === 'always') return;
    if (linger) clearTimeout(linger);
    linger = setTimeout(() => void disconnect(), LINGER_MS);
  }

  async function take(takenAt: number): Promise<MainPicture | null> {
    connect();
    lingerOn();
    const awaited = performance.now() - missedAt > PATIENCE_MS ? FIRST_PICTURE_MS : 0;
    await changed.until(() => packets.hasKey() || closed, awaited);
    if (!packets.hasKey()) {
      if (awaited > 0) missedAt = performance.now();
      return null;
    }
    if (policy === 'always') await changed.until(() => packets.newestAt() >= takenAt || closed, BEHIND_MS);
    const how = { exact: policy === 'always', aspect: options.aspect };
    return pictureNear(packets.since(takenAt), packets.keys(), takenAt, how);
  }

  if (policy === 'always') connect();
  return {
    pictureAt(takenAt) {
      const result = turn.then(() => (closed ? null : take(takenAt)));
      turn = result.catch(() => {});
      return result;
    },
    async close() {
      closed = true;
      if (linger) clearTimeout(linger);
      changed.check();
      await disconnect();
    },
  };
}
