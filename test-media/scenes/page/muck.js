// Muck trucks: an open dump bed with parts of its own for floor, load and sheet, so that the labels know what shows.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';
import { beam, cab, lamps, wheels } from './vehicles.js';

const soils = [
  '#6b4a2f',
  '#7d5b3a',
  '#8a6a48',
  '#5a4030',
  '#93806a',
  '#a58c6a',
  '#6e6a64',
  '#b08a5c',
  '#8c4f33',
  '#4a423c',
];

/** A bumpy sheet over the bed; `rise` is its height in the middle, `skirt` how far it hangs over the sides. */
function heap(rng, length, width, base, rise, rough, color, from = -0.5, to = 0.5) {
  const columns = 14;
  const rows = 8;
  const geometry = new THREE.PlaneGeometry(length * (to - from), width, columns, rows).rotateX(-Math.PI / 2);
  const position = geometry.attributes.position;
  const phase = rng.between(0, 6);
  const peaks = rng.whole(1, 3);
  for (let i = 0; i < position.count; i++) {
    const x = position.getX(i) + (length * (from + to)) / 2;
    const z = position.getZ(i);
    const edge = Math.max(0, 1 - (2 * Math.abs(x)) / length) ** 0.5 * Math.max(0, 1 - (2 * Math.abs(z)) / width) ** 0.6;
    const wave = 0.8 + 0.2 * Math.cos((x / length) * Math.PI * 2 * peaks + phase);
    position.setXYZ(i, x, base + rise * edge * wave + (rng.next() - 0.5) * rough, z);
  }
  const kit = new Kit().add(geometry, color);
  kit.parts[0].computeVertexNormals();
  return kit;
}

function shade(kit, rng, color, amount) {
  const colors = kit.parts[0].attributes.color;
  const tint = new THREE.Color(color);
  for (let i = 0; i < colors.count; i += 3) {
    const k = 1 + (rng.next() - 0.5) * amount;
    for (let j = 0; j < 3; j++) colors.setXYZ(i + j, tint.r * k, tint.g * k, tint.b * k);
  }
}

function bedWalls(kit, length, width, height, color) {
  const y = 1.15 + height / 2;
  for (const side of [-1, 1]) {
    kit.box(length, height, 0.09, color, [0, y, (side * width) / 2]);
    kit.box(length, 0.1, 0.16, color, [0, 1.15 + height, (side * width) / 2]);
    for (let x = -length / 2 + 0.3; x < length / 2; x += 0.75)
      kit.box(0.1, height, 0.06, color, [x, y, side * (width / 2 + 0.06)]);
    kit.box(0.09, height, width, color, [(side * length) / 2, y, 0]);
  }
}

/** Floor and inner faces in one part: what one sees of an empty bed. */
function bedLining(rng, length, width, height) {
  const color = hsl(0.08, 0.1, rng.between(0.14, 0.34));
  const kit = new Kit().box(length - 0.1, 0.08, width - 0.1, color, [0, 1.18, 0]);
  for (const side of [-1, 1]) {
    kit.box(length - 0.1, height - 0.05, 0.02, color, [0, 1.15 + height / 2, side * (width / 2 - 0.06)]);
    kit.box(0.02, height - 0.05, width - 0.1, color, [side * (length / 2 - 0.06), 1.15 + height / 2, 0]);
  }
  return kit.mesh();
}

function sheet(rng, length, width, top, state, soil) {
  const likeSoil = rng.chance(0.1);
  const color = likeSoil
    ? soil
    : rng.pick(['#2f6b3a', '#3c7d4a', '#24507e', '#1f2223', '#3a3d40', '#7d8488', '#2a5f9e', anyColor(rng)]);
  const to = state === 'partly' ? rng.between(-0.1, 0.2) : 0.5;
  const kit = heap(rng, length + 0.1, width + 0.16, top + 0.03, rng.between(0.1, 0.45), 0.05, color, -0.5, to);
  const skirt = rng.between(0.1, 0.45);
  const span = length * (to + 0.5);
  for (const side of [-1, 1])
    kit.box(span, skirt, 0.03, color, [-length / 2 + span / 2, top - skirt / 2 + 0.03, side * (width / 2 + 0.11)]);
  if (state === 'covered') {
    for (let x = -0.4; x <= 0.41; x += 0.2) kit.box(0.04, 0.05, width + 0.2, '#9a9c9c', [x * length, top + 0.06, 0]);
  }
  return kit.mesh('double');
}

