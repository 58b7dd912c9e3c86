// More ways to sell than the stories know, for cut-outs: goods on cloths, racks of clothes, sloped crates, food carts, pushcarts, baskets.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';
import { canopy, crates, parasol, tricycleBase } from './stall.js';

const wood = ['#8a6a45', '#a58255', '#6e5236', '#b79a6c'];
const steel = ['#c9ced1', '#a6adb2', '#8d9499'];
const tyre = '#17181a';

const produce = (rng) => {
  const tone = rng.pick([0.0, 0.06, 0.1, 0.14, 0.25, 0.3, 0.33, 0.8, rng.next()]);
  return () => hsl((tone + rng.between(-0.03, 0.03) + 1) % 1, rng.between(0.35, 0.95), rng.between(0.22, 0.6));
};

/** A heap of small things: fruit, vegetables, shoes, toys, bags; `spread` is its half width. */
function heapOf(kit, rng, [x, y, z], spread) {
  const tint = produce(rng);
  const kind = rng.pick(['fruit', 'fruit', 'leaves', 'pieces', 'bags', 'bottles']);
  for (let i = rng.whole(9, 24); i > 0; i--) {
    const r = rng.between(0.1, 1) * spread;
    const a = rng.between(0, 6.3);
    const at = [x + Math.cos(a) * r, y + (spread - r) * rng.between(0.3, 0.9), z + Math.sin(a) * r];
    const s = spread * rng.between(0.25, 0.5);
    if (kind === 'fruit') kit.ball(s, tint(), at);
    else if (kind === 'leaves')
      kit.ball(s, hsl(rng.between(0.2, 0.38), 0.5, rng.between(0.15, 0.45)), at, [1.6, 0.5, 0.7]);
    else if (kind === 'pieces') kit.box(s * 1.8, s * 0.8, s, anyColor(rng), at, [0, rng.between(0, 3), 0]);
    else if (kind === 'bags')
      kit.box(s, s * 1.5, s * 0.7, anyColor(rng), at, [0, rng.between(0, 3), rng.between(-0.3, 0.3)]);
    else kit.cylinder(s * 0.4, s * 0.4, s * 2.2, tint(), [at[0], y + s, at[2]], [0, 0, 0], 6);
  }
}

/** Heaps side by side over a surface. */
function display(kit, rng, width, depth, top, slope = 0) {
  const columns = rng.whole(3, 7);
  const rows = rng.whole(2, 3);
  const spread = Math.min(width / columns, depth / rows) * rng.between(0.46, 0.6);
  for (let c = 0; c < columns; c++)
    for (let r = 0; r < rows; r++) {
      const share = (r + 0.5) / rows - 0.5;
      if (rng.chance(0.92))
        heapOf(kit, rng, [((c + 0.5) / columns - 0.5) * width, top - share * slope, share * depth], spread);
    }
}

function sign(kit, rng, width, y, z) {
  const back = rng.pick(['#c3231c', '#e0a814', '#1d5fae', '#217a3c', '#f0efe8', anyColor(rng)]);
  const ink = rng.pick(['#ffffff', '#ffe15a', '#1a1a1a', '#c3231c']);
  kit.box(width, rng.between(0.25, 0.5), 0.04, back, [0, y, z]);
  for (let i = rng.whole(3, 6), n = i; i > 0; i--)
    kit.box((width / n) * 0.55, 0.16, 0.02, ink, [((i - 0.5) / n - 0.5) * width * 0.9, y, z + 0.03]);
}

function legs(kit, rng, width, depth, top) {
  for (const x of [-1, 1])
    for (const z of [-1, 1]) kit.box(0.05, top, 0.05, rng.pick(steel), [x * width * 0.46, top / 2, z * depth * 0.44]);
}

/** Spoked wheels as tall as a bicycle's. */
function bigWheels(kit, xs, depth, radius) {
  for (const x of xs)
    for (const z of [-1, 1]) {
      const at = [x, radius, (z * depth) / 2];
      kit.ring(radius, 0.03, tyre, at);
      for (let i = 0; i < 3; i++) kit.box(radius * 1.9, 0.015, 0.015, '#9aa0a4', at, [0, 0, i * 1.05]);
      kit.cylinder(0.05, 0.05, 0.1, '#5d6266', at, [Math.PI / 2, 0, 0], 6);
    }
}

