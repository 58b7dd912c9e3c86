// Moments of a crowded, randomised world for training: every actor anywhere plausible, any camera, any light.
import { across, anyWay, casts } from './casts.js';
import { makeSpill } from './muck.js';
import { applyWeather, chooseWeather } from './weather.js';
import { bayMarks, buildWorld } from './world.js';

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

/** Bikes in a tidy row now and then, and people who attend to stalls or stand by what is none: what pure chance would hardly ever show. */
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
    .filter(({ group }) => group === 'stalls' || group === 'decoys')
    .forEach(({ actor }, i) => {
      const attendant = people[i];
      if (!attendant || rng.chance(0.3)) return;
      const { x, z } = actor.root.position;
      attendant.actor.place(x + rng.between(-1.3, 1.3), z + rng.sign() * rng.between(0.75, 1.4), rng.pick(anyWay));
    });
}

export function stillStory(stage, rng, options = {}) {
  const { make, kinds, heaps } = casts[options.cast ?? 'mixed'];
  // One kind alone draws nothing, so that seeds which have been rendered stay what they were.
  const kind = kinds.length > 1 ? rng.pick(kinds) : kinds[0];
  const weather = options.weather ?? chooseWeather(rng);
  const gate = kind === 'gate';
  buildWorld(stage.scene, rng, kind, ['night', 'dusk'].includes(weather.light));
  stage.on(applyWeather(stage, rng, weather));
  if (rng.chance(0.3)) stage.scene.add(bayMarks(rng.between(-6, -2), rng.between(0, 5), -8, -5.6));
  const patch = makeSpill(rng, rng.between(1, 4), rng.between(0.8, 2));
  patch.position.set(rng.between(-5, 5), 0, rng.between(heaps > 0 ? -9 : -4, 3));
  stage.scene.add(patch);
  const list = make(stage, rng, gate);
  stage.arrange = (view) => {
    patch.visible = (gate || heaps > 0) && view.chance(gate ? 0.4 : heaps);
    spread(view, list);
    tidy(view, list);
    aim(stage, view, gate);
  };
  stage.arrange(rng);
  return { kind, zones: [], violations: [], weather };
}
