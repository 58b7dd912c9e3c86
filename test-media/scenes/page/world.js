// The fixed parts of a street: x runs along the road, z towards the camera, facades or hoarding at the far side.
import * as THREE from 'three';
import { anyColor, hsl, Kit } from './kit.js';
import { facadeTexture, groundTexture } from './textures.js';

export const kerbZ = -4;
export const wallZ = -10;
const far = 70;

function ground(scene, texture, x0, x1, z0, z1, y, metresPerTile) {
  const map = texture.clone();
  map.repeat.set((x1 - x0) / metresPerTile, (z1 - z0) / metresPerTile);
  map.needsUpdate = true;
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(x1 - x0, z1 - z0), new THREE.MeshLambertMaterial({ map }));
  mesh.rotation.x = -Math.PI / 2;
  mesh.position.set((x0 + x1) / 2, y, (z0 + z1) / 2);
  mesh.receiveShadow = true;
  mesh.userData.ground = true;
  scene.add(mesh);
}

function roadMarks(rng) {
  const kit = new Kit();
  const white = '#d9d9d2';
  for (let x = -far; x < far; x += 6) kit.box(3, 0.012, 0.13, white, [x, 0.006, 1]);
  kit.box(far * 2, 0.012, 0.13, rng.chance(0.5) ? white : '#d8b13a', [0, 0.006, 5.6]);
  kit.box(far * 2, 0.012, 0.13, white, [0, 0.006, kerbZ + 0.5]);
  kit.box(far * 2, 0.1, 0.22, '#a9a7a1', [0, 0.05, kerbZ]);
  kit.box(far * 2, 0.1, 0.22, '#a9a7a1', [0, 0.05, 6]);
  return kit.mesh();
}

function facades(scene, rng, streetLit) {
  let x = -far;
  while (x < far) {
    const w = rng.between(8, 16);
    const h = rng.between(7, 14);
    const texture = facadeTexture(rng, streetLit);
    const front = new THREE.MeshLambertMaterial({ map: texture });
    if (streetLit) {
      front.emissive = new THREE.Color('#ffffff');
      front.emissiveMap = texture;
      front.emissiveIntensity = 0.14;
    }
    const mesh = new THREE.Mesh(new THREE.BoxGeometry(w, h, 6), front);
    mesh.position.set(x + w / 2, h / 2, wallZ - 3 - rng.between(0, 0.4));
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    scene.add(mesh);
    if (rng.chance(0.6)) scene.add(awning(rng, x + w / 2, w * rng.between(0.4, 0.9)));
    x += w;
  }
}

/** Fixed to the shop, with nothing standing under it: a look-alike that is not a stall. */
function awning(rng, x, width) {
  const kit = new Kit();
  const depth = rng.between(0.7, 1.5);
  kit.box(width, 0.06, depth, anyColor(rng, [0.4, 0.9]), [x, 2.9, wallZ + depth / 2], [rng.between(0.15, 0.4), 0, 0]);
  return kit.mesh();
}

function tree(rng, x, z) {
  const kit = new Kit();
  const h = rng.between(2.6, 4);
  kit.cylinder(0.1, 0.16, h, '#5b4633', [x, h / 2, z]);
  const green = hsl(rng.between(0.22, 0.36), rng.between(0.25, 0.55), rng.between(0.16, 0.34));
  for (let i = 0; i < 7; i++) {
    kit.ball(rng.between(0.5, 1), green, [
      x + rng.between(-0.9, 0.9),
      h + rng.between(-0.2, 1.4),
      z + rng.between(-0.9, 0.9),
    ]);
  }
  return kit.mesh();
}

