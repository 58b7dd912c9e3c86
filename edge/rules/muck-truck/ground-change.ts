/** New material on the road: the ground before against the ground now, in colour and grain and not in light. */
import type { GroundSample } from '../../domain/scene.ts';
import { reached } from './ground-cells.ts';
import {
  CHROMA_OF_LIGHT,
  CHROMA_OF_SOIL,
  CHROMA_OF_WARM_DARK,
  DARK_LEVELS,
  MAX_AROUND_SHARE,
  MIN_AROUND_CELLS,
  MIN_CHROMA,
  MIN_GRAIN,
  MIN_GRAIN_LIGHT,
  MIN_LEVELS,
  MIN_REFERENCE_CELLS,
} from './tuning.ts';

type Ratios = readonly [number, number, number];

function ratiosOf(before: readonly number[], now: readonly number[], at: number): Ratios | null {
  if ((before[at] ?? -1) < 0 || (now[at] ?? -1) < 0) return null;
  const log = (i: number) => Math.log(((now[i] as number) + DARK_LEVELS) / ((before[i] as number) + DARK_LEVELS));
  return [log(at), log(at + 1), log(at + 2)];
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** What exposure, white balance and weather have done to the whole picture: the median of all that is not hidden. */
function lightOf(all: readonly (Ratios | null)[]): Ratios | null {
  const known = all.filter((ratios) => ratios !== null);
  if (known.length < MIN_REFERENCE_CELLS) return null;
  const of = (channel: 0 | 1 | 2) => median(known.map((ratios) => ratios[channel]));
  return [of(0), of(1), of(2)];
}

type Colors = { readonly before: readonly number[]; readonly now: readonly number[]; readonly at: number };

function isOtherColor(ratios: Ratios, light: Ratios, { before, now, at }: Colors): boolean {
  const own = ratios.map((ratio, channel) => ratio - (light[channel] as number));
  const mean = own.reduce((sum, value) => sum + value, 0) / 3;
  const chroma = Math.max(...own.map((value) => Math.abs(value - mean)));
  const warmDark = mean < 0 && (own[0] as number) > (own[2] as number);
  const least = warmDark
    ? Math.min(CHROMA_OF_SOIL, CHROMA_OF_WARM_DARK * Math.abs(mean))
    : CHROMA_OF_LIGHT * Math.abs(mean);
  if (chroma < Math.max(MIN_CHROMA, least)) return false;
  return light.some(
    (gain, i) => Math.abs((now[at + i] as number) - (before[at + i] as number) * Math.exp(gain)) >= MIN_LEVELS,
  );
}

const brightness = (rgb: readonly number[], at: number) =>
  0.3 * (rgb[at] as number) + 0.59 * (rgb[at + 1] as number) + 0.11 * (rgb[at + 2] as number);

/** What a cell of the same colour has become: how much brighter (log), and its contrast then and now. */
type Grain = { readonly mean: number; readonly old: number; readonly fresh: number };

function grainOf(before: GroundSample, now: GroundSample, cell: number, ratios: Ratios, light: Ratios): Grain | null {
  const old = before.texture?.[cell] ?? -1;
  const fresh = now.texture?.[cell] ?? -1;
  if (old < 0 || fresh < 0) return null;
  const mean = (ratios[0] + ratios[1] + ratios[2] - light[0] - light[1] - light[2]) / 3;
  const contrast = (texture: number, rgb: readonly number[]) => texture / (brightness(rgb, 3 * cell) + DARK_LEVELS);
  return { mean, old: contrast(old, before.rgb), fresh: contrast(fresh, now.rgb) };
}

/** Clods and grains show contrast inside a cell; shade and water do not add any. */
const isGrainier = ({ mean, old, fresh }: Grain) => Math.abs(mean) >= MIN_GRAIN_LIGHT && fresh - old >= MIN_GRAIN;

/** Darker without grain, as under a film of water or in shade. */
const isFilm = ({ mean, old, fresh }: Grain) => mean <= -MIN_GRAIN_LIGHT && fresh - old < MIN_GRAIN;

/**
 * Whether the contrast of a cell is that of a rim, of the film beside it and of the bare road: two levels, of which the
 * shares follow from the cell's mean.
 */
function isRimOf({ mean, old, fresh }: Grain, film: Grain): boolean {
  const [gain, here] = [Math.exp(film.mean), Math.exp(mean)];
  const share = Math.min(1, (1 - here) / (1 - gain));
  if (share <= 0) return false;
  const rim = (Math.sqrt(share * (1 - share)) * (1 - gain)) / here;
  return fresh <= Math.hypot(old, rim) + MIN_GRAIN;
}

const besides = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y]));

