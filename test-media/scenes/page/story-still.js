// Moments of a crowded, randomised world for training: every actor anywhere plausible, any camera, any light.
import * as THREE from 'three';
import { makeBike, makeRiddenBike } from './bikes.js';
import { actor, anyColor, Kit } from './kit.js';
import { makeMuckTruck, makeSpill } from './muck.js';
import { makePerson, makeSitter } from './people.js';
import { makeCart, makeLoneUmbrella, makeStall } from './stall.js';
import { makeBus, makeCar, makeLorry, makeMoped } from './vehicles.js';
import { applyWeather, chooseWeather } from './weather.js';
import { bayMarks, buildWorld } from './world.js';

const along = [0, Math.PI];
const across = [Math.PI / 2, -Math.PI / 2];
const diagonal = [0.4, -0.4, 0.8, 2.4, -2.4];
const anyWay = [0, 0.5, 1, 1.57, 2.1, 2.6, 3.14, 3.9, 4.5, 5.3];

/** What stands about in a city and is none of our classes: bins, crates, signs, heaps, in any colour and size. */
function makeClutter(rng) {
  const kit = new Kit();
  for (let i = rng.whole(1, 3); i > 0; i--) {
    const [w, h, d] = [rng.between(0.2, 1.3), rng.between(0.2, 1.5), rng.between(0.2, 0.9)];
    const at = [rng.between(-0.5, 0.5), h / 2, rng.between(-0.4, 0.4)];
    const color = anyColor(rng, [0, 0.9], [0.1, 0.85]);
    const shape = rng.pick(['box', 'box', 'cylinder', 'cone', 'ball', 'board']);
    if (shape === 'box') kit.box(w, h, d, color, at, [0, rng.between(0, 3), 0]);
    else if (shape === 'cylinder') kit.cylinder(w / 2, w / 2.2, h, color, at);
    else if (shape === 'cone') kit.cylinder(0.03, w / 2.5, h, color, at);
    else if (shape === 'ball') kit.ball(w / 2, color, [at[0], w / 3, at[2]], [1.2, 0.7, 1]);
    else kit.box(w, h * 1.2, 0.05, color, [at[0], h * 0.6, at[2]], [rng.between(-0.2, 0.2), rng.between(0, 3), 0]);
  }
  const root = new THREE.Group();
  root.add(kit.mesh('double'));
  return actor(root, []);
}

/** The cast of a scene: who is there, how much room each needs, where each may be and which way it faces. */
function cast(stage, rng, gate) {
  const pavement = gate ? [-5, -2] : [-9, -4.6];
  const everywhere = gate ? [-9, 4] : [-9.2, 4];
  const road = [-2.6, 4];
  const list = [];
  const add = (count, make, role) => {
    for (let i = 0; i < count; i++) list.push({ actor: stage.add(make()), ...role });
  };
  const wide = [-10, 10];
  const theme = rng.pick(['bikes', 'stalls', 'traffic', 'traffic', 'mixed', 'mixed']);
  const much = (name, a, b) => (theme === name ? b : theme === 'mixed' ? a : Math.ceil(a / 2));
  add(much('bikes', 8, 18), () => makeBike(rng, { shared: rng.chance(0.8), fallen: rng.chance(0.12) }), {
    room: 0.5,
    x: wide,
    z: pavement,
    ways: anyWay,
    group: 'bikes',
  });
  add(2, () => makeRiddenBike(rng, rng.chance(0.7)), { room: 0.9, x: wide, z: everywhere, ways: anyWay });
  add(much('stalls', 2, 4), () => makeStall(rng), {
    room: 1.5,
    x: [-8, 8],
    z: rng.chance(0.8) ? pavement : [-4, 1],
    ways: [...along, ...across, ...diagonal],
    group: 'stalls',
  });
  add(much('stalls', 1, 3), () => makeCart(rng), { room: 1.1, x: wide, z: [pavement[0], 2], ways: anyWay });
  add(rng.chance(0.4) ? 2 : 1, () => makeLoneUmbrella(rng), { room: 1, x: wide, z: pavement, ways: anyWay });
  add(7, () => makePerson(rng, { umbrella: rng.chance(0.22) }), { room: 0.35, x: wide, z: everywhere, ways: anyWay });
  add(3, () => makeSitter(rng), { room: 0.45, x: wide, z: pavement, ways: anyWay });
  // What is longest comes first: beside a full road there is room for a car, not for a bus.
  add(much('traffic', 1, 3), () => makeBus(rng), {
    room: 5,
    x: [-14, 14],
    z: [-1.6, 3.8],
    ways: [...along, ...along, 0.5, -0.5],
  });
  add(much('traffic', 1, 4), () => makeLorry(rng), {
    room: 3.8,
    x: [-14, 14],
    z: [-2, 3.8],
    ways: [...along, ...along, ...anyWay],
  });
  add(gate ? 4 : 1, () => makeMuckTruck(rng), {
    room: 3.6,
    x: gate ? [-8, 8] : wide,
    z: gate ? [-14, 3] : [-1.6, 3.6],
    ways: gate ? anyWay : [...along, ...along, ...anyWay],
  });
  add(much('traffic', 3, 5), () => makeCar(rng), {
    room: 2.4,
    x: [-16, 16],
    z: road,
    ways: [...along, ...along, ...anyWay],
  });
  add(2, () => makeMoped(rng), { room: 0.8, x: wide, z: everywhere, ways: anyWay });
  add(6, () => makeClutter(rng), { room: 0.8, x: wide, z: [pavement[0] - 0.6, pavement[1] + 1], ways: anyWay });
  return list;
}

