// Vendors' stalls of four builds and the carts they arrive with.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';

const builds = ['umbrella', 'umbrella', 'tent', 'tent', 'cart', 'cart', 'table', 'tricycle', 'blanket'];

function goods(kit, rng, width, depth, top) {
  const style = rng.pick(['fruit', 'boxes', 'cloth', 'pots']);
  const columns = rng.whole(4, 7);
  const rows = rng.whole(2, 3);
  const tone = rng.next();
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      const x = -width / 2 + ((c + 0.5) * width) / columns;
      const z = -depth / 2 + ((r + 0.5) * depth) / rows;
      const color = hsl((tone + rng.between(0, 0.35)) % 1, rng.between(0.4, 0.95), rng.between(0.3, 0.65));
      if (style === 'fruit') kit.ball(width / columns / 2.1, color, [x, top + 0.05, z], [1, 0.9, 1]);
      else if (style === 'boxes')
        kit.box((width / columns) * 0.85, rng.between(0.08, 0.3), (depth / rows) * 0.85, color, [x, top + 0.1, z]);
      else if (style === 'cloth')
        kit.box((width / columns) * 0.95, 0.05, (depth / rows) * 0.9, color, [x, top + 0.03, z]);
      else kit.cylinder(0.1, 0.08, rng.between(0.15, 0.35), color, [x, top + 0.14, z]);
    }
  }
}

export function crates(kit, rng, width, depth) {
  for (let i = rng.whole(1, 5); i > 0; i--) {
    const color = rng.pick(['#b9834a', '#2f6fb5', '#3d8f4c', '#c9b48a', anyColor(rng)]);
    const size = rng.between(0.3, 0.5);
    kit.box(size, size * 0.7, size, color, [
      rng.sign() * (width / 2 + 0.12),
      size * 0.35,
      rng.between(-depth / 2, depth / 2),
    ]);
  }
}

function tableBase(kit, rng, width, depth) {
  const top = rng.between(0.7, 0.85);
  const cloth = anyColor(rng);
  kit.box(width, 0.05, depth, cloth, [0, top, 0]);
  if (rng.chance(0.6)) kit.box(width * 0.99, top * 0.8, depth * 0.98, cloth, [0, top * 0.58, 0]);
  for (const x of [-1, 1]) {
    for (const z of [-1, 1]) kit.cylinder(0.03, 0.03, top, '#777b80', [(x * width) / 2.1, top / 2, (z * depth) / 2.2]);
  }
  return top + 0.03;
}

function cartBase(kit, rng, width, depth) {
  const body = anyColor(rng, [0.3, 0.9], [0.3, 0.7]);
  const top = rng.between(0.8, 1);
  kit.box(width, 0.45, depth, body, [0, top - 0.22, 0]);
  for (const x of [-1, 1]) {
    for (const z of [-1, 1]) kit.ring(0.26, 0.06, '#17181a', [(x * width) / 3, 0.3, (z * depth) / 2]);
  }
  if (rng.chance(0.6)) {
    kit.rod([width / 2, 0.7, 0], [width / 2 + 0.8, 0.55, 0], 0.05, body);
    kit.ring(0.28, 0.05, '#17181a', [width / 2 + 0.85, 0.32, 0]);
    kit.rod([width / 2 + 0.6, 1.05, -0.3], [width / 2 + 0.6, 1.05, 0.3], 0.03, '#333333');
    kit.box(0.3, 0.1, 0.3, '#222222', [width / 2 + 0.25, 0.85, 0]);
  }
  return top + 0.02;
}

export function glassCase(kit, rng, width, depth, top) {
  kit.box(width * 0.9, 0.5, depth * 0.9, rng.pick(['#b9cdd3', '#9fb3ad', '#d8d3c4']), [0, top + 0.25, 0]);
  kit.box(width * 0.95, 0.05, depth * 0.95, anyColor(rng), [0, top + 0.52, 0]);
}

export function parasol(rng, width) {
  const kit = new Kit();
  const radius = Math.max(width * 0.62, rng.between(1, 1.5));
  const height = rng.between(2.1, 2.5);
  const sides = rng.pick([4, 6, 8]);
  kit.cylinder(
    0.05,
    radius,
    rng.between(0.35, 0.6),
    anyColor(rng, [0.4, 1], [0.3, 0.65]),
    [0, height, 0],
    [0, rng.next(), 0],
    sides,
  );
  if (rng.chance(0.5))
    kit.cylinder(radius, radius, 0.14, anyColor(rng), [0, height - 0.28, 0], [0, rng.next(), 0], sides);
  kit.cylinder(0.035, 0.035, height, '#c8ccd0', [0, height / 2, 0]);
  return kit.mesh('double');
}

export function canopy(rng, width, depth) {
  const kit = new Kit();
  const height = rng.between(1.95, 2.4);
  const w = width + 0.5;
  const d = depth + 0.7;
  const color = anyColor(rng, [0.4, 1], [0.3, 0.7]);
  if (rng.chance(0.6)) kit.cylinder(0.08, Math.SQRT1_2, 0.6, color, [0, height + 0.3, 0], [0, Math.PI / 4, 0], 4);
  else kit.box(1, 0.08, 1, color, [0, height + 0.05, 0], [rng.between(-0.2, 0.2), 0, 0]);
  for (const part of kit.parts) part.scale(w, 1, d);
  kit.box(w, 0.22, d, rng.chance(0.5) ? color : anyColor(rng), [0, height - 0.08, 0]);
  for (const x of [-1, 1]) {
    for (const z of [-1, 1]) kit.cylinder(0.03, 0.03, height, '#d5d8da', [(x * w) / 2, height / 2, (z * d) / 2]);
  }
  return kit.mesh('double');
}

