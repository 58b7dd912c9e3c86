// A building site's gate: trucks come and go, covered or not, washed or not, and one may lose part of its load on the road.
import { aim, boxOf, footOf, orbit } from './aim.js';
import { traffic, walkers } from './crowd.js';
import { journey } from './motion.js';
import { makeMuckTruck, makeSpill } from './muck.js';
import { addNegatives } from './negatives.js';
import { dressWorld, washStation } from './places.js';
import { coveredArea, makeLeaves, makePuddle, makeShade, matchSheet } from './props.js';
import { makeLorry } from './vehicles.js';
import { applyWeather } from './weather.js';
import { buildWorld } from './world.js';

const params = { spillPersistSeconds: 10, washSeconds: 6 };
const gateZ = -6;
const speed = 4.2;
/** Outbound on one side of the gate, inbound on the other. */
const lane = { outbound: 1.6, inbound: -1.6 };
const wash = { x: lane.outbound, z0: -15, z1: -8.5, half: 1.9, seconds: 8.5 };
const groundArea = { x: 4.6, z0: -5, z1: -1 };

export function gateCamera(stage, rng, washed) {
  const see = [
    [-4.4, 0.3, -5.2],
    [4.4, 0.3, -5.2],
    [-4.2, 0.3, -1.2],
    [4.2, 0.3, -1.2],
    [0, 3, -7],
    [lane.outbound, 0.3, washed ? -13 : -9],
  ];
  return aim(stage, rng, {
    draw: (r) =>
      orbit(r, {
        target: [0.4, 0.6, -5.6],
        spread: 0.8,
        azimuth: [-0.62, 0.62],
        distance: [15, 23],
        tilt: [0.42, 0.8],
        fov: [34, 56],
      }),
    see,
    sizes: [{ at: [0, 1, gateZ], least: 0.028 }],
    safe: { position: [5, 9.5, 9.5], target: [0.4, 0.5, -6], fov: 45 },
  });
}

function route(direction, way) {
  const x = lane[direction];
  const out = [
    [x, -48],
    [x, -30],
    [x, -14],
    [x, gateZ - 1],
    [x + way * 0.7, -3],
    [x + way * 3.6, 0.4],
    [x + way * 9, 1.5],
    [x + way * 18, 1.7],
    [x + way * 40, 1.7],
  ];
  return direction === 'outbound' ? out : out.reverse();
}

const side = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);

/** The moment at which the foot of the truck's box crosses the gate line, and when it leaves the frame. */
function crossing(stage, truck, trip, line) {
  let crossed = null;
  let gone = trip.end;
  let before = null;
  for (let t = trip.from; t < trip.end; t += 0.1) {
    trip.place(t);
    const now = side(line[0], line[1], footOf(stage, truck));
    if (crossed === null && before !== null && before > 0 !== now > 0) crossed = t;
    before = now;
    if (crossed === null) continue;
    const [x0, y0, x1, y1] = boxOf(stage, truck);
    if (x1 < 0 || x0 > 1 || y1 < 0 || y0 > 1) {
      gone = t;
      break;
    }
  }
  return { crossed, gone };
}

/** One pass: the whole route, with a halt in the wash box; `at` is when its nose is at the gate. */
function drive(stage, rng, pass, line) {
  const make = pass.vehicle === 'lorry' ? makeLorry : makeMuckTruck;
  const truck = stage.add(make(rng, pass));
  if (pass.likeLoad) matchSheet(truck);
  const nose = (truck.length ?? 7) / 2;
  const out = pass.direction === 'outbound';
  const toGate = out ? 48 + gateZ - nose : 35;
  const halt = out && pass.washed ? wash.seconds : 0;
  const from = pass.at - halt - toGate / speed;
  const haltAt = 48 + (wash.z0 + wash.z1) / 2 - 0.4;
  const trip = journey(truck, route(pass.direction, pass.way), { start: from, speed, haltAt, halt });
  trip.from = from;
  trip.washing = halt > 0 ? [trip.timeAt(haltAt) - halt, trip.timeAt(haltAt)] : null;
  stage.on((t) => {
    trip.place(t);
    truck.show(t >= from && t < trip.end);
  });
  return { truck, trip, out, ...crossing(stage, truck, trip, line) };
}

function drawSpill(stage, patch, from) {
  const total = patch.geometry.attributes.position.count;
  stage.on((t) => {
    const share = Math.min(1, Math.max(0, (t - from) / 1.4));
    patch.geometry.setDrawRange(0, Math.floor((share * total) / 3) * 3);
    patch.visible = share > 0;
  });
}

/** Muck behind the truck's rear axle, where it turns onto the road. */
function spill(stage, rng, pass, run) {
  const [length, width] = [rng.between(2.8, 3.8), rng.between(1.5, 2.2)];
  const patch = makeSpill(rng, length, width);
  patch.position.set(lane.outbound + pass.way * 0.5, 0, -3.1);
  patch.userData.ghost = true;
  stage.scene.add(patch);
  const from = run.crossed + ((run.truck.length ?? 7) + 2) / speed;
  drawSpill(stage, patch, from);
  const area = coveredArea(patch);
  const bounds = stage.groundBounds;
  let clear = from + 1.4;
  for (; clear < run.trip.end; clear += 0.1) {
    run.trip.place(clear);
    const [x0, y0, x1, y1] = boxOf(stage, run.truck);
    if (x1 < bounds[0] || x0 > bounds[2] || y1 < bounds[1] || y0 > bounds[3]) break;
  }
  return { areaM2: Math.round(area * 10) / 10, dueAt: clear + params.spillPersistSeconds };
}