export function furniture(scene, rng, { trees = true, clear = 7 } = {}) {
  const kit = new Kit();
  for (let x = -40; x < 40; x += rng.between(6, 10)) {
    if (Math.abs(x) < clear) continue;
    if (trees && rng.chance(0.6)) scene.add(tree(rng, x, kerbZ - 0.8));
    else if (rng.chance(0.5)) kit.cylinder(0.07, 0.1, 6.5, '#8b8f93', [x, 3.25, kerbZ - 0.5]);
  }
  for (let i = rng.whole(0, 4); i > 0; i--) {
    const x = rng.sign() * rng.between(clear * 0.6, 25);
    const kind = rng.pick(['planter', 'bin', 'box', 'bollards']);
    if (kind === 'planter') {
      kit.box(1.2, 0.45, 0.5, '#9b8f80', [x, 0.22, wallZ + 0.7]);
      for (let j = 0; j < 4; j++)
        kit.ball(0.25, hsl(0.3, 0.4, rng.between(0.2, 0.4)), [x - 0.45 + j * 0.3, 0.6, wallZ + 0.7]);
    } else if (kind === 'bin') kit.cylinder(0.25, 0.22, 0.9, anyColor(rng), [x, 0.45, kerbZ - 0.6]);
    else if (kind === 'box') kit.box(0.9, 1.3, 0.5, hsl(0.3, 0.05, 0.5), [x, 0.65, kerbZ - 0.7]);
    else for (let j = 0; j < 5; j++) kit.cylinder(0.06, 0.06, 0.7, '#c9a227', [x + j * 1.2, 0.35, kerbZ - 0.3]);
  }
  if (kit.parts.length > 0) scene.add(kit.mesh());
}

function hoarding(scene, rng, gateWidth) {
  const kit = new Kit();
  const color = rng.pick(['#2f6fa8', '#3f8f5f', '#b9bec2', '#4a8fb8']);
  for (const side of [-1, 1]) {
    for (let x = gateWidth / 2; x < far; x += 2) {
      kit.box(1.96, 2.4, 0.08, color, [side * (x + 1), 1.2, wallZ + 4]);
      kit.box(0.1, 2.6, 0.16, '#d5d8da', [side * x, 1.3, wallZ + 4]);
    }
    kit.box(0.6, 3.2, 0.6, '#c8c2b4', [side * (gateWidth / 2 + 0.2), 1.6, wallZ + 4]);
  }
  for (let i = 0; i < 5; i++)
    kit.add(new THREE.ConeGeometry(rng.between(2, 5), rng.between(1, 3), 9), rng.pick(['#7d5b3a', '#6b4a2f']), {
      at: [rng.sign() * rng.between(9, 30), 1, wallZ - rng.between(6, 20)],
    });
  kit.box(rng.between(6, 12), 12, 8, '#a39f98', [rng.sign() * 18, 6, wallZ - 28]);
  scene.add(kit.mesh());
}

export function buildWorld(scene, rng, kind, streetLit) {
  const asphalt = groundTexture(rng, 'asphalt');
  const paving = groundTexture(rng, kind === 'gate' ? 'dirt' : 'paving');
  ground(scene, asphalt, -far, far, kerbZ, 6, 0, 5);
  ground(scene, groundTexture(rng, 'paving'), -far, far, 6, 40, 0, 2.4);
  scene.add(roadMarks(rng));
  if (kind === 'gate') {
    ground(scene, paving, -far, far, wallZ - 50, wallZ + 4, 0, 6);
    ground(scene, groundTexture(rng, 'concrete'), -far, far, wallZ + 4, kerbZ, 0, 4);
    hoarding(scene, rng, 8);
  } else {
    ground(scene, paving, -far, far, wallZ - 2, kerbZ, 0, rng.between(1.6, 3));
    facades(scene, rng, streetLit);
    furniture(scene, rng, { clear: rng.between(6, 9) });
  }
}

/** White lines around a bay on the pavement. */
export function bayMarks(x0, x1, z0, z1, color = '#e8e8e2') {
  const kit = new Kit();
  for (const z of [z0, z1]) kit.box(x1 - x0, 0.012, 0.1, color, [(x0 + x1) / 2, 0.012, z]);
  for (const x of [x0, x1]) kit.box(0.1, 0.012, z1 - z0, color, [x, 0.012, (z0 + z1) / 2]);
  return kit.mesh();
}
