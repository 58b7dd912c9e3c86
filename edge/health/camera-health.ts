/**
 * Can this camera still see its place? Dark, covered, blurred, frozen, turned away or too slow, measured on brightness
 * cells once a second of camera time. Careful rather than keen: a view that is not `watched` suspends every rule.
 * Deterministic: state of its own, time comes with the frame.
 */
import type { CoverageState, HealthReason } from '../../contracts/status.ts';
import { createLumaGrid, type GridInput } from '../domain/luma-grid.ts';
import { createFrameRate } from './frame-rate.ts';
import { createSceneMemory } from './scene-memory.ts';
import { isBlurred, isCovered, isDark, measureView } from './view-measures.ts';

export type CameraView = { readonly state: CoverageState; readonly reasons: readonly HealthReason[] };

export type ViewHealth = {
  /**
   * Every frame; measured closely once a second. The same object is given while nothing changes. `resting`: few frames come
   * because few are asked for.
   */
  readonly observe: (pixels: Uint8Array, at: number, resting?: boolean) => CameraView;
  /** No stream: `offline` until the next frame. */
  readonly offline: () => CameraView;
};

const MEASURE_MS = 1000;

/** How long a sign must hold before it counts, and how long it must be away, ms of camera time. */
const HOLD_MS: Readonly<Record<Sign, number>> = { dark: 5000, covered: 8000, blurred: 30_000, moved: 60_000 };
const CLEAR_MS = 3000;
type Sign = 'dark' | 'covered' | 'blurred' | 'moved';
const signs: readonly Sign[] = ['dark', 'covered', 'blurred', 'moved'];

/** With these nothing of the place can be seen; the others see it badly. */
const blinding: ReadonlySet<HealthReason> = new Set<HealthReason>(['dark', 'covered', 'frozen', 'offline']);

const watched: CameraView = { state: 'watched', reasons: [] };

function viewOf(reasons: readonly HealthReason[]): CameraView {
  if (reasons.length === 0) return watched;
  return { state: reasons.some((reason) => blinding.has(reason)) ? 'blind' : 'degraded', reasons };
}

/** A sign that must hold to come and be gone to go. */
function createHold(holdMs: number): (shown: boolean, at: number) => boolean {
  let since: number | null = null;
  let active = false;
  return (shown, at) => {
    if (shown === active) {
      since = null;
      return active;
    }
    since ??= at;
    if (at - since >= (active ? CLEAR_MS : holdMs)) {
      active = shown;
      since = null;
    }
    return active;
  };
}

/** @param options the pixels it is given, and what the camera should deliver */
export function createCameraHealth(
  options: GridInput & {
    /** Frames a second that the camera should give, or null where it is the camera's affair (keyframes). */
    readonly expectedFps: number | null;
    /** Pixels identical for this long mean a frozen camera, s; noise and compression always change some of them. */
    readonly frozenSeconds?: number;
  },
): ViewHealth {
  const grid = createLumaGrid(options);
  const cells = new Float32Array(grid.cols * grid.rows);
  const before = new Float32Array(cells.length);
  const memory = createSceneMemory(grid.cols, grid.rows);
  const rate = createFrameRate(options.expectedFps);
  const hold = {
    dark: createHold(HOLD_MS.dark),
    covered: createHold(HOLD_MS.covered),
    blurred: createHold(HOLD_MS.blurred),
    moved: createHold(HOLD_MS.moved),
  } as const;
  const frozenMs = (options.frozenSeconds ?? 120) * 1000;
  let measuredAt = Number.NEGATIVE_INFINITY;
  let differedAt = Number.NEGATIVE_INFINITY;
  let view = watched;

  function isFrozen(at: number): boolean {
    let same = true;
    for (let i = 0; i < cells.length && same; i++) same = cells[i] === before[i];
    if (!same || differedAt === Number.NEGATIVE_INFINITY) differedAt = at;
    before.set(cells);
    return at - differedAt >= frozenMs;
  }

  function inspect(at: number): readonly HealthReason[] {
    const measures = measureView(cells, grid.cols, grid.rows);
    const dark = isDark(measures);
    const covered = !dark && isCovered(measures);
    const clear = !dark && !covered;
    const shown: Record<Sign, boolean> = {
      dark,
      covered,
      blurred: clear && isBlurred(measures, memory.usualDetail()),
      moved: clear && memory.isElsewhere(cells),
    };
    if (clear) memory.learn(cells, measures.detail, shown.blurred || shown.moved);
    const reasons: HealthReason[] = signs.filter((sign) => hold[sign](shown[sign], at));
    if (isFrozen(at)) reasons.push('frozen');
    if (rate.isLow(at)) reasons.push('low-rate');
    return reasons;
  }

  function settle(reasons: readonly HealthReason[]): CameraView {
    const same = reasons.length === view.reasons.length && reasons.every((reason, i) => reason === view.reasons[i]);
    if (!same) view = viewOf(reasons);
    return view;
  }

  return {
    observe(pixels, at, resting = false) {
      if (resting) rate.reset();
      else rate.frame(at);
      if (at - measuredAt < MEASURE_MS) return view;
      measuredAt = at;
      grid.read(pixels, cells);
      return settle(inspect(at));
    },
    offline() {
      rate.reset();
      differedAt = Number.NEGATIVE_INFINITY;
      measuredAt = Number.NEGATIVE_INFINITY;
      return settle(['offline']);
    },
  };
}
