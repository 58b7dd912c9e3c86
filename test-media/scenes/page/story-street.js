// A pavement where stalls arrive, unfold, sell, shift and leave, a shop's goods creep out, or nothing is wrong at all.

import { aim, orbit } from './aim.js';
import { makeRiddenBike } from './bikes.js';
import { traffic, walkers, walkLanes } from './crowd.js';
import { visit, wander } from './motion.js';
import { addNegatives } from './negatives.js';
import { makePerson } from './people.js';
import { dressWorld } from './places.js';
import { makeCart, makeStall } from './stall.js';
import { makeMoped } from './vehicles.js';
import { applyWeather } from './weather.js';
import { buildWorld } from './world.js';

const zone = { x: 5.4, front: -4.2, back: -9.2 };
/** With a shop at work, the line that its goods must not pass, and where the zone begins. */
const shop = { line: -7.9, back: -7.85, inside: -9.75, outside: -7.3 };
const dwellSeconds = 10;
const params = { candidateSeconds: 4, dwellSeconds, gapSeconds: 10, rearmSeconds: 8 };
/** Seconds that a cart needs from the zone's edge to the place where it is unfolded. */
const rollIn = 3.5;
const never = 1e6;

export function streetCamera(stage, rng, world, trade) {
  const wide = world === 'arterial';
  const see = [];
  for (const x of [-4.3, 4.3])
    for (const [y, z] of [
      [0.3, -7.6],
      [0.3, -5],
      [2.3, -6.4],
    ])
      see.push([x, y, z]);
  see.push([0, 0.3, -8], [0, 0.3, -4.6]);
  return aim(stage, rng, {
    draw: (r) =>
      orbit(r, {
        target: [0, 0.5, -6.4],
        spread: 0.9,
        // From far aside a table's foot would seem to stand before the line that it keeps.
        azimuth: trade ? [-0.42, 0.42] : [-0.75, 0.75],
        distance: wide ? [13, 21] : [10, 18],
        tilt: [0.24, 0.8],
        fov: [28, 62],
      }),
    see,
    sizes: [-4, 4].map((x) => ({ at: [x, 1, -7], least: 0.043 })),
    safe: { position: [4, 6, 6.5], target: [0, 0.6, -6.4], fov: 44 },
  });
}

/** Who comes first goes farthest, so that nobody has to pass through a stall. */
function stallPlan(rng, side, { duration, stalls = 0, builds = [], roaming = 0, leaves }) {
  const places = stalls === 3 ? [-3.7, 0, 3.7] : stalls === 2 ? [-2.5, 2.5] : [rng.between(-2.8, 2.8)];
  if (side < 0) places.reverse();
  const leaving = leaves ?? rng.chance(0.7);
  return places.slice(0, stalls).map((x, i) => {
    const from = rng.between(7, 9) + i * rng.between(4.5, 6);
    return {
      x: x + rng.between(-0.35, 0.35),
      z: rng.between(-6.9, -6),
      from,
      to: leaving && i === 0 ? rng.between(0.68, 0.74) * duration : null,
      roams: i < roaming,
      build: builds[i],
    };
  });
}

/** From the road over the kerb to the spot; the vendor pushes. */
function arrival(stage, cart, vendor, plan, side) {
  const { x, z } = plan;
  const way = [
    [side * 16, -3.3],
    [x + side * 3.4, -3.4],
    [x + side * 1.6, z],
    [x, z],
  ];
  const leave = plan.to ?? never;
  wander(stage, cart, { coming: way, going: [...way].reverse(), arrive: plan.from, leave, speed: 1.5 });
  const behind = way.map(([px, pz], i) => (i < 2 ? [px + side * 1.4, pz] : [px + side * 1.35, z - 0.5]));
  wander(stage, vendor, {
    coming: behind,
    going: [...behind].reverse(),
    arrive: plan.from,
    leave,
    speed: 1.5,
    facing: -Math.PI / 2,
  });
}

function customers(stage, rng, plan, duration, rain) {
  const leave = Math.min(plan.to ?? never, duration);
  for (let t = plan.from + rng.between(3, 6); t < leave - 6; t += rng.between(6, 11)) {
    const way = rng.sign();
    const spot = [plan.x + rng.between(-1.5, 1.5), plan.z + rng.between(1.15, 1.5)];
    visit(stage, stage.add(makePerson(rng, { umbrella: rain && rng.chance(0.4) })), {
      via: [way * 16, -4.4],
      spot,
      away: [-way * 16, -4.4],
      arrive: t,
      leave: t + rng.between(3, 8),
      facing: Math.PI / 2,
    });
  }
}

function selling(stage, rng, stall, plan) {
  const leave = plan.to ?? never;
  const shiftAt = plan.from + rng.between(12, 16);
  const shift = rng.between(0.3, 0.95) * rng.sign();
  const heading = rng.between(-0.15, 0.15);
  stage.on((t) => {
    stall.show(t >= plan.from && t < leave);
    stall.unfold(Math.min(1, 0.3 + (t - plan.from) / 1.6, Math.max(0.2, (leave - t) / 1.2)));
    const k = Math.min(1, Math.max(0, (t - shiftAt) / 3));
    stall.place(plan.x + shift * k, plan.z, heading);
  });
}

/** A vendor with a stall, or one who sells from the cart as it is. */
function vending(stage, rng, plan, side, { duration, rain }) {
  const cart = stage.add(makeCart(rng));
  arrival(stage, cart, stage.add(makePerson(rng, { umbrella: rain && rng.chance(0.3) })), plan, side);
  if (!plan.roams) {
    selling(stage, rng, stage.add(makeStall(rng, plan.build)), plan);
    stage.on((t) => {
      if (t >= plan.from && t < (plan.to ?? never)) cart.show(false);
    });
  }
  customers(stage, rng, plan, duration, rain);
}

