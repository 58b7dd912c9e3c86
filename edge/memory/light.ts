/** Day or night at a camera: by the sun's height where its place is known, else by local time. Pure. */
import type { MemoryLight } from '../../contracts/camera-memory.ts';
import type { Location } from '../../contracts/geometry.ts';

const DAY_MS = 86_400_000;
const RAD = Math.PI / 180;
/** 2000-01-01T12:00Z, from which the almanac counts. */
const J2000 = Date.UTC(2000, 0, 1, 12);
/** Degrees; lamps burn and cameras turn to infrared while the sun is a little below the horizon. */
const NIGHT_BELOW = -4;
const SUNRISE_HOUR = 6;
const SUNSET_HOUR = 18;

/**
 * Height of the sun in degrees, to about half a degree (low-precision formulas, Astronomical Almanac, section C).
 *
 * @param at ms since the epoch
 */
export function sunElevation(at: number, { lon, lat }: Location): number {
  const days = (at - J2000) / DAY_MS;
  const anomaly = (357.529 + 0.98560028 * days) * RAD;
  const longitude = 280.459 + 0.98564736 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly);
  const tilt = (23.439 - 3.6e-7 * days) * RAD;
  const ecliptic = longitude * RAD;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic));
  const sidereal = (280.46062 + 360.98564737 * days + lon) * RAD;
  const height =
    Math.sin(lat * RAD) * Math.sin(declination) +
    Math.cos(lat * RAD) * Math.cos(declination) * Math.cos(sidereal - ascension);
  return Math.asin(height) / RAD;
}

/**
 * @param at ms since the epoch
 * @param place where the camera stands, or null: then six to eighteen o'clock is day
 */
export function lightAt(at: number, place: Location | null, utcOffsetMinutes: number): MemoryLight {
  if (place) return sunElevation(at, place) >= NIGHT_BELOW ? 'day' : 'night';
  const hour = ((((at + utcOffsetMinutes * 60_000) % DAY_MS) + DAY_MS) % DAY_MS) / 3_600_000;
  return hour >= SUNRISE_HOUR && hour < SUNSET_HOUR ? 'day' : 'night';
}
