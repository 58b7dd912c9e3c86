/**
 * The linear assignment problem by shortest augmenting paths (R. Jonker, A. Volgenant, Computing 38, 1987), dense and
 * rectangular: small enough to read, quick enough for a frame's tracks.
 */

let capacity = 0;
let u = new Float64Array(0);
let v = new Float64Array(0);
let least = new Float64Array(0);
let way = new Int32Array(0);
let rowOf = new Int32Array(0);
let used = new Uint8Array(0);

/** Working space is kept between calls, so that a frame costs no garbage; it carries nothing from one to the next. */
function reserve(size: number): void {
  if (size <= capacity) return;
  capacity = size * 2;
  u = new Float64Array(capacity);
  v = new Float64Array(capacity);
  least = new Float64Array(capacity);
  way = new Int32Array(capacity);
  rowOf = new Int32Array(capacity);
  used = new Uint8Array(capacity);
}

/** Finds room for one more row (1-based, rows ≤ cols) along the cheapest alternating path. */
function augment(cost: Float64Array, row: number, cols: number, rowStep: number, colStep: number): void {
  rowOf[0] = row;
  let col = 0;
  least.fill(Number.POSITIVE_INFINITY, 0, cols + 1);
  used.fill(0, 0, cols + 1);
  do {
    used[col] = 1;
    const current = rowOf[col] as number;
    const base = (current - 1) * rowStep - colStep;
    const own = u[current] as number;
    let delta = Number.POSITIVE_INFINITY;
    let next = 0;
    for (let j = 1; j <= cols; j++) {
      if (used[j]) continue;
      const reduced = (cost[base + j * colStep] as number) - own - (v[j] as number);
      if (reduced < (least[j] as number)) {
        least[j] = reduced;
        way[j] = col;
      }
      if ((least[j] as number) < delta) {
        delta = least[j] as number;
        next = j;
      }
    }
    for (let j = 0; j <= cols; j++) {
      if (used[j]) {
        u[rowOf[j] as number] = (u[rowOf[j] as number] as number) + delta;
        v[j] = (v[j] as number) - delta;
      } else least[j] = (least[j] as number) - delta;
    }
    col = next;
  } while (rowOf[col] !== 0);
  do {
    const before = way[col] as number;
    rowOf[col] = rowOf[before] as number;
    col = before;
  } while (col !== 0);
}

/**
 * Cheapest assignment of min(rows, cols) pairs. `cost` is row-major, every value finite; `out[row]` becomes the column
 * or -1. Forbidden pairs get a cost above the sum of all others and are dropped by the caller.
 */
export function assign(cost: Float64Array, rows: number, cols: number, out: Int32Array): void {
  out.fill(-1, 0, rows);
  if (rows === 0 || cols === 0) return;
  const turned = rows > cols;
  const n = turned ? cols : rows;
  const m = turned ? rows : cols;
  reserve(m + 1);
  u.fill(0, 0, n + 1);
  v.fill(0, 0, m + 1);
  rowOf.fill(0, 0, m + 1);
  for (let row = 1; row <= n; row++) augment(cost, row, m, turned ? 1 : cols, turned ? cols : 1);
  for (let col = 1; col <= m; col++) {
    const row = rowOf[col] as number;
    if (row === 0) continue;
    if (turned) out[col - 1] = row - 1;
    else out[row - 1] = col - 1;
  }
}
