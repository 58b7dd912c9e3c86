/** The last packets of a main stream, and when its keyframes were taken. */
import type { MediaPacket } from '../../domain/packet.ts';
import { createPacketRing } from '../decode/packet-ring.ts';
import { createStreamTime } from '../time/stream-time.ts';

/** 15 s of 8 Mb/s. */
const RING_BYTES = 16 * 1024 * 1024;
/** Where the newest keyframe will do, ms. */
const NEWEST_MS = 1000;
/** Of keyframes' times so many are held before those that have left the ring are forgotten. */
const MAX_KEYS = 64;

/** @param newestOnly only the newest keyframe and what follows it is wanted */
export function createMainPackets(newestOnly: boolean) {
  const ring = createPacketRing({ maxBytes: RING_BYTES, ...(newestOnly ? { keepMs: NEWEST_MS } : {}) });
  const time = createStreamTime();
  /** Keyframes with when they were taken, ms of the clock that only goes forward. */
  let keys = new Map<MediaPacket, number>();
  let newestAt = Number.NEGATIVE_INFINITY;

  function forgetKeys(): void {
    const held = new Set(ring.since(Number.NEGATIVE_INFINITY));
    keys = new Map([...keys].filter(([packet]) => held.has(packet)));
  }

  return {
    push(packet: MediaPacket): void {
      let at = packet.arrivedAt;
      if (packet.key) {
        at = time.map(packet.ptsUs, packet.arrivedAt);
        keys.set(packet, at);
      }
      ring.push(packet, at);
      newestAt = packet.arrivedAt;
      if (packet.key && keys.size > MAX_KEYS) forgetKeys();
    },
    hasKey: (): boolean => keys.size > 0,
    /** When the connection's newest packet came; before all time where it has ended. */
    newestAt: (): number => newestAt,
    since: ring.since,
    keys: (): ReadonlyMap<MediaPacket, number> => keys,
    /** The connection has ended: what is held may still be shown. */
    ended(): void {
      newestAt = Number.NEGATIVE_INFINITY;
    },
    /** Another connection. */
    restart(): void {
      time.reconnected();
      ring.clear();
      keys.clear();
    },
    clear(): void {
      ring.clear();
      keys.clear();
    },
  };
}
