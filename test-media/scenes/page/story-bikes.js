// A pavement with shared bikes: riders leave them beside the bay, in it, on ribbed paving or before a gate; some fall, some are tidied.

import { aim, orbit } from './aim.js';
import { bay, bayPlaces, grounds, strip, untidyPlaces } from './bike-ground.js';
import { makeBike, makeRiddenBike } from './bikes.js';
import { traffic, walkers } from './crowd.js';
import { depart, travel } from './motion.js';
import { addNegatives } from './negatives.js';
import { makePerson } from './people.js';
import { dressWorld } from './places.js';
import { makeBikeLorry } from './props.js';
import { makeMoped } from './vehicles.js';
import { applyWeather } from './weather.js';
import { bayMarks, buildWorld } from './world.js';

const standSeconds = 3;
const sensitiveCount = 3;
const hold = {
  holdSeconds: 10,
  sensitiveHoldSeconds: 10,
  bayHoldSeconds: 10,
  sensitiveCount,
  endHoldSeconds: 6,
  standSeconds,
};
/** Seconds that a rider needs from the zone's edge to the place where the bike is left. */
const rideIn = 4;
const never = 1e6;

export function bikeCamera(stage, rng, [x0, x1, z0, z1]) {
  const see = [];
  for (const x of [x0 + 0.7, x1 - 0.7]) for (const z of [z0 + 0.8, z1 - 0.2]) see.push([x, 0.35, z]);
  return aim(stage, rng, {
    draw: (r) =>
      orbit(r, {
        target: [(x0 + x1) / 2, 0, (z0 + z1) / 2],
        spread: 0.6,
        azimuth: [-0.55, 0.55],
        distance: [9, 17],
        tilt: [0.5, 0.92],
        fov: [34, 62],
      }),
    see,
    sizes: [x0 + 1, x1 - 1].map((x) => ({ at: [x, 0.5, z0 + 0.8], least: 0.04 })),
    safe: { position: [0, 7, 2.4], target: [0.1, 0, -6.8], fov: 52 },
  });
}

/** Tips over about the line of its wheels, after the wind or a careless elbow. */
function fall(stage, bike, at, way) {
  bike.root.rotation.order = 'YXZ';
  stage.on((t) => {
    const k = Math.min(1, Math.max(0, (t - at) / 0.5)) ** 2;
    bike.root.rotation.x = way * 1.38 * k;
    bike.root.position.y = 0.1 * k;
  });
}

/** Comes with a rider, who walks away; may be wheeled off again by somebody who tidies up. */
function leaveBike(stage, rng, [x, z, heading], at, goneAt) {
  const bike = stage.add(makeRiddenBike(rng));
  const way = rng.sign();
  const lane = -4.5 + rng.between(-0.2, 0.2);
  const speed = 3.2;
  const start = [way * 16, lane];
  const ride = (Math.abs(start[0] - x - way * 1.2) + Math.hypot(1.2, z - lane)) / speed;
  travel(stage, bike, [start, [x + way * 1.2, lane - 0.2], [x, z]], { start: at - ride, speed, stay: true });
  const walker = stage.add(makePerson(rng));
  travel(
    stage,
    walker,
    [
      [x + 0.5, z + 0.4],
      [x - way, -4.4],
      [-way * 17, -4.4],
    ],
    { start: at + 0.2, speed: 1.5 },
  );
  stage.on((t) => {
    bike.rider.visible = t < at;
    if (t >= at && t < goneAt) bike.place(x, z, heading);
  });
  if (goneAt < never) wheelOff(stage, rng, bike, [x, z], goneAt);
  return bike;
}

function wheelOff(stage, rng, bike, [x, z], at) {
  const worker = stage.add(makePerson(rng));
  const way = x < 0 ? -1 : 1;
  const path = [
    [x, z],
    [x + way * 0.8, -4.6],
    [way * 15, -4.5],
  ];
  travel(
    stage,
    worker,
    path.map(([px, pz]) => [px, pz + 0.5]),
    { start: at, speed: 1.8 },
  );
  stage.on((t) => {
    if (t >= at) bike.root.rotation.x = 0;
  });
  depart(stage, bike, path, { start: at, speed: 1.8 });
}

