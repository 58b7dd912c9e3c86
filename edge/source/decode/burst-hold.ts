/** Holds the newest of a burst of pictures back until nothing more follows at once: the others show what is past. */
import { BURST_QUIET_MS, createBurst } from './burst.ts';
import type { Sight } from './sight.ts';

/** @param show takes a picture once it is known to be the newest */
export function createBurstHold(show: (sight: Sight) => void) {
  const burst = createBurst();
  let held: Sight | null = null;
  let quiet: NodeJS.Timeout | null = null;

  function stopTimer(): void {
    if (quiet) clearTimeout(quiet);
    quiet = null;
  }

  function release(): void {
    stopTimer();
    const sight = held;
    held = null;
    if (sight) show(sight);
  }

  function end(): void {
    burst.quiet();
    release();
  }

  return {
    /** Every packet, in order. True while more of the same burst may follow at once. */
    packet: burst.packet,
    /** In the place of what was held. */
    hold(sights: readonly Sight[]): void {
      for (const sight of sights) {
        held?.drop();
        held = sight;
      }
      if (quiet) clearTimeout(quiet);
      quiet = setTimeout(end, BURST_QUIET_MS);
    },
    /** Shows what is held, if anything is. */
    release,
    /** Another connection: it may begin with a burst. */
    reconnected(): void {
      stopTimer();
      held?.drop();
      held = null;
      burst.reconnected();
    },
  };
}
