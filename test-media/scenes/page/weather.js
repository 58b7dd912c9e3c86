// Light and weather: sun with shadows, overcast, dusk, lit night, rain and fog.
import * as THREE from 'three';
import { hsl } from './kit.js';

const lights = {
  day: { sky: '#b9cde0', sun: 2.6, ambient: 1.5 },
  overcast: { sky: '#b4bcc2', sun: 0.7, ambient: 2.3 },
  dusk: { sky: '#b58f7c', sun: 1.5, ambient: 0.95 },
  night: { sky: '#10141c', sun: 0.25, ambient: 0.4 },
};

export function chooseWeather(rng) {
  const light = rng.pick(['day', 'day', 'day', 'overcast', 'overcast', 'dusk', 'night']);
  return { light, rain: rng.chance(0.15), fog: rng.chance(0.12) };
}

function lamps(scene, rng) {
  for (const x of [-9, 0, 9]) {
    const lamp = new THREE.PointLight(rng.pick(['#ffd9a0', '#fff0d8', '#ffe2b8']), rng.between(10, 40), 26, 1.7);
    lamp.position.set(x + rng.between(-2, 2), 6, rng.between(-5, -2));
    scene.add(lamp);
  }
}

function rainDrops(scene, rng) {
  const count = 500;
  const points = new Float32Array(count * 6);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(points, 3));
  const material = new THREE.LineBasicMaterial({ color: '#cfd6dc', transparent: true, opacity: 0.35 });
  const lines = new THREE.LineSegments(geometry, material);
  lines.frustumCulled = false;
  const seeds = Array.from({ length: count }, () => [rng.between(-16, 16), rng.between(0, 9), rng.between(-11, 8)]);
  scene.add(lines);
  return (t) => {
    seeds.forEach(([x, y, z], i) => {
      const top = (((y - t * 9) % 9) + 9) % 9;
      points.set([x, top, z, x + 0.04, top + 0.4, z], i * 6);
    });
    geometry.attributes.position.needsUpdate = true;
  };
}

/** Sets the scene's light; returns what has to happen at each moment (rain falls). */
export function applyWeather(scene, rng, { light, rain, fog }) {
  const look = lights[light];
  const sky = new THREE.Color(look.sky);
  if (rain) sky.lerp(new THREE.Color('#8d9499'), light === 'night' ? 0.1 : 0.6);
  scene.background = sky;
  const dim = rain ? 0.75 : 1;
  const ground = hsl(0.1, 0.1, 0.35);
  scene.add(
    new THREE.HemisphereLight(
      sky.getHex() === 0 ? '#222233' : '#dfe6ee',
      ground,
      look.ambient * dim * rng.between(0.85, 1.15),
    ),
  );
  const warm = light === 'dusk' ? '#ffb37a' : light === 'night' ? '#8fa6d0' : '#fff3dc';
  const sun = new THREE.DirectionalLight(warm, look.sun * (rain ? 0.2 : rng.between(0.8, 1.15)));
  const height = light === 'dusk' ? rng.between(0.25, 0.45) : rng.between(0.6, 1.6);
  sun.position.set(rng.between(-1, 1), height, rng.between(-0.3, 1)).normalize().multiplyScalar(40);
  sun.castShadow = !rain && light !== 'overcast';
  sun.shadow.mapSize.set(1024, 1024);
  Object.assign(sun.shadow.camera, { left: -18, right: 18, top: 18, bottom: -18, near: 5, far: 90 });
  sun.shadow.bias = -0.002;
  sun.shadow.normalBias = 0.05;
  sun.target.position.set(0, 0, -4);
  scene.add(sun, sun.target);
  if (light === 'night') lamps(scene, rng);
  if (fog || rain) scene.fog = new THREE.Fog(sky, fog ? rng.between(4, 12) : 20, fog ? rng.between(35, 70) : 90);
  return rain ? rainDrops(scene, rng) : () => {};
}
