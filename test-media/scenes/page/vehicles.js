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

const beamMaterial = new THREE.MeshBasicMaterial({
  vertexColors: true,
  transparent: true,
  depthWrite: false,
  blending: THREE.AdditiveBlending,
});

/** Light on the road before a vehicle whose nose is at `front`; shown in the dark only, and never labelled. */
export function beam(front) {
  const geometry = new THREE.BufferGeometry();
  const corners = [
    [front + 0.4, -0.9],
    [front + 0.4, 0.9],
    [front + 9, 2.8],
    [front + 9, -2.8],
  ];
  const points = [0, 1, 2, 0, 2, 3].flatMap((i) => [corners[i][0], 0.03, corners[i][1]]);
  const shades = [0.2, 0.2, 0, 0.2, 0, 0].flatMap((k) => [k, k * 0.93, k * 0.75]);
  geometry.setAttribute('position', new THREE.BufferAttribute(new Float32Array(points), 3));
  geometry.setAttribute('color', new THREE.BufferAttribute(new Float32Array(shades), 3));
  const mesh = new THREE.Mesh(geometry, beamMaterial);
  Object.assign(mesh.userData, { ghost: true, beam: true });
  mesh.visible = false;
  return mesh;
}

function vehicle(rng, cls, kit, lampMesh, front) {
  const body = kit.mesh('shiny');
  const root = new THREE.Group();
  root.add(body, lampMesh, beam(front));
  return actor(root, [{ cls, parts: [body, lampMesh] }]).stretch(rng, 0.07);
}

const cars = {
  sedan: { tall: 1.42, back: -1.55, nose: 1.05, tail: 0.95 },
  hatch: { tall: 1.5, back: -2.05, nose: 1.0, tail: 0.95 },
  suv: { tall: 1.68, back: -2.1, nose: 1.05, tail: 1.0 },
  minivan: { tall: 1.85, back: -2.12, nose: 1.9, tail: 0.95 },
  van: { tall: 2.15, back: -2.15, nose: 1.75, tail: 1.0 },
  coupe: { tall: 1.32, back: -1.2, nose: 0.75, tail: 0.9 },
};

export function makeCar(rng) {
  const kit = new Kit();
  const color = paint(rng);
  const style = rng.pick(Object.keys(cars));
  const { back, nose, tail } = cars[style];
  const tall = cars[style].tall * rng.between(0.93, 1.08);
  const bonnet = rng.between(0.76, 0.9);
  const rear = style === 'sedan' || style === 'coupe' ? rng.between(0.45, 0.8) : rng.between(0.1, 0.45);
  kit.slab(
    [
      [-2.2, 0.3],
      [2.2, 0.3],
      [2.25, 0.65],
      [1.9, bonnet],
      [0.9, 0.94],
      [-2.2, tail],
    ],
    1.76,
    color,
  );
  const window = rng.chance(0.85) ? glass : rng.pick(['#3d4a52', '#5b6b74', '#12161a']);
  kit.slab(
    [
      [back, 0.9],
      [nose, 0.88],
      [nose - 0.75, tall - 0.04],
      [back + rear, tall - 0.04],
    ],
    1.6,
    window,
  );
  kit.slab(
    [
      [back + rear - 0.1, tall - 0.1],
      [nose - 0.65, tall - 0.1],
      [nose - 0.8, tall],
      [back + rear + 0.05, tall],
    ],
    1.56,
    rng.chance(0.85) ? color : '#15181b',
  );
  for (const x of [back + 0.25, -0.3]) kit.box(0.09, tall - 0.95, 1.63, color, [x, (tall + 0.85) / 2, 0]);
  if (style === 'van' && rng.chance(0.6)) kit.box(2.6, tall - 1.05, 1.7, color, [-0.8, (tall + 0.95) / 2, 0]);
  kit.box(4.3, 0.1, 1.5, '#1a1b1c', [0, 0.26, 0]);
  kit.box(0.03, 0.12, 0.45, rng.pick(['#2a5ec4', '#2f9e58']), [2.27, 0.5, 0]);
  kit.box(0.03, 0.12, 0.45, rng.pick(['#2a5ec4', '#2f9e58']), [-2.22, 0.6, 0]);
  if (rng.chance(0.12)) kit.box(0.2, 0.14, 0.6, rng.pick(['#f2e9d0', '#d8b13a']), [0, tall + 0.07, 0]);
  wheels(kit, [-1.35, 1.38], 1.62);
  return vehicle(rng, 'car', kit, lamps(2.24, -2.21, 1.76, 0.7), 2.3);
}

export function makeBus(rng) {
  const kit = new Kit();
  const color = anyColor(rng, [0.1, 0.9], [0.3, 0.85]);
  const length = rng.pick([rng.between(6.2, 7.5), rng.between(8.5, 12), rng.between(8.5, 12)]);
  const height = length < 8 ? rng.between(2.4, 2.8) : rng.between(2.8, 3.2);
  const sill = rng.between(0.5, 0.6);
  const band = rng.between(0.27, 0.36);
  kit.box(length, height - 0.35, 2.5, color, [0, height / 2 + 0.18, 0]);
  kit.box(length * 0.94, height * band, 2.53, glass, [0, height * (sill + band / 2), 0]);
  kit.box(0.06, height * 0.52, 2.25, glass, [length / 2, height * 0.6, 0]);
  kit.box(0.06, height * 0.3, 2.0, glass, [-length / 2, height * 0.68, 0]);
  kit.box(length * 0.9, rng.between(0.1, 0.4), 2.54, anyColor(rng), [0, height * rng.between(0.22, 0.42), 0]);
  for (let i = rng.whole(0, 2); i > 0; i--)
    kit.box(length * rng.between(0.15, 0.4), 0.25, 1.6, rng.pick(['#cfd3d5', '#8f969b', color]), [
      length * rng.between(-0.3, 0.3),
      height + 0.1,
      0,
    ]);
  for (let x = -length * 0.4; x < length * 0.45; x += rng.between(1.1, 1.7))
    kit.box(0.1, height * (band + 0.01), 2.55, color, [x, height * (sill + band / 2), 0]);
  for (const x of [0.1, 0.36])
    if (rng.chance(0.7)) kit.box(0.9, height * 0.6, 0.05, '#2b3238', [length * x, height * 0.45, 1.25]);
  wheels(kit, [-length * 0.27, length * 0.32], 2.3, 0.48);
  return vehicle(rng, 'bus', kit, lamps(length / 2 + 0.02, -length / 2, 2.4, 0.8), length / 2);
}

