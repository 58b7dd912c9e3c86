/** Pairs tracks with detections of one frame, stage by stage, within working space that is kept between frames. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Concept, Detection, Track } from '../domain/detection.ts';
import { assign } from '../geometry/assignment.ts';
import type { Axis } from './kalman.ts';

type Placed = { readonly track: Track; readonly x: Axis; readonly y: Axis };

/**
 * Where a track is looked for: where it should be by now, where it was last seen, or near there: both boxes grown with
 * the time between (F. Yang et al., arXiv 2211.14317), for cameras whose frames are analysed once in seconds.
 */
export type Where = 'predicted' | 'last' | 'near';

export type Association = {
  /** Pairs what is still free, by overlap with where the tracks should be or were last seen. */
  readonly match: (where: Where, eligible: (score: number) => boolean, minIou: number) => void;
  /** Detection of a track, -1 for none. */
  readonly columnOf: (row: number) => number;
  readonly isTaken: (column: number) => boolean;
};

/** Models confuse these with each other from frame to frame; an identity may change among them and nowhere else. */
const families: Readonly<Partial<Record<Concept, string>>> = {
  car: 'vehicle',
  bus: 'vehicle',
  truck: 'vehicle',
  muck_truck: 'vehicle',
  bicycle: 'cycle',
  motorcycle: 'cycle',
  stall: 'stand',
  cart: 'stand',
};
const family = (concept: Concept): string => families[concept] ?? concept;

/** Above any sum of allowed costs, so that as many pairs as possible are made before overlaps are compared. */
const FORBIDDEN = 1e5;
/** Growth of a box in its own sizes for each second unseen, on each side, and its limit. */
const GROWTH = 0.6;
const GROWTH_LIMIT = 1.2;
let boxes = new Float64Array(64);
let cost = new Float64Array(256);
let dense = new Float64Array(256);
let out = new Int32Array(16);
let rows = new Int32Array(16);
let cols = new Int32Array(16);
let rowHits = new Int32Array(16);
let colHits = new Int32Array(16);

function reserve(trackCount: number, detectionCount: number): void {
  if (boxes.length < trackCount * 5) boxes = new Float64Array(trackCount * 10);
  if (cost.length < trackCount * detectionCount) {
    cost = new Float64Array(trackCount * detectionCount * 2);
    dense = new Float64Array(trackCount * detectionCount * 2);
  }
  if (out.length < trackCount) {
    out = new Int32Array(trackCount * 2);
    rows = new Int32Array(trackCount * 2);
    rowHits = new Int32Array(trackCount * 2);
  }
  if (cols.length < detectionCount) {
    cols = new Int32Array(detectionCount * 2);
    colHits = new Int32Array(detectionCount * 2);
  }
}

function overlap(index: number, box: BoxXywh): number {
  const grow = boxes[index * 5 + 4] as number;
  const w = boxes[index * 5 + 2] as number;
  const h = boxes[index * 5 + 3] as number;
  const x = boxes[index * 5] as number;
  const y = boxes[index * 5 + 1] as number;
  const dx = box[2] * grow;
  const dy = box[3] * grow;
  const iw = Math.min(x + w, box[0] + box[2] + dx) - Math.max(x, box[0] - dx);
  if (iw <= 0) return 0;
  const ih = Math.min(y + h, box[1] + box[3] + dy) - Math.max(y, box[1] - dy);
  if (ih <= 0) return 0;
  const shared = iw * ih;
  return shared / (w * h + (box[2] + 2 * dx) * (box[3] + 2 * dy) - shared);
}

function placeBoxes(tracks: readonly Placed[], where: Where, at: number): void {
  tracks.forEach(({ track, x, y }, i) => {
    const [bx, by, w, h] = track.box;
    const dt = Math.max(0, (at - track.seenAt) / 1000);
    const grow = where === 'near' ? Math.min(GROWTH_LIMIT, GROWTH * dt) : 0;
    const px = where === 'predicted' ? x[0] + x[1] * dt - w / 2 : bx;
    const py = where === 'predicted' ? y[0] + y[1] * dt - h / 2 : by;
    boxes[i * 5] = px - grow * w;
    boxes[i * 5 + 1] = py - grow * h;
    boxes[i * 5 + 2] = w * (1 + 2 * grow);
    boxes[i * 5 + 3] = h * (1 + 2 * grow);
    boxes[i * 5 + 4] = grow;
  });
}