/** Bikes that stand from the beginning, and those that come one by one. */
function fill(stage, rng, places, { standing, every, first, tidyFrom, falls }) {
  return places.map((place, i) => {
    const goneAt = tidyFrom + i * 1.1;
    if (i < standing) {
      const bike = stage.add(makeBike(rng, { shared: rng.chance(0.9) }));
      bike.place(...place);
      if (goneAt < never) {
        stage.on((t) => t < goneAt && bike.place(...place));
        wheelOff(stage, rng, bike, place, goneAt);
      }
      return -10;
    }
    const at = first + (i - standing) * every + rng.between(0, 0.5);
    const bike = leaveBike(stage, rng, place, at, goneAt);
    if (falls > 0 && i % 5 === 4) fall(stage, bike, at + rng.between(6, 12), rng.sign());
    return at;
  });
}

/** Riders who wait at the kerb for the light, then all ride on: longer than a glance, shorter than any hold. */
function waitAtLight(stage, rng) {
  const go = rng.between(17, 20);
  for (let i = 0; i < 9; i++) {
    const bike = stage.add(makeRiddenBike(rng, rng.chance(0.6)));
    const spot = [-4.5 + (i % 5) * 1.7 + rng.between(-0.2, 0.2), -5 - Math.floor(i / 5) * 1.1];
    const arrive = go - rng.between(4.5, 7);
    const speed = 3;
    const far = 16 + rng.between(0, 4);
    travel(stage, bike, [[spot[0] - far, spot[1]], spot], { start: arrive - far / speed, speed, stay: true });
    const leave = go + i * 0.15;
    stage.on((t) => {
      if (t < leave) return;
      bike.place(spot[0] + (t - leave) * speed, spot[1], 0);
      bike.show(t < leave + 8);
    });
  }
}

function carriedBikes(stage, rng) {
  const bikes = Array.from({ length: 10 }, () => makeBike(rng));
  const lorry = stage.add(makeBikeLorry(rng, bikes));
  const way = rng.sign();
  const stop = rng.between(-2, 2);
  const arrive = rng.between(5, 9);
  const speed = 6;
  const start = arrive - (45 + way * stop) / speed;
  stage.on((t) => {
    const x = t < arrive ? -45 * way + way * speed * (t - start) : stop;
    lorry.place(t > arrive + 24 ? stop + way * speed * (t - arrive - 24) : x, -2.75, way > 0 ? 0 : Math.PI);
    lorry.show(t >= start);
  });
}

function rectangle(stage, [x0, x1, z0, z1]) {
  return stage.outline([
    [x0, z0],
    [x1, z0],
    [x1, z1],
    [x0, z1],
  ]);
}

function zoneOf(stage, place, capacity) {
  const { area, surface, minCount } = grounds[place];
  const [x0, x1, z0, z1] = area;
  const plane = stage.groundPlane([(x0 + x1) / 2, (z0 + z1) / 2], [(x1 - x0) / 2, (z1 - z0) / 2]);
  const around = rectangle(stage, [bay.x0 - 0.35, bay.x1 + 0.35, bay.z0 - 0.35, bay.z1 + 0.4]);
  return {
    id: 'bike-apron',
    kind: 'bike-clutter',
    polygon: rectangle(stage, area),
    surface,
    ...(place === 'pavement' && { bays: [{ id: 'bay-1', polygon: around, capacity }] }),
    ...(place === 'tactile' && {
      sensitive: [{ id: 'tactile-1', surface: 'tactile', polygon: rectangle(stage, strip) }],
    }),
    params: { minCount, ...hold },
    ...(plane && { groundPlane: plane }),
  };
}

