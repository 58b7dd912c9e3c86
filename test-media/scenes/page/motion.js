// Ways to move: walking a path, driving a curve, pausing; each is a function of absolute time.
import * as THREE from 'three';

/** Moves along the points at a speed from `start` on; before and after, the actor is hidden unless told to stay. */
export function travel(stage, actor, points, { start, speed, stay = false, smooth = false, from = 0 }) {
  const curve = path(points, smooth);
  const length = curve.getLength();
  const end = start + length / speed;
  stage.on((t) => {
    const share = Math.min(1, Math.max(0, (t - start) / (end - start)));
    walk(actor, curve, share);
    actor.show(t >= start - from && (t < end || stay));
    if (t >= end) actor.rest?.();
  });
  return { end, length };
}

/** Goes away along the points from `start` on; until then somebody else says where it is. */
export function depart(stage, actor, points, { start, speed }) {
  const curve = path(points, false);
  const end = start + curve.getLength() / speed;
  stage.on((t) => {
    if (t < start) return;
    walk(actor, curve, (t - start) / (end - start));
    actor.show(t < end);
  });
}

/** Drives a smooth curve with one halt on the way; `place` alone puts the actor where it is at a moment. */
export function journey(actor, points, { start, speed, haltAt = 0, halt = 0 }) {
  const curve = path(points, true);
  const length = curve.getLength();
  const metres = (t) => {
    const driven = (t - start) * speed;
    if (halt === 0 || driven < haltAt) return driven;
    return Math.max(haltAt, driven - halt * speed);
  };
  return {
    end: start + halt + length / speed,
    place: (t) => walk(actor, curve, Math.min(1, Math.max(0, metres(t) / length))),
    /** When it has driven that far, s. */
    timeAt: (gone) => start + gone / speed + (gone > haltAt ? halt : 0),
  };
}

export function path(points, smooth) {
  const vectors = points.map(([x, z]) => new THREE.Vector3(x, 0, z));
  if (smooth) {
    const curve = new THREE.CatmullRomCurve3(vectors, false, 'centripetal');
    curve.arcLengthDivisions = 400;
    return curve;
  }
  const curve = new THREE.CurvePath();
  for (let i = 1; i < vectors.length; i++) curve.add(new THREE.LineCurve3(vectors[i - 1], vectors[i]));
  return curve;
}

/** Comes along one path, stays, and goes along another. */
export function wander(stage, actor, { coming, going, arrive, leave, speed = 1.3, facing }) {
  const [to, away] = [path(coming, false), path(going, false)];
  const start = arrive - to.getLength() / speed;
  const end = leave + away.getLength() / speed;
  const spot = coming.at(-1);
  stage.on((t) => {
    actor.show(t >= start && t < end);
    if (t < arrive) walk(actor, to, (t - start) / (arrive - start));
    else if (t >= leave) walk(actor, away, (t - leave) / (end - leave));
    else {
      // What is pushed stays as it came to rest; people turn to where they look.
      if (facing === undefined) walk(actor, to, 1);
      else actor.place(spot[0], spot[1], facing);
      actor.rest?.();
    }
  });
  return { start, end };
}

/** Comes, stands for a while and goes. */
export function visit(stage, actor, { via, spot, away, facing = Math.PI / 2, ...times }) {
  return wander(stage, actor, { coming: [via, spot], going: [spot, away], facing, ...times });
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
