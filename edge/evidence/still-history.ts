/** Which stills of the past are kept for a "before": dense lately, thin further back, none that show nothing new. Pure. */
import type { Shot } from './jpeg-encoder.ts';

const DENSE_MS = 10_000;
const DENSE_FOR_MS = 60_000;
const THIN_MS = 60_000;
const KEEP_MS = 15 * 60_000;
/** Light goes on changing where nothing else does. */
const UNCHANGED_MS = 5 * 60_000;
/** About twenty stills of a 1080p camera. */
const MAX_PAST_BYTES = 12 * 1024 * 1024;

export type StillHistory = {
  /** Whether a still should be taken now. */
  readonly wants: (at: number, changed: boolean) => boolean;
  readonly add: (shot: Shot) => void;
  /** The newest still taken at or before `before`, or null. */
  readonly before: (before: number) => Shot | null;
  readonly newest: (count: number) => readonly Shot[];
};

/** Takes out the still that is missed least: between its neighbours, the gap is small beside their age. Never the newest. */
function takeDensest(shots: Shot[], now: number): Shot {
  let densest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < shots.length - 1; i++) {
    const gap = (shots[i + 1] as Shot).at - (shots[i - 1] as Shot).at;
    const share = gap / (now - (shots[i - 1] as Shot).at + 1);
    if (share < least) [densest, least] = [i, share];
  }
  return shots.splice(densest, 1)[0] as Shot;
}

/** @param maxBytes most that the stills may take in memory */
export function createStillHistory(maxBytes = MAX_PAST_BYTES): StillHistory {
  /** Oldest first. */
  let shots: Shot[] = [];
  let dirty = false;

  /** The oldest one stays however old it is: where nothing changes it is still what "before" looked like. */
  function thin(now: number): void {
    const kept: Shot[] = [];
    for (const shot of shots) {
      const last = kept.at(-1);
      const age = now - shot.at;
      const apart = age > DENSE_FOR_MS ? THIN_MS : 0;
      if (last && shot.at - last.at < apart) continue;
      kept.push(shot);
    }
    while (kept.length > 1 && now - (kept[1] as Shot).at > KEEP_MS) kept.shift();
    let bytes = kept.reduce((sum, shot) => sum + shot.jpeg.byteLength, 0);
    while (kept.length > 1 && bytes > maxBytes) bytes -= takeDensest(kept, now).jpeg.byteLength;
    shots = kept;
  }

  return {
    wants(at, changed) {
      dirty ||= changed;
      const last = shots.at(-1);
      if (!last) return true;
      // Ahead of the frame: kept by a clock that has been set back since.
      return at < last.at || at - last.at >= (dirty ? DENSE_MS : UNCHANGED_MS);
    },
    add(shot) {
      dirty = false;
      if ((shots.at(-1)?.at ?? shot.at) > shot.at) shots = shots.filter(({ at }) => at <= shot.at);
      shots.push(shot);
      thin(shot.at);
    },
    before: (instant) => shots.findLast((shot) => shot.at <= instant) ?? null,
    newest: (count) => shots.slice(-count),
  };
}
