/**
 * The full-size stream of a camera whose sub-stream is looked at: where stills come from. Connected all the time, its
 * ring has the very moment; connected on demand, the picture nearest to it that a keyframe shows.
 */
import { setImmediate as yieldTurn } from 'node:timers/promises';
import { AppError } from '../../platform/app-error.ts';
import { sleep } from '../../platform/sleep.ts';
import type { MainPicture } from '../domain/frame.ts';
import type { Demux, DemuxOrder, MediaPacket } from '../domain/packet.ts';
import { createDecoder } from '../media/decoder.ts';
import type { Picture } from '../media/picture.ts';
import { isRefusedLogin } from './connection.ts';
import { createPacketRing } from './decode/packet-ring.ts';
import { keyDecoders } from './decode/shared-decoders.ts';
import { createStreamTime } from './time/stream-time.ts';

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
/** A keyframe so near is the moment. */
const NEAR_MS = 60;
/** Pictures decoded in one turn of the event loop: about 10 ms of 1080p. */
const TURN_PICTURES = 3;
/** 15 s of 8 Mb/s. */
const RING_BYTES = 16 * 1024 * 1024;
/** On demand the newest keyframe will do. */
const NEWEST_MS = 1000;

type Timed = { readonly packet: MediaPacket; readonly takenAt: number };

export type MainStreamOptions = {
  readonly order: Omit<DemuxOrder, 'onStream'>;
  readonly demux: Demux;
  readonly policy: 'always' | 'on-demand';
  /** Display aspect that the configuration states, or null. */
  readonly aspect: number | null;
  /** Why it cannot be had at the moment; the sub-stream's pictures stand for its own. */
  readonly onFault: (fault: AppError) => void;
};

/** Packets from the ring with the moments at which they were taken, in decoding order. */
function timed(packets: readonly MediaPacket[], keyTakenAt: ReadonlyMap<MediaPacket, number>): Timed[] {
  let key: Timed | null = null;
  return packets.map((packet) => {
    if (packet.key) key = { packet, takenAt: keyTakenAt.get(packet) ?? packet.arrivedAt };
    const since =
      key && packet.ptsUs !== null && key.packet.ptsUs !== null ? (packet.ptsUs - key.packet.ptsUs) / 1000 : null;
    return { packet, takenAt: key && since !== null ? key.takenAt + since : packet.arrivedAt };
  });
}

function nearest(all: readonly Timed[], takenAt: number): number {
  let best = 0;
  for (let i = 1; i < all.length; i++) {
    if (Math.abs((all[i] as Timed).takenAt - takenAt) < Math.abs((all[best] as Timed).takenAt - takenAt)) best = i;
  }
  return best;
}

/** Whatever ends it ends no more than this stream. */
function faultIn(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('EDGE_SOURCE_DECODE', String(cause), { cause });
}

