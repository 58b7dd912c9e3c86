/** Distances between places of a city, WGS 84. */
import type { Location } from './geometry.ts';

/** Metres of a degree of latitude: to 1 %, anywhere. */
export const DEGREE_M = 111_195;
/** Radians of a degree. */
export const RADIANS = Math.PI / 180;

/**
 * How far apart two places are, m; for distances of a city.
 * @example metresApart({ lon: 118.6, lat: 24.9 }, { lon: 118.6, lat: 24.901 }) // 111
 */
export function metresApart(a: Location, b: Location): number {
  const east = (b.lon - a.lon) * DEGREE_M * Math.cos(((a.lat + b.lat) / 2) * RADIANS);
  return Math.hypot(east, (b.lat - a.lat) * DEGREE_M);
}
