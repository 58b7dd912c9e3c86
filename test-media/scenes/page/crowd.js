// Everyday life around a story: passers-by, standing groups, dogs, parked and passing vehicles.
import { pass, travel } from './motion.js';
import { makePerson } from './people.js';
import { makeDog } from './props.js';
import { makeBus, makeCar, makeLorry } from './vehicles.js';

/** Lanes of the pavement that stay free of stalls and heaps: along the kerb and along the walls. */
export const walkLanes = [
  [-4.5, -4.3],
  [-9.4, -9.1],
];

export function walkers(stage, rng, count, { rain = false, lanes = walkLanes } = {}) {
  if (stage.bare) return;
  for (let i = 0; i < count; i++) {
    const way = rng.sign();
    const person = stage.add(makePerson(rng, { umbrella: rain && rng.chance(0.6) }));
    const z = rng.between(...rng.pick(lanes));
    const walk = { x0: -22 * way, x1: 22 * way, z, speed: rng.between(0.9, 1.6), offset: rng.between(0, 44) };
    pass(stage, person, walk);
    if (rng.chance(0.15)) {
      const dog = stage.add(makeDog(rng));
      pass(stage, dog, { ...walk, z: z + 0.5, offset: walk.offset + 0.8 });
    }
  }
}

export function standing(stage, rng, count, x, z, rain = false) {
  for (let i = 0; i < count; i++) {
    const person = stage.add(makePerson(rng, { umbrella: rain && rng.chance(0.5) }));
    person.place(x + rng.between(-0.8, 0.8), z + rng.between(-0.6, 0.6), rng.between(0, 6.3));
  }
}

export function parkedCars(stage, rng, spots) {
  for (const [x, z] of spots) stage.add(makeCar(rng)).place(x, z, rng.chance(0.5) ? 0 : Math.PI);
}

const lanes = { 1: 3.4, '-1': -1.4 };

/** Traffic on both lanes, spread over the clip; nobody drives through while the road is taken (`avoid`: [from, to] s). */
export function traffic(stage, rng, duration, { every = 9, big = 0.2, avoid = [] } = {}) {
  if (stage.bare) return;
  for (let t = rng.between(1, every); t < duration; t += rng.between(0.6, 1.4) * every) {
    const make = rng.chance(big) ? rng.pick([makeBus, makeLorry]) : makeCar;
    const way = rng.sign();
    const speed = rng.between(7, 11);
    const vehicle = make(rng);
    const middle = t - 4 + 45 / speed;
    if (avoid.some(([from, to]) => middle > from && middle < to)) continue;
    const z = lanes[way];
    travel(
      stage,
      stage.add(vehicle),
      [
        [-45 * way, z],
        [45 * way, z],
      ],
      { start: t - 4, speed },
    );
  }
}
