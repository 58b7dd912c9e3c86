/** One camera's packets to pictures worth showing: what is decoded, when, and what waits for the consumer. */
import type { CameraKind } from '../../../contracts/camera-kind.ts';
import type { SourceConfig } from '../../config.ts';
import type { MediaPacket } from '../../domain/packet.ts';
import type { Risk } from '../contract.ts';
import { createBurstHold } from './burst-hold.ts';
import { createDecodePlan, type DecodeStep, type PlanNote } from './decode-plan.ts';
import { createFeed } from './feed.ts';
import { createMailbox } from './mailbox.ts';
import { createPacketRing } from './packet-ring.ts';
import type { Sight } from './sight.ts';
import { createStreamDecoder } from './stream-decoder.ts';

/** Frames a second to analyse, where the configuration says nothing. */
export const CADENCE = 5;
/** Where a recording has no timestamps its packets are taken for so far apart, ms. */
const UNTIMED_STEP_MS = 40;

type Work = {
  readonly step: DecodeStep;
  readonly packet: MediaPacket;
  readonly streamMs: number;
  /** What a catching-up begins with: from the ring's last key up to this packet. */
  readonly past: readonly MediaPacket[];
};
const NO_PACKETS: readonly MediaPacket[] = [];

/** One for each camera, over all its connections. */
export function createReader(options: {
  readonly config: SourceConfig;
  readonly kind: CameraKind;
  /** A recording is analysed frame by frame, however long that takes; live, only what is current is. */
  readonly lossless: boolean;
  readonly aspect: number | null;
  /** Told around each native call that may end the whole process on a broken stream. */
  readonly risk: Risk;
  readonly onNote: (note: PlanNote) => void;
}) {
  const { lossless, aspect, risk } = options;
  const ring = createPacketRing();
  const plan = createDecodePlan({ cadence: options.config.cadence ?? CADENCE, gate: options.kind === 'gate' });
  const mailbox = createMailbox<Sight>((sight) => sight.drop());
  const burst = createBurstHold(mailbox.put);
  const feed = createFeed(work, lossless);
  let untimedMs = 0;

  function streamMsOf(packet: { readonly ptsUs: number | null; readonly arrivedAt: number }): number {
    if (packet.ptsUs !== null) return packet.ptsUs / 1000;
    return lossless ? untimedMs : packet.arrivedAt;
  }

  const decoder = createStreamDecoder({
    aspect,
    risk,
    streamMsOf,
    isWanted: plan.wanted,
    // Files of some recorders call every picture a keyframe.
    onNoPicture: () => lossless && plan.keysDepend(),
  });

  /** What this step makes visible, in order. */
  function sightsOf(step: DecodeStep, packet: MediaPacket, streamMs: number): Sight[] {
    if (step === 'follow') return decoder.push(packet);
    const sights = decoder.end();
    if (step === 'alone' && plan.wanted(streamMs)) sights.push(decoder.key(packet, streamMs));
    return sights;
  }

  async function handWaiting(sights: readonly Sight[]): Promise<void> {
    for (const sight of sights) await mailbox.putAndWait(sight);
  }

  /**
   * Of what was caught up with nothing is left out, at the consumer's pace. What came meanwhile is live again: waited
   * for as well, a consumer that is too slow would never be up to date and the queue would grow for ever.
   */
  async function work({ step, packet, streamMs, past }: Work, isCurrent: () => boolean): Promise<void> {
    if (step !== 'catch-up') {
      const sights = sightsOf(step, packet, streamMs);
      if (lossless) return handWaiting(sights);
      for (const sight of sights) mailbox.put(sight);
      return;
    }
    await handWaiting(decoder.end());
    for (const each of past) {
      if (!isCurrent()) return;
      await handWaiting(decoder.push(each));
    }
  }

  /** What a packet of a burst makes visible; of all that only the newest is shown. */
  function burstSights({ step, packet, streamMs, past }: Work): Sight[] {
    if (step === 'skip') return [];
    return step === 'catch-up' ? [...decoder.end(), ...past.flatMap(decoder.push)] : sightsOf(step, packet, streamMs);
  }

  /** From the last key up to this packet. */
  function pastOf(step: DecodeStep, packet: MediaPacket): readonly MediaPacket[] {
    if (step !== 'catch-up') return NO_PACKETS;
    const gop = ring.lastGop();
    return gop.length === 0 ? [packet] : gop;
  }

  return {
    /** The next packet of the connection; what it gives must be awaited before the one after it. */
    packet(packet: MediaPacket): void | Promise<void> {
      feed.throwFailure();
      if (packet.ptsUs === null) untimedMs += UNTIMED_STEP_MS;
      const streamMs = streamMsOf(packet);
      ring.push(packet, streamMs);
      const step = plan.packet(packet.key, packet.data.byteLength, streamMs);
      const note = plan.takeNote();
      if (note) options.onNote(note);
      const more = !lossless && burst.packet(packet.ptsUs, packet.arrivedAt);
      if (more && !feed.isBusy())
        return burst.hold(burstSights({ step, packet, streamMs, past: pastOf(step, packet) }));
      burst.release();
      if (step === 'skip') return;
      if (lossless || feed.isBusy() || step === 'catch-up') {
        const fed = feed.push({ step, packet, streamMs, past: pastOf(step, packet) });
        return lossless ? fed : undefined;
      }
      for (const sight of sightsOf(step, packet, streamMs)) mailbox.put(sight);
    },
    /** What a recording's decoder still holds. */
    async end(): Promise<void> {
      await feed.settled();
      burst.release();
      await handWaiting(decoder.end());
    },
    /** Another connection: its packets follow none of the last one's. */
    reconnected(): void {
      feed.restart();
      burst.reconnected();
      ring.clear();
      decoder.reconnected();
      plan.reconnected();
    },
    take: mailbox.take,
    finish: mailbox.finish,
    analysed: plan.analysed,
    resting: plan.resting,
    stats: () => ({ drops: mailbox.drops(), damaged: decoder.damaged(), ringBytes: ring.bytes() }),
    close(): void {
      burst.reconnected();
      decoder.close();
      ring.clear();
    },
  };
}
