/** The road as it was when nothing stood on it, and how it looks now, cell by cell. */
import type { Polygon } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { GroundSample, Scene } from '../../domain/scene.ts';
import { intersection } from '../../geometry/box.ts';
import { smoothingGain } from '../../geometry/numbers.ts';
import { type Cells, cellsOf, hiddenAround, hiddenCells } from './ground-cells.ts';
import type { Truck } from './truck.ts';
import { HIDE_MS, ROAD_S } from './tuning.ts';

/** The road as it was when nothing stood on it, cell by cell. */
export type Road = {
  readonly at: number;
  readonly sample: GroundSample;
  /** When each cell was last hidden, ms. */
  readonly hiddenAt: readonly number[];
  readonly aroundHiddenAt: readonly number[];
};

/** Before any time; JSON knows no infinity. */
const NEVER = -1e15;

/** A vehicle over the patch, or within so much of its own size of it. */
export function isNear([x, y, w, h]: Track['box'], { bounds }: Cells, margin: number): boolean {
  return intersection([x - margin * w, y - margin * h, w * (1 + 2 * margin), h * (1 + 2 * margin)], bounds) > 0;
}

/** A heap of soil looks like a stall to a detector, and no stall is put up within seconds behind a truck. */
const lies = (concept: Track['concept']): boolean => concept === 'stall' || concept === 'goods';

/** One sample of the ground, and which of its cells something hides. */
export type GroundView = {
  readonly at: number;
  readonly now: GroundSample;
  readonly cells: Cells;
  readonly hiddenAt: readonly number[];
  readonly aroundHiddenAt: readonly number[];
  /** Hidden now or a moment ago. */
  readonly hidden: readonly boolean[];
  readonly aroundHidden: readonly boolean[];
  readonly inside: number;
  /** A truck is over the patch, from the site or not. */
  readonly truckOver: boolean;
};

const recent = (times: readonly number[], at: number) => times.map((time) => at - time <= HIDE_MS);

function marked(before: readonly number[] | undefined, hidden: readonly boolean[], at: number): number[] {
  return hidden.map((is, i) => (is ? at : before?.length === hidden.length ? (before[i] as number) : NEVER));
}

/** Moves the road's picture towards what is seen now, where it has been in sight and no truck is near. */
function paint(
  before: readonly number[],
  now: readonly number[],
  gain: number,
  seen: (i: number) => boolean,
): number[] {
  return now.map((value, i) => {
    const old = before[i] as number;
    if (old < 0 && seen(i)) return value;
    return seen(i) ? Math.round(10 * (old + gain * (value - old))) / 10 : old;
  });
}

/**
 * The road after one more sample. It is painted on while it is quiet: no truck near, whose lamps and shade lie on it. A
 * sample of another size begins it anew.
 */
export function followRoad(road: Road | null, view: GroundView, quiet: boolean): Road {
  const { at, now, hidden, aroundHidden, hiddenAt, aroundHiddenAt } = view;
  const same = road && road.sample.cols === now.cols && road.sample.rows === now.rows;
  if (!same) {
    // What is hidden now is not known yet.
    const rgb = now.rgb.map((value, i) => (hidden[Math.floor(i / 3)] ? -1 : value));
    return { at, sample: { ...now, rgb }, hiddenAt, aroundHiddenAt };
  }
  if (!quiet) return { ...road, hiddenAt, aroundHiddenAt };
  const gain = smoothingGain(at - road.at, ROAD_S);
  const cell = (i: number) => !hidden[Math.floor(i / 3)];
  const { rgb, texture, around } = road.sample;
  const sample: GroundSample = {
    ...now,
    rgb: paint(rgb, now.rgb, gain, cell),
    ...(texture && now.texture ? { texture: paint(texture, now.texture, gain, (i) => !hidden[i]) } : {}),
    ...(around && now.around?.length === around.length
      ? { around: paint(around, now.around, gain, (i) => !aroundHidden[Math.floor(i / 5)]) }
      : {}),
  };
  return { at, sample, hiddenAt, aroundHiddenAt };
}

/** @param road as it was before, which remembers what was hidden a moment ago */
export function viewGround(
  road: Road | null,
  trucks: readonly Truck[],
  scene: Scene,
  now: GroundSample,
  { polygon, minScore }: { readonly polygon: Polygon; readonly minScore: number },
): GroundView {
  const cells = cellsOf(now, polygon);
  const boxes = scene.tracks.filter(({ score, concept }) => score >= minScore && !lies(concept)).map(({ box }) => box);
  const hiddenAt = marked(road?.hiddenAt, hiddenCells(cells, boxes), scene.at);
  const aroundHiddenAt = marked(road?.aroundHiddenAt, hiddenAround(now.around ?? [], boxes), scene.at);
  return {
    ...{ at: scene.at, now, cells, hiddenAt, aroundHiddenAt },
    hidden: recent(hiddenAt, scene.at),
    aroundHidden: recent(aroundHiddenAt, scene.at),
    truckOver: trucks.some(({ seenAt, box }) => seenAt === scene.at && isNear(box, cells, 0)),
    inside: now.rgb.filter((value, i) => i % 3 === 0 && value >= 0).length,
  };
}

/** The ground with what lies in these cells and beside them now. */
export function absorb(sample: GroundSample, now: GroundSample, patch: readonly number[]): GroundSample {
  const { cols } = sample;
  const cells = new Set(patch.flatMap((cell) => [cell, cell - 1, cell + 1, cell - cols, cell + cols]));
  const rgb = sample.rgb.map((value, i) => (cells.has(Math.floor(i / 3)) ? (now.rgb[i] as number) : value));
  const { texture } = sample;
  if (!texture || !now.texture) return { ...sample, rgb };
  return { ...sample, rgb, texture: texture.map((value, i) => (cells.has(i) ? (now.texture?.[i] as number) : value)) };
}
