/** The last packets of a camera, always from a keyframe on: what pre-roll clips, live view and catching up begin with. Pure. */
import type { MediaPacket } from '../../domain/packet.ts';

/** Clips begin 10 s before an event; the rest is for the keyframe before that. */
const KEEP_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** What JavaScript holds for a packet beside its bytes: the object, the Buffer and its ArrayBuffer. */
const PACKET_OVERHEAD = 256;

/** A key packet and what follows it up to the next. */
type Gop = { readonly atMs: number; readonly packets: MediaPacket[]; bytes: number };

export type PacketRing = {
  /** `atMs`: the packet's moment on any clock of the caller's; keys must come in its order. */
  readonly push: (packet: MediaPacket, atMs: number) => void;
  /**
   * From the last key at or before the moment up to now; from the oldest key where that is gone. The stream's format
   * may change on the way: each packet says its own.
   */
  readonly since: (atMs: number) => MediaPacket[];
  /** The newest key and what has followed it. */
  readonly lastGop: () => MediaPacket[];
  /** Memory held, bytes. */
  readonly bytes: () => number;
  /** Groups that grew beyond the bound before their end and were dropped whole, so far. */
  readonly overlong: () => number;
  /** Forgets all: another connection's packets do not follow those of the last. */
  readonly clear: () => void;
};

/** @param options.keepMs how far back it reaches at least, where `maxBytes` allows it */
export function createPacketRing(options: { readonly keepMs?: number; readonly maxBytes?: number } = {}): PacketRing {
  const keepMs = options.keepMs ?? KEEP_MS;
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const gops: Gop[] = [];
  let bytes = 0;
  let overlong = 0;

  function dropOldest(): void {
    bytes -= gops.shift()?.bytes ?? 0;
  }

  /** The oldest group may go once the next one alone reaches back far enough. */
  function trim(nowMs: number): void {
    for (let second = gops[1]; second && nowMs - second.atMs >= keepMs; second = gops[1]) dropOldest();
    while (bytes > maxBytes) {
      // Without its key the rest of a group cannot be decoded: nothing of it is worth keeping.
      if (gops.length === 1) overlong++;
      dropOldest();
    }
  }

  return {
    push(packet, atMs) {
      const size = packet.data.byteLength + PACKET_OVERHEAD;
      if (packet.key) gops.push({ atMs, packets: [], bytes: 0 });
      const gop = gops[gops.length - 1];
      if (!gop) return;
      gop.packets.push(packet);
      gop.bytes += size;
      bytes += size;
      trim(atMs);
    },
    since(atMs) {
      let from = gops.length - 1;
      while (from > 0 && (gops[from] as Gop).atMs > atMs) from--;
      return gops.slice(Math.max(0, from)).flatMap((gop) => gop.packets);
    },
    lastGop: () => gops[gops.length - 1]?.packets.slice() ?? [],
    bytes: () => bytes,
    overlong: () => overlong,
    clear() {
      gops.length = 0;
      bytes = 0;
    },
  };
}
