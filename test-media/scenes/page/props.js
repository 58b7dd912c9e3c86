// Things of the street that are none of our classes, though they look like it: heaps, sheets, planters, dogs, puddles.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';
import { cab, lamps, wheels } from './vehicles.js';

/** A prop is an actor without labels. */
function prop(kit, kind = 'solid') {
  const root = new THREE.Group();
  root.add(kit.mesh(kind));
  return actor(root, []);
}

export function makePlanter(rng) {
  const kit = new Kit();
  const [w, d, h] = [rng.between(0.8, 1.8), rng.between(0.5, 0.9), rng.between(0.35, 0.7)];
  kit.box(w, h, d, rng.pick(['#9b8f80', '#7a5540', '#b8b2a8', '#5f666b']), [0, h / 2, 0]);
  const flowers = rng.chance(0.5) ? anyColor(rng, [0.6, 1], [0.4, 0.6]) : null;
  for (let i = 0; i < 10; i++) {
    const color = flowers && rng.chance(0.5) ? flowers : hsl(rng.between(0.24, 0.36), 0.4, rng.between(0.18, 0.4));
    kit.ball(rng.between(0.15, 0.3), color, [
      rng.between(-w / 2, w / 2),
      h + rng.between(0, 0.35),
      rng.between(-d, d) / 3,
    ]);
  }
  return prop(kit);
}

/** Sand, cartons or bricks left on the pavement. */
export function makePile(rng) {
  const kit = new Kit();
  const kind = rng.pick(['sand', 'cartons', 'bricks', 'sacks']);
  if (kind === 'sand') {
    const color = rng.pick(['#b39b73', '#8a7a66', '#9b9388']);
    for (let i = 0; i < 4; i++)
      kit.add(new THREE.ConeGeometry(rng.between(0.5, 1), rng.between(0.4, 0.9), 9), color, {
        at: [rng.between(-0.5, 0.5), 0.25, rng.between(-0.3, 0.3)],
      });
  } else {
    const tone = kind === 'bricks' ? '#8f4a36' : kind === 'sacks' ? '#d8d5c6' : '#b48a58';
    const [w, h, d] = kind === 'bricks' ? [0.5, 0.3, 0.35] : [rng.between(0.35, 0.6), rng.between(0.25, 0.45), 0.4];
    for (let i = 0; i < 9; i++) {
      const layer = Math.floor(i / 4);
      kit.box(
        w,
        h,
        d,
        tone,
        [((i % 4) - 1.5 + layer * 0.4) * w * 1.02, h / 2 + layer * h, rng.between(-0.1, 0.1)],
        [0, rng.between(-0.15, 0.15), 0],
      );
    }
  }
  return prop(kit);
}

/** Something under a tied-down sheet, as large as a stall. */
export function makeTarpaulin(rng) {
  const [w, d, h] = [rng.between(1.2, 2.2), rng.between(0.8, 1.3), rng.between(0.7, 1.3)];
  const geometry = new THREE.BoxGeometry(w, h, d, 8, 4, 6);
  const at = geometry.attributes.position;
  for (let i = 0; i < at.count; i++) {
    const k = at.getY(i) / h + 0.5;
    const lean = 1.12 - 0.22 * k;
    at.setXYZ(
      i,
      at.getX(i) * lean,
      at.getY(i) + (k > 0.9 ? 0.12 * Math.sin(at.getX(i) * 4) * Math.cos(at.getZ(i) * 3) : 0),
      at.getZ(i) * lean,
    );
  }
  geometry.computeVertexNormals();
  const kit = new Kit().add(geometry, rng.pick(['#2f5fa0', '#3b6b46', '#8a8f93', '#c86a2a', '#4a4f55']), {
    at: [0, h / 2, 0],
  });
  for (const x of [-0.3, 0.3]) kit.box(0.04, 0.03, d * 1.02, '#d8d4c8', [x * w, h + 0.02, 0]);
  return prop(kit);
}

