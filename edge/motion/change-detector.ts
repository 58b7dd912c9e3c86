/**
 * The change detector: says whether a frame is worth an inference. Compares brightness cells with those of the last
 * frame inferred, so that what arrives slowly adds up instead of sinking into a background, and asks for an inference
 * anyway at an interval. Pure: its state is its own, time comes with the frame, nothing is allocated for a frame.
 */
import { createLumaGrid, type GridInput } from '../domain/luma-grid.ts';

export type FrameChange = 'changed' | 'forced' | 'unchanged';

export type ChangeDetector = {
  /** `pixels` in the layout of the detector's input, `at` in ms of camera time. All but `unchanged` count as inferred. */
  readonly check: (pixels: Uint8Array, at: number) => FrameChange;
};

/** One cell that changed by this much more than `sensitivity` is enough alone; else two cells are asked for. */
const ALONE = 2;
/** The light of the whole scene may change; how far its change differs from cell to cell grows with it. */
const SHARE_OF_LIGHT = 0.25;
/** Beyond this the scene is lit differently (lamps, IR filter) and deserves an inference, grey levels. */
const NEW_LIGHT = 48;
const LEVELS = 511;
const MIDDLE = 255;

/**
 * @param options.sensitivity grey levels by which a cell must differ, beyond a change of light of the whole picture
 * @param options.forcedInferenceMs longest time without an inference, ms of camera time
 */
export function createChangeDetector(
  options: GridInput & { readonly sensitivity: number; readonly forcedInferenceMs: number },
): ChangeDetector {
  const grid = createLumaGrid(options);
  const cells = grid.cols * grid.rows;
  let seen = new Float32Array(cells);
  let current = new Float32Array(cells);
  const histogram = new Int32Array(LEVELS);
  let inferredAt = Number.NEGATIVE_INFINITY;

  /** Median difference of all cells: the change of light, as long as things cover less than half of the picture. */
  function lightChange(): number {
    histogram.fill(0);
    for (let i = 0; i < cells; i++) {
      const level = Math.round((current[i] as number) - (seen[i] as number)) + MIDDLE;
      histogram[level] = (histogram[level] as number) + 1;
    }
    let passed = 0;
    for (let level = 0; level < LEVELS; level++) {
      passed += histogram[level] as number;
      if (passed * 2 >= cells) return level - MIDDLE;
    }
    return 0;
  }

  function changed(): boolean {
    const light = lightChange();
    if (Math.abs(light) > NEW_LIGHT) return true;
    const minDifference = options.sensitivity + SHARE_OF_LIGHT * Math.abs(light);
    let count = 0;
    for (let i = 0; i < cells; i++) {
      const difference = Math.abs((current[i] as number) - (seen[i] as number) - light);
      if (difference < minDifference) continue;
      if (++count > 1 || difference >= ALONE * minDifference) return true;
    }
    return false;
  }

  return {
    check(pixels, at) {
      grid.read(pixels, current);
      const due = at - inferredAt >= options.forcedInferenceMs;
      // What has changed is reported at a forced inference too: whoever decodes more while something moves relies on it.
      const change = inferredAt > Number.NEGATIVE_INFINITY && changed() ? 'changed' : due ? 'forced' : 'unchanged';
      if (change === 'unchanged') return change;
      [seen, current] = [current, seen];
      inferredAt = at;
      return change;
    },
  };
}