/** A yard of muck trucks among lorries and buses, for what beds hold: no two are alike, so many scenes matter more than many views. */
function trucks(stage, rng) {
  const list = [];
  const add = (count, make, room, x, z) => {
    for (let i = 0; i < count; i++) list.push({ actor: stage.add(make()), room, x, z, ways: anyWay });
  };
  add(7, () => makeMuckTruck(rng), 3.6, [-11, 11], [-14, 4]);
  add(2, () => makeLorry(rng), 3.8, [-14, 14], [-12, 4]);
  add(1, () => makeBus(rng), 5, [-14, 14], [-10, 4]);
  add(1, () => makeCar(rng), 2.4, [-14, 14], [-9, 4]);
  add(3, () => makePerson(rng), 0.35, [-10, 10], [-9, 4]);
  return list;
}

/** Nearer or farther, higher or lower, any lens that a street camera may have. */
function aim(stage, rng, gate) {
  const focus = [rng.between(-4, 4), gate ? rng.between(-8, 1) : rng.between(-8, 1)];
  const azimuth = rng.between(-1.25, 1.25);
  const distance = rng.between(6, rng.chance(0.3) ? 28 : 17);
  const tilt = rng.between(0.14, 0.95);
  const reach = distance * Math.cos(tilt);
  stage.look(
    [
      focus[0] + Math.sin(azimuth) * reach,
      Math.max(1.8, distance * Math.sin(tilt)),
      focus[1] + Math.cos(azimuth) * reach,
    ],
    [focus[0] + rng.between(-1.5, 1.5), rng.between(0.2, 1.3), focus[1] + rng.between(-1, 1)],
    rng.between(32, 64),
  );
  stage.camera.rotateZ(rng.between(-0.05, 0.05));
  stage.camera.updateMatrixWorld();
}

/** Footprints stay apart: a truck through a stall would teach nonsense. Who finds no room stays away. */
function spread(rng, list) {
  const taken = [];
  const keep = { bikes: rng.pick([0.15, 0.5, 1]), stalls: rng.pick([0.4, 0.8, 1]) };
  const cluster = rng.chance(0.5) ? rng.between(-7, 7) : null;
  for (const { actor: who, room, x, z, ways, group } of list) {
    who.root.visible = false;
    if (!rng.chance(keep[group] ?? 0.75)) continue;
    for (let attempt = 0; attempt < 10; attempt++) {
      const px = group === 'bikes' && cluster !== null ? cluster + rng.between(-3, 3) : rng.between(...x);
      const pz = rng.between(...z);
      if (taken.some((o) => Math.hypot(o.x - px, o.z - pz) < o.room + room)) continue;
      taken.push({ x: px, z: pz, room });
      who.place(px, pz, rng.pick(ways) + rng.between(-0.2, 0.2));
      who.step?.(rng.between(0, 3));
      who.root.visible = true;
      break;
    }
  }
}

/** Bikes in a tidy row now and then, and people who attend to stalls: what pure chance would hardly ever show. */
function tidy(rng, list) {
  const shown = list.filter(({ actor }) => actor.root.visible);
  const bikes = shown.filter(({ group }) => group === 'bikes');
  if (rng.chance(0.35) && bikes.length > 2) {
    const [x0, z, pitch, turn] = [
      rng.between(-7, 2),
      rng.between(-8.5, -5),
      rng.between(0.5, 1.2),
      rng.pick(across) + rng.between(-0.4, 0.4),
    ];
    for (const [i, { actor }] of bikes.entries())
      actor.place(x0 + i * pitch, z + rng.between(-0.15, 0.15), turn + rng.between(-0.1, 0.1));
  }
  const people = shown.filter(({ actor }) => actor.objects[0]?.cls === 'person');
  shown
    .filter(({ group }) => group === 'stalls')
    .forEach(({ actor }, i) => {
      const attendant = people[i];
      if (!attendant || rng.chance(0.3)) return;
      const { x, z } = actor.root.position;
      attendant.actor.place(x + rng.between(-1.3, 1.3), z + rng.sign() * rng.between(0.75, 1.4), rng.pick(anyWay));
    });
}

export function stillStory(stage, rng, options = {}) {
  const kind = options.trucks ? 'gate' : rng.pick(['street', 'street', 'bike', 'gate', 'gate']);
  const weather = options.weather ?? chooseWeather(rng);
  const gate = kind === 'gate';
  buildWorld(stage.scene, rng, kind, ['night', 'dusk'].includes(weather.light));
  stage.on(applyWeather(stage.scene, rng, weather));
  if (rng.chance(0.3)) stage.scene.add(bayMarks(rng.between(-6, -2), rng.between(0, 5), -8, -5.6));
  const patch = makeSpill(rng, rng.between(1, 4), rng.between(0.8, 2));
  patch.position.set(rng.between(-5, 5), 0, rng.between(-4, 3));
  stage.scene.add(patch);
  const list = options.trucks ? trucks(stage, rng) : cast(stage, rng, gate);
  stage.arrange = (view) => {
    patch.visible = gate && view.chance(0.4);
    spread(view, list);
    tidy(view, list);
    aim(stage, view, gate);
  };
  stage.arrange(rng);
  return { kind, zones: [], violations: [], weather };
}