export function makeMuckTruck(rng, wanted = {}) {
  const load = wanted.load ?? rng.pick(['loaded', 'loaded', 'empty']);
  const cover =
    wanted.cover ??
    (load === 'empty' ? (rng.chance(0.8) ? 'uncovered' : 'covered') : rng.pick(['covered', 'uncovered', 'partly']));
  const length = rng.between(3.8, 6.4);
  const width = 2.35;
  const height = rng.between(0.8, 1.55);
  const color = rng.chance(0.75)
    ? rng.pick(['#d8701c', '#1f7a45', '#b8261f', '#2456a4', '#e9e9e4', '#d9b21c', '#3d8f8a'])
    : anyColor(rng);
  const body = new Kit();
  cab(body, rng.chance(0.7) ? color : '#e4e4e0', length / 2 + 1, rng.between(2.4, 2.8));
  body.box(length + 1.6, 0.3, 1, '#232527', [0.3, 0.85, 0]);
  bedWalls(body, length, width, height, rng.chance(0.75) ? color : hsl(0.08, 0.15, rng.between(0.2, 0.5)));
  wheels(body, [-length * 0.36, -length * 0.14, length / 2 + 0.75], 2.05, 0.5);
  if (rng.chance(0.5)) body.box(0.5, 0.5, width - 0.1, color, [length / 2 + 0.1, 1.3 + height, 0]);
  const chassis = body.mesh('shiny');
  const floor = bedLining(rng, length, width, height);
  const lampMesh = lamps(length / 2 + 1.82, -length / 2 - 0.06, 2.2, 0.85);
  const root = new THREE.Group();
  const parts = [chassis, floor, lampMesh];
  const bed = [floor];
  const top = 1.15 + height;
  const soil = rng.pick(soils);
  if (load === 'loaded') {
    const kit = heap(
      rng,
      length - 0.15,
      width - 0.15,
      top - rng.between(-0.05, 0.3),
      rng.between(0.25, 0.6),
      0.16,
      soil,
    );
    shade(kit, rng, soil, 0.45);
    const mesh = kit.mesh('double');
    parts.push(mesh);
    bed.push(mesh);
  }
  if (cover !== 'uncovered') {
    const mesh = sheet(rng, length, width, top + (load === 'loaded' ? 0.12 : 0), cover, soil);
    if (load === 'loaded') mesh.position.y = 0.2;
    parts.push(mesh);
    bed.push(mesh);
  }
  root.add(...parts, beam(length / 2 + 1.9));
  const truck = actor(root, [{ cls: 'muck_truck', parts, bed, load, cover }]).stretch(rng, 0.06);
  truck.length = length + 1.9;
  return truck;
}

/** A patch of dropped muck on the road: flat blobs and some clods; it is part of the ground, not an object. */
export function makeSpill(rng, length, width) {
  const color = rng.pick(soils.slice(0, 4));
  const kit = new Kit();
  for (let i = 0; i < 26; i++) {
    const r = rng.between(0.15, 0.5);
    const x = rng.between(-length / 2, length / 2);
    const z = ((rng.next() + rng.next() - 1) * width) / 2;
    kit.add(new THREE.CircleGeometry(r, 7).rotateX(-Math.PI / 2), color, {
      at: [x, 0.015 + i * 0.0006, z],
      scale: [1.5, 1, 1],
    });
    if (rng.chance(0.6)) kit.ball(rng.between(0.05, 0.14), color, [x + rng.between(-0.3, 0.3), 0.05, z]);
  }
  const mesh = kit.mesh();
  mesh.castShadow = false;
  return mesh;
}
