// A stage holds one scene: its actors, its camera and what has to move at each moment.
import * as THREE from 'three';

export class Stage {
  constructor(aspect) {
    this.scene = new THREE.Scene();
    this.camera = new THREE.PerspectiveCamera(45, aspect, 0.3, 160);
    this.objects = [];
    this.cues = [];
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
  }

  at(t) {
    for (const cue of this.cues) cue(t);
    this.scene.updateMatrixWorld();
    this.camera.updateMatrixWorld();
  }

  /** Ground points [x, z] as image points 0..1, cut at the frame's edge. */
  outline(points) {
    return clip(points.map((point) => this.point(point)));
  }

  point([x, z]) {
    const p = new THREE.Vector3(x, 0, z).project(this.camera);
    return [(p.x + 1) / 2, (1 - p.y) / 2];
  }

  dispose() {
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

function clip(polygon) {
  let points = polygon;
  for (const axis of [0, 1]) {
    for (const [edge, keep] of [
      [0, (v) => v >= 0],
      [1, (v) => v <= 1],
    ]) {
      const result = [];
      points.forEach((b, i) => {
        const a = points[(i + points.length - 1) % points.length];
        if (keep(a[axis]) !== keep(b[axis])) {
          const k = (edge - a[axis]) / (b[axis] - a[axis]);
          result.push([a[0] + k * (b[0] - a[0]), a[1] + k * (b[1] - a[1])]);
        }
        if (keep(b[axis])) result.push(b);
      });
      points = result;
    }
  }
  return points.map(([x, y]) => [Math.round(x * 1e4) / 1e4, Math.round(y * 1e4) / 1e4]);
}
