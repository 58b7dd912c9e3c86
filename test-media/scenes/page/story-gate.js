// A building site's gate: trucks come and go, covered or not, and one may lose part of its load on the road.
import { traffic, walkers } from './crowd.js';
import { travel } from './motion.js';
import { makeMuckTruck, makeSpill } from './muck.js';
import { applyWeather } from './weather.js';
import { buildWorld } from './world.js';

const params = { spillPersistSeconds: 10 };
const gateZ = -6;
const spillSpot = { x: 0.6, z: -3.1, length: 3.4, width: 1.8 };

export function gateCamera(stage, rng) {
  const side = rng.sign();
  stage.look(
    [side * rng.between(2, 7), rng.between(8.5, 10.5), rng.between(8, 11)],
    [side * rng.between(-0.5, 1), 0.5, -6],
    rng.between(40, 48),
  );
}

function route(direction, way) {
  const out = [
    [0, -40],
    [0, -22],
    [0, -12],
    [0, gateZ],
    [way * 0.8, -3],
    [way * 4.5, 0.6],
    [way * 10, 1.4],
    [way * 18, 1.6],
    [way * 34, 1.6],
  ];
  return direction === 'outbound' ? out : out.reverse();
}

/** One pass: the truck drives the whole route; times say when it comes near, crosses and is gone. */
function drive(stage, rng, pass) {
  const truck = stage.add(makeMuckTruck(rng, pass));
  const points = route(pass.direction, pass.way);
  const speed = 4.2;
  const nearAt = pass.direction === 'outbound' ? 18 : 22;
  const start = pass.at - nearAt / speed;
  const { end } = travel(stage, truck, points, { start, speed, smooth: true });
  const crossed = start + (pass.direction === 'outbound' ? 34 + truck.length / 2 : 36 + truck.length / 2) / speed;
  return { seen: start, crossed, gone: Math.min(end, crossed + 6) };
}

function spill(stage, rng, from) {
  const patch = makeSpill(rng, spillSpot.length, spillSpot.width);
  patch.position.set(spillSpot.x, 0, spillSpot.z);
  stage.scene.add(patch);
  const total = patch.geometry.attributes.position.count;
  stage.on((t) => {
    const share = Math.min(1, Math.max(0, (t - from) / 1.5));
    patch.geometry.setDrawRange(0, Math.floor((share * total) / 3) * 3);
    patch.visible = share > 0;
  });
}

function passTruth(pass, times, duration) {
  const findings = ['uncovered'];
  const detail = { direction: 'outbound', load: 'loaded', cover: 'uncovered', findings };
  if (!pass.spill) return { from: times.seen, to: times.gone, dueAt: times.gone, detail };
  findings.push('spill');
  detail.spill = { areaM2: Math.round(spillSpot.length * spillSpot.width * 0.6 * 10) / 10 };
  return { from: times.seen, to: duration, dueAt: times.gone + params.spillPersistSeconds, detail };
}

export function gateStory(stage, rng, { duration, weather, passes }) {
  buildWorld(stage.scene, rng, 'gate', weather.light === 'night');
  stage.on(applyWeather(stage.scene, rng, weather));
  gateCamera(stage, rng);
  const violations = [];
  for (const pass of passes) {
    const times = drive(stage, rng, pass);
    if (pass.spill) spill(stage, rng, times.crossed - 0.6);
    const bad = pass.direction === 'outbound' && pass.load === 'loaded' && pass.cover === 'uncovered';
    if (bad) violations.push({ kind: 'muck-truck', zone: 'gate-east', ...passTruth(pass, times, duration) });
  }
  walkers(stage, rng, rng.whole(1, 2), { rain: weather.rain, z0: 7, z1: 8 });
  traffic(stage, rng, duration, { every: 14, big: 0.25 });
  const { x, z, length, width } = spillSpot;
  return {
    kind: 'gate',
    zones: [
      {
        id: 'gate-east',
        kind: 'muck-truck',
        polygon: stage.outline([
          [-5.5, -20],
          [5.5, -20],
          [8, -6],
          [13, 5],
          [-13, 5],
          [-8, -6],
        ]),
        gateLine: [stage.point([-5, gateZ]), stage.point([5, gateZ])],
        inside: stage.point([0, -13]),
        ground: stage.outline([
          [x - length * 0.8, z - width],
          [x + length * 0.8, z - width],
          [x + length * 0.8, z + width],
          [x - length * 0.8, z + width],
        ]),
        params,
      },
    ],
    violations,
  };
}
