/** Notices a camera that is connected and silent: no packets, whatever becomes of them. On the monotonic clock: wall clocks jump. */

const CHECK_MS = 500;
/** Connecting and waiting for the first packet takes longer than the next one. */
const FIRST_PACKET_FACTOR = 2;

export type StreamWatchdog = {
  /** A packet has come. */
  readonly packet: () => void;
  /** Ends the watch; ms of silence if `onTimeout` was called for it, else null. */
  readonly stop: () => number | null;
};

/**
 * Watches one connection from now on.
 *
 * @param limitMs longest silence between two packets, ms; before the first one twice that
 */
export function startWatchdog(limitMs: number, onTimeout: () => void): StreamWatchdog {
  let last = performance.now();
  let allowedMs = limitMs * FIRST_PACKET_FACTOR;
  let silentMs: number | null = null;
  const timer = setInterval(() => {
    const now = performance.now();
    if (silentMs === null && now - last > allowedMs) {
      silentMs = now - last;
      onTimeout();
    }
  }, CHECK_MS);
  return {
    packet() {
      last = performance.now();
      allowedMs = limitMs;
    },
    stop() {
      clearInterval(timer);
      return silentMs;
    },
  };
}
