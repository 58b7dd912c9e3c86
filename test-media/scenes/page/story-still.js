// One moment of a crowded, randomised world for training: every actor anywhere plausible, any camera, any light.
import { makeBike, makeRiddenBike } from './bikes.js';
import { makeMuckTruck, makeSpill } from './muck.js';
import { makePerson } from './people.js';
import { makeCart, makeLoneUmbrella, makeStall } from './stall.js';
import { makeBus, makeCar, makeLorry } from './vehicles.js';
import { applyWeather, chooseWeather } from './weather.js';
import { bayMarks, buildWorld } from './world.js';

/** Keeps footprints apart: a truck through a stall would teach nonsense. */
function placer(stage, rng) {
  const taken = [];
  return (actor, radius, [x0, x1], [z0, z1], headings) => {
    for (let attempt = 0; attempt < 12; attempt++) {
      const x = rng.between(x0, x1);
      const z = rng.between(z0, z1);
      if (taken.some((o) => Math.hypot(o.x - x, o.z - z) < o.radius + radius)) continue;
      taken.push({ x, z, radius });
      stage.add(actor).place(x, z, rng.pick(headings) + rng.between(-0.15, 0.15));
      return { x, z };
    }
    return null;
  };
}

const along = [0, Math.PI];
const across = [Math.PI / 2, -Math.PI / 2];
const anyWay = [0, 0.5, 1, 1.57, 2.1, 2.6, 3.14, 3.9, 4.5, 5.3];

function camera(stage, rng, focus) {
  const azimuth = rng.between(-1.1, 1.1);
  const distance = rng.between(7, 20);
  const tilt = rng.between(0.2, 0.85);
  const reach = distance * Math.cos(tilt);
  const position = [
    focus[0] + Math.sin(azimuth) * reach,
    Math.max(2.4, distance * Math.sin(tilt)),
    focus[1] + Math.cos(azimuth) * reach,
  ];
  stage.look(
    position,
    [focus[0] + rng.between(-1.5, 1.5), rng.between(0.3, 1.3), focus[1] + rng.between(-1, 1)],
    rng.between(38, 60),
  );
}

function bikesAndPeople(stage, rng, put, pavement) {
  const ordered = rng.chance(0.4);
  const count = rng.pick([0, 2, 4, 7, 11]);
  if (ordered) {
    const x0 = rng.between(-6, 3);
    const z = rng.between(...pavement);
    const pitch = rng.between(0.55, 1.3);
    for (let i = 0; i < count; i++)
      stage
        .add(makeBike(rng, { shared: rng.chance(0.85) }))
        .place(x0 + i * pitch, z, Math.PI / 2 + rng.between(-0.3, 0.3));
    if (rng.chance(0.6)) stage.scene.add(bayMarks(x0 - 0.5, x0 + count * pitch, z - 1.1, z + 1.1));
  } else
    for (let i = 0; i < count; i++)
      put(makeBike(rng, { shared: rng.chance(0.85), fallen: rng.chance(0.12) }), 0.55, [-8, 8], pavement, anyWay);
  for (let i = rng.whole(0, 2); i > 0; i--) put(makeRiddenBike(rng, rng.chance(0.7)), 0.9, [-9, 9], [-9, 4], anyWay);
  for (let i = rng.whole(1, 7); i > 0; i--) {
    const person = makePerson(rng, { umbrella: rng.chance(0.1) });
    person.step(rng.between(0, 3));
    put(person, 0.35, [-9, 9], [-9.4, 3], anyWay);
  }
}

function stallsAndCarts(stage, rng, put, pavement) {
  for (let i = rng.pick([0, 1, 1, 2, 3]); i > 0; i--) {
    const at = put(makeStall(rng), 1.5, [-6, 6], rng.chance(0.85) ? pavement : [-3.5, 0], [
      ...along,
      ...across,
      0.4,
      -0.4,
    ]);
    if (at && rng.chance(0.85))
      stage
        .add(makePerson(rng))
        .place(at.x + rng.between(-1.3, 1.3), at.z + rng.sign() * rng.between(0.8, 1.3), rng.pick(anyWay));
    if (at && rng.chance(0.4))
      stage.add(makePerson(rng)).place(at.x + rng.between(-1.5, 1.5), at.z + rng.between(0.9, 1.5), rng.pick(anyWay));
  }
  if (rng.chance(0.45)) put(makeCart(rng), 1.2, [-7, 7], [pavement[0], 1], anyWay);
  if (rng.chance(0.12)) put(makeLoneUmbrella(rng), 1, [-7, 7], pavement, anyWay);
}

function vehicles(stage, rng, put, gate) {
  for (let i = rng.pick([0, 1, 2, 3]); i > 0; i--) put(makeCar(rng), 2.3, [-13, 13], [-2.6, 4], along);
  if (rng.chance(0.25)) put(makeBus(rng), 5, [-12, 12], [-1.6, 3.6], along);
  if (rng.chance(0.3)) put(makeLorry(rng), 3.6, [-12, 12], [-1.6, 3.6], along);
  const trucks = gate ? rng.pick([1, 1, 2]) : rng.chance(0.25) ? 1 : 0;
  for (let i = 0; i < trucks; i++)
    put(makeMuckTruck(rng), 3.6, [-7, 7], gate ? [-12, 2] : [-1.6, 3.6], gate ? anyWay : along);
  if (gate && rng.chance(0.4)) {
    const patch = makeSpill(rng, rng.between(1, 4), rng.between(0.8, 2));
    patch.position.set(rng.between(-5, 5), 0, rng.between(-4, 3));
    stage.scene.add(patch);
  }
}

export function stillStory(stage, rng) {
  const kind = rng.pick(['street', 'bike', 'gate']);
  const weather = chooseWeather(rng);
  buildWorld(stage.scene, rng, kind, weather.light === 'night' || weather.light === 'dusk');
  stage.on(applyWeather(stage.scene, rng, weather));
  const gate = kind === 'gate';
  const pavement = gate ? [-5, -2] : [-9, -4.6];
  camera(stage, rng, [rng.between(-3, 3), gate ? rng.between(-7, -1) : rng.between(-8, -3)]);
  const put = placer(stage, rng);
  vehicles(stage, rng, put, gate);
  if (!gate || rng.chance(0.3)) stallsAndCarts(stage, rng, put, pavement);
  if (!gate || rng.chance(0.4)) bikesAndPeople(stage, rng, put, pavement);
  return { kind, zones: [], violations: [], weather };
}
