// Who stands in a still scene: each cast is a list of actors with the room they need, where each may be and which way it faces.
import * as THREE from 'three';
import { makeBike, makeRiddenBike } from './bikes.js';
import { actor, anyColor, Kit } from './kit.js';
import { makeMuckTruck } from './muck.js';
import { makePerson, makeSitter } from './people.js';
import { makeAwning, makePile, makePlanter, makeTarpaulin, matchSheet } from './props.js';
import { makeCart, makeLoneUmbrella, makeStall } from './stall.js';
import { makeBus, makeCar, makeLorry, makeMoped } from './vehicles.js';

const along = [0, Math.PI];
export const across = [Math.PI / 2, -Math.PI / 2];
const diagonal = [0.4, -0.4, 0.8, 2.4, -2.4];
export const anyWay = [0, 0.5, 1, 1.57, 2.1, 2.6, 3.14, 3.9, 4.5, 5.3];

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

/** A cast that is being put together: `add` makes so many of a sort, each with a role of its own. */
function company(stage) {
  const list = [];
  const add = (count, make, role) => {
    for (let i = 0; i < count; i++) list.push({ actor: stage.add(make()), ...role });
  };
  return { list, add };
}

/** Everything that the rules know, now more of the one and now of the other. */
function mixed(stage, rng, gate) {
  const pavement = gate ? [-5, -2] : [-9, -4.6];
  const everywhere = gate ? [-9, 4] : [-9.2, 4];
  const road = [-2.6, 4];
  const { list, add } = company(stage);
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

/** A muck truck that, if it has a sheet, has one of its load's colour as often as `alike` says. */
function sheetedTruck(rng, alike) {
  const truck = makeMuckTruck(rng);
  if (alike > 0 && rng.chance(alike)) matchSheet(truck);
  return truck;
}

/** A yard of muck trucks among lorries and buses, for what beds hold: no two are alike, so many scenes matter more than many views. */
const yard = (alike) => (stage, rng) => {
  const { list, add } = company(stage);
  const ways = anyWay;
  add(7, () => sheetedTruck(rng, alike), { room: 3.6, x: [-11, 11], z: [-14, 4], ways });
  add(2, () => makeLorry(rng), { room: 3.8, x: [-14, 14], z: [-12, 4], ways });
  add(1, () => makeBus(rng), { room: 5, x: [-14, 14], z: [-10, 4], ways });
  add(1, () => makeCar(rng), { room: 2.4, x: [-14, 14], z: [-9, 4], ways });
  add(3, () => makePerson(rng), { room: 0.35, x: [-10, 10], z: [-9, 4], ways });
  return list;
};

/** Lorries, buses, cars and a few muck trucks among them: what tells the one from the other. */
function traffic(stage, rng) {
  const { list, add } = company(stage);
  const ways = [...along, ...along, ...anyWay];
  add(2, () => makeBus(rng), { room: 5, x: [-15, 15], z: [-12, 4], ways });
  add(6, () => makeLorry(rng), { room: 3.8, x: [-15, 15], z: [-13, 4], ways });
  add(2, () => makeMuckTruck(rng), { room: 3.6, x: [-12, 12], z: [-13, 4], ways });
  add(4, () => makeCar(rng), { room: 2.4, x: [-16, 16], z: [-10, 4], ways });
  add(1, () => makeCart(rng), { room: 1.1, x: [-8, 8], z: [-9, 3], ways: anyWay });
  add(3, () => makeRiddenBike(rng, rng.chance(0.7)), { room: 0.9, x: [-10, 10], z: [-9, 4], ways: anyWay });
  add(2, () => makeMoped(rng), { room: 0.8, x: [-10, 10], z: [-9, 4], ways: anyWay });
  add(4, () => makePerson(rng), { room: 0.35, x: [-10, 10], z: [-9, 4], ways: anyWay });
  return list;
}

/** Stalls and carts among what is taken for them: piles, sheeted goods, planters, awnings, lone umbrellas. */
function pavement(stage, rng) {
  const { list, add } = company(stage);
  const [x, z] = [
    [-9, 9],
    [-10, -3],
  ];
  const ways = [...along, ...across, ...diagonal];
  add(5, () => makeStall(rng), { room: 1.4, x, z, ways, group: 'stalls' });
  add(2, () => makeCart(rng), { room: 1.1, x, z, ways: anyWay });
  add(3, () => makePile(rng), { room: 1.1, x, z, ways: anyWay });
  add(2, () => makeTarpaulin(rng), { room: 1.2, x, z, ways: anyWay });
  add(1, () => makePlanter(rng), { room: 0.9, x, z, ways: anyWay });
  add(1, () => makeAwning(rng), { room: 1, x, z: [-9.5, -7], ways: [0, 0.2, -0.2] });
  add(2, () => makeLoneUmbrella(rng), { room: 1, x, z, ways: anyWay });
  add(2, () => makeClutter(rng), { room: 0.8, x, z, ways: anyWay });
  add(6, () => makePerson(rng, { umbrella: rng.chance(0.4) }), { room: 0.35, x, z, ways: anyWay });
  add(2, () => makeSitter(rng), { room: 0.45, x, z, ways: anyWay });
  add(4, () => makeBike(rng), { room: 0.5, x, z, ways: anyWay, group: 'bikes' });
  add(1, () => makeLorry(rng), { room: 3.8, x: [-14, 14], z: [-2, 3.8], ways: along });
  add(2, () => makeCar(rng), { room: 2.4, x: [-14, 14], z: [-2.6, 4], ways: along });
  return list;
}

/** Planters, and people who stand by them as others do by the few low stalls among them. */
function planters(stage, rng) {
  const { list, add } = company(stage);
  const [x, z] = [
    [-9, 9],
    [-9.5, -3],
  ];
  const ways = [...along, ...along, ...across, ...diagonal];
  const low = ['table', 'table', 'blanket', 'tricycle', 'cart'];
  add(2, () => makeStall(rng, rng.pick(low)), { room: 1.4, x, z, ways, group: 'stalls' });
  add(1, () => makeStall(rng), { room: 1.4, x, z, ways, group: 'stalls' });
  add(5, () => makePlanter(rng), { room: 0.9, x, z, ways, group: 'decoys' });
  add(1, () => makePile(rng), { room: 1.1, x, z, ways, group: 'decoys' });
  add(1, () => makeTarpaulin(rng), { room: 1.2, x, z, ways, group: 'decoys' });
  add(1, () => makeCart(rng), { room: 1.1, x, z, ways: anyWay });
  add(1, () => makeAwning(rng), { room: 1, x, z: [-9.5, -7], ways: [0, 0.2, -0.2] });
  add(2, () => makeClutter(rng), { room: 0.8, x, z, ways: anyWay });
  add(10, () => makePerson(rng, { umbrella: rng.chance(0.3) }), { room: 0.35, x, z, ways: anyWay });
  add(2, () => makeSitter(rng), { room: 0.45, x, z, ways: anyWay });
  add(3, () => makeBike(rng), { room: 0.5, x, z, ways: anyWay, group: 'bikes' });
  add(2, () => makeCar(rng), { room: 2.4, x: [-14, 14], z: [-2.6, 4], ways: along });
  return list;
}

/** By name: who is there, and in which sorts of place. `heaps` is how often something has been spilt on the ground, gates aside. */
export const casts = {
  mixed: { make: mixed, kinds: ['street', 'street', 'bike', 'gate', 'gate'], heaps: 0 },
  trucks: { make: yard(0), kinds: ['gate'], heaps: 0 },
  sheets: { make: yard(0.7), kinds: ['gate'], heaps: 0 },
  traffic: { make: traffic, kinds: ['street', 'gate'], heaps: 0.5 },
  pavement: { make: pavement, kinds: ['street', 'street', 'bike'], heaps: 0.6 },
  planters: { make: planters, kinds: ['street', 'street', 'bike'], heaps: 0.3 },
};