/** When the n-th bike stood, and from when on too few are left. */
function clutter(times, threshold, holdSeconds, tidyFrom, duration, reason) {
  const reached = [...times].sort((a, b) => a - b)[threshold - 1];
  if (reached === undefined) return [];
  const removedToEnd = times.length - Math.ceil(threshold * 0.6) + 1;
  return [
    {
      kind: 'bike-clutter',
      zone: 'bike-apron',
      from: Math.max(0, reached - rideIn),
      to: Math.min(duration, tidyFrom + removedToEnd * 1.1),
      dueAt: Math.max(0, reached) + holdSeconds,
      detail: { reason },
    },
  ];
}

export function bikeStory(stage, rng, options) {
  const { duration, weather, left = 0, tidied = false, negatives = [], world = 'metro-exit' } = options;
  const { place = 'pavement', inBay = rng.whole(2, 4), capacity = 8 } = options;
  const ground = grounds[place];
  buildWorld(stage.scene, rng, 'bike', ['night', 'dusk'].includes(weather.light));
  dressWorld(stage.scene, rng, world, { blind: place === 'tactile' });
  stage.on(applyWeather(stage, rng, weather));
  const hasBay = place === 'pavement';
  if (hasBay) stage.scene.add(bayMarks(bay.x0, bay.x1, bay.z0, bay.z1));
  const seen = bikeCamera(stage, rng, ground.area);
  const tidyFrom = tidied ? 0.7 * duration : never;
  const arriving = { every: left > 8 ? 1.5 : 2.6, first: 5.5, tidyFrom, falls: options.falls ?? 0 };
  const outside = untidyPlaces(rng, ground, left);
  const times = fill(stage, rng, outside, { ...arriving, standing: options.standing ?? 0 });
  const overfull = hasBay && inBay > capacity;
  const slots = bayPlaces(rng, hasBay ? inBay : 0, Math.max(8, inBay));
  const bayTimes = fill(stage, rng, slots, {
    ...arriving,
    tidyFrom: never,
    falls: 0,
    standing: overfull ? capacity - 1 : inBay,
    every: 2.2,
  });
  if (negatives.includes('bikes-at-light')) waitAtLight(stage, rng);
  if (negatives.includes('carried-bikes')) carriedBikes(stage, rng);
  addNegatives(stage, rng, negatives, {
    spots: [
      [-8.6, -8.6],
      [9, -6],
      [-9.4, -6],
      [9.4, -8.8],
    ],
    parked: negatives.includes('carried-bikes') ? [] : [[rng.sign() * rng.between(8.5, 11), -2.9]],
    duration,
    rain: weather.rain,
    makeRider: (r) => makeRiddenBike(r, r.chance(0.6)),
  });
  for (let i = stage.bare ? 0 : rng.whole(0, 2); i > 0; i--)
    stage.add(makeMoped(rng)).place(rng.sign() * rng.between(9, 11), -5.2, rng.between(1, 2));
  walkers(stage, rng, rng.whole(1, 3), { rain: weather.rain, lanes: [[-4.5, -4.3]] });
  traffic(stage, rng, duration, {
    every: world === 'arterial' ? 7 : 12,
    big: 0.1,
    ...(negatives.includes('carried-bikes') && { avoid: [[0, duration]] }),
  });
  const limit = Math.floor(capacity * 1.2 + 1e-9) + 1;
  return {
    kind: world === 'heritage-apron' ? 'heritage' : 'bike',
    seen,
    zones: [zoneOf(stage, place, capacity)],
    violations: [
      ...(place === 'tactile'
        ? clutter(times, sensitiveCount, hold.sensitiveHoldSeconds, tidyFrom, duration, 'sensitive-surface')
        : clutter(times, ground.minCount, hold.holdSeconds, tidyFrom, duration, 'outside-bay')),
      ...(overfull ? clutter(bayTimes, limit, hold.bayHoldSeconds, never, duration, 'bay-overfull') : []),
    ],
  };
}
