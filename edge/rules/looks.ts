/** What the time since the last scene was: looked at, or unknown. Said once for rules that weigh time on a place. */
import type { HealthReason } from '../../contracts/status.ts';
import type { Scene } from '../domain/scene.ts';

/** Longest step between two scenes that were both looked at; more is a gap in the stream, and unknown. */
const CERTAIN_MS = 15_000;

/** What a rule remembers of its last scene. */
export type Watched = { readonly at: number | null; readonly watched: boolean };
export type Look = {
  /** The place can be seen now; else the rule suspends. */
  readonly watched: boolean;
  /** ms since the last scene. */
  readonly elapsed: number;
  /** Those ms were watched at both ends and short enough to be sure of what was between. */
  readonly certain: boolean;
};

/**
 * Too few frames, or a clock that was set, are no worse a view: dark, blurred, covered, moved and frozen are
 * (violations.md, "every rule"). Frames go on by the camera's own steps while the clock is not sure.
 */
const seeing: ReadonlySet<HealthReason> = new Set<HealthReason>(['low-rate', 'clock']);

function canSee({ view, viewReasons }: Scene): boolean {
  if (view === 'watched') return true;
  return view === 'degraded' && viewReasons.length > 0 && viewReasons.every((reason) => seeing.has(reason));
}

const MINUTE_MS = 60_000;

/** Counts are observed once in each minute of the camera's time. @param last instant of the last one, ms; missing in old states */
export function isNewMinute(last: number | undefined, at: number): boolean {
  return last === undefined || Math.floor(last / MINUTE_MS) !== Math.floor(at / MINUTE_MS);
}

export function lookOf(last: Watched, scene: Scene): Look {
  const watched = canSee(scene);
  const elapsed = last.at === null ? 0 : Math.max(0, scene.at - last.at);
  return { watched, elapsed, certain: watched && last.watched && elapsed <= CERTAIN_MS };
}