export function createMainStream(options: MainStreamOptions): MainStream {
  const { order, policy } = options;
  const decoding = options.aspect === null ? {} : { aspect: options.aspect };
  const ring = createPacketRing({ maxBytes: RING_BYTES, ...(policy === 'on-demand' ? { keepMs: NEWEST_MS } : {}) });
  const time = createStreamTime();
  let keys = new Map<MediaPacket, number>();
  const closing = new AbortController();
  let connection: { readonly abort: AbortController; readonly ended: Promise<void> } | null = null;
  let linger: NodeJS.Timeout | null = null;
  let newestAt = Number.NEGATIVE_INFINITY;
  let missedAt = Number.NEGATIVE_INFINITY;
  let turn: Promise<unknown> = Promise.resolve();
  const waiters = new Set<() => void>();

  function onPacket(packet: MediaPacket): void {
    let at = packet.arrivedAt;
    if (packet.key) {
      at = time.map(packet.ptsUs, packet.arrivedAt);
      keys.set(packet, at);
    }
    ring.push(packet, at);
    newestAt = packet.arrivedAt;
    if (packet.key && keys.size > 64) forgetKeys();
    for (const look of [...waiters]) look();
  }

  function forgetKeys(): void {
    const held = new Set(ring.since(Number.NEGATIVE_INFINITY));
    keys = new Map([...keys].filter(([packet]) => held.has(packet)));
  }

  async function read(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      time.reconnected();
      ring.clear();
      keys.clear();
      const fault = await options.demux(order, onPacket, signal).then(() => null, faultIn);
      newestAt = Number.NEGATIVE_INFINITY;
      if (signal.aborted) return;
      if (fault) options.onFault(fault);
      await sleep(fault && isRefusedLogin(fault) ? REFUSED_MS : RETRY_MS, signal);
    }
  }

  function connect(): void {
    if (connection || closing.signal.aborted) return;
    const abort = new AbortController();
    connection = { abort, ended: read(abort.signal) };
  }

  async function disconnect(): Promise<void> {
    const gone = connection;
    connection = null;
    gone?.abort.abort();
    await gone?.ended;
    ring.clear();
    keys.clear();
  }

  function lingerOn(): void {
    if (policy === 'always') return;
    if (linger) clearTimeout(linger);
    linger = setTimeout(() => void disconnect(), LINGER_MS);
  }

  /** Waits for a fact, or for so long. */
  function until(fact: () => boolean, ms: number): Promise<boolean> {
    if (fact()) return Promise.resolve(true);
    return new Promise((settle) => {
      const end = (held: boolean) => {
        clearTimeout(timer);
        waiters.delete(look);
        settle(held);
      };
      const look = () => {
        if (fact() || closing.signal.aborted) end(fact());
      };
      const timer = setTimeout(() => end(fact()), ms);
      waiters.add(look);
    });
  }

  function given(picture: Picture | null, offsetMs: number): MainPicture | null {
    if (!picture || picture.damaged) {
      picture?.release();
      return null;
    }
    return { full: picture.full, offsetMs, release: () => picture.release() };
  }

  function keyPicture({ packet, takenAt }: Timed, askedAt: number): MainPicture | null {
    const pictures = keyDecoders.decode(packet, options.aspect);
    for (const more of pictures.slice(1)) more.release();
    return given(pictures[0] ?? null, takenAt - askedAt);
  }

  /** Decodes from the key on to the picture with this time, a few in a turn. */
  async function exactPicture(all: readonly Timed[], wanted: Timed, askedAt: number): Promise<MainPicture | null> {
    const decoder = createDecoder((all[0] as Timed).packet.format, decoding);
    const isIt = (ptsUs: number | null, arrivedAt: number) =>
      wanted.packet.ptsUs === null ? arrivedAt === wanted.packet.arrivedAt : ptsUs === wanted.packet.ptsUs;
    try {
      for (const [i, { packet }] of all.entries()) {
        const [picture] = decoder.push(packet, isIt);
        if (picture) return given(picture, wanted.takenAt - askedAt);
        if (i % TURN_PICTURES === TURN_PICTURES - 1) await yieldTurn();
      }
      return given(decoder.drain(isIt)[0] ?? null, wanted.takenAt - askedAt);
    } finally {
      decoder.close();
    }
  }

  async function take(takenAt: number): Promise<MainPicture | null> {
    connect();
    lingerOn();
    const awaited = performance.now() - missedAt > PATIENCE_MS ? FIRST_PICTURE_MS : 0;
    if (!(await until(() => keys.size > 0, awaited))) {
      if (awaited > 0) missedAt = performance.now();
      return null;
    }
    if (policy === 'always') await until(() => newestAt >= takenAt, BEHIND_MS);
    const all = timed(ring.since(takenAt), keys);
    const from = all.filter(({ packet }) => packet.key);
    const key = from[nearest(from, takenAt)];
    if (!key) return null;
    const wanted = all[nearest(all, takenAt)] as Timed;
    if (policy === 'on-demand' || wanted === key || Math.abs(key.takenAt - takenAt) <= NEAR_MS)
      return keyPicture(key, takenAt);
    return exactPicture(all, wanted, takenAt);
  }

  if (policy === 'always') connect();
  return {
    pictureAt(takenAt) {
      const result = turn.then(() => (closing.signal.aborted ? null : take(takenAt)));
      turn = result.catch(() => {});
      return result;
    },
    async close() {
      closing.abort();
      if (linger) clearTimeout(linger);
      for (const look of [...waiters]) look();
      await disconnect();
    },
  };
}
