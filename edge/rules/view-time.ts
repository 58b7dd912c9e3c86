/** What the time since the last scene was, watched or unknown: one answer for all rules that weigh time on a place. */
import type { HealthReason } from '../../contracts/status.ts';
import type { Scene } from '../domain/scene.ts';

/** ms; longest step between two scenes that were both watched: more is a gap in the stream, and unknown. */
const MAX_CERTAIN_MS = 15_000;

/** What a rule remembers of its last scene. */
export type LastView = { readonly at: number | null; readonly watched: boolean };
export type ViewTime = {
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

/** Whether a place can be seen well enough to tell what stands there. */
export function canSee({ view, viewReasons }: Pick<Scene, 'view' | 'viewReasons'>): boolean {
  if (view === 'watched') return true;
  return view === 'degraded' && viewReasons.length > 0 && viewReasons.every((reason) => seeing.has(reason));
}

const MINUTE_MS = 60_000;

/**
 * Whether a count is due: one in each minute of the camera's time.
 * @param last instant of the last count, ms; undefined before the first and in states of older versions
 * @param at ms
 * @example isNewMinute(Date.UTC(2026, 0, 1, 8, 0, 59), Date.UTC(2026, 0, 1, 8, 1)) // true
 */
export function isNewMinute(last: number | undefined, at: number): boolean {
  return last === undefined || Math.floor(last / MINUTE_MS) !== Math.floor(at / MINUTE_MS);
}

/** The time between the last scene and this one; steps back count as none. */
export function viewTimeOf(last: LastView, scene: Scene): ViewTime {
  const watched = canSee(scene);
  const elapsed = last.at === null ? 0 : Math.max(0, scene.at - last.at);
  return { watched, elapsed, certain: watched && last.watched && elapsed <= MAX_CERTAIN_MS };
}
