/** What one picture's brightness cells show by themselves. Pure; limits are in grey levels of 0–255. */

export type ViewMeasures = {
  readonly mean: number;
  /** The brightest twentieth of the cells begins here. */
  readonly bright: number;
  /** Standard deviation over the cells. */
  readonly spread: number;
  /** Mean step between neighbouring cells: falls when the picture is out of focus. */
  readonly detail: number;
};

const DARK_MEAN = 12;
const DARK_BRIGHT = 30;
/** Fog leaves more spread than this, a hand, a bag or paint on the lens does not. */
const COVERED_SPREAD = 5;
const COVERED_DETAIL = 1;
const BLUR_SHARE = 0.3;
/** A place with so little to see in it says nothing. */
const MIN_USUAL_DETAIL = 2;

/** @param cells mean brightness, row by row, 0–255 */
export function measureView(cells: Float32Array, cols: number, rows: number): ViewMeasures {
  let sum = 0;
  let squares = 0;
  let steps = 0;
  const histogram = new Int32Array(256);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const at = row * cols + col;
      const cell = cells[at] as number;
      sum += cell;
      squares += cell * cell;
      const level = Math.min(255, Math.floor(cell));
      histogram[level] = (histogram[level] as number) + 1;
      if (col > 0) steps += Math.abs(cell - (cells[at - 1] as number));
      if (row > 0) steps += Math.abs(cell - (cells[at - cols] as number));
    }
  }
  const count = cells.length;
  const mean = sum / count;
  let bright = 255;
  for (let above = histogram[255] as number; bright > 0 && above * 20 < count; ) {
    bright--;
    above += histogram[bright] as number;
  }
  const pairs = Math.max(1, (cols - 1) * rows + cols * (rows - 1));
  return { mean, bright, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)), detail: steps / pairs };
}

/** Night without light, or a lens that no light reaches: the mean and the brightest cells are both low. */
export function isDark(view: ViewMeasures): boolean {
  return view.mean < DARK_MEAN && view.bright < DARK_BRIGHT;
}

/** Nearly one grey level all over. */
export function isCovered(view: ViewMeasures): boolean {
  return view.spread < COVERED_SPREAD && view.detail < COVERED_DETAIL;
}

/** @param usual the camera's own detail over time; 0 while it is not known */
export function isBlurred(view: ViewMeasures, usual: number): boolean {
  return usual >= MIN_USUAL_DETAIL && view.detail < usual * BLUR_SHARE;
}
