// Joins coloured primitives into one mesh, because draw calls cost more than triangles in a software rasteriser.
import * as THREE from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

const solid = new THREE.MeshLambertMaterial({ vertexColors: true });
const twoSided = new THREE.MeshLambertMaterial({ vertexColors: true, side: THREE.DoubleSide });
const glowing = new THREE.MeshBasicMaterial({ vertexColors: true });

export class Kit {
  constructor() {
    this.parts = [];
  }

  add(geometry, color, place = {}) {
    const plain = geometry.index ? geometry.toNonIndexed() : geometry;
    plain.deleteAttribute('uv');
    const [rx, ry, rz] = place.turn ?? [0, 0, 0];
    const rotation = new THREE.Quaternion().setFromEuler(new THREE.Euler(rx, ry, rz));
    plain.applyMatrix4(
      new THREE.Matrix4().compose(
        new THREE.Vector3(...(place.at ?? [0, 0, 0])),
        rotation,
        new THREE.Vector3(...(place.scale ?? [1, 1, 1])),
      ),
    );
    const tint = new THREE.Color(color);
    const count = plain.attributes.position.count;
    const colors = new Float32Array(count * 3);
    for (let i = 0; i < count; i++) tint.toArray(colors, i * 3);
    plain.setAttribute('color', new THREE.BufferAttribute(colors, 3));
    this.parts.push(plain);
    return this;
  }

  box(w, h, d, color, at, turn) {
    return this.add(new THREE.BoxGeometry(w, h, d), color, { at, turn });
  }

  cylinder(top, bottom, h, color, at, turn, sides = 10) {
    return this.add(new THREE.CylinderGeometry(top, bottom, h, sides), color, { at, turn });
  }

  ball(r, color, at, scale) {
    return this.add(new THREE.SphereGeometry(r, 8, 6), color, { at, scale });
  }

  ring(r, tube, color, at, turn) {
    return this.add(new THREE.TorusGeometry(r, tube, 5, 16), color, { at, turn });
  }

  rod(from, to, r, color) {
    const a = new THREE.Vector3(...from);
    const b = new THREE.Vector3(...to);
    const along = b.clone().sub(a);
    const geometry = new THREE.CylinderGeometry(r, r, along.length(), 6);
    const turn = new THREE.Quaternion().setFromUnitVectors(new THREE.Vector3(0, 1, 0), along.clone().normalize());
    geometry.applyQuaternion(turn);
    return this.add(geometry, color, { at: a.add(b).multiplyScalar(0.5).toArray() });
  }

  /** A side profile in the x-y plane, given thickness along z and centred on it. */
  slab(profile, depth, color, at = [0, 0, 0]) {
    const shape = new THREE.Shape(profile.map(([x, y]) => new THREE.Vector2(x, y)));
    const geometry = new THREE.ExtrudeGeometry(shape, { depth, bevelEnabled: false });
    return this.add(geometry, color, { at: [at[0], at[1], at[2] - depth / 2] });
  }

  geometry() {
    return mergeGeometries(this.parts);
  }

  mesh(kind = 'solid') {
    const material = kind === 'double' ? twoSided : kind === 'glow' ? glowing : solid;
    const mesh = new THREE.Mesh(this.geometry(), material);
    mesh.castShadow = kind !== 'glow';
    mesh.receiveShadow = kind !== 'glow';
    return mesh;
  }
}

export function hsl(h, s, l) {
  return `#${new THREE.Color().setHSL(h, s, l).getHexString()}`;
}

export function anyColor(rng, saturation = [0.2, 0.9], lightness = [0.2, 0.75]) {
  return hsl(rng.next(), rng.between(...saturation), rng.between(...lightness));
}

/** An actor is a root to place and the labelled objects it consists of. */
export function actor(root, objects) {
  return {
    root,
    objects,
    place(x, z, heading = 0) {
      root.position.set(x, root.position.y, z);
      root.rotation.y = heading;
      return this;
    },
    show(visible) {
      root.visible = visible;
      return this;
    },
  };
}
