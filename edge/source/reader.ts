/** One camera's packets to pictures worth a look: what is decoded, when, and what waits for the consumer. */
import type { CameraKind } from '../../contracts/camera-kind.ts';
import type { SourceConfig } from '../config.ts';
import type { MediaPacket } from '../domain/packet.ts';
import { createDecoder, type Decoder } from '../media/decoder.ts';
import type { Picture } from '../media/picture.ts';
import { BURST_QUIET_MS, createBurst } from './burst.ts';
import { createDecodePlan, type DecodeStep, type PlanNote } from './decode-plan.ts';
import { createMailbox } from './mailbox.ts';
import { createPacketRing } from './packet-ring.ts';
import { keyDecoders } from './shared-decoders.ts';

/** Frames a second to look at, where the configuration says nothing. */
export const CADENCE = 5;
/** Where a recording has no timestamps its packets are taken for so far apart, ms. */
const UNTIMED_STEP_MS = 40;

/** Something worth a look, not decoded yet where that can wait. */
export type Sight = {
  /** Presentation time on the stream's own clock, µs, or null. */
  readonly ptsUs: number | null;
  /** When its packet came, ms of `performance.now()`. */
  readonly arrivedAt: number;
  /** Time by which decoding is planned, ms. */
  readonly streamMs: number;
  /** The picture, or null where none, or a damaged one, comes out of it. Call `open` or `drop`, once. */
  readonly open: () => Picture | null;
  readonly drop: () => void;
};

type Work = {
  readonly step: DecodeStep;
  readonly packet: MediaPacket;
  readonly streamMs: number;
  /** What a catching-up begins with: from the ring's last key up to this packet. */
  readonly past: readonly MediaPacket[];
};
const NO_PACKETS: readonly MediaPacket[] = [];
/** More than any codec reorders. */
const MOST_LOSSY = 64;
const REORDERED = 16;

/** The last whole picture of several; the others are freed. */
function lastWhole(pictures: readonly Picture[]): Picture | null {
  let whole: Picture | null = null;
  for (const picture of pictures) {
    if (picture.damaged) {
      picture.release();
      continue;
    }
    whole?.release();
    whole = picture;
  }
  return whole;
}

