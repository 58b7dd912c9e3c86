// What real streets are full of and a detector takes for stalls: cabinets, shelters, skips, barriers, café tables, bins, pallets. No labels of their own.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';
import { makePerson, makeSitter } from './people.js';
import { makeLoneUmbrella } from './stall.js';

const metal = ['#9aa0a4', '#6f767b', '#c2c6c8', '#4b5054', '#3f5f4a'];

function thing(kit, kind = 'double') {
  const root = new THREE.Group();
  root.add(kit.mesh(kind));
  return actor(root, []);
}

/** A utility cabinet, plain or painted with a picture. */
function cabinet(rng) {
  const kit = new Kit();
  const [w, h, d] = [rng.between(0.6, 1.8), rng.between(0.9, 1.7), rng.between(0.3, 0.6)];
  kit.box(w, h, d, rng.pick(metal), [0, h / 2, 0]);
  if (rng.chance(0.6))
    for (let i = rng.whole(4, 14); i > 0; i--) {
      const [a, b] = [rng.between(0.08, 0.4) * w, rng.between(0.08, 0.3) * h];
      kit.box(a, b, 0.01, anyColor(rng), [
        rng.between(-0.5, 0.5) * (w - a),
        h / 2 + rng.between(-0.45, 0.45) * (h - b),
        d / 2 + 0.005 + i * 0.001,
      ]);
    }
  return [thing(kit)];
}

/** A bus shelter or a kiosk of glass with a poster. */
function shelter(rng) {
  const kit = new Kit();
  const [w, d, h] = [rng.between(2.2, 4.5), rng.between(1.1, 1.6), rng.between(2.2, 2.6)];
  kit.box(w, 0.1, d, rng.pick(metal), [0, h, 0]);
  for (const x of [-1, 1]) kit.box(0.08, h, 0.08, '#4b5054', [(x * w) / 2.1, h / 2, -d / 2.2]);
  kit.box(w * 0.95, h * 0.7, 0.03, rng.pick(['#9fb2b8', '#7f9298', '#c5d0d2']), [0, h * 0.55, -d / 2.1]);
  if (rng.chance(0.7)) kit.box(0.06, h * 0.75, d * 0.8, anyColor(rng), [w / 2.1, h * 0.5, 0]);
  if (rng.chance(0.6)) kit.box(w * 0.5, 0.06, 0.3, '#8a6a45', [0, 0.45, -d / 3]);
  const list = [thing(kit)];
  for (let i = rng.whole(0, 3); i > 0; i--)
    list.push(makePerson(rng).place(rng.between(-w, w) / 2, 0.1, rng.between(0, 6.3)));
  return list;
}

/** A skip full of rubble or rubbish. */
function skip(rng) {
  const kit = new Kit();
  const color = rng.pick(['#c8a018', '#2f6fb5', '#3d8f4c', '#6f767b', '#a33a2a']);
  const [w, d, h] = [rng.between(2, 3.4), rng.between(1.4, 1.8), rng.between(0.9, 1.4)];
  for (const z of [-1, 1]) kit.box(w, h, 0.06, color, [0, h / 2, (z * d) / 2], [z * -0.12, 0, 0]);
  for (const x of [-1, 1]) kit.box(0.06, h, d, color, [(x * w) / 2, h / 2, 0], [0, 0, x * 0.25]);
  const tone = rng.next();
  for (let i = rng.whole(6, 20); i > 0; i--) {
    const s = rng.between(0.15, 0.5);
    kit.box(
      s * 1.4,
      s,
      s,
      hsl(tone, rng.between(0, 0.4), rng.between(0.2, 0.7)),
      [rng.between(-0.42, 0.42) * w, h - rng.between(0, 0.25), rng.between(-0.4, 0.4) * d],
      [rng.next(), rng.next() * 3, rng.next()],
    );
  }
  return [thing(kit)];
}

