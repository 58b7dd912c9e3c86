// A pavement with a bike bay: riders leave shared bikes beside it one by one, and somebody may tidy up.
import { makeBike, makeRiddenBike } from './bikes.js';
import { traffic, walkers } from './crowd.js';
import { travel } from './motion.js';
import { makePerson } from './people.js';
import { applyWeather } from './weather.js';
import { bayMarks, buildWorld } from './world.js';

const params = { minCount: 8, holdSeconds: 10, endHoldSeconds: 6 };
const bay = { x0: 1.9, x1: 7.4, z0: -9.3, z1: -7 };
const capacity = 8;
/** Seconds that a rider needs from the zone's edge to the place where the bike is left. */
const rideIn = 4;
const apron = [
  [-7, -9.6],
  [7.6, -9.6],
  [7.6, -4.2],
  [-7, -4.2],
];

export function bikeCamera(stage, rng) {
  const x = rng.between(-2.5, 2.5);
  stage.look([x, rng.between(5.8, 7.2), rng.between(1.2, 2.6)], [rng.between(-0.4, 0.6), 0, -6.7], rng.between(43, 48));
}

const rowsClose = [
  [-5.1, -7.1],
  [-5.8, -8.9],
  [0.2, -5],
];
const rowsApart = [
  [-5.1, -6.8],
  [-5, -9],
  [0.2, -5],
];

/** Places apart enough that each bike can be counted, in the ragged rows that riders make. */
function untidyPlaces(rng, count, apart) {
  const rows = apart ? rowsApart : rowsClose;
  const places = [];
  for (const [x0, z] of rows) {
    for (let i = 0; i < 4; i++) {
      const heading = Math.PI / 2 + rng.between(-0.55, 0.55) + (rng.chance(0.2) ? 1 : 0);
      places.push([x0 + i * 1.55 + rng.between(-0.2, 0.2), z + rng.between(-0.2, 0.2), heading]);
    }
  }
  return places.slice(0, count);
}

function inBay(stage, rng, count) {
  const pitch = (bay.x1 - bay.x0 - 0.8) / (capacity - 1);
  for (let i = 0; i < count; i++)
    stage
      .add(makeBike(rng))
      .place(bay.x0 + 0.4 + i * pitch, (bay.z0 + bay.z1) / 2 + 0.05, Math.PI / 2 + rng.between(-0.08, 0.08));
}

function leaveBike(stage, rng, [x, z, heading], at, goneAt) {
  const bike = stage.add(makeRiddenBike(rng));
  const way = rng.sign();
  const lane = -4.5 + rng.between(-0.2, 0.2);
  const speed = 3.2;
  const start = [way * 16, lane];
  const ride = Math.hypot(start[0] - x, start[1] - z) / speed;
  travel(stage, bike, [start, [x + way * 1.2, lane - 0.2], [x, z]], { start: at - ride, speed, stay: true });
  const walker = stage.add(makePerson(rng));
  travel(
    stage,
    walker,
    [
      [x + 0.5, z + 0.4],
      [x - way, -4.6],
      [-way * 17, -4.6],
    ],
    { start: at + 0.2, speed: 1.5 },
  );
  stage.on((t) => {
    bike.rider.visible = t < at;
    if (t >= at) bike.place(x, z, heading);
    if (t >= goneAt) bike.show(false);
  });
}

export function bikeStory(stage, rng, { duration, weather, left, tidied, apart = false }) {
  buildWorld(stage.scene, rng, 'bike', weather.light === 'night' || weather.light === 'dusk');
  stage.on(applyWeather(stage.scene, rng, weather));
  stage.scene.add(bayMarks(bay.x0, bay.x1, bay.z0, bay.z1));
  bikeCamera(stage, rng);
  inBay(stage, rng, rng.whole(2, 4));
  const places = untidyPlaces(rng, left, apart);
  const step = left > 8 ? 2.1 : 4;
  const times = places.map((_, i) => 6.5 + i * step + rng.between(0, 0.6));
  const tidyFrom = tidied ? 42 : 1e6;
  for (const [i, place] of places.entries()) leaveBike(stage, rng, place, times[i], tidyFrom + i * 0.9);
  if (tidied)
    travel(
      stage,
      stage.add(makePerson(rng)),
      [
        [-14, -5.8],
        [-6, -7.5],
        [0, -7.6],
        [3, -5],
        [14, -5],
      ],
      { start: tidyFrom - 5, speed: 1.7 },
    );
  walkers(stage, rng, rng.whole(1, 2), { rain: weather.rain, z0: -5.2, z1: -4.5 });
  traffic(stage, rng, duration, { every: 12, big: 0.1 });
  return bikeTruth(stage, times, tidyFrom, duration);
}

function bikeTruth(stage, times, tidyFrom, duration) {
  const bayGround = [
    [bay.x0 - 0.3, bay.z0 - 0.3],
    [bay.x1 + 0.3, bay.z0 - 0.3],
    [bay.x1 + 0.3, bay.z1 + 0.35],
    [bay.x0 - 0.3, bay.z1 + 0.35],
  ];
  const reached = times[params.minCount - 1];
  const removedToEnd = times.length - Math.floor(params.minCount * 0.6);
  const to = Math.min(duration, tidyFrom + removedToEnd * 0.9);
  return {
    kind: 'bike',
    zones: [
      {
        id: 'bike-apron',
        kind: 'bike-clutter',
        polygon: stage.outline(apron),
        surface: 'pavement',
        bays: [{ id: 'bay-1', polygon: stage.outline(bayGround), capacity }],
        params,
      },
    ],
    violations:
      reached === undefined
        ? []
        : [
            {
              kind: 'bike-clutter',
              zone: 'bike-apron',
              from: reached - rideIn,
              to,
              dueAt: reached + params.holdSeconds,
              detail: {},
            },
          ],
  };
}
