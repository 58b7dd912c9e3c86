// Low-poly people in a few frozen poses of a walk; switching poses is cheaper than a skeleton.
import * as THREE from 'three';
import { actor, anyColor, hsl, Kit } from './kit.js';

function looks(rng) {
  const skin = rng.pick(['#d9a882', '#c58f66', '#e6bd9b', '#a87452']);
  const dark = rng.chance(0.55);
  return {
    skin,
    hair: rng.pick(['#17130f', '#2a2018', '#3c3a39', '#8c8a88']),
    shirt: dark ? hsl(rng.next(), rng.between(0, 0.5), rng.between(0.08, 0.35)) : anyColor(rng),
    legs: hsl(rng.next(), rng.between(0, 0.4), rng.between(0.08, 0.45)),
    bag: rng.chance(0.3) ? anyColor(rng) : null,
    hat: rng.chance(0.15) ? anyColor(rng) : null,
    umbrella: anyColor(rng),
    broad: rng.between(0.85, 1.3),
    coat: rng.chance(0.25) ? rng.between(0.3, 0.55) : 0,
  };
}

function torso(kit, look, lean = 0, lift = 0) {
  const turn = [0, 0, lean];
  const shift = -Math.sin(lean) * 0.3;
  kit.cylinder(0.2 * look.broad, 0.17, 0.62, look.shirt, [shift, 1.13 + lift, 0], turn, 9);
  kit.ball(0.2 * look.broad, look.shirt, [shift * 1.9, 1.42 + lift, 0], [0.85, 0.5, 1.15]);
  kit.ball(0.115, look.skin, [shift * 2.5, 1.62 + lift, 0], [1, 1.2, 0.95]);
  kit.ball(0.125, look.hat ?? look.hair, [shift * 2.5 - 0.015, 1.68 + lift, 0], [1, 0.8, 1]);
}

function pose(look, stride, umbrella = false) {
  const kit = new Kit();
  torso(kit, look);
  const swing = Math.sin(stride) * 0.33;
  const arm = Math.sin(stride) * 0.25;
  for (const side of [-1, 1]) {
    const foot = [side * swing, 0.05, side * 0.1];
    const knee = [side * swing * 0.6 + 0.05, 0.48, side * 0.1];
    kit.rod([0, 0.9, side * 0.09], knee, 0.085, look.legs);
    kit.rod(knee, foot, 0.07, look.legs);
    kit.box(0.25, 0.08, 0.1, '#221f1e', [foot[0] + 0.05, 0.04, foot[2]]);
    const hand = [-side * arm + 0.06, 0.86, side * 0.27];
    kit.rod([0, 1.38, side * 0.24], hand, 0.055, look.shirt);
    kit.ball(0.055, look.skin, hand);
  }
  if (look.coat) kit.cylinder(0.17, 0.25, look.coat, look.shirt, [0, 0.9 - look.coat / 2, 0], [0, 0, 0], 8);
  if (look.bag) kit.box(0.16, 0.36, 0.3, look.bag, [-0.24, 1.2, 0]);
  if (umbrella) kit.rod([0.1, 1.1, 0.1], [0.05, 2.05, 0.05], 0.015, '#222222');
  return kit.geometry();
}

function umbrellaMesh(look, rng) {
  const kit = new Kit();
  kit.cylinder(0.02, rng.between(0.5, 0.65), 0.26, look.umbrella, [0, 2.05, 0], [0, 0, 0], 8);
  return kit.mesh('double');
}

export function makePerson(rng, { umbrella = false } = {}) {
  const look = looks(rng);
  const poses = [0, Math.PI / 2, Math.PI, (3 * Math.PI) / 2].map((p) => pose(look, p, umbrella));
  const kit = new Kit().box(0.01, 0.01, 0.01, look.shirt, [0, 1, 0]);
  const mesh = kit.mesh();
  mesh.geometry = poses[0];
  const root = new THREE.Group();
  root.add(mesh);
  root.scale.setScalar(rng.chance(0.1) ? rng.between(0.6, 0.8) : rng.between(0.88, 1.08));
  const objects = [{ cls: 'person', parts: [mesh] }];
  if (umbrella) {
    const roof = umbrellaMesh(look, rng);
    root.add(roof);
    objects.push({ cls: 'umbrella', parts: [roof] });
  }
  const person = actor(root, objects);
  const offset = rng.whole(0, 3);
  person.step = (metres) => {
    mesh.geometry = poses[(Math.floor(metres / 0.38) + offset) % 4];
  };
  person.rest = () => {
    mesh.geometry = poses[0];
  };
  return person;
}

/** Somebody on a low stool, as vendors and their guests sit. */
export function makeSitter(rng) {
  const look = looks(rng);
  const kit = new Kit();
  torso(kit, look, rng.between(-0.15, 0.25), -0.42);
  for (const side of [-1, 1]) {
    kit.rod([0, 0.48, side * 0.1], [0.4, 0.5, side * 0.13], 0.09, look.legs);
    kit.rod([0.4, 0.5, side * 0.13], [0.38, 0.05, side * 0.13], 0.07, look.legs);
    kit.rod([0, 0.96, side * 0.24], [0.28, 0.62, side * 0.2], 0.055, look.shirt);
  }
  kit.box(0.3, 0.36, 0.3, anyColor(rng), [-0.05, 0.18, 0]);
  const mesh = kit.mesh();
  const root = new THREE.Group();
  root.add(mesh);
  return actor(root, [{ cls: 'person', parts: [mesh] }]).stretch(rng, 0.06);
}

/** Somebody in the saddle, in the bike's own coordinates. */
export function riderMesh(rng) {
  const look = looks(rng);
  const kit = new Kit();
  torso(kit, look, -0.2, 0.02);
  for (const side of [-1, 1]) {
    const knee = [0.2, 0.62 + side * 0.12, side * 0.12];
    kit.rod([-0.18, 0.92, side * 0.1], knee, 0.085, look.legs);
    kit.rod(knee, [0.0, 0.28 + side * 0.12, side * 0.12], 0.07, look.legs);
    kit.rod([0.05, 1.38, side * 0.22], [0.3, 1.04, side * 0.26], 0.055, look.shirt);
  }
  const mesh = kit.mesh();
  mesh.position.x = -0.1;
  return mesh;
}