const bases = {
  cloth(kit, rng, width, depth) {
    kit.box(width, 0.03, depth, anyColor(rng, [0, 0.9], [0.15, 0.85]), [0, 0.02, 0], [0, rng.between(-0.08, 0.08), 0]);
    display(kit, rng, width * 0.94, depth * 0.9, 0.05);
    if (rng.chance(0.4)) crates(kit, rng, width, depth);
    if (rng.chance(0.3)) kit.box(0.5, 0.4, 0.35, anyColor(rng), [width * 0.4, 0.2, -depth * 0.6]);
  },
  rack(kit, rng, width, depth) {
    for (const z of rng.chance(0.5) ? [-depth / 3, depth / 3] : [0]) {
      const height = rng.between(1.35, 1.9);
      for (const x of [-1, 1]) {
        kit.cylinder(0.02, 0.02, height, '#c2c7ca', [(x * width) / 2, height / 2, z], [0, 0, 0], 6);
        kit.box(0.03, 0.03, 0.5, '#c2c7ca', [(x * width) / 2, 0.03, z]);
      }
      kit.rod([-width / 2, height, z], [width / 2, height, z], 0.02, '#c2c7ca');
      for (let x = -width * 0.46; x < width * 0.46; x += rng.between(0.06, 0.16)) {
        const drop = rng.between(0.5, 1.05);
        kit.box(
          rng.between(0.03, 0.08),
          drop,
          rng.between(0.35, 0.55),
          anyColor(rng, [0, 0.9], [0.08, 0.85]),
          [x, height - drop / 2 - 0.05, z],
          [0, rng.between(-0.3, 0.3), 0],
        );
      }
    }
  },
  crates(kit, rng, width, depth) {
    const tiers = rng.whole(2, 3);
    for (let tier = 0; tier < tiers; tier++) {
      const [y, z] = [0.28 + tier * rng.between(0.2, 0.32), depth * (0.5 - (tier + 0.5) / tiers)];
      const n = Math.max(2, Math.round(width / rng.between(0.4, 0.55)));
      for (let i = 0; i < n; i++) {
        const x = ((i + 0.5) / n - 0.5) * width;
        kit.box((width / n) * 0.94, y, depth / tiers, rng.pick([...wood, '#2f6fb5', '#3d8f4c', '#d9dcd8', '#c8452f']), [
          x,
          y / 2,
          z,
        ]);
        heapOf(kit, rng, [x, y, z], (width / n) * 0.42);
      }
    }
  },
  counter(kit, rng, width, depth) {
    const top = rng.between(0.75, 0.95);
    const body = rng.chance(0.5) ? rng.pick(steel) : anyColor(rng, [0.3, 1], [0.3, 0.65]);
    kit.box(width, top - 0.2, depth, body, [0, top / 2 + 0.1, 0]);
    kit.box(width * 1.05, 0.04, depth * 1.08, rng.pick(steel), [0, top, 0]);
    if (rng.chance(0.7)) sign(kit, rng, width * 0.9, top * 0.6, depth / 2 + 0.03);
    const pane = rng.pick(['#a9bcc2', '#8fa3aa', '#cdd6d6']);
    if (rng.chance(0.7)) {
      for (const x of [-1, 1]) kit.box(0.03, 0.5, depth * 0.6, pane, [x * width * 0.42, top + 0.27, depth * 0.12]);
      kit.box(width * 0.84, 0.03, depth * 0.6, pane, [0, top + 0.52, depth * 0.12]);
      kit.box(width * 0.84, 0.03, depth * 0.55, '#7c5a3a', [0, top + 0.05, depth * 0.12]);
      display(kit, rng, width * 0.75, depth * 0.4, top + 0.06);
    } else display(kit, rng, width * 0.8, depth * 0.7, top + 0.03);
    if (rng.chance(0.5)) kit.cylinder(0.2, 0.17, 0.3, '#b9bec1', [width * 0.3, top + 0.17, -depth * 0.2]);
    if (rng.chance(0.4)) kit.cylinder(0.16, 0.16, 0.6, '#3f6f9a', [-width * 0.6, 0.3, -depth * 0.2]);
    bigWheels(kit, rng.chance(0.5) ? [-width * 0.35, width * 0.35] : [0], depth * 1.04, rng.between(0.16, 0.34));
  },
  table(kit, rng, width, depth) {
    const top = rng.between(0.55, 0.85);
    legs(kit, rng, width, depth, top);
    const cloth = anyColor(rng, [0, 0.9], [0.15, 0.85]);
    kit.box(width, 0.04, depth, cloth, [0, top, 0]);
    if (rng.chance(0.55))
      kit.box(width * 1.01, top * rng.between(0.3, 0.9), 0.03, cloth, [0, top * 0.6, depth / 2 + 0.01]);
    display(kit, rng, width * 0.95, depth * 0.9, top + 0.04);
    if (rng.chance(0.5)) crates(kit, rng, width, depth);
  },
  shelf(kit, rng, width, depth) {
    const height = rng.between(1.3, 2);
    kit.box(width, height, 0.04, rng.pick([...wood, ...steel]), [0, height / 2, -depth / 2]);
    for (let y = 0.2; y < height; y += rng.between(0.3, 0.45)) {
      const z = -depth / 2 + 0.25 + 0.25 * (1 - y / height);
      kit.box(width, 0.03, 0.45, rng.pick(steel), [0, y, z]);
      for (let x = -width * 0.46; x < width * 0.46; x += rng.between(0.1, 0.25))
        kit.box(0.12, rng.between(0.1, 0.26), 0.25, anyColor(rng), [x, y + 0.12, z]);
    }
  },
  pushcart(kit, rng, width, depth) {
    const top = rng.between(0.75, 0.95);
    kit.box(width, 0.08, depth, rng.pick([...wood, anyColor(rng)]), [0, top, 0]);
    if (rng.chance(0.6))
      for (const z of [-1, 1]) kit.box(width, 0.15, 0.03, rng.pick(wood), [0, top + 0.1, (z * depth) / 2]);
    bigWheels(kit, [-width * 0.34, width * 0.34], depth * 0.86, rng.between(0.26, 0.36));
    for (const z of [-1, 1])
      kit.rod([-width / 2, top, z * depth * 0.3], [-width / 2 - 0.5, top + 0.08, z * depth * 0.3], 0.02, wood[0]);
    display(kit, rng, width * 0.92, depth * 0.9, top + 0.05);
  },
  tricycle(kit, rng, width, depth) {
    const top = tricycleBase(kit, rng, width, depth);
    display(kit, rng, width * 0.92, depth * 0.9, top);
  },
  baskets(kit, rng, width) {
    for (let i = rng.whole(2, 5), n = i; i > 0; i--) {
      const at = [((i - 0.5) / n - 0.5) * width, 0.16, rng.between(-0.25, 0.25)];
      const r = rng.between(0.2, 0.32);
      kit.cylinder(r, r * 0.8, 0.32, rng.pick([...wood, '#c23b2e', '#3b78b8', '#d7dad6']), at, [0, 0, 0], 9);
      heapOf(kit, rng, [at[0], 0.32, at[2]], r * 0.9);
    }
  },
};

