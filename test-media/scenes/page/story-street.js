// A shopping street: stalls arrive on the pavement, unfold, sell, shift a little and may leave; or nothing happens.
import { parkedCars, standing, traffic, walkers } from './crowd.js';
import { visit } from './motion.js';
import { makePerson } from './people.js';
import { makeCart, makeStall } from './stall.js';
import { applyWeather } from './weather.js';
import { buildWorld } from './world.js';

const zoneGround = [
  [-5.2, -9.2],
  [5.2, -9.2],
  [5.2, -4.3],
  [-5.2, -4.3],
];
const params = { candidateSeconds: 4, dwellSeconds: 10, gapSeconds: 10, rearmSeconds: 8 };
/** Seconds that a cart needs from the zone's edge to the place where it is unfolded. */
const rollIn = 2;

export function streetCamera(stage, rng) {
  const side = rng.sign();
  stage.look(
    [side * rng.between(2, 6), rng.between(4.8, 6.8), rng.between(4, 7.5)],
    [side * rng.between(-0.8, 0.6), 0.6, -6.4],
    rng.between(33, 41),
  );
}

function stallPlan(rng, duration, count) {
  const places = rng.chance(0.5) ? [-2.4, 2.2] : [2.2, -2.4];
  return places.slice(0, count).map((x, i) => {
    const from = rng.between(8, 10) + i * rng.between(5, 7);
    return {
      x: x + rng.between(-0.5, 0.5),
      z: rng.between(-7.1, -6),
      from,
      to: i === 0 ? rng.between(0.66, 0.7) * duration : null,
    };
  });
}

function arrival(stage, cart, vendor, plan) {
  const way = Math.sign(plan.x) || 1;
  const via = [way * 17, plan.z - 0.3];
  const near = [plan.x, plan.z];
  const leave = plan.to ?? 1e6;
  const trip = { via, spot: near, away: [way * 18, plan.z - 0.4], arrive: plan.from, leave, speed: 1.5 };
  visit(stage, cart, trip);
  stage.on((t) => {
    if (t >= plan.from && t < leave) cart.show(false);
  });
  const beside = [plan.x + way * 1.15, plan.z - 0.55];
  visit(stage, vendor, {
    ...trip,
    via: [via[0] + way * 1.4, via[1]],
    spot: beside,
    away: [way * 19.4, plan.z - 0.4],
    facing: -Math.PI / 2,
  });
}

function selling(stage, rng, stall, plan, duration) {
  const leave = plan.to ?? 1e6;
  const shiftAt = plan.from + rng.between(12, 16);
  const shift = rng.between(0.2, 0.45) * rng.sign();
  const heading = rng.between(-0.12, 0.12);
  stage.on((t) => {
    stall.show(t >= plan.from && t < leave);
    stall.unfold(Math.min(1, (t - plan.from) / 1.6, Math.max(0.2, (leave - t) / 1.2)));
    const k = Math.min(1, Math.max(0, (t - shiftAt) / 2));
    stall.place(plan.x + shift * k, plan.z, heading);
  });
  for (let t = plan.from + rng.between(3, 6); t < Math.min(leave, duration) - 6; t += rng.between(6, 11)) {
    const way = rng.sign();
    const spot = [plan.x + rng.between(-1.6, 1.6), plan.z + rng.between(1, 1.4)];
    visit(stage, stage.add(makePerson(rng)), {
      via: [way * 16, spot[1] + 0.5],
      spot,
      away: [-way * 16, spot[1] + 0.4],
      arrive: t,
      leave: t + rng.between(3, 8),
      facing: Math.PI / 2,
    });
  }
}

function awningShade(stage, rng) {
  standing(stage, rng, rng.whole(2, 3), rng.between(-3, 3), rng.between(-8.4, -5.4));
  standing(stage, rng, rng.whole(0, 2), rng.between(-3, 3), -8.6);
}

export function streetStory(stage, rng, { duration, weather, stalls, builds = [] }) {
  buildWorld(stage.scene, rng, 'street', weather.light === 'night' || weather.light === 'dusk');
  stage.on(applyWeather(stage.scene, rng, weather));
  streetCamera(stage, rng);
  const plans = stallPlan(rng, duration, stalls);
  for (const [i, plan] of plans.entries()) {
    const stall = stage.add(makeStall(rng, builds[i]));
    arrival(stage, stage.add(makeCart(rng)), stage.add(makePerson(rng)), plan);
    selling(stage, rng, stall, plan, duration);
  }
  if (stalls === 0) awningShade(stage, rng);
  walkers(stage, rng, rng.whole(2, 4), { rain: weather.rain });
  traffic(stage, rng, duration, { every: 11, big: 0.15 });
  parkedCars(
    stage,
    rng,
    [
      [-12.5, -2.8],
      [12.8, -2.8],
      [18.5, -2.8],
    ].slice(rng.whole(0, 1)),
  );
  return {
    kind: 'street',
    zones: [
      {
        id: 'sidewalk-north',
        kind: 'road-stall',
        polygon: stage.outline(zoneGround),
        params,
        shopFront: stage.outline([
          [-7, -9.4],
          [7, -9.4],
          [7, -10.4],
          [-7, -10.4],
        ]),
      },
    ],
    violations: plans.map(({ from, to }) => ({
      kind: 'road-stall',
      zone: 'sidewalk-north',
      from: from - rollIn,
      to: to ?? duration,
      dueAt: from + params.dwellSeconds,
      detail: {},
    })),
  };
}