/** A shop's awning on posts over the pavement, with nothing for sale under it. */
export function makeAwning(rng) {
  const kit = new Kit();
  const [w, d, h] = [rng.between(2.4, 4), rng.between(1.4, 2.2), rng.between(2.4, 2.9)];
  const [a, b] = [anyColor(rng, [0.4, 0.9], [0.3, 0.6]), rng.chance(0.5) ? '#f0eee6' : anyColor(rng)];
  const stripes = 8;
  for (let i = 0; i < stripes; i++)
    kit.box(w / stripes, 0.05, d, i % 2 ? a : b, [-w / 2 + ((i + 0.5) * w) / stripes, h, 0], [0.16, 0, 0]);
  kit.box(w, 0.25, 0.03, a, [0, h - 0.25, d / 2]);
  for (const x of [-1, 1]) kit.cylinder(0.03, 0.03, h, '#c8ccd0', [(x * w) / 2.05, h / 2, d / 2.1]);
  return prop(kit, 'double');
}

export function makeStatue(rng) {
  const kit = new Kit();
  const stone = hsl(0.1, 0.06, rng.between(0.45, 0.68));
  kit.box(0.9, 0.6, 0.9, stone, [0, 0.3, 0]);
  kit.cylinder(0.22, 0.3, 1.1, stone, [0, 1.15, 0]);
  kit.ball(0.17, stone, [0, 1.85, 0]);
  if (rng.chance(0.5)) kit.rod([0, 1.5, 0.2], [0.45, 1.2, 0.3], 0.07, stone);
  return prop(kit);
}

export function makeDog(rng) {
  const kit = new Kit();
  const coat = rng.pick(['#c8a46a', '#2b2622', '#8a6a48', '#e4ddd0', '#5f5a55']);
  kit.box(0.55, 0.22, 0.2, coat, [0, 0.42, 0]);
  kit.box(0.2, 0.2, 0.17, coat, [0.36, 0.56, 0]);
  kit.box(0.14, 0.09, 0.1, coat, [0.5, 0.52, 0]);
  for (const x of [-0.2, 0.2]) for (const z of [-0.07, 0.07]) kit.box(0.06, 0.34, 0.06, coat, [x, 0.17, z]);
  kit.rod([-0.27, 0.48, 0], [-0.45, 0.66, 0], 0.025, coat);
  return prop(kit);
}

/** A dark or bright film of water on the ground; it changes light, not colour. */
export function makePuddle(rng, length, width, strength = 0.35) {
  const shape = new THREE.CircleGeometry(0.5, 18);
  const at = shape.attributes.position;
  for (let i = 1; i < at.count; i++)
    at.setXY(i, at.getX(i) * rng.between(0.8, 1.1), at.getY(i) * rng.between(0.8, 1.1));
  shape.rotateX(-Math.PI / 2);
  const sky = rng.chance(0.3);
  const material = new THREE.MeshBasicMaterial({
    color: sky ? '#c3ccd4' : '#000000',
    transparent: true,
    opacity: sky ? strength * 0.7 : strength,
    depthWrite: false,
  });
  const mesh = new THREE.Mesh(shape, material);
  mesh.scale.set(length, 1, width);
  mesh.position.y = 0.012;
  mesh.userData.ghost = true;
  const root = new THREE.Group();
  root.add(mesh);
  return actor(root, []);
}

/** Leaves strewn on the ground; few enough that they are no patch. */
export function makeLeaves(rng, length, width, count) {
  const kit = new Kit();
  for (let i = 0; i < count; i++) {
    const leaf = new THREE.PlaneGeometry(rng.between(0.07, 0.15), rng.between(0.05, 0.1)).rotateX(-Math.PI / 2);
    kit.add(leaf, hsl(rng.between(0.07, 0.22), rng.between(0.3, 0.7), rng.between(0.22, 0.45)), {
      at: [rng.between(-length / 2, length / 2), 0.016 + (i % 5) * 0.001, rng.between(-width / 2, width / 2)],
      turn: [0, rng.between(0, 3), 0],
    });
  }
  return prop(kit, 'double');
}

