// Everyday life around a story: passers-by, standing groups, parked and passing vehicles.
import { pass, travel } from './motion.js';
import { makePerson } from './people.js';
import { makeBus, makeCar, makeLorry } from './vehicles.js';

export function walkers(stage, rng, count, { rain = false, z0 = -9.3, z1 = -4.6 } = {}) {
  for (let i = 0; i < count; i++) {
    const way = rng.sign();
    const person = stage.add(makePerson(rng, { umbrella: rain && rng.chance(0.6) }));
    pass(stage, person, {
      x0: -22 * way,
      x1: 22 * way,
      z: rng.between(z0, z1),
      speed: rng.between(0.9, 1.6),
      offset: rng.between(0, 44),
    });
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

/** Traffic on both lanes, spread over the clip. */
export function traffic(stage, rng, duration, { every = 9, big = 0.2 } = {}) {
  for (let t = rng.between(1, every); t < duration; t += rng.between(0.6, 1.4) * every) {
    const make = rng.chance(big) ? rng.pick([makeBus, makeLorry]) : makeCar;
    const way = rng.sign();
    const z = way > 0 ? 3.4 : -1.4;
    travel(
      stage,
      stage.add(make(rng)),
      [
        [-45 * way, z],
        [45 * way, z],
      ],
      { start: t - 4, speed: rng.between(7, 11) },
    );
  }
}