/** Pairs of one frame. The working space is shared: use one association up before the next is made. */
export function createAssociation(
  tracks: readonly Placed[],
  detections: readonly Detection[],
  at: number,
): Association {
  const columnOf = new Int32Array(tracks.length).fill(-1);
  const taken = new Uint8Array(detections.length);
  reserve(tracks.length, detections.length);

  /** Fills `cost`, and how many allowed partners each row and column has. */
  function compare(rowCount: number, colCount: number, minIou: number): void {
    rowHits.fill(0, 0, rowCount);
    colHits.fill(0, 0, colCount);
    for (let r = 0; r < rowCount; r++) {
      const row = rows[r] as number;
      const kind = family((tracks[row] as Placed).track.concept);
      for (let c = 0; c < colCount; c++) {
        const detection = detections[cols[c] as number] as Detection;
        const shared = overlap(row, detection.box);
        const allowed = shared >= minIou && shared > 0 && family(detection.concept) === kind;
        cost[r * colCount + c] = allowed ? 1 - shared : FORBIDDEN;
        if (!allowed) continue;
        rowHits[r] = (rowHits[r] as number) + 1;
        colHits[c] = (colHits[c] as number) + 1;
      }
    }
  }

  function pair(row: number, column: number): void {
    columnOf[row] = column;
    taken[column] = 1;
  }

  /** Pairs that nobody contends need no solver; what is left is small. Returns rows and columns left, in place. */
  function pairAlone(rowCount: number, colCount: number): readonly [number, number] {
    let rowsLeft = 0;
    for (let r = 0; r < rowCount; r++) {
      if (rowHits[r] === 0) continue;
      let only = -1;
      for (let c = 0; c < colCount && rowHits[r] === 1; c++)
        if ((cost[r * colCount + c] as number) < FORBIDDEN) only = c;
      if (only >= 0 && colHits[only] === 1) {
        pair(rows[r] as number, cols[only] as number);
        colHits[only] = 0;
      } else out[rowsLeft++] = r;
    }
    let colsLeft = 0;
    for (let c = 0; c < colCount; c++) if (colHits[c] !== 0) colHits[colsLeft++] = c;
    return [rowsLeft, colsLeft];
  }

  function match(where: Where, eligible: (score: number) => boolean, minIou: number): void {
    let rowCount = 0;
    let colCount = 0;
    for (let i = 0; i < tracks.length; i++) if (columnOf[i] === -1) rows[rowCount++] = i;
    for (let j = 0; j < detections.length; j++) {
      if (taken[j] === 0 && eligible((detections[j] as Detection).score)) cols[colCount++] = j;
    }
    if (rowCount === 0 || colCount === 0) return;
    placeBoxes(tracks, where, at);
    compare(rowCount, colCount, minIou);
    const [rowsLeft, colsLeft] = pairAlone(rowCount, colCount);
    for (let r = 0; r < rowsLeft; r++) {
      rowHits[r] = out[r] as number;
      for (let c = 0; c < colsLeft; c++) {
        dense[r * colsLeft + c] = cost[(rowHits[r] as number) * colCount + (colHits[c] as number)] as number;
      }
    }
    assign(dense, rowsLeft, colsLeft, out);
    for (let r = 0; r < rowsLeft; r++) {
      const c = out[r] as number;
      if (c < 0 || (dense[r * colsLeft + c] as number) >= FORBIDDEN) continue;
      pair(rows[rowHits[r] as number] as number, cols[colHits[c] as number] as number);
    }
  }

  return { match, columnOf: (row) => columnOf[row] ?? -1, isTaken: (column) => taken[column] === 1 };
}