/** Goods on tables behind the shop's line are carried out over it, one table after the other. */
function creeping(stage, rng) {
  const table = stage.add(makeStall(rng, 'table'));
  const x = rng.between(-3.4, 3.4);
  const from = rng.between(8, 11);
  stage.on((t) => {
    const k = Math.min(1, Math.max(0, (t - from + 2) / 2));
    table.place(x, shop.inside + (shop.outside - shop.inside) * k, 0);
  });
  const keeper = stage.add(makePerson(rng));
  stage.on((t) => {
    const k = Math.min(1, Math.max(0, (t - from + 2) / 2));
    keeper.place(x + 1.6, shop.inside + (shop.outside - shop.inside) * k - 0.3, -Math.PI / 2);
  });
  return { x, from, to: null };
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
/** Replays start at 08:00 local time: `open` holds then, `closed` does not, `over` holds for one stall. */
function permitsOf(permit) {
  if (!permit) return {};
  const [from, to] = permit === 'closed' ? ['18:30', '22:30'] : ['05:30', '11:30'];
  const capacity = permit === 'over' ? { capacity: 1 } : {};
  return { permits: [{ id: 'p-1', windows: [{ days: everyDay, from, to }], ...capacity, graceMinutes: 15 }] };
}

function violationsOf(plans, creep, { permit, duration }) {
  const lawful = permit === 'open' ? plans.length : permit === 'over' ? 1 : 0;
  const stalls = plans.slice(lawful).map((plan) => ({
    from: plan.from - rollIn,
    to: plan.to ?? duration,
    dueAt: plan.from + dwellSeconds,
    detail: { subKind: plan.roams ? 'roaming' : 'road' },
  }));
  const goods = creep
    ? [{ from: creep.from - 2, to: duration, dueAt: creep.from + dwellSeconds, detail: { subKind: 'shopfront' } }]
    : [];
  return [...stalls, ...goods].map((what) => ({ kind: 'road-stall', zone: 'sidewalk-north', ...what }));
}

function surroundings(stage, rng, side, options) {
  const { negatives = [], duration, weather, stalls = 0, shopGoods } = options;
  const quiet = stalls === 0 && !shopGoods;
  const spots = quiet
    ? [
        [-3.6, -6.3],
        [3.3, -6.9],
        [0.2, -7.6],
        [-0.6, -5.5],
        [5.2, -6],
        [-5.6, -7.3],
      ]
    : [
        [-6.6, -6.6],
        [6.9, -6.8],
        [-7.4, -8.2],
        [8.2, -8.2],
      ];
  for (let i = spots.length - 1; i > 0; i--) {
    const j = rng.whole(0, i);
    [spots[i], spots[j]] = [spots[j], spots[i]];
  }
  const halt = quiet ? spots.pop() : null;
  const parked = [
    [-side * 9.5, -2.8],
    [-side * 14.8, -2.8],
    [-side * 20, -2.8],
  ];
  const wanted = negatives.filter((name) => name !== 'brief-stops' || halt);
  addNegatives(stage, rng, wanted, {
    spots,
    halt,
    side,
    parked,
    duration,
    rain: weather.rain,
    shopZ: shop.inside,
    makeRider: (r) => makeRiddenBike(r, r.chance(0.6)),
  });
  for (let i = stage.bare ? 0 : rng.whole(0, 2); i > 0; i--)
    stage.add(makeMoped(rng)).place(-side * rng.between(6.5, 9), -5, rng.between(1, 2));
}

export function streetStory(stage, rng, options) {
  const { duration, weather, shopGoods = false, permit, negatives = [], world = 'shopping-street' } = options;
  buildWorld(stage.scene, rng, 'street', ['night', 'dusk'].includes(weather.light));
  dressWorld(stage.scene, rng, world);
  stage.on(applyWeather(stage, rng, weather));
  const trade = shopGoods || negatives.includes('trade-inside');
  const seen = streetCamera(stage, rng, world, trade);
  const side = rng.sign();
  const plans = stallPlan(rng, side, options);
  for (const plan of plans) vending(stage, rng, plan, side, { duration, rain: weather.rain });
  const creep = shopGoods ? creeping(stage, rng) : null;
  surroundings(stage, rng, side, options);
  walkers(stage, rng, rng.whole(1, 4), { rain: weather.rain, lanes: trade ? walkLanes.slice(0, 1) : walkLanes });
  traffic(stage, rng, duration, { every: world === 'arterial' ? 6 : 11, big: world === 'arterial' ? 0.3 : 0.15 });
  const back = trade ? shop.back : zone.back;
  const line = trade ? shop.line : zone.back - 0.1;
  const ground = stage.groundPlane([0, -6.4], [5, 2.4]);
  return {
    kind: world === 'heritage-apron' ? 'heritage' : 'street',
    seen,
    zones: [
      {
        id: 'sidewalk-north',
        kind: 'road-stall',
        polygon: stage.outline([
          [-zone.x, back],
          [zone.x, back],
          [zone.x, zone.front],
          [-zone.x, zone.front],
        ]),
        params,
        shopFront: stage.line([-7, line], [7, line]),
        ...permitsOf(permit),
        ...(ground && { groundPlane: ground }),
      },
    ],
    violations: violationsOf(plans, creep, options),
  };
}
