/**
 * The change gate: says whether a frame is worth a look of the model. Compares brightness cells with those of the last
 * look, so that what arrives slowly adds up instead of sinking into a background, and looks anyway at an interval.
 * Pure: its state is its own, time comes with the frame, nothing is allocated for a frame.
 */
import { createLumaGrid, type GridInput } from '../domain/luma-grid.ts';

export type GateVerdict = 'changed' | 'forced' | 'still';

export type ChangeGate = {
  /** `pixels` in the layout of the gate's input, `at` in ms of camera time. Anything but `still` counts as looked at. */
  readonly look: (pixels: Uint8Array, at: number) => GateVerdict;
};

/** One cell that changed by this much more than `sensitivity` is enough alone; else two cells are asked for. */
const ALONE = 2;
/** The light of the whole scene may change; how far its change differs from cell to cell grows with it. */
const SHARE_OF_LIGHT = 0.25;
/** Beyond this the scene is lit differently (lamps, IR filter) and deserves a look, grey levels. */
const NEW_LIGHT = 48;
const LEVELS = 511;
const MIDDLE = 255;

export function createChangeGate(
  options: GridInput & { readonly sensitivity: number; readonly forcedLookMs: number },
): ChangeGate {
  const grid = createLumaGrid(options);
  const cells = grid.cols * grid.rows;
  let seen = new Float32Array(cells);
  let current = new Float32Array(cells);
  const histogram = new Int32Array(LEVELS);
  let lookedAt = Number.NEGATIVE_INFINITY;

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
    const least = options.sensitivity + SHARE_OF_LIGHT * Math.abs(light);
    let count = 0;
    for (let i = 0; i < cells; i++) {
      const difference = Math.abs((current[i] as number) - (seen[i] as number) - light);
      if (difference < least) continue;
      if (++count > 1 || difference >= ALONE * least) return true;
    }
    return false;
  }

  return {
    look(pixels, at) {
      grid.read(pixels, current);
      const due = at - lookedAt >= options.forcedLookMs;
      // What has changed is told at a forced look too: who decodes more while something moves must hear of it.
      const verdict = lookedAt > Number.NEGATIVE_INFINITY && changed() ? 'changed' : due ? 'forced' : 'still';
      if (verdict === 'still') return verdict;
      [seen, current] = [current, seen];
      lookedAt = at;
      return verdict;
    },
  };
}
