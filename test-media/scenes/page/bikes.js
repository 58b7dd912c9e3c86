// Shared bikes in three liveries, private bikes for variety, and a bike with its rider.
import * as THREE from 'three';
import { actor, anyColor, Kit } from './kit.js';
import { riderMesh } from './people.js';

const liveries = [
  { frame: '#e8e9ea', guard: '#e36b1e', basket: '#e36b1e' },
  { frame: '#7fc241', guard: '#f5f7f0', basket: '#3c4147' },
  { frame: '#1d6fd6', guard: '#dfe8f2', basket: '#2b3440' },
  { frame: '#f2c511', guard: '#1c1c1c', basket: '#20242a' },
  { frame: '#17b8a6', guard: '#f4f6f6', basket: '#eef2f2' },
];

export function bikeMesh(rng, shared = true) {
  const plain = { frame: anyColor(rng), guard: '#333333', basket: '#555b60' };
  const look = shared ? rng.pick(liveries) : plain;
  const kit = new Kit();
  const reach = rng.between(0.5, 0.57);
  const wheel = rng.between(0.29, 0.34);
  const tyre = '#17181a';
  for (const x of [-reach, reach]) {
    kit.ring(wheel, 0.04, tyre, [x, wheel, 0]);
    kit.cylinder(0.06, 0.06, 0.1, '#8d9298', [x, wheel, 0], [Math.PI / 2, 0, 0]);
    for (let spoke = 0; spoke < 3; spoke++) {
      kit.box(wheel * 1.9, 0.012, 0.012, '#b9bec4', [x, wheel, 0], [0, 0, spoke * 1.05]);
    }
  }
  const hub = [-reach, wheel, 0];
  const crank = [-0.05, 0.3, 0];
  const seat = [-0.2, 0.82, 0];
  const head = [reach - 0.16, 0.86, 0];
  for (const [from, to, r] of [
    [hub, crank, 0.025],
    [crank, seat, 0.035],
    [crank, head, 0.05],
    [seat, hub, 0.022],
    [head, [reach, wheel, 0], 0.035],
    [head, [reach - 0.22, 1.02, 0], 0.025],
  ]) {
    kit.rod(from, to, r, look.frame);
  }
  kit.box(0.3, 0.03, 0.09, look.guard, [-reach, wheel * 2 + 0.06, 0]);
  kit.box(0.24, 0.03, 0.08, look.guard, [reach, wheel * 2 + 0.06, 0]);
  kit.box(0.27, 0.07, 0.16, '#22252a', [-0.22, 0.87, 0]);
  kit.rod([reach - 0.24, 1.03, -0.28], [reach - 0.24, 1.03, 0.28], 0.022, '#2a2d31');
  if (rng.chance(0.8)) kit.box(0.26, 0.2, 0.3, look.basket, [reach + 0.05, 0.85, 0]);
  kit.box(0.07, 0.1, 0.09, look.guard, [-reach, 0.5, 0.03]);
  return kit.mesh();
}

export function makeBike(rng, { shared = true, fallen = false } = {}) {
  const root = new THREE.Group();
  const mesh = bikeMesh(rng, shared);
  if (fallen) {
    mesh.rotation.x = rng.sign() * 1.42;
    mesh.position.y = 0.12;
  } else {
    mesh.rotation.x = rng.between(-0.14, 0.14);
  }
  root.add(mesh);
  return actor(root, [{ cls: 'bicycle', parts: [mesh] }]).stretch(rng, 0.07);
}

/** A bike that can be ridden: the rider is shown only while it moves. */
export function makeRiddenBike(rng, shared = true) {
  const bike = makeBike(rng, { shared });
  const rider = riderMesh(rng);
  bike.root.add(rider);
  bike.rider = rider;
  bike.objects.push({ cls: 'person', parts: [rider] });
  return bike;
}