/** What lies about a stall: sacks, buckets, boxes, stools, bags. */
function gear(kit, rng, width, depth) {
  for (let i = rng.whole(0, 6); i > 0; i--) {
    const side = rng.chance(0.6);
    const x = side ? rng.sign() * (width / 2 + rng.between(0.05, 0.35)) : rng.between(-width / 2, width / 2);
    const z = side ? rng.between(-depth, depth) * 0.6 : -depth / 2 - rng.between(0.1, 0.7);
    const s = rng.between(0.2, 0.5);
    const color = anyColor(rng, [0, 0.9], [0.15, 0.9]);
    const kind = rng.pick(['sack', 'bucket', 'box', 'stool', 'bag']);
    if (kind === 'sack') kit.ball(s * 0.6, rng.pick(['#d9d6c8', '#b8a888', color]), [x, s * 0.5, z], [1, 1.2, 0.8]);
    else if (kind === 'bucket') kit.cylinder(s * 0.5, s * 0.4, s, color, [x, s / 2, z]);
    else if (kind === 'box')
      kit.box(s, s * 0.7, s * 0.8, rng.chance(0.6) ? '#b48a58' : color, [x, s * 0.35, z], [0, rng.between(0, 3), 0]);
    else if (kind === 'stool') {
      kit.box(0.28, 0.04, 0.28, color, [x, 0.3, z]);
      for (const a of [-0.1, 0.1]) for (const b of [-0.1, 0.1]) kit.box(0.04, 0.3, 0.04, color, [x + a, 0.15, z + b]);
    } else kit.box(s * 0.6, s, s * 0.4, color, [x, s / 2, z], [0, rng.between(0, 3), rng.between(-0.2, 0.2)]);
  }
}

