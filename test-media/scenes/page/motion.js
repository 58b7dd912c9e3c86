// Ways to move: walking a path, driving a curve, pausing; each is a function of absolute time.
import * as THREE from 'three';

/** Moves along the points at a speed from `start` on; before and after, the actor is hidden unless told to stay. */
export function travel(stage, actor, points, { start, speed, stay = false, smooth = false, from = 0 }) {
  const curve = path(points, smooth);
  const length = curve.getLength();
  const end = start + length / speed;
  const draw = (t) => {
    const share = Math.min(1, Math.max(0, (t - start) / (end - start)));
    const here = curve.getPointAt(share);
    const ahead = curve.getTangentAt(share);
    actor.place(here.x, here.z, Math.atan2(-ahead.z, ahead.x));
    actor.show(t >= start - from && (t < end || stay));
    actor.step?.(share * length);
    if (t >= end) actor.rest?.();
  };
  stage.on(draw);
  return { end, length };
}

function path(points, smooth) {
  const vectors = points.map(([x, z]) => new THREE.Vector3(x, 0, z));
  if (smooth) return new THREE.CatmullRomCurve3(vectors, false, 'centripetal');
  const curve = new THREE.CurvePath();
  for (let i = 1; i < vectors.length; i++) curve.add(new THREE.LineCurve3(vectors[i - 1], vectors[i]));
  return curve;
}

/** Comes, stands for a while and goes. */
export function visit(stage, actor, { via, spot, away, arrive, leave, speed = 1.3, facing = Math.PI / 2 }) {
  const coming = path([via, spot], false);
  const going = path([spot, away], false);
  const start = arrive - coming.getLength() / speed;
  const end = leave + going.getLength() / speed;
  stage.on((t) => {
    actor.show(t >= start && t < end);
    if (t < arrive) walk(actor, coming, (t - start) / (arrive - start));
    else if (t < leave) {
      actor.place(spot[0], spot[1], facing);
      actor.rest?.();
    } else walk(actor, going, (t - leave) / (end - leave));
  });
  return { start, end };
}

function walk(actor, curve, share) {
  const k = Math.min(1, Math.max(0, share));
  const here = curve.getPointAt(k);
  const ahead = curve.getTangentAt(k);
  actor.place(here.x, here.z, Math.atan2(-ahead.z, ahead.x));
  actor.step?.(k * curve.getLength());
}

/** Walks to and fro through the picture for ever, as passers-by do. */
export function pass(stage, actor, { x0, x1, z, speed, offset }) {
  const span = Math.abs(x1 - x0);
  const way = Math.sign(x1 - x0);
  stage.on((t) => {
    const gone = (((t * speed + offset) % span) + span) % span;
    actor.place(x0 + way * gone, z, way > 0 ? 0 : Math.PI);
    actor.step?.(gone);
  });
}
