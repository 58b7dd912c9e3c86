// Where bikes stand: the bay, the grounds that a zone may cover, and the ragged rows that riders make.
import { tactile } from './places.js';

export const bay = { x0: 1.2, x1: 7.4, z0: -9.2, z1: -6.9 };
/** The zone drawn around ribbed paving. */
export const strip = [-6.4, 6.4, tactile.z - 1.25, tactile.z + 1.2];

/** What counts where: the zone's ground [x0, x1, z0, z1], its surface, and how many are too many. */
export const grounds = {
  pavement: { area: [-7.4, 7.7, -9.5, -4.15], surface: 'pavement', minCount: 8 },
  tactile: { area: [-6.6, 6.6, -9.2, -4.15], surface: 'pavement', minCount: 8 },
  'heritage-apron': { area: [-6.2, 6.2, -9.2, -4.2], surface: 'heritage-apron', minCount: 3 },
  gate: { area: [-4.8, 4.8, -9.4, -4.3], surface: 'gate', minCount: 3 },
  walkway: { area: [-6.4, 6.4, -8.6, -4.3], surface: 'walkway', minCount: 3 },
};

/** Ragged rows, back row first; each bike stands clear of the others so that it can be counted. */
function raggedRows(rng, rows, count, pitch) {
  const places = [];
  for (const [x0, z, most] of rows)
    for (let i = 0; i < most; i++) {
      const heading = Math.PI / 2 + rng.between(-0.5, 0.5) + (rng.chance(0.2) ? 1 : 0);
      places.push([x0 + i * pitch + rng.between(-0.15, 0.15), z + rng.between(-0.15, 0.15), heading]);
    }
  return places.slice(0, count);
}

export function untidyPlaces(rng, ground, count) {
  if (ground === grounds.pavement)
    return raggedRows(
      rng,
      [
        [-6.5, -8.7, 5],
        [-6.2, -6.9, 5],
        [-5.8, -5.1, 8],
      ],
      count,
      1.5,
    );
  const [x0, x1, z0, z1] = ground.area;
  const pitch = Math.min(1.9, (x1 - x0 - 2) / Math.max(1, count - 1));
  const start = rng.between(x0 + 1, Math.max(x0 + 1, x1 - 1 - pitch * (count - 1)));
  const z = ground === grounds.tactile ? tactile.z - 0.3 : rng.between(z0 + 2, z1 - 1.6);
  return Array.from({ length: count }, (_, i) => [
    start + i * pitch,
    z + rng.between(-0.12, 0.12),
    Math.PI / 2 + rng.between(-0.45, 0.45),
  ]);
}

export function bayPlaces(rng, count, slots) {
  const pitch = (bay.x1 - bay.x0 - 0.8) / (slots - 1);
  return Array.from({ length: count }, (_, i) => [
    bay.x0 + 0.4 + i * pitch,
    (bay.z0 + bay.z1) / 2 + 0.05,
    Math.PI / 2 + rng.between(-0.08, 0.08),
  ]);
}
