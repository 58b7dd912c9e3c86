/** The four-level grid (市、县区、镇街、社区): codes of GB/T 2260 and GB/T 10114, each the beginning of the next one. */
import { type Static, Type } from '@sinclair/typebox';
import { Bilingual } from './text.ts';

const digits = (count: number, description: string) => Type.String({ pattern: `^\\d{${count}}$`, description });

export const GridArea = Type.Object(
  {
    city: digits(6, 'City, six digits, e.g. 350500'),
    county: Type.Optional(digits(6, 'County or district, six digits')),
    street: Type.Optional(digits(9, 'Street or town, nine digits')),
    community: Type.Optional(digits(12, 'Community, twelve digits')),
  },
  { additionalProperties: false, description: 'As deep as it is known; no level without the one above' },
);
export type GridArea = Static<typeof GridArea>;

/** Names of streets and towns, as the bulletin shows them beside their codes. */
export const StreetNames = Type.Array(
  Type.Object({ code: digits(9, 'Street or town, nine digits'), name: Bilingual }, { additionalProperties: false }),
  { maxItems: 2000, description: 'Names of streets and towns; where one is missing its code stands alone' },
);
export type StreetNames = Static<typeof StreetNames>;

const gridLevels = ['city', 'county', 'street', 'community'] as const;
type GridLevel = (typeof gridLevels)[number];

/** Digits of the level above that a code must begin with. */
const SHARED: Readonly<Record<Exclude<GridLevel, 'city'>, number>> = { county: 4, street: 6, community: 9 };

/** The first level that does not hang together, or null when all is well. */
export function gridFault(area: GridArea): { readonly level: GridLevel; readonly message: string } | null {
  for (const [i, level] of gridLevels.entries()) {
    if (level === 'city' || area[level] === undefined) continue;
    const above = gridLevels[i - 1] as GridLevel;
    const parent = area[above];
    if (parent === undefined) return { level, message: `needs ${above}` };
    const shared = SHARED[level];
    if (area[level].slice(0, shared) !== parent.slice(0, shared))
      return { level, message: `is not within ${above} ${parent}` };
  }
  return null;
}

/**
 * Where a camera lies, as far as its codes say: a grid cell has 6 digits of the county, 3 of the street and 3 of the
 * community before its own number.
 * @returns null where neither is known
 * @example areaOfCamera({ grid: '350503001002003' })?.community // '350503001002'
 */
export function areaOfCamera(camera: {
  readonly district?: string | null | undefined;
  readonly grid?: string | null | undefined;
}): GridArea | null {
  const cell = camera.grid ?? null;
  const county = cell?.slice(0, 6) ?? camera.district ?? null;
  if (county === null) return null;
  const area = { city: `${county.slice(0, 4)}00`, county };
  return cell === null ? area : { ...area, street: cell.slice(0, 9), community: cell.slice(0, 12) };
}

/** How deep an area goes, 1 (a city) to 4 (a community), when the place lies in it; 0 when it does not. */
export function depthHolding(area: GridArea, place: GridArea | null): number {
  if (place === null) return 0;
  let depth = 0;
  for (const level of gridLevels) {
    if (area[level] === undefined) return depth;
    if (area[level] !== place[level]) return 0;
    depth += 1;
  }
  return depth;
}
