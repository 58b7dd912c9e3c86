// Cars, buses and lorries that are not muck trucks; all point along +x and stand centred on the origin.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';

const glass = '#20282e';

export function wheels(kit, xs, track, radius = 0.33) {
  for (const x of xs) {
    for (const side of [-1, 1]) {
      const z = (side * track) / 2;
      kit.cylinder(radius, radius, 0.24, '#141516', [x, radius, z], [Math.PI / 2, 0, 0], 12);
      kit.cylinder(radius * 0.55, radius * 0.55, 0.27, '#9aa0a5', [x, radius, z], [Math.PI / 2, 0, 0], 8);
    }
  }
}

/** Head and tail lamps; they glow at night only, so they are a mesh of their own. */
export function lamps(front, rear, width, height) {
  const kit = new Kit();
  for (const side of [-1, 1]) {
    kit.box(0.06, 0.16, 0.3, '#fff6d8', [front, height, (side * width) / 2.7]);
    kit.box(0.06, 0.16, 0.26, '#d01616', [rear, height, (side * width) / 2.6]);
  }
  return kit.mesh('glow');
}

function paint(rng) {
  const greys = [
    hsl(0, 0, rng.between(0.75, 0.95)),
    hsl(0.6, 0.05, rng.between(0.35, 0.6)),
    hsl(0, 0, rng.between(0.04, 0.14)),
  ];
  return rng.chance(0.7) ? rng.pick(greys) : anyColor(rng, [0.3, 0.9], [0.2, 0.55]);
}

function vehicle(cls, kit, lampMesh) {
  const body = kit.mesh();
  const root = new THREE.Group();
  root.add(body, lampMesh);
  return actor(root, [{ cls, parts: [body, lampMesh] }]);
}

export function makeCar(rng) {
  const kit = new Kit();
  const color = paint(rng);
  const style = rng.pick(['sedan', 'suv', 'van']);
  const h = rng.between(0.92, 1.1);
  const tall = style === 'sedan' ? 1.42 * h : style === 'suv' ? 1.65 * h : 1.9 * h;
  const back = style === 'sedan' ? -1.55 : -2.1;
  const nose = style === 'van' ? 1.9 : 1.05;
  kit.slab(
    [
      [-2.2, 0.3],
      [2.2, 0.3],
      [2.25, 0.65],
      [1.9, 0.82],
      [0.9, 0.92],
      [-2.2, 0.95],
    ],
    1.76,
    color,
  );
  kit.slab(
    [
      [back, 0.9],
      [nose, 0.88],
      [nose - 0.75, tall - 0.04],
      [back + 0.45, tall - 0.04],
    ],
    1.6,
    glass,
  );
  kit.slab(
    [
      [back + 0.35, tall - 0.1],
      [nose - 0.65, tall - 0.1],
      [nose - 0.8, tall],
      [back + 0.5, tall],
    ],
    1.56,
    color,
  );
  for (const x of [back + 0.25, -0.3]) kit.box(0.09, tall - 0.95, 1.63, color, [x, (tall + 0.85) / 2, 0]);
  kit.box(4.3, 0.1, 1.5, '#1a1b1c', [0, 0.26, 0]);
  kit.box(0.03, 0.12, 0.45, rng.pick(['#2a5ec4', '#2f9e58']), [2.27, 0.5, 0]);
  wheels(kit, [-1.35, 1.38], 1.62);
  return vehicle('car', kit, lamps(2.24, -2.21, 1.76, 0.7));
}

export function makeBus(rng) {
  const kit = new Kit();
  const color = anyColor(rng, [0.3, 0.9], [0.35, 0.75]);
  const length = rng.between(8.5, 11.5);
  const height = rng.between(2.8, 3.1);
  kit.box(length, height - 0.35, 2.5, color, [0, height / 2 + 0.18, 0]);
  kit.box(length * 0.94, height * 0.32, 2.53, glass, [0, height * 0.66, 0]);
  kit.box(0.06, height * 0.5, 2.25, glass, [length / 2, height * 0.6, 0]);
  kit.box(length * 0.9, 0.18, 2.54, anyColor(rng), [0, height * 0.35, 0]);
  kit.box(length * 0.3, 0.25, 1.6, '#cfd3d5', [0, height + 0.1, 0]);
  for (let x = -length * 0.4; x < length * 0.45; x += 1.4)
    kit.box(0.1, height * 0.33, 2.55, color, [x, height * 0.66, 0]);
  wheels(kit, [-length * 0.27, length * 0.32], 2.3, 0.48);
  return vehicle('bus', kit, lamps(length / 2 + 0.02, -length / 2, 2.4, 0.8));
}

export function makeLorry(rng) {
  const kit = new Kit();
  const color = anyColor(rng);
  const length = rng.between(3.6, 6);
  cab(kit, color, length / 2 + 0.95, rng.between(1.9, 2.5));
  const bed = rng.pick(['box', 'box', 'flat', 'cargo']);
  kit.box(length + 1.5, 0.25, 1, '#2a2c2e', [0.3, 0.75, 0]);
  if (bed === 'box') {
    const h = rng.between(1.7, 2.4);
    kit.box(length, h, 2.2, rng.chance(0.6) ? '#e6e7e6' : anyColor(rng), [0, 0.95 + h / 2, 0]);
  } else {
    kit.box(length, 0.14, 2.2, '#5b5147', [0, 1, 0]);
    for (const side of [-1, 1]) kit.box(length, 0.4, 0.06, color, [0, 1.25, side * 1.08]);
    if (bed === 'cargo') {
      for (let i = rng.whole(2, 6); i > 0; i--) {
        const s = rng.between(0.5, 1.1);
        kit.box(s, s * 0.9, s, anyColor(rng, [0, 0.5]), [
          rng.between(-length / 2.6, length / 2.6),
          1.05 + s * 0.45,
          rng.between(-0.6, 0.6),
        ]);
      }
    }
  }
  wheels(kit, [-length * 0.3, length / 2 + 0.8], 1.95, 0.45);
  return vehicle('truck', kit, lamps(length / 2 + 1.75, -length / 2, 2.1, 0.8));
}

/** A forward-control cab whose rear wall is at `x` - 0.75. */
export function cab(kit, color, x, height) {
  kit.slab(
    [
      [-0.75, 0.5],
      [0.72, 0.5],
      [0.78, 1.35],
      [0.6, height],
      [-0.75, height],
    ],
    2.2,
    color,
    [x, 0, 0],
  );
  kit.slab(
    [
      [0.76, 1.35],
      [0.8, 1.38],
      [0.64, height - 0.2],
      [0.6, height - 0.2],
    ],
    1.95,
    glass,
    [x, 0, 0],
  );
  kit.box(0.75, (height - 1.3) * 0.65, 2.23, glass, [x + 0.1, 1.35 + (height - 1.3) * 0.4, 0]);
  kit.box(0.1, 0.3, 2.1, '#2a2c2e', [x + 0.78, 0.6, 0]);
  kit.box(0.08, 0.2, 2, '#c9ced2', [x + 0.79, 1.02, 0]);
  for (const side of [-1, 1]) kit.box(0.12, 0.4, 0.1, '#1b1c1d', [x + 0.7, 1.7, side * 1.22]);
}