export function createReader(options: {
  readonly config: SourceConfig;
  readonly kind: CameraKind;
  /** A recording is looked at frame by frame, however long that takes; live, only what is current is. */
  readonly lossless: boolean;
  readonly aspect: number | null;
  /** Told around each native call that may end the whole process on a broken stream. */
  readonly risk: { readonly enter: () => void; readonly leave: () => void };
  readonly onNote: (note: PlanNote) => void;
}) {
  const { lossless, aspect, risk } = options;
  const decoding = aspect === null ? {} : { aspect };
  const ring = createPacketRing();
  const plan = createDecodePlan({ cadence: options.config.cadence ?? CADENCE, gate: options.kind === 'gate' });
  const mailbox = createMailbox<Sight>((sight) => sight.drop());
  let full: Decoder | null = null;
  /** Packets that wait behind a catching-up. */
  const feed: Work[] = [];
  let feeding: Promise<void> | null = null;
  /** What went wrong while nobody waited for it; told with the next packet. */
  let failure: unknown = null;
  /** Pictures that may be built on lost packets, by what tells their packets; the oldest are long through. */
  const lossy: number[] = [];
  /** Live: the newest sight of a burst, until nothing more follows at once. */
  const burst = createBurst();
  let held: Sight | null = null;
  let quiet: NodeJS.Timeout | null = null;
  /** Counts connections: what waits of an earlier one is not fed into this one's decoder. */
  let connection = 0;
  let untimedMs = 0;
  let damaged = 0;

  function streamMsOf(packet: { readonly ptsUs: number | null; readonly arrivedAt: number }): number {
    if (packet.ptsUs !== null) return packet.ptsUs / 1000;
    return lossless ? untimedMs : packet.arrivedAt;
  }

  /** The picture that may be shown; a damaged one is none. */
  function opened(picture: Picture | null): Picture | null {
    if (picture === null) damaged++;
    return picture;
  }

  function keySight(packet: MediaPacket, streamMs: number): Sight {
    return {
      ptsUs: packet.ptsUs,
      arrivedAt: packet.arrivedAt,
      streamMs,
      open: () => {
        const picture = opened(lastWhole(keyDecoders.decode(packet, aspect)));
        // Files of some recorders call every picture a keyframe.
        if (picture === null && lossless) plan.keysDepend();
        return picture;
      },
      drop: () => {},
    };
  }

  function pictureSight(picture: Picture): Sight {
    const { ptsUs, arrivedAt } = picture;
    return {
      ptsUs,
      arrivedAt,
      streamMs: streamMsOf(picture),
      open: () => opened(lastWhole([picture])),
      drop: () => picture.release(),
    };
  }

  const nameOf = (ptsUs: number | null, arrivedAt: number): number => ptsUs ?? arrivedAt * 1000;

  const wanted = (ptsUs: number | null, arrivedAt: number): boolean => {
    if (lossy.length > 0 && lossy.includes(nameOf(ptsUs, arrivedAt))) {
      damaged++;
      return false;
    }
    return plan.wanted(streamMsOf({ ptsUs, arrivedAt }));
  };

  function noteLoss({ afterLoss, ptsUs, arrivedAt }: MediaPacket): void {
    if (afterLoss) lossy.push(nameOf(ptsUs, arrivedAt));
    if (lossy.length > MOST_LOSSY || (!afterLoss && lossy.length > REORDERED)) lossy.shift();
  }

  function push(packet: MediaPacket): Sight[] {
    noteLoss(packet);
    risk.enter();
    try {
      full ??= createDecoder(packet.format, decoding);
      return full.push(packet, wanted).map(pictureSight);
    } finally {
      risk.leave();
    }
  }

  function endFull(): readonly Picture[] {
    const left = full?.drain(wanted) ?? [];
    full?.close();
    full = null;
    return left;
  }

  /** What this step makes visible, in order. */
  function sightsOf(step: DecodeStep, packet: MediaPacket, streamMs: number): Sight[] {
    if (step === 'follow') return push(packet);
    const sights = endFull().map(pictureSight);
    if (step === 'alone' && plan.wanted(streamMs)) sights.push(keySight(packet, streamMs));
    return sights;
  }

  async function handWaiting(sights: readonly Sight[]): Promise<void> {
    for (const sight of sights) await mailbox.putAndWait(sight);
  }

  /**
   * Of what was caught up with nothing is left out, at the consumer's pace. What came meanwhile is live again: waited
   * for as well, a consumer that is too slow would never be up to date and the queue would grow for ever.
   */
  async function work({ step, packet, streamMs, past }: Work): Promise<void> {
    const own = connection;
    if (step !== 'catch-up') {
      const sights = sightsOf(step, packet, streamMs);
      if (lossless) return handWaiting(sights);
      for (const sight of sights) mailbox.put(sight);
      return;
    }
    await handWaiting(endFull().map(pictureSight));
    for (const each of past) {
      if (own !== connection) return;
      await handWaiting(push(each));
    }
  }

  /** What waits behind a catching-up, until nothing does. */
  async function feedAll(): Promise<void> {
    const own = connection;
    try {
      while (own === connection) {
        const next = feed.shift();
        if (!next) break;
        await work(next);
      }
    } catch (error) {
      failure = error;
      feed.length = 0;
    } finally {
      // Another connection has a feeding of its own.
      if (own === connection) feeding = null;
    }
    if (lossless) tellFailure();
  }

  function tellFailure(): void {
    const told = failure;
    failure = null;
    if (told !== null) throw told;
  }

  function release(): void {
    if (quiet) clearTimeout(quiet);
    quiet = null;
    const sight = held;
    held = null;
    if (sight) mailbox.put(sight);
  }

  function forgetBurst(): void {
    if (quiet) clearTimeout(quiet);
    quiet = null;
    held?.drop();
    held = null;
    burst.reconnected();
  }

  function endBurst(): void {
    burst.quiet();
    release();
  }

  /** Of a burst only the newest is shown, once it is known to be that. */
  function hold({ step, packet, streamMs, past }: Work): void {
    const before = step === 'catch-up' ? endFull().map(pictureSight) : [];
    const now = step === 'catch-up' ? past.flatMap(push) : step === 'skip' ? [] : sightsOf(step, packet, streamMs);
    for (const sight of [...before, ...now]) {
      held?.drop();
      held = sight;
    }
    if (quiet) clearTimeout(quiet);
    quiet = setTimeout(endBurst, BURST_QUIET_MS);
  }

  /** From the last key up to this packet. */
  function pastOf(step: DecodeStep, packet: MediaPacket): readonly MediaPacket[] {
    if (step !== 'catch-up') return NO_PACKETS;
    const gop = ring.lastGop();
    return gop.length === 0 ? [packet] : gop;
  }

  return {
    packet(packet: MediaPacket): void | Promise<void> {
      tellFailure();
      if (packet.ptsUs === null) untimedMs += UNTIMED_STEP_MS;
      const streamMs = streamMsOf(packet);
      ring.push(packet, streamMs);
      const step = plan.packet(packet.key, packet.data.byteLength, streamMs);
      const note = plan.takeNote();
      if (note) options.onNote(note);
      const more = !lossless && burst.packet(packet.ptsUs, packet.arrivedAt);
      if (more && !feeding) return hold({ step, packet, streamMs, past: pastOf(step, packet) });
      release();
      if (step === 'skip') return;
      if (lossless || feeding || step === 'catch-up') {
        feed.push({ step, packet, streamMs, past: pastOf(step, packet) });
        feeding ??= feedAll();
        return lossless ? feeding : undefined;
      }
      for (const sight of sightsOf(step, packet, streamMs)) mailbox.put(sight);
    },
    /** What a recording's decoder still holds. */
    async end(): Promise<void> {
      await feeding;
      release();
      await handWaiting(endFull().map(pictureSight));
    },
    /** Another connection: its packets follow none of the last one's. */
    reconnected(): void {
      connection++;
      forgetBurst();
      ring.clear();
      feed.length = 0;
      lossy.length = 0;
      feeding = null;
      full?.close();
      full = null;
      plan.reconnected();
    },
    take: mailbox.take,
    finish: mailbox.finish,
    looked: plan.looked,
    resting: plan.resting,
    stats: () => ({ drops: mailbox.drops(), damaged, ringBytes: ring.bytes() }),
    close(): void {
      forgetBurst();
      full?.close();
      full = null;
      ring.clear();
    },
  };
}
