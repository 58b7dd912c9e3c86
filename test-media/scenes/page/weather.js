// Light and weather: sun, low sun, overcast, dusk, lit night, infrared night; dry or wet; rain and fog.
import * as THREE from 'three';
import { hsl } from './kit.js';
import { Mirror } from './mirror.js';

const lights = {
  day: { sky: '#b9cde0', sun: 2.6, ambient: 1.5, height: [0.6, 1.6], warm: '#fff3dc' },
  overcast: { sky: '#b4bcc2', sun: 0.7, ambient: 2.3, height: [0.6, 1.6], warm: '#f2f4f6' },
  'low-sun': { sky: '#c9c3b4', sun: 3.1, ambient: 1.05, height: [0.16, 0.36], warm: '#ffdca8' },
  dusk: { sky: '#b58f7c', sun: 1.5, ambient: 0.95, height: [0.25, 0.45], warm: '#ffb37a' },
  night: { sky: '#10141c', sun: 0.35, ambient: 0.6, height: [0.6, 1.6], warm: '#8fa6d0' },
  /** The camera lights the street itself; the picture is grey (the lens sees to that). */
  infrared: { sky: '#0c0c0c', sun: 2.7, ambient: 0.75, height: [0.6, 1.6], warm: '#ffffff' },
};
export const lightNames = Object.keys(lights);
const darkness = new Set(['night', 'infrared']);

export function chooseWeather(rng) {
  const light = rng.pick(['day', 'day', 'day', 'overcast', 'overcast', 'low-sun', 'dusk', 'night', 'infrared']);
  const rain = rng.chance(0.15);
  return { light, rain, fog: rng.chance(0.12), wet: rain || rng.chance(0.1) };
}

function lamps(scene, rng) {
  for (const x of [-9, 0, 9]) {
    const lamp = new THREE.PointLight(
      rng.pick(['#ffd9a0', '#fff0d8', '#ffe2b8', '#e6f0ff']),
      rng.between(10, 45),
      26,
      1.7,
    );
    lamp.position.set(x + rng.between(-2, 2), 6, rng.between(-5, -2));
    scene.add(lamp);
  }
}

function rainDrops(scene, rng) {
  const count = 500;
  const points = new Float32Array(count * 6);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(points, 3));
  const material = new THREE.LineBasicMaterial({
    color: '#cfd6dc',
    transparent: true,
    opacity: rng.between(0.2, 0.45),
  });
  const lines = new THREE.LineSegments(geometry, material);
  lines.frustumCulled = false;
  const seeds = Array.from({ length: count }, () => [rng.between(-16, 16), rng.between(0, 9), rng.between(-11, 8)]);
  const slant = rng.between(-0.12, 0.12);
  scene.add(lines);
  return (t) => {
    seeds.forEach(([x, y, z], i) => {
      const top = (((y - t * 9) % 9) + 9) % 9;
      points.set([x, top, z, x + slant, top + 0.4, z], i * 6);
    });
    geometry.attributes.position.needsUpdate = true;
  };
}

/** Water on the ground: darker, lamps and sun are a gloss on it, and it mirrors what stands there. */
function wetten(scene, rng) {
  const mirror = new Mirror(rng.between(0.5, 1.8), rng.between(0.006, 0.035));
  scene.traverse((node) => {
    if (!node.userData.ground) return;
    const { map } = node.material;
    node.material.dispose();
    node.material = new THREE.MeshPhongMaterial({ map, color: '#8f949b', specular: '#9aa3ad', shininess: 38 });
    mirror.lay(node);
  });
  return mirror;
}

/** Head lamps throw light on the road only in the dark. */
function switchBeams(scene, on) {
  let beams = null;
  return () => {
    if (!beams) {
      beams = [];
      scene.traverse((node) => node.userData.beam && beams.push(node));
    }
    for (const beam of beams) beam.visible = on;
  };
}

/** Sets the scene's light; returns what has to happen at each moment (rain falls, lamps shine). */
export function applyWeather(stage, rng, { light, rain, fog, wet = rain }) {
  const { scene } = stage;
  const look = lights[light];
  const dark = darkness.has(light);
  const sky = new THREE.Color(look.sky);
  if (rain) sky.lerp(new THREE.Color('#8d9499'), dark ? 0.1 : 0.6);
  if (!dark) sky.offsetHSL(rng.between(-0.03, 0.03), rng.between(-0.1, 0.1), rng.between(-0.08, 0.08));
  scene.background = sky;
  const dim = rain ? 0.75 : 1;
  const ground = hsl(rng.between(0.02, 0.2), 0.1, rng.between(0.25, 0.45));
  scene.add(new THREE.HemisphereLight('#dfe6ee', ground, look.ambient * dim * rng.between(0.75, 1.25)));
  const sun = new THREE.DirectionalLight(
    look.warm,
    look.sun * (rain && light !== 'infrared' ? 0.2 : rng.between(0.75, 1.2)),
  );
  sun.position.set(rng.between(-1, 1), rng.between(...look.height), rng.between(-0.3, 1));
  if (light === 'infrared') sun.position.set(rng.between(-0.3, 0.3), 0.5, 1);
  sun.position.normalize().multiplyScalar(40);
  sun.castShadow = !rain && light !== 'overcast';
  sun.shadow.mapSize.set(1024, 1024);
  Object.assign(sun.shadow.camera, { left: -18, right: 18, top: 18, bottom: -18, near: 5, far: 90 });
  sun.shadow.bias = -0.002;
  sun.shadow.normalBias = 0.05;
  sun.target.position.set(0, 0, -4);
  scene.add(sun, sun.target);
  if (light === 'night') lamps(scene, rng);
  if (fog || rain) scene.fog = new THREE.Fog(sky, fog ? rng.between(4, 12) : 20, fog ? rng.between(35, 70) : 90);
  const drops = rain ? rainDrops(scene, rng) : () => {};
  if (wet) stage.mirror = wetten(scene, rng);
  const beams = switchBeams(scene, dark || light === 'dusk');
  return (t) => {
    drops(t);
    beams();
  };
}
