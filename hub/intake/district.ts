/** The district of a place that nobody entered: what registered places close by say, where they agree. */
import type { StallPointBody } from '../../contracts/api/stall-point.ts';
import type { Location } from '../../contracts/geometry.ts';
import { boundsAround, metresBetween } from '../dedupe/report.ts';
import { camerasAround, type KnownPlace } from '../storage/citizen-reports.ts';
import { allStallPoints } from '../storage/registers.ts';
import type { Db } from '../storage/store.ts';

/** Further away a border may lie between. */
const NEAR_M = 300;

function placeOfPoint({ location, district }: StallPointBody): KnownPlace[] {
  return location && district ? [{ ...location, district }] : [];
}

/** Six digits; null where nothing is registered close by, or a border runs between what is. */
export async function districtOf(db: Db, location: Location): Promise<string | null> {
  const cameras = await camerasAround(db, boundsAround(location, NEAR_M));
  const points = (await allStallPoints(db)).flatMap(placeOfPoint);
  const near = [...cameras, ...points].filter((place) => metresBetween(place, location) <= NEAR_M);
  const districts = new Set(near.map(({ district }) => district));
  const [only] = districts;
  return districts.size === 1 && only !== undefined ? only : null;
}