/** Barriers and cones around road works. */
function barriers(rng) {
  const kit = new Kit();
  const n = rng.whole(2, 5);
  const [a, b] = rng.pick([
    ['#c3231c', '#f0efe8'],
    ['#e07a14', '#f0efe8'],
    ['#d9b21c', '#1f1f1f'],
  ]);
  for (let i = 0; i < n; i++) {
    const x = (i - n / 2) * 1.5;
    for (let k = 0; k < 6; k++) kit.box(0.22, 0.2, 0.04, k % 2 ? a : b, [x + (k - 2.5) * 0.22, 0.85, 0]);
    for (const side of [-0.6, 0.6]) kit.box(0.05, 0.95, 0.05, '#8d9499', [x + side, 0.48, 0]);
    if (rng.chance(0.4)) kit.cylinder(0.03, 0.2, 0.7, a, [x, 0.35, rng.between(0.4, 1)], [0, 0, 0], 8);
  }
  return [thing(kit)];
}

/** Café tables and chairs, often under a parasol and with guests: nothing is sold there. */
function cafe(rng) {
  const list = [];
  const kit = new Kit();
  const color = anyColor(rng, [0, 0.8], [0.1, 0.8]);
  for (let i = rng.whole(1, 3), n = i; i > 0; i--) {
    const x = (i - (n + 1) / 2) * rng.between(1.7, 2.3);
    if (rng.chance(0.5)) kit.cylinder(0.35, 0.35, 0.03, color, [x, 0.72, 0], [0, 0, 0], 12);
    else kit.box(0.7, 0.03, 0.7, color, [x, 0.72, 0]);
    kit.cylinder(0.03, 0.2, 0.72, '#3a3d40', [x, 0.36, 0], [0, 0, 0], 6);
    for (const side of [-1, 1]) {
      kit.box(0.4, 0.04, 0.4, color, [x + side * 0.65, 0.45, 0]);
      kit.box(0.04, 0.45, 0.4, color, [x + side * 0.85, 0.68, 0]);
      for (const z of [-0.15, 0.15]) kit.box(0.03, 0.45, 0.03, '#3a3d40', [x + side * 0.65, 0.22, z]);
      if (rng.chance(0.35)) list.push(makeSitter(rng).place(x + side * 0.65, 0, side > 0 ? Math.PI : 0));
    }
    if (rng.chance(0.5)) list.push(makeLoneUmbrella(rng).place(x, 0.05, 0));
  }
  return [thing(kit), ...list];
}

/** Wheeled bins in a row, sacks beside them. */
function bins(rng) {
  const kit = new Kit();
  const color = rng.pick(['#2f6b3a', '#3a3d40', '#24507e', '#7d8488', '#d9b21c']);
  for (let i = rng.whole(1, 5), n = i; i > 0; i--) {
    const [x, w, h] = [(i - (n + 1) / 2) * 0.75, rng.between(0.5, 0.65), rng.between(0.9, 1.15)];
    kit.box(w, h, w, rng.chance(0.7) ? color : anyColor(rng), [x, h / 2 + 0.08, 0]);
    kit.box(w * 1.05, 0.07, w * 1.08, '#2a2c2e', [x, h + 0.1, 0], [rng.between(-0.15, 0.1), 0, 0]);
    if (rng.chance(0.4)) kit.ball(0.3, rng.pick(['#1c1d1f', '#e4e4e0', '#2a5f9e']), [x, 0.22, 0.6], [1, 0.8, 1]);
  }
  return [thing(kit)];
}

/** Pallets with bricks, pipes or cartons under foil, as deliveries stand about. */
function pallets(rng) {
  const kit = new Kit();
  for (let i = rng.whole(1, 3), n = i; i > 0; i--) {
    const [x, h] = [(i - (n + 1) / 2) * 1.35, rng.between(0.4, 1.4)];
    for (let k = -1; k <= 1; k++) kit.box(1.15, 0.12, 0.2, '#8a6a45', [x, 0.08, k * 0.38]);
    kit.box(
      1.05,
      h,
      0.95,
      rng.chance(0.5) ? rng.pick(['#b48a58', '#8f4a36', '#d8d5c6', '#1f2223']) : anyColor(rng, [0, 0.6]),
      [x, h / 2 + 0.15, 0],
    );
    if (rng.chance(0.4)) kit.box(1.07, 0.08, 0.97, '#e4e4e0', [x, h * rng.between(0.3, 0.8), 0]);
  }
  return [thing(kit)];
}

export const streetDecoys = [cabinet, cabinet, shelter, skip, barriers, cafe, cafe, cafe, bins, pallets];
