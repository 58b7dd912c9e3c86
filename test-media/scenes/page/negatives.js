// The hard negatives by name: what complaints say is taken for a violation and is none.
import { travel, visit } from './motion.js';
import { makePerson } from './people.js';
import {
  makeAwning,
  makeLeaves,
  makePile,
  makePlanter,
  makePuddle,
  makeShade,
  makeStatue,
  makeTarpaulin,
} from './props.js';
import { makeCart, makeStall } from './stall.js';
import { makeCar } from './vehicles.js';

const at = (stage, thing, [x, z], turn = 0) => stage.add(thing).place(x, z, turn);

function several(make, count) {
  return (stage, rng, { spots }) => {
    for (const spot of spots.splice(0, rng.whole(...count))) at(stage, make(rng), spot, rng.between(-0.3, 0.3));
  };
}

/** Two to five people who talk, on one spot, for the whole clip. */
function standingGroups(stage, rng, { spots, rain }) {
  for (const [x, z] of spots.splice(0, rng.whole(1, 2))) {
    for (let i = rng.whole(2, 5); i > 0; i--) {
      const person = makePerson(rng, { umbrella: rain && rng.chance(0.5) });
      at(stage, person, [x + rng.between(-0.9, 0.9), z + rng.between(-0.6, 0.6)], rng.between(0, 6.3));
    }
  }
}

function awnings(stage, rng) {
  for (const x of [rng.between(-4.5, -1.5), rng.between(1.5, 4.5)]) at(stage, makeAwning(rng), [x, -9]);
}

function parkedCars(stage, rng, { parked = [] }) {
  for (const spot of parked) at(stage, makeCar(rng), spot, rng.chance(0.5) ? 0 : Math.PI);
}

/** A vendor's cart rolls in, halts for a few seconds, and rolls on: shorter than any dwell. */
function briefStop(stage, rng, { halt, side = 1 }) {
  const [x, z] = halt;
  const stop = rng.between(12, 22);
  const stay = rng.between(3.5, 5);
  const cart = stage.add(makeCart(rng));
  const vendor = stage.add(makePerson(rng));
  const lane = -3.3;
  const trip = { arrive: stop, leave: stop + stay, speed: 1.6 };
  visit(stage, cart, { ...trip, via: [side * 9, lane], spot: [x, z], away: [-side * 9, lane] });
  visit(stage, vendor, {
    ...trip,
    via: [side * 9 + side * 1.4, lane],
    spot: [x + side * 1.2, z - 0.3],
    away: [-side * 9 + side * 1.4, lane],
  });
  const van = stage.add(makeCar(rng));
  const vanStop = stop + rng.between(6, 9);
  visit(stage, van, {
    via: [-side * 45, -1.4],
    spot: [-side * rng.between(2, 5), -2.7],
    away: [side * 45, -1.4],
    arrive: vanStop,
    leave: vanStop + 6,
    speed: 7,
    facing: side > 0 ? 0 : Math.PI,
  });
}

function movingShadows(stage, rng) {
  for (let i = 0; i < 3; i++) {
    const shade = stage.add(makeShade(rng, rng.between(2, 5), rng.between(2, 4)));
    const [x, z, speed] = [rng.between(-8, 8), rng.between(-8, -2), rng.between(0.25, 0.7) * rng.sign()];
    stage.on((t) => shade.place(x + speed * t + 0.3 * Math.sin(t * 1.3 + i), z + 0.3 * Math.sin(t * 0.9 + i)));
  }
}

function puddles(stage, rng) {
  for (let i = rng.whole(3, 6); i > 0; i--) {
    const puddle = makePuddle(rng, rng.between(0.8, 3), rng.between(0.5, 1.4));
    at(stage, puddle, [rng.between(-6, 6), rng.between(-8.8, -2)], rng.between(-0.3, 0.3));
  }
}

/** Leaves lie about and some are blown along. */
function leaves(stage, rng) {
  at(stage, makeLeaves(rng, 13, 5, rng.whole(60, 160)), [0, -6.6]);
  for (let i = 0; i < 3; i++) {
    const some = stage.add(makeLeaves(rng, 2.5, 1.2, 9));
    const [x, z, speed, pause] = [rng.between(-9, 2), rng.between(-8, -3), rng.between(0.4, 1.2), rng.between(3, 7)];
    stage.on((t) => some.place(x + speed * (t - pause * Math.sin(t / pause)), z + 0.2 * Math.sin(t), t * 0.2));
  }
}

/** A shop's own goods behind its line, with a customer: lawful. */
function tradeInside(stage, rng, { shopZ = -10 }) {
  const x = rng.between(-3.5, 3.5);
  for (const [dx, build] of [
    [-1.3, 'table'],
    [1.3, 'table'],
  ])
    at(stage, makeStall(rng, build), [x + dx, shopZ + 0.25]);
  at(stage, makePerson(rng), [x, shopZ + 0.55], rng.between(0, 6));
}

/** Riders in single file along the kerb, one after another. */
function ridersPass(stage, rng, { duration, makeRider }) {
  for (let t = rng.between(2, 6); t < duration; t += rng.between(3, 9)) {
    const way = rng.sign();
    const z = rng.between(-6.2, -4.6);
    travel(
      stage,
      stage.add(makeRider(rng)),
      [
        [-18 * way, z],
        [18 * way, z + rng.between(-0.4, 0.4)],
      ],
      { start: t, speed: rng.between(2.8, 4.2) },
    );
  }
}

const makers = {
  'standing-groups': standingGroups,
  awnings,
  planters: several(makePlanter, [2, 4]),
  piles: several(makePile, [1, 3]),
  tarpaulins: several(makeTarpaulin, [1, 2]),
  statues: several(makeStatue, [1, 3]),
  'parked-cars': parkedCars,
  'brief-stops': briefStop,
  'moving-shadows': movingShadows,
  puddles,
  leaves,
  'trade-inside': tradeInside,
  'riders-passing': ridersPass,
};

/** Adds those of the named negatives that are things or people; the stories play the rest themselves. */
export function addNegatives(stage, rng, wanted, room) {
  for (const name of wanted) makers[name]?.(stage, rng, room);
}
