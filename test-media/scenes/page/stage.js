// A stage holds one scene: its actors, its camera and what has to move at each moment.
import * as THREE from 'three';

const near = -0.5;

export class Stage {
  constructor(aspect) {
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(45, aspect, 0.3, 160);
    this.objects = [];
    this.cues = [];
    /** What wet ground shows; null where it is dry. */
    this.mirror = null;
  }

  add(actor) {
    this.scene.add(actor.root);
    for (const object of actor.objects) this.objects.push(object);
    return actor;
  }

  /** Registers what happens at time t; a cue sees absolute time only, so any frame can be drawn alone. */
  on(cue) {
    this.cues.push(cue);
  }

  look(position, target, fov) {
    this.camera.fov = fov;
    this.camera.position.set(...position);
    this.camera.up.set(0, 1, 0);
    this.camera.lookAt(...target);
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    this.rest = this.camera.quaternion.clone();
  }

  at(t) {
    for (const cue of this.cues) cue(t);
    this.scene.updateMatrixWorld();
    this.camera.updateMatrixWorld();
  }

  /** The picture of this moment on the renderer's canvas. */
  draw(renderer) {
    this.mirror?.draw(renderer, this.scene, this.camera);
    // Shadows do not depend on the eye.
    renderer.shadowMap.autoUpdate = !this.mirror;
    renderer.setRenderTarget(null);
    renderer.render(this.scene, this.camera);
    renderer.shadowMap.autoUpdate = true;
  }

  /** Ground points [x, z] as image points 0..1, cut at the camera's near plane and at the frame's edge. */
  outline(points) {
    const seen = points.map(([x, z]) => new THREE.Vector3(x, 0, z).applyMatrix4(this.camera.matrixWorldInverse));
    const ahead = cut(
      seen,
      (p) => near - p.z,
      (a, b, k) => a.clone().lerp(b, k),
    );
    let corners = ahead.map((p) => toImage(p.applyMatrix4(this.camera.projectionMatrix)));
    const between = (a, b, k) => [a[0] + k * (b[0] - a[0]), a[1] + k * (b[1] - a[1])];
    for (const axis of [0, 1]) {
      corners = cut(corners, (p) => p[axis], between);
      corners = cut(corners, (p) => 1 - p[axis], between);
    }
    return corners.map(rounded);
  }

  /** A straight line on the ground, as far as the frame shows it. */
  line(a, b) {
    const share = (k) => [a[0] + k * (b[0] - a[0]), a[1] + k * (b[1] - a[1])];
    const inside = Array.from({ length: 81 }, (_, i) => this.point(share(i / 80))).filter((p) =>
      p.every((v) => v >= 0 && v <= 1),
    );
    return [inside[0], inside.at(-1)].map(rounded);
  }

  /** A point of the world, [x, z] on the ground or [x, y, z], in the image. */
  point(at) {
    const [x, y, z] = at.length === 2 ? [at[0], 0, at[1]] : at;
    return toImage(new THREE.Vector3(x, y, z).project(this.camera));
  }

  /** The ground plane as an engineer would measure it: the largest rectangle about a place whose corners show. */
  groundPlane([x, z], [halfX, halfZ]) {
    for (let scale = 1; scale > 0.2; scale *= 0.94) {
      const [w, d] = [halfX * scale, halfZ * scale];
      const corners = [
        [x - w, z - d],
        [x + w, z - d],
        [x + w, z + d],
        [x - w, z + d],
      ];
      const points = corners.map((corner) => this.point(corner));
      if (!points.every((p) => p.every((v) => v > 0.01 && v < 0.99))) continue;
      const metres = (value) => Math.round(value * 1000) / 1000;
      const diagonal = metres(2 * Math.hypot(w, d));
      return {
        points: points.map((p) => p.map((v) => Math.round(v * 1e5) / 1e5)),
        sidesM: [2 * w, 2 * d, 2 * w, 2 * d].map(metres),
        diagonalM: diagonal,
        otherDiagonalM: diagonal,
      };
    }
    return undefined;
  }

  dispose() {
    this.mirror?.dispose();
    this.scene.traverse((node) => {
      node.geometry?.dispose();
      if (node.material?.map) {
        node.material.map.dispose();
        node.material.dispose();
      }
      if (node.isDirectionalLight) node.shadow.dispose();
    });
  }
}

const toImage = (p) => [(p.x + 1) / 2, (1 - p.y) / 2];
const rounded = ([x, y]) => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4];

/** Sutherland and Hodgman: keeps the side where `depth` is not negative. */
function cut(points, depth, between) {
  return points.flatMap((b, i) => {
    const a = points[(i + points.length - 1) % points.length];
    const [from, to] = [depth(a), depth(b)];
    const crossing = from >= 0 === to >= 0 ? [] : [between(a, b, from / (from - to))];
    return to >= 0 ? [...crossing, b] : crossing;
  });
}