/** A sheet on four poles that sags, striped or plain. */
function sheetRoof(rng, width, depth) {
  const kit = new Kit();
  const height = rng.between(1.8, 2.4);
  const [w, d, tilt] = [width + rng.between(0.2, 0.8), depth + rng.between(0.4, 1.1), rng.between(-0.25, 0.25)];
  const [a, b] = [anyColor(rng, [0.2, 0.9], [0.2, 0.8]), anyColor(rng, [0, 0.9], [0.3, 0.9])];
  const n = rng.pick([1, 1, 5, 7]);
  for (let i = 0; i < n; i++) {
    const x = ((i + 0.5) / n - 0.5) * w;
    const sag = 0.12 * Math.cos((x / w) * Math.PI);
    kit.box(w / n, 0.03, d, i % 2 ? b : a, [x, height - sag, 0], [tilt, 0, 0]);
  }
  if (rng.chance(0.5))
    kit.box(w, rng.between(0.12, 0.3), 0.02, rng.chance(0.5) ? a : b, [0, height - 0.1 - tilt * d * 0.5, d / 2]);
  for (const x of [-1, 1])
    for (const z of [-1, 1]) {
      const h = height - (tilt * z * d) / 2;
      kit.cylinder(0.025, 0.025, h, rng.pick([...steel, ...wood]), [x * w * 0.48, h / 2, z * d * 0.47], [0, 0, 0], 6);
    }
  return kit.mesh('double');
}

const roofShare = {
  cloth: 0.3,
  rack: 0.35,
  crates: 0.6,
  counter: 0.75,
  table: 0.65,
  shelf: 0.5,
  pushcart: 0.45,
  tricycle: 0.35,
  baskets: 0.15,
};
export const marketBuilds = Object.keys(bases);

/** A stall of any of these builds, under a parasol, a canopy, a sheet or the sky. */
export function makeMarketStall(rng, wanted) {
  const build = wanted ?? rng.pick(marketBuilds);
  const width = rng.between(1.2, build === 'pushcart' || build === 'tricycle' ? 2 : 3.2);
  const depth = rng.between(0.7, build === 'cloth' ? 2 : 1.3);
  const kit = new Kit();
  bases[build](kit, rng, width, depth);
  gear(kit, rng, width, depth);
  const parts = [kit.mesh('double', rng.pick(['plain', 'cloudy', 'grainy', 'patchy']))];
  const objects = [{ cls: 'stall', parts }];
  if (rng.chance(roofShare[build])) {
    const kind = rng.pick(['parasol', 'parasol', 'canopy', 'sheet']);
    const roof =
      kind === 'parasol'
        ? parasol(rng, width)
        : kind === 'canopy'
          ? canopy(rng, width, depth)
          : sheetRoof(rng, width, depth);
    if (kind === 'parasol') {
      roof.position.set(rng.between(-0.4, 0.4), 0, rng.between(-0.5, 0.1));
      roof.rotation.z = rng.between(-0.1, 0.1);
      objects.push({ cls: 'umbrella', parts: [roof] });
    }
    parts.push(roof);
  }
  const root = new THREE.Group();
  root.add(...parts);
  return Object.assign(actor(root, objects).stretch(rng, 0.08), { width, depth });
}

/** A pushcart or cargo tricycle on its way: goods on it, open or under a sheet, no roof. */
export function makeLoadedCart(rng) {
  const build = rng.pick(['pushcart', 'pushcart', 'tricycle', 'trolley']);
  const width = rng.between(1.1, 1.9);
  const depth = rng.between(0.7, 1.1);
  const kit = new Kit();
  if (build === 'trolley') {
    kit.box(width, 0.06, depth, rng.pick([...wood, ...steel]), [0, 0.35, 0]);
    bigWheels(kit, [0], depth, 0.3);
    kit.rod([-width / 2, 0.35, 0], [-width / 2 - 0.5, 0.95, 0], 0.025, '#55595c');
    for (let i = rng.whole(2, 6); i > 0; i--)
      kit.box(0.45, 0.35, 0.4, anyColor(rng, [0, 0.6]), [
        rng.between(-0.35, 0.35) * width,
        0.55 + rng.between(0, 0.6),
        rng.between(-0.2, 0.2),
      ]);
  } else bases[build](kit, rng, width, depth);
  if (build !== 'trolley' && rng.chance(0.3))
    kit.box(width * 0.9, rng.between(0.2, 0.5), depth * 0.9, anyColor(rng, [0, 0.6], [0.2, 0.7]), [0, 1.1, 0]);
  const mesh = kit.mesh('double');
  const root = new THREE.Group();
  root.add(mesh);
  return Object.assign(actor(root, [{ cls: 'cart', parts: [mesh] }]).stretch(rng, 0.08), { width, depth });
}
