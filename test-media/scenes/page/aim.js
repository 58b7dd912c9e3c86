// Chooses a camera as an engineer would: any height, tilt and lens, if what must be seen is in the frame, large and unhidden.
import * as THREE from 'three';

const margin = 0.025;
const tries = 80;

/** The image box [x0, y0, x1, y1] of an actor's first object, not cut at the frame's edge. */
export function boxOf(stage, actor) {
  actor.root.updateMatrixWorld(true);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const p = new THREE.Vector3();
  for (const part of actor.objects[0].parts) {
    const { position } = part.geometry.attributes;
    for (let i = 0; i < position.count; i++) {
      p.fromBufferAttribute(position, i).applyMatrix4(part.matrixWorld).project(stage.camera);
      const [x, y] = [(p.x + 1) / 2, (1 - p.y) / 2];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/** Middle of the lower edge: where a rule thinks that the object stands. */
export function footOf(stage, actor) {
  const [x0, , x1, y1] = boxOf(stage, actor);
  return [(x0 + x1) / 2, y1];
}

function inFrame(stage, points) {
  return points.every((at) => stage.point(at).every((v) => v > margin && v < 1 - margin));
}

function largeEnough(stage, sizes) {
  const right = new THREE.Vector3().setFromMatrixColumn(stage.camera.matrixWorld, 0);
  return sizes.every(({ at, least }) => {
    const [a] = stage.point(at);
    const [b] = stage.point([at[0] + right.x, at[1] + right.y, at[2] + right.z]);
    return Math.abs(b - a) >= least;
  });
}

function unhidden(stage, points, ray) {
  const from = stage.camera.position;
  return points.every((at) => {
    const to = new THREE.Vector3(...at).sub(from);
    const far = to.length() - 0.3;
    ray.set(from, to.normalize());
    ray.far = far;
    return ray.intersectObjects(stage.scene.children, true).length === 0;
  });
}

/** A place to look from: around a target, by azimuth, distance, tilt and lens, each drawn from a range. */
export function orbit(rng, { target, spread = 0.6, azimuth, distance, tilt, fov, least = 2.6 }) {
  const [a, d, up] = [rng.between(...azimuth), rng.between(...distance), rng.between(...tilt)];
  const [x, y, z] = target;
  return {
    position: [
      x + Math.sin(a) * d * Math.cos(up),
      Math.max(least, y + d * Math.sin(up)),
      z + Math.cos(a) * d * Math.cos(up),
    ],
    target: [x + rng.between(-spread, spread), y, z + rng.between(-spread, spread)],
    fov: rng.between(...fov),
  };
}

/**
 * Looks from the first drawn camera that fits; `see` are points [x, y, z] that must show, `sizes` the least width of a
 * metre at a place as a share of the frame's width. What stands on the stage by now may not hide the points.
 */
export function aim(stage, rng, { draw, see, sizes = [], safe }) {
  stage.scene.updateMatrixWorld();
  const ray = new THREE.Raycaster();
  for (let i = 0; i < tries; i++) {
    const { position, target, fov } = draw(rng);
    stage.look(position, target, fov);
    if (inFrame(stage, see) && largeEnough(stage, sizes) && unhidden(stage, see, ray)) return true;
  }
  stage.look(safe.position, safe.target, safe.fov);
  return false;
}