function findingsOf(pass, washBox) {
  if (pass.direction !== 'outbound' || pass.vehicle === 'lorry') return [];
  return [
    ...(pass.load === 'loaded' && pass.cover === 'uncovered' ? ['uncovered'] : []),
    ...(pass.spill ? ['spill'] : []),
    ...(washBox && !pass.washed ? ['unwashed'] : []),
  ];
}

function truthOf(pass, run, spilled, washBox, duration) {
  const findings = findingsOf(pass, washBox);
  if (findings.length === 0 || run.crossed === null) return [];
  const early = findings.some((finding) => finding !== 'spill');
  const detail = { direction: 'outbound', load: pass.load, cover: pass.cover, findings };
  if (spilled) detail.spill = { areaM2: spilled.areaM2 };
  return [
    {
      kind: 'muck-truck',
      zone: 'gate-east',
      from: Math.max(0, run.trip.from),
      to: spilled ? duration : Math.min(duration, run.gone),
      dueAt: early ? run.crossed : spilled.dueAt,
      detail,
    },
  ];
}

/** On the ground that is watched for spills: shadow, a film of water behind a washed truck, a few leaves. */
function lookAlikes(stage, rng, names, after) {
  const place = () => [rng.between(-2.2, 2.2), rng.between(-3.8, -2)];
  const appear = (thing, from, [x, z]) => {
    stage.add(thing).place(x, z);
    stage.on((t) => thing.show(t >= from));
  };
  if (names.includes('water-film'))
    appear(makePuddle(rng, rng.between(2.4, 4), rng.between(1.2, 2), 0.4), after, place());
  if (names.includes('leaves')) appear(makeLeaves(rng, 4, 2, 16), after + 1, place());
  if (names.includes('shadow')) {
    const shade = makeShade(rng, 4, 3);
    const [x, z] = place();
    appear(shade, after - 1, [x, z]);
    stage.on((t) => shade.place(x + 2.2 * Math.max(0, 1 - (t - after) / 3), z));
  }
}

function zoneOf(stage, washBox) {
  const { x, z0, z1 } = groundArea;
  const ground = stage.outline([
    [-x, z0],
    [x, z0],
    [x, z1],
    [-x, z1],
  ]);
  const plane = stage.groundPlane([0, -4], [4.5, 3]);
  return {
    id: 'gate-east',
    kind: 'muck-truck',
    polygon: stage.outline([
      [-5.5, -24],
      [5.5, -24],
      [8, -6],
      [13, 4],
      [-13, 4],
      [-8, -6],
    ]),
    gateLine: stage.line([-4.9, gateZ], [4.9, gateZ]),
    inside: stage.point([0, -10]).map((v) => Math.round(v * 1e4) / 1e4),
    ground,
    ...(washBox && {
      washBox: stage.outline([
        [wash.x - wash.half - 0.3, wash.z0 - 1.5],
        [wash.x + wash.half + 0.3, wash.z0 - 1.5],
        [wash.x + wash.half + 0.3, wash.z1 + 1.2],
        [wash.x - wash.half - 0.3, wash.z1 + 1.2],
      ]),
    }),
    params,
    ...(plane && { groundPlane: plane }),
  };
}

function boundsOf(polygon) {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export function gateStory(stage, rng, options) {
  const { duration, weather, passes, washBox = false, negatives = [], world = 'site-gate' } = options;
  buildWorld(stage.scene, rng, 'gate', weather.light === 'night');
  dressWorld(stage.scene, rng, world, { gate: true });
  const spray = washBox ? washStation(stage.scene, rng, wash) : null;
  stage.on(applyWeather(stage, rng, weather));
  const seen = gateCamera(stage, rng, washBox);
  const zone = zoneOf(stage, washBox);
  stage.groundBounds = boundsOf(zone.ground);
  const violations = [];
  const runs = passes.map((pass) => {
    const run = drive(stage, rng, pass, zone.gateLine);
    const spilled = pass.spill && run.crossed !== null ? spill(stage, rng, pass, run) : null;
    violations.push(...truthOf(pass, run, spilled, washBox, duration));
    return run;
  });
  if (spray)
    stage.on((t) =>
      spray(
        t,
        runs.some(({ trip }) => trip.washing && t >= trip.washing[0] && t < trip.washing[1]),
      ),
    );
  const first = runs.find(({ crossed }) => crossed !== null);
  lookAlikes(stage, rng, negatives, (first?.crossed ?? 10) + 3.2);
  addNegatives(
    stage,
    rng,
    negatives.filter((name) => ['moving-shadows', 'puddles'].includes(name)),
    {},
  );
  walkers(stage, rng, rng.whole(0, 2), { rain: weather.rain, lanes: [world === 'arterial' ? [15.3, 16] : [6.6, 7.4]] });
  const avoid = runs.map(({ trip, crossed, out }) => {
    const at = crossed ?? trip.from;
    return out ? [at - 2.5, at + 8] : [at - 9, at + 3];
  });
  traffic(stage, rng, duration, { every: world === 'arterial' ? 8 : 14, big: 0.25, avoid });
  return { kind: 'gate', seen, zones: [zone], violations };
}