const bodies = {
  box(kit, rng, length) {
    const h = rng.between(1.5, 2.5);
    kit.box(length, h, 2.2, rng.chance(0.6) ? hsl(0, 0, rng.between(0.7, 0.95)) : anyColor(rng), [0, 0.95 + h / 2, 0]);
    if (rng.chance(0.4)) kit.box(length * 0.6, h * 0.4, 2.24, anyColor(rng), [0, 0.95 + h * 0.5, 0]);
  },
  flat(kit, rng, length, color) {
    kit.box(length, 0.14, 2.2, '#5b5147', [0, 1, 0]);
    if (rng.chance(0.7)) for (const side of [-1, 1]) kit.box(length, 0.4, 0.06, color, [0, 1.25, side * 1.08]);
  },
  cargo(kit, rng, length, color) {
    bodies.flat(kit, rng, length, color);
    for (let i = rng.whole(2, 7); i > 0; i--) {
      const s = rng.between(0.4, 1.1);
      kit.box(s, s * 0.9, s, anyColor(rng, [0, 0.5]), [
        rng.between(-length / 2.6, length / 2.6),
        1.05 + s * 0.45,
        rng.between(-0.6, 0.6),
      ]);
    }
  },
  tank(kit, rng, length) {
    kit.cylinder(
      1.05,
      1.05,
      length * 0.95,
      rng.pick(['#d5d8da', '#2f7a4f', '#e9e6da', '#a33']),
      [0, 1.9, 0],
      [0, 0, Math.PI / 2],
      14,
    );
    kit.box(length * 0.9, 0.3, 1.2, '#3a3d40', [0, 0.95, 0]);
  },
  mixer(kit, rng, length) {
    const drum = anyColor(rng, [0, 0.8], [0.4, 0.9]);
    kit.cylinder(0.6, 1.15, length * 0.55, drum, [-length * 0.18, 2.15, 0], [0, 0, Math.PI / 2 - 0.2], 12);
    kit.cylinder(1.15, 0.75, length * 0.35, drum, [length * 0.24, 2.0, 0], [0, 0, Math.PI / 2 - 0.2], 12);
  },
  curtain(kit, rng, length, color) {
    bodies.flat(kit, rng, length, color);
    const h = rng.between(1.4, 2);
    kit.cylinder(
      1.1,
      1.1,
      length,
      anyColor(rng, [0.1, 0.7], [0.2, 0.6]),
      [0, 1.1 + h * 0.5, 0],
      [0, 0, Math.PI / 2],
      8,
    );
    kit.box(length, h * 0.6, 2.2, anyColor(rng, [0.1, 0.7], [0.2, 0.6]), [0, 1.1 + h * 0.3, 0]);
  },
};

export function makeLorry(rng) {
  const kit = new Kit();
  const color = anyColor(rng, [0, 0.9], [0.2, 0.9]);
  const length = rng.between(3, 6.6);
  cab(kit, color, length / 2 + 0.95, rng.between(1.85, 2.7));
  kit.box(length + 1.5, 0.25, 1, '#2a2c2e', [0.3, 0.75, 0]);
  bodies[rng.pick(['box', 'box', 'box', 'flat', 'cargo', 'tank', 'mixer', 'curtain'])](kit, rng, length, color);
  wheels(kit, [-length * 0.3, length / 2 + 0.8], 1.95, 0.45);
  return vehicle(rng, 'truck', kit, lamps(length / 2 + 1.75, -length / 2, 2.1, 0.8), length / 2 + 1.8);
}

/** An electric moped: not a bicycle, and not a class of ours, so it carries no label. */
export function makeMoped(rng) {
  const kit = new Kit();
  const color = anyColor(rng, [0, 0.9], [0.15, 0.8]);
  for (const x of [-0.6, 0.62]) kit.cylinder(0.24, 0.24, 0.12, '#151617', [x, 0.24, 0], [Math.PI / 2, 0, 0], 12);
  kit.box(0.62, 0.1, 0.3, '#2a2c2e', [0.05, 0.3, 0]);
  kit.box(0.72, 0.34, 0.32, color, [-0.42, 0.5, 0]);
  kit.box(0.66, 0.12, 0.28, '#191a1b', [-0.36, 0.74, 0]);
  kit.box(0.1, 0.66, 0.36, color, [0.45, 0.6, 0], [0, 0, 0.3]);
  kit.rod([0.4, 1, -0.33], [0.4, 1, 0.33], 0.025, '#222426');
  if (rng.chance(0.6)) kit.box(0.36, 0.34, 0.38, anyColor(rng), [-0.78, 0.92, 0]);
  const root = new THREE.Group();
  root.add(kit.mesh('shiny'));
  return actor(root, []).stretch(rng, 0.08);
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
