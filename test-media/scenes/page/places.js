// What tells one place from another, set in front of the plain street: market, school, heritage site, metro, gate, arterial.
import * as THREE from 'three';
import { hsl, Kit } from './kit.js';
import { groundTexture } from './textures.js';
import { wallZ } from './world.js';

/** Ribbed paving for the blind, along the street. */
export const tactile = { z: -5.4, width: 0.6 };

function board(text, width, height, back, ink = '#ffffff') {
  const element = document.createElement('canvas');
  element.width = 256;
  element.height = Math.round((256 * height) / width);
  const pen = element.getContext('2d');
  pen.fillStyle = back;
  pen.fillRect(0, 0, element.width, element.height);
  pen.fillStyle = ink;
  pen.font = `bold ${Math.round(element.height * 0.6)}px "Noto Sans CJK SC", sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, 128, element.height / 2, 236);
  const map = new THREE.CanvasTexture(element);
  map.colorSpace = THREE.SRGBColorSpace;
  return new THREE.Mesh(new THREE.PlaneGeometry(width, height), new THREE.MeshLambertMaterial({ map }));
}

function put(scene, mesh, at, turnY = 0) {
  mesh.position.set(...at);
  mesh.rotation.y = turnY;
  scene.add(mesh);
  return mesh;
}

function floor(scene, texture, [x0, x1], [z0, z1], y, metresPerTile) {
  const map = texture;
  map.repeat.set((x1 - x0) / metresPerTile, (z1 - z0) / metresPerTile);
  const mesh = new THREE.Mesh(new THREE.PlaneGeometry(x1 - x0, z1 - z0), new THREE.MeshLambertMaterial({ map }));
  mesh.rotation.x = -Math.PI / 2;
  mesh.receiveShadow = true;
  mesh.userData.ground = true;
  put(scene, mesh, [(x0 + x1) / 2, y, (z0 + z1) / 2]);
}

function tactileStrip(scene, rng) {
  const kit = new Kit();
  const color = rng.pick(['#d9b92f', '#c9a63a', '#b9b4a4', '#caa94f']);
  kit.box(120, 0.012, tactile.width, color, [0, 0.008, tactile.z]);
  for (let i = -1; i <= 1; i++) kit.box(120, 0.02, 0.05, hsl(0.13, 0.45, 0.42), [0, 0.012, tactile.z + i * 0.16]);
  scene.add(kit.mesh());
}

function market(scene, rng) {
  const kit = new Kit();
  const color = rng.pick(['#8a2f26', '#2f6b4a', '#30557a']);
  for (const side of [-1, 1]) kit.box(0.5, 4.6, 0.5, color, [side * 4.4, 2.3, wallZ + 0.4]);
  kit.box(9.4, 0.9, 0.5, color, [0, 4.6, wallZ + 0.4]);
  for (let i = rng.whole(3, 7); i > 0; i--) {
    const s = rng.between(0.35, 0.6);
    kit.box(s, s * 0.8, s, rng.pick(['#b9834a', '#2f6fb5', '#c9b48a']), [
      rng.sign() * rng.between(6, 8),
      s * 0.4 + (i % 2) * s * 0.8,
      wallZ + 0.4,
    ]);
  }
  scene.add(kit.mesh());
  put(scene, board(rng.pick(['农贸市场', '东门菜市场', '浮桥市场']), 6.4, 0.8, color), [0, 4.6, wallZ + 0.68]);
}

function school(scene, rng) {
  const kit = new Kit();
  const wall = hsl(0.06, rng.between(0.2, 0.45), rng.between(0.5, 0.7));
  for (const side of [-1, 1]) {
    kit.box(14, 0.9, 0.25, wall, [side * 10.2, 0.45, wallZ + 0.35]);
    for (let x = 3.4; x < 17; x += 0.35) kit.box(0.05, 1.3, 0.05, '#4d5a63', [side * x, 1.5, wallZ + 0.35]);
    kit.box(0.8, 3.2, 0.8, wall, [side * 3, 1.6, wallZ + 0.35]);
  }
  for (let x = -2.4; x < 2.5; x += 0.3) kit.box(0.06, 1.5, 0.06, '#9aa3a8', [x, 0.75, wallZ + 0.35]);
  for (let x = -2; x <= 2; x += 0.9) kit.box(0.45, 0.012, 3.6, '#e2e2dc', [x + 9, 0.013, -1.4]);
  scene.add(kit.mesh());
  put(scene, board(rng.pick(['实验小学', '第二中学', '东湖小学']), 4.6, 0.8, '#e9e4d4', '#9c1c1c'), [
    0,
    3,
    wallZ + 0.8,
  ]);
}

function heritage(scene, rng) {
  const kit = new Kit();
  const wall = rng.pick(['#9c3a2a', '#a8523a', '#b8a58c', '#8f4433']);
  const tile = hsl(0.06, 0.2, rng.between(0.2, 0.32));
  for (const side of [-1, 1]) {
    kit.box(24, 3.6, 0.35, wall, [side * 15.4, 1.8, wallZ + 0.1]);
    kit.box(24, 0.3, 0.9, tile, [side * 15.4, 3.7, wallZ + 0.1]);
    kit.box(0.7, 0.5, 0.9, '#a39d92', [side * 3.7, 0.25, wallZ + 0.9]);
    kit.ball(0.38, '#a8a297', [side * 3.7, 0.85, wallZ + 0.9], [0.8, 1.2, 1]);
    kit.ball(0.24, '#a8a297', [side * 3.7, 1.35, wallZ + 1]);
  }
  kit.box(6.8, 4, 0.6, wall, [0, 2, wallZ]);
  kit.box(2.2, 2.8, 0.2, '#5b1f16', [0, 1.4, wallZ + 0.35]);
  for (const [y, w] of [
    [4.3, 8.4],
    [4.7, 7],
    [5.1, 5.2],
  ])
    kit.box(w, 0.35, 2.2, tile, [0, y, wallZ + 0.2]);
  for (const side of [-1, 1]) kit.box(1.6, 0.3, 2.2, tile, [side * 4.3, 4.5, wallZ + 0.2], [0, 0, side * 0.35]);
  scene.add(kit.mesh());
  put(scene, board(rng.pick(['开元寺', '清净寺', '文庙', '天后宫']), 1.9, 0.55, '#1f2a44', '#e0c060'), [
    0,
    3.4,
    wallZ + 0.42,
  ]);
  floor(scene, groundTexture(rng, 'concrete'), [-14, 14], [wallZ + 0.2, -4.2], 0.006, 1.6);
}

function metro(scene, rng) {
  const kit = new Kit();
  const x = rng.sign() * 10.4;
  const blue = rng.pick(['#1f5fa8', '#2a7f6a', '#a83232']);
  kit.box(4.4, 0.25, 3.6, '#d7dadd', [x, 3.2, -8]);
  for (const side of [-1, 1]) kit.box(0.08, 2.8, 3.2, '#8fa9b5', [x + side * 2.1, 1.5, -8]);
  kit.box(4.2, 2.8, 0.1, '#8fa9b5', [x, 1.5, -9.6]);
  kit.box(3.9, 0.05, 3, '#22262a', [x, 0.03, -8]);
  for (let i = 0; i < 5; i++) kit.cylinder(0.08, 0.08, 0.75, '#c9ccce', [x - 3 + i * 1.4, 0.37, -5.9]);
  kit.box(0.2, 3.6, 0.2, '#8b9094', [x - Math.sign(x) * 3, 1.8, -6.2]);
  scene.add(kit.mesh());
  put(scene, board('地铁 M', 1.5, 0.6, blue), [x - Math.sign(x) * 3, 3.6, -6]);
  put(scene, board('B 口', 3.4, 0.5, blue), [x, 3.05, -6.15]);
}

function arterial(scene, rng, gate) {
  floor(scene, groundTexture(rng, 'asphalt'), [-70, 70], [5.4, 15], 0.004, 5);
  const kit = new Kit();
  for (let x = -69; x < 70; x += 6) kit.box(3, 0.012, 0.14, '#d9d9d2', [x, 0.02, 9.5]);
  kit.box(140, 0.014, 0.14, '#d8b13a', [0, 0.021, 5.8]);
  kit.box(140, 0.014, 0.14, '#d8b13a', [0, 0.021, 6.2]);
  if (!gate) {
    for (let x = -60; x < 60; x += 3) kit.box(0.09, 0.9, 0.09, '#e8e8e4', [x, 0.45, 6]);
    for (const y of [0.45, 0.8]) kit.box(120, 0.06, 0.05, '#e8e8e4', [0, y, 6]);
  }
  kit.box(0.3, 7, 0.3, '#9aa0a4', [-19, 3.5, -4.6]);
  kit.box(0.2, 0.2, 9, '#9aa0a4', [-19, 6.8, -0.4]);
  scene.add(kit.mesh());
  put(scene, board('泉州大桥 ↑', 4, 1.4, '#1f5fa8'), [-18.8, 6.2, 0.5], Math.PI / 2);
}

const dressings = { 'market-gate': market, school, 'heritage-apron': heritage, 'metro-exit': metro };

/** Adds what a world has beyond the plain street; `gate` for a building site on it, `blind` for ribbed paving. */
export function dressWorld(scene, rng, world, { gate = false, blind = false } = {}) {
  if (world === 'arterial') arterial(scene, rng, gate);
  dressings[world]?.(scene, rng);
  if (blind || (!gate && rng.chance(0.3))) tactileStrip(scene, rng);
}

/** A wheel wash behind the gate: kerbs, a grating, nozzles on posts; returns what sprays while a truck is washed. */
export function washStation(scene, rng, { x, z0, z1, half }) {
  const kit = new Kit();
  const tone = rng.pick(['#d8b13a', '#c8ccce', '#3f7fb0']);
  for (const side of [-1, 1]) {
    kit.box(0.25, 0.3, z1 - z0, tone, [x + side * half, 0.15, (z0 + z1) / 2]);
    for (let z = z0 + 0.5; z < z1; z += 1.5) kit.cylinder(0.06, 0.06, 1.2, '#5f666b', [x + side * half, 0.6, z]);
    kit.rod([x + side * half, 1.15, z0 + 0.5], [x + side * half, 1.15, z1 - 0.5], 0.05, '#5f666b');
  }
  for (let z = z0 + 0.3; z < z1; z += 0.35) kit.box(half * 1.9, 0.02, 0.12, '#3b4043', [x, 0.012, z]);
  scene.add(kit.mesh());
  const spray = new THREE.Group();
  const water = new THREE.MeshBasicMaterial({ color: '#dfe8ee', transparent: true, opacity: 0.3, depthWrite: false });
  const jets = [];
  for (const side of [-1, 1]) {
    for (let z = z0 + 0.6; z < z1; z += 0.8) {
      const jet = new THREE.Mesh(new THREE.ConeGeometry(0.35, 1.1, 6), water);
      jet.position.set(x + side * (half - 0.5), 0.8, z);
      jet.rotation.z = side * -1.2;
      jet.userData.ghost = true;
      jets.push(jet);
      spray.add(jet);
    }
  }
  scene.add(spray);
  return (t, on) => {
    spray.visible = on;
    for (const [i, jet] of jets.entries()) jet.scale.setScalar(0.75 + 0.35 * Math.sin(t * 17 + i * 1.7));
  };
}