/** Casts a shadow and is not seen itself: a branch, a cloud's edge, somebody outside the frame. */
export function makeShade(rng, width, depth) {
  const blank = new THREE.MeshBasicMaterial({ colorWrite: false, depthWrite: false });
  const root = new THREE.Group();
  for (let i = 0; i < 5; i++) {
    const leaf = new THREE.Mesh(
      new THREE.BoxGeometry(width * rng.between(0.25, 0.6), 0.3, depth * rng.between(0.25, 0.6)),
      blank,
    );
    leaf.position.set(rng.between(-width, width) / 3, 4 + rng.between(-0.8, 0.8), rng.between(-depth, depth) / 3);
    leaf.castShadow = true;
    leaf.userData.ghost = true;
    root.add(leaf);
  }
  return actor(root, []);
}

/** A flat lorry loaded with shared bikes: `bikes` are actors, which ride along. */
export function makeBikeLorry(rng, bikes) {
  const kit = new Kit();
  const color = anyColor(rng, [0.2, 0.8], [0.3, 0.6]);
  const length = 5.6;
  cab(kit, color, length / 2 + 0.95, 2.5);
  kit.box(length + 1.5, 0.25, 1, '#2a2c2e', [0.3, 0.75, 0]);
  kit.box(length, 0.14, 2.3, '#5b5147', [0, 1, 0]);
  for (const side of [-1, 1]) kit.box(length, 0.5, 0.06, color, [0, 1.3, side * 1.13]);
  kit.box(0.08, 1.3, 2.3, '#6a7075', [length / 2, 1.65, 0]);
  for (const x of [-length / 2, 0])
    for (const side of [-1, 1]) kit.box(0.07, 1.2, 0.07, '#6a7075', [x, 1.6, side * 1.13]);
  wheels(kit, [-length * 0.3, length / 2 + 0.8], 1.95, 0.45);
  const body = kit.mesh('shiny');
  const lampMesh = lamps(length / 2 + 1.75, -length / 2, 2.1, 0.8);
  const root = new THREE.Group();
  root.add(body, lampMesh);
  const objects = [{ cls: 'truck', parts: [body, lampMesh] }];
  bikes.forEach((bike, i) => {
    const pitch = (length - 0.8) / Math.max(1, bikes.length - 1);
    bike.root.position.set(-length / 2 + 0.4 + i * pitch, 1.07, 0);
    bike.root.rotation.y = Math.PI / 2 + rng.between(-0.05, 0.05);
    root.add(bike.root);
    objects[0].parts.push(...bike.objects[0].parts);
    objects.push(...bike.objects);
  });
  return actor(root, objects);
}

/** Gives a covered truck's sheet the colour of its load. */
export function matchSheet(truck) {
  const [, load, sheet] = truck.objects[0].bed;
  if (!sheet) return;
  const from = load.geometry.attributes.color;
  const to = sheet.geometry.attributes.color;
  const tint = new THREE.Color(from.getX(0), from.getY(0), from.getZ(0));
  for (let i = 0; i < to.count; i++) to.setXYZ(i, tint.r, tint.g, tint.b);
}

/** Ground that a flat mesh covers, m². */
export function coveredArea(mesh) {
  const step = 0.05;
  const at = mesh.geometry.attributes.position;
  const cells = new Set();
  for (let i = 0; i + 2 < at.count; i += 3) {
    const [ax, az, bx, bz, cx, cz] = [0, 1, 2].flatMap((k) => [at.getX(i + k), at.getZ(i + k)]);
    const area = (bx - ax) * (cz - az) - (cx - ax) * (bz - az);
    if (Math.abs(area) < 1e-6) continue;
    for (let x = Math.floor(Math.min(ax, bx, cx) / step); x <= Math.max(ax, bx, cx) / step; x++) {
      for (let z = Math.floor(Math.min(az, bz, cz) / step); z <= Math.max(az, bz, cz) / step; z++) {
        const [px, pz] = [(x + 0.5) * step, (z + 0.5) * step];
        const u = ((px - ax) * (cz - az) - (cx - ax) * (pz - az)) / area;
        const v = ((bx - ax) * (pz - az) - (px - ax) * (bz - az)) / area;
        if (u >= 0 && v >= 0 && u + v <= 1) cells.add(`${x},${z}`);
      }
    }
  }
  return cells.size * step * step;
}
