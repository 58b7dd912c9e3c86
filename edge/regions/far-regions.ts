/** Which parts of a picture deserve inferences of their own: zones in which things would be too small in the whole of it. Pure. */
import type { BoxXywh, Point, Polygon } from '../../contracts/geometry.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import type { FullPicture, ModelInput } from '../domain/frame.ts';
import { type GroundMap, groundMapOf, toGround, toImage } from '../geometry/ground-plane.ts';
import { clamp } from '../geometry/numbers.ts';

type Size = Pick<FullPicture, 'width' | 'height'>;

/** A person, a bicycle, a cart measure about a metre (root of their area): below this many px of the model they get lost. */
const SMALL_PX = 16;
/** What an inference of its own must bring, times the size in the whole picture. */
const MIN_GAIN = 1.3;
/** Without a ground plane only a zone that is small in the picture is surely far: its own inference brings this much. */
const FAR_GAIN = 2;
const MAX_TILES = 3;
/** Feet are in the zone, things stand above it; and something must be seen of what is around, shares of the frame. */
const ABOVE = 0.12;
const AROUND = 0.03;
/** Neighbouring tiles share this much of a tile, so that what is cut by one is whole in the other. */
const OVERLAP = 0.25;

/** The zone with room around it, inside the frame. */
function surroundings(polygon: Polygon): BoxXywh {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const x0 = clamp(Math.min(...xs) - AROUND, 0, 1);
  const y0 = clamp(Math.min(...ys) - ABOVE, 0, 1);
  return [x0, y0, clamp(Math.max(...xs) + AROUND, 0, 1) - x0, clamp(Math.max(...ys) + AROUND, 0, 1) - y0];
}

/** Grown to the shape of the model's input and to no less than its pixels, then moved into the frame. */
function shaped([x, y, w, h]: BoxXywh, picture: Size, input: ModelInput): BoxXywh {
  const scale = Math.max((w * picture.width) / input.width, (h * picture.height) / input.height, 1);
  const width = Math.min(1, (scale * input.width) / picture.width);
  const height = Math.min(1, (scale * input.height) / picture.height);
  return [clamp(x + w / 2 - width / 2, 0, 1 - width), clamp(y + h / 2 - height / 2, 0, 1 - height), width, height];
}

function tilesOf([x, y, w, h]: BoxXywh, picture: Size, tiles: number): BoxXywh[] {
  const wide = w * picture.width >= h * picture.height;
  const share = 1 / (tiles - (tiles - 1) * OVERLAP);
  const step = share * (1 - OVERLAP);
  return Array.from(
    { length: tiles },
    (_, i): BoxXywh => (wide ? [x + w * step * i, y, w * share, h] : [x, y + h * step * i, w, h * share]),
  );
}

/** Pixels of the model for one of the picture. */
const scaleOf = (input: ModelInput, width: number, height: number): number =>
  Math.min(input.width / width, input.height / height);

function gainOf(region: BoxXywh, picture: Size, input: ModelInput): number {
  const own = scaleOf(input, region[2] * picture.width, region[3] * picture.height);
  return own / scaleOf(input, picture.width, picture.height);
}

/** Length of a metre on the ground at a point, in px of the model when it sees the whole picture; the longer way across. */
function metrePx(map: GroundMap, point: Point, picture: Size, input: ModelInput): number | null {
  const ground = toGround(map, point);
  if (!ground) return null;
  const scale = scaleOf(input, picture.width, picture.height);
  const lengths = [
    [0.5, 0],
    [0, 0.5],
  ].flatMap(([dx = 0, dy = 0]) => {
    const a = toImage(map, [ground[0] - dx, ground[1] - dy]);
    const b = toImage(map, [ground[0] + dx, ground[1] + dy]);
    return a && b ? [Math.hypot((a[0] - b[0]) * picture.width, (a[1] - b[1]) * picture.height) * scale] : [];
  });
  return lengths.length > 0 ? Math.max(...lengths) : null;
}

/** The gain that `auto` asks of an inference; null where things are large enough. */
function wantedGain(zone: ZoneConfig, picture: Size, input: ModelInput): number | null {
  const map = groundMapOf(zone.groundPlane);
  if (!map) return FAR_GAIN;
  const sizes = zone.polygon.flatMap((corner) => metrePx(map, corner, picture, input) ?? []);
  return sizes.length > 0 && Math.min(...sizes) < SMALL_PX ? MIN_GAIN : null;
}

/**
 * Regions of one zone, shares of the frame; none where it needs none or an inference of its own would bring nothing, as the
 * picture has no more pixels there.
 */
export function farRegions(zone: ZoneConfig, picture: Size, input: ModelInput): BoxXywh[] {
  const detail = zone.detail ?? 'auto';
  if (detail === 'off') return [];
  const room = surroundings(zone.polygon);
  const cut = (tiles: number) => tilesOf(room, picture, tiles).map((tile) => shaped(tile, picture, input));
  const brings = (regions: readonly BoxXywh[], gain: number) =>
    regions.every((region) => gainOf(region, picture, input) >= gain);
  if (detail !== 'auto') {
    const regions = cut(detail.tiles);
    return brings(regions, MIN_GAIN) ? regions : [];
  }
  const wanted = wantedGain(zone, picture, input);
  if (wanted === null) return [];
  // A zone without a plane that needs more than one inference is not small in the picture: nothing says that it is far.
  for (let tiles = 1; tiles <= (zone.groundPlane ? MAX_TILES : 1); tiles++) {
    const regions = cut(tiles);
    if (brings(regions, wanted)) return regions;
  }
  return [];
}