/** A cargo tricycle with its goods laid out on the bed. */
export function tricycleBase(kit, rng, width, depth) {
  const body = anyColor(rng, [0.3, 0.9], [0.25, 0.6]);
  const top = rng.between(0.62, 0.78);
  kit.box(width, 0.1, depth, body, [0, top - 0.05, 0]);
  for (const side of [-1, 1]) kit.box(width, 0.22, 0.05, body, [0, top + 0.08, (side * depth) / 2]);
  for (const z of [-1, 1]) kit.ring(0.3, 0.06, '#17181a', [-width * 0.2, 0.34, (z * depth) / 2]);
  kit.ring(0.3, 0.05, '#17181a', [width / 2 + 0.75, 0.34, 0]);
  kit.rod([width / 2, 0.5, 0], [width / 2 + 0.75, 0.4, 0], 0.05, body);
  kit.rod([width / 2 + 0.75, 0.4, 0], [width / 2 + 0.55, 1.05, 0], 0.04, body);
  kit.rod([width / 2 + 0.55, 1.05, -0.3], [width / 2 + 0.55, 1.05, 0.3], 0.03, '#333333');
  kit.box(0.28, 0.1, 0.28, '#222222', [width / 2 + 0.15, 0.85, 0]);
  return top;
}

/** Goods on a cloth on the ground. */
function blanketBase(kit, rng, width, depth) {
  kit.box(width * 1.1, 0.03, depth * 1.3, anyColor(rng), [0, 0.02, 0]);
  if (rng.chance(0.5)) kit.box(width * 0.8, 0.35, 0.3, anyColor(rng), [0, 0.18, -depth * 0.5]);
  return 0.05;
}

function baseOf(build, kit, rng, width, depth) {
  if (build === 'cart') return cartBase(kit, rng, width, depth);
  if (build === 'tricycle') return tricycleBase(kit, rng, width, depth);
  if (build === 'blanket') return blanketBase(kit, rng, width, depth);
  return build === 'umbrella' && rng.chance(0.4) ? cartBase(kit, rng, width, depth) : tableBase(kit, rng, width, depth);
}

export function makeStall(rng, wanted) {
  const build = wanted ?? rng.pick(builds);
  const width = rng.between(1.4, build === 'cart' ? 1.9 : 2.6);
  const depth = rng.between(0.7, 1.2);
  const kit = new Kit();
  const top = baseOf(build, kit, rng, width, depth);
  if (build === 'cart' && rng.chance(0.4)) glassCase(kit, rng, width, depth, top);
  else goods(kit, rng, width, depth, top);
  if (rng.chance(0.6)) crates(kit, rng, width, depth);
  if (rng.chance(0.3))
    kit.box(width * 0.7, 0.5, 0.04, anyColor(rng, [0.6, 1], [0.4, 0.6]), [0, 0.45, depth / 2 + 0.03]);
  const base = kit.mesh();
  const root = new THREE.Group();
  root.add(base);
  const parts = [base];
  const objects = [{ cls: 'stall', parts }];
  if (build === 'umbrella' || ((build === 'cart' || build === 'tricycle') && rng.chance(0.5))) {
    const roof = parasol(rng, width);
    root.add(roof);
    parts.push(roof);
    objects.push({ cls: 'umbrella', parts: [roof] });
  } else if (build === 'tent' || ((build === 'cart' || build === 'tricycle') && rng.chance(0.6))) {
    const roof = canopy(rng, width, depth);
    root.add(roof);
    parts.push(roof);
  }
  const stall = actor(root, objects);
  stall.width = width;
  stall.depth = depth;
  stall.unfold = (share) => root.scale.set(0.6 + 0.4 * share, 0.45 + 0.55 * share, 0.6 + 0.4 * share);
  return stall;
}

/** A folded cart on the move: goods under a sheet, no roof. */
export function makeCart(rng) {
  const kit = new Kit();
  const width = rng.between(1.1, 1.7);
  const depth = rng.between(0.6, 0.9);
  const top = cartBase(kit, rng, width, depth);
  const sheet = rng.pick(['#7b8a6a', '#5f6f86', '#8a6f55', '#9a9a96']);
  if (rng.chance(0.7)) kit.box(width * 0.9, rng.between(0.15, 0.4), depth * 0.9, sheet, [0, top + 0.12, 0]);
  const mesh = kit.mesh();
  const root = new THREE.Group();
  root.add(mesh);
  return actor(root, [{ cls: 'cart', parts: [mesh] }]);
}

/** A parasol without a stall: it must not become one. */
export function makeLoneUmbrella(rng) {
  const mesh = parasol(rng, 1.4);
  const root = new THREE.Group();
  root.add(mesh);
  return actor(root, [{ cls: 'umbrella', parts: [mesh] }]);
}