/** Grainy cells that a film beside them explains: a small one is hardly more than its rim. */
function rimOfFilm(grains: ReadonlyMap<number, Grain>, cols: number): number[] {
  const isRim = ([cell, grain]: readonly [number, Grain]) =>
    isGrainier(grain) &&
    reached(cell, cols, besides).some((other) => {
      const film = grains.get(other);
      return film !== undefined && isFilm(film) && isRimOf(grain, film);
    });
  return [...grains].filter(isRim).map(([cell]) => cell);
}

/** Whether a cell lies in a square of two by two changed ones. */
function isBroad(changed: ReadonlySet<number>, cell: number, cols: number): boolean {
  const col = cell % cols;
  const sides = [...(col > 0 ? [-1] : []), ...(col < cols - 1 ? [1] : [])];
  return sides.some(
    (side) =>
      changed.has(cell + side) &&
      [-cols, cols].some((row) => changed.has(cell + row) && changed.has(cell + row + side)),
  );
}

export type Hidden = { readonly cells?: readonly boolean[]; readonly around?: readonly boolean[] };

/**
 * Cells of another colour or grain than before; hidden ones are never among them. Null when that cannot be told: too
 * little to be seen, or light that changes all around.
 */
export function changedGround(before: GroundSample, now: GroundSample, hidden: Hidden = {}): number[] | null {
  if (before.cols !== now.cols || before.rows !== now.rows) return null;
  const cells = Array.from({ length: now.cols * now.rows }, (_, cell) =>
    hidden.cells?.[cell] ? null : ratiosOf(before.rgb, now.rgb, 3 * cell),
  );
  const old = before.around ?? [];
  const fresh = now.around ?? [];
  const around = Array.from({ length: Math.min(old.length, fresh.length) / 5 }, (_, i) =>
    hidden.around?.[i] ? null : ratiosOf(old, fresh, 5 * i + 2),
  );
  const light = lightOf([...cells, ...around]);
  if (!light) return null;
  const seen = around.flatMap((ratios, i) =>
    ratios ? [isOtherColor(ratios, light, { before: old, now: fresh, at: 5 * i + 2 })] : [],
  );
  if (seen.length >= MIN_AROUND_CELLS && seen.filter(Boolean).length > MAX_AROUND_SHARE * seen.length) return null;
  const colored = new Set<number>();
  const changed = new Set<number>();
  const grains = new Map<number, Grain>();
  for (const [cell, ratios] of cells.entries()) {
    if (!ratios) continue;
    if (isOtherColor(ratios, light, { before: before.rgb, now: now.rgb, at: 3 * cell })) {
      colored.add(cell);
      changed.add(cell);
      continue;
    }
    const grain = grainOf(before, now, cell, ratios, light);
    if (!grain) continue;
    grains.set(cell, grain);
    if (isGrainier(grain)) changed.add(cell);
  }
  for (const cell of rimOfFilm(grains, now.cols)) changed.delete(cell);
  // A rim that is only partly in sight still runs along a line.
  return [...changed].filter((cell) => colored.has(cell) || isBroad(changed, cell, now.cols));
}
