// Joins coloured primitives into one mesh, because draw calls cost more than triangles in a software rasteriser.
import * as THREE from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

const glowing = new THREE.MeshBasicMaterial({ vertexColors: true });

/**
 * What paint looks like close by. Flat colours would teach a detector that things have flat colours, so every mesh gets
 * one of these, each a few sines or one hash of the point on the object: noise from tables costs too much here.
 */
const surfaces = {
  plain: '',
  cloudy: 'k = 1.0 + 0.22 * sin(p.x * 5.1 + 1.3) * sin(p.y * 6.3) * sin(p.z * 4.7 + 0.6);',
  grainy: 'k = 0.84 + 0.32 * fract(sin(dot(floor(p * 22.0), vec3(12.99, 78.23, 37.72))) * 43758.55);',
  patchy: 'k = 0.8 + 0.4 * fract(sin(dot(floor(p * 4.5), vec3(39.35, 11.14, 83.16))) * 43758.55);',
  striped: 'k = step(0.0, sin((p.x + p.z * 0.6) * 17.0)) > 0.5 ? 1.22 : 0.74;',
  checked: 'k = sin(p.x * 13.0) * sin(p.y * 13.0) * sin(p.z * 13.0) > 0.0 ? 1.15 : 0.85;',
  grimy:
    'k = 0.62 + 0.38 * smoothstep(0.05, 1.5, p.y) + 0.08 * sin(p.x * 9.0 + p.z * 7.0); dirt = 0.55 * (1.0 - smoothstep(0.1, 1.3, p.y));',
};
const surfaceNames = Object.keys(surfaces);

function dress(material, surface) {
  if (surface === 'plain') return material;
  material.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vOwn;')
      .replace('#include <begin_vertex>', '#include <begin_vertex>\nvOwn = position;');
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <common>', '#include <common>\nvarying vec3 vOwn;')
      .replace(
        '#include <color_fragment>',
        `#include <color_fragment>\n{ vec3 p = vOwn; float k = 1.0; float dirt = 0.0; ${surfaces[surface]} diffuseColor.rgb = mix(diffuseColor.rgb * k, vec3(0.2, 0.16, 0.12), dirt); }`,
      );
  };
  material.customProgramCacheKey = () => surface;
  return material;
}

/** Materials live as long as the page: with them live their compiled programs, which cost more than a frame. */
const materials = new Map();

function materialOf(kind, surface) {
  const key = `${kind} ${surface}`;
  if (!materials.has(key)) {
    const look = { vertexColors: true, ...(kind === 'double' && { side: THREE.DoubleSide }) };
    const made =
      kind === 'shiny'
        ? new THREE.MeshPhongMaterial({ ...look, specular: '#8c8c8c', shininess: 45 })
        : new THREE.MeshLambertMaterial(look);
    materials.set(key, dress(made, surface));
  }
  return materials.get(key);
}

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

  #anySurface() {
    const { color, position } = this.parts[0].attributes;
    const mark = Math.abs(Math.sin((color.array[0] + 2 * color.array[1] + 3 * color.array[2]) * 991 + position.count));
    return surfaceNames[Math.floor(mark * surfaceNames.length * 1.6)] ?? 'plain';
  }

  /** Kinds: solid, double (seen from both sides), shiny, glow. The surface follows from the first colour unless given. */
  mesh(kind = 'solid', surface = this.#anySurface()) {
    const material = kind === 'glow' ? glowing : materialOf(kind, surface);
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
    /** Stretches the whole actor, so that no two have the same proportions. */
    stretch(rng, amount = 0.1) {
      root.scale.multiply(new THREE.Vector3(...[0, 1, 2].map(() => rng.between(1 - amount, 1 + amount))));
      return this;
    },
  };
}
