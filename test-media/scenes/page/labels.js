// Exact boxes: an id-colour pass counts the pixels each part shows, a second small pass what it would show alone.
import * as THREE from 'three';

const tile = 32;
const tilesAcross = 16;
const tilesDown = 10;
const bedShare = 0.05;
const bedPixels = 0.0006;

const flat = new THREE.ShaderMaterial({
  side: THREE.DoubleSide,
  uniforms: { id: { value: new THREE.Vector3() } },
  vertexShader: 'void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }',
  fragmentShader: 'uniform vec3 id; void main() { gl_FragColor = vec4(id, 1.0); }',
});

function idMaterial(cache, id) {
  if (!cache.has(id)) {
    const material = flat.clone();
    material.uniforms.id.value.set((id & 255) / 255, (id >> 8) / 255, 0);
    cache.set(id, material);
  }
  return cache.get(id);
}

export class Labeller {
  constructor(renderer, width, height) {
    Object.assign(this, { renderer, width, height });
    this.target = new THREE.WebGLRenderTarget(width, height);
    this.atlas = new THREE.WebGLRenderTarget(tile * tilesAcross, tile * tilesDown);
    this.pixels = new Uint8Array(width * height * 4);
    this.tiles = new Uint8Array(tile * tilesAcross * tile * tilesDown * 4);
    this.materials = new Map();
  }

  /** The labels of what the camera sees: class, box [x,y,w,h] in 0..1, visible fraction, bed state. */
  read(scene, camera, objects) {
    const restore = this.#paint(scene, objects);
    const seen = this.#countPixels(scene, camera);
    const shown = objects.map((object) => ({ object, ...merge(object.parts, seen) })).filter((o) => o.count > 0);
    const alone = this.#countAlone(camera, shown);
    restore();
    return shown.map((entry, i) => this.#label(entry, alone[i], seen));
  }

  #paint(scene, objects) {
    const saved = [];
    const parts = new Set(objects.flatMap((object) => object.parts));
    let next = 1;
    const background = scene.background;
    scene.background = null;
    scene.traverse((node) => {
      if (node.isLineSegments || node.userData.ghost) {
        saved.push([node, node.material, node.visible]);
        node.visible = false;
      } else if (node.isMesh) {
        saved.push([node, node.material, node.visible]);
        const id = parts.has(node) ? next++ : 0;
        node.userData.id = id;
        node.material = idMaterial(this.materials, id);
      }
    });
    return () => {
      scene.background = background;
      for (const [node, material, visible] of saved) Object.assign(node, { material, visible });
    };
  }

  #countPixels(scene, camera) {
    const { renderer, width, height, pixels } = this;
    const shadows = renderer.shadowMap.autoUpdate;
    renderer.shadowMap.autoUpdate = false;
    renderer.setRenderTarget(this.target);
    renderer.setClearColor(0, 1);
    renderer.clear();
    renderer.render(scene, camera);
    renderer.readRenderTargetPixels(this.target, 0, 0, width, height, pixels);
    renderer.setRenderTarget(null);
    renderer.shadowMap.autoUpdate = shadows;
    const seen = new Map();
    for (let row = 0, i = 0; row < height; row++) {
      const y = height - 1 - row;
      for (let x = 0; x < width; x++, i += 4) {
        const id = pixels[i] | (pixels[i + 1] << 8);
        if (id > 0) extend(seen, id, x, y);
      }
    }
    return seen;
  }

  #countAlone(camera, shown) {
    const { renderer } = this;
    const size = new THREE.Vector2(this.width, this.height);
    renderer.setRenderTarget(this.atlas);
    renderer.clear();
    renderer.autoClear = false;
    const boxes = shown.map(({ object }) => fullBox(object.parts, camera, size));
    const hidden = new THREE.Scene();
    shown.slice(0, tilesAcross * tilesDown).forEach(({ object }, i) => {
      const [x, y, w, h] = boxes[i];
      camera.setViewOffset(size.x, size.y, x, y, w, h);
      this.atlas.viewport.set((i % tilesAcross) * tile, Math.floor(i / tilesAcross) * tile, tile, tile);
      renderer.setRenderTarget(this.atlas);
      for (const part of object.parts) this.#drawOnly(hidden, part, camera);
    });
    camera.clearViewOffset();
    renderer.autoClear = true;
    renderer.readRenderTargetPixels(this.atlas, 0, 0, tile * tilesAcross, tile * tilesDown, this.tiles);
    renderer.setRenderTarget(null);
    return boxes.map(([, , w, h], i) => (this.#filled(i) / (tile * tile)) * w * h);
  }

  #drawOnly(hidden, part, camera) {
    const copy = new THREE.Mesh(part.geometry, part.material);
    copy.matrixAutoUpdate = false;
    copy.matrix.copy(part.matrixWorld);
    hidden.add(copy);
    this.renderer.render(hidden, camera);
    hidden.remove(copy);
  }

  #filled(i) {
    const left = (i % tilesAcross) * tile;
    const top = Math.floor(i / tilesAcross) * tile;
    let count = 0;
    for (let y = top; y < top + tile; y++) {
      for (let x = left; x < left + tile; x++) {
        const at = (y * tile * tilesAcross + x) * 4;
        if (this.tiles[at] | this.tiles[at + 1]) count++;
      }
    }
    return count;
  }

  #label({ object, box, count }, alone, seen) {
    const [x0, y0, x1, y1] = box;
    const { width, height } = this;
    const round = (value) => Math.round(value * 1e5) / 1e5;
    const label = {
      class: object.cls,
      box: [x0 / width, y0 / height, (x1 + 1 - x0) / width, (y1 + 1 - y0) / height].map(round),
      visible: Math.min(1, Math.round((count / Math.max(alone, count * 0.5, 1)) * 100) / 100),
    };
    if (object.bed) {
      const bed = merge(object.bed, seen).count;
      const clear = bed > count * bedShare && bed > bedPixels * width * height;
      label.load = clear ? object.load : 'unknown';
      label.cover = clear ? object.cover : 'unknown';
    }
    return label;
  }
}

function extend(seen, id, x, y) {
  const entry = seen.get(id);
  if (!entry) seen.set(id, { box: [x, y, x, y], count: 1 });
  else {
    const { box } = entry;
    entry.count++;
    if (x < box[0]) box[0] = x;
    if (x > box[2]) box[2] = x;
    if (y < box[1]) box[1] = y;
    if (y > box[3]) box[3] = y;
  }
}

function merge(parts, seen) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  let count = 0;
  for (const part of parts) {
    const entry = seen.get(part.userData.id);
    if (!entry) continue;
    count += entry.count;
    for (const k of [0, 1]) box[k] = Math.min(box[k], entry.box[k]);
    for (const k of [2, 3]) box[k] = Math.max(box[k], entry.box[k]);
  }
  return { box, count };
}

/** The pixel box [x, y, w, h] an object would fill if nothing, not even the frame's edge, hid it. */
function fullBox(parts, camera, size) {
  const box = new THREE.Box2();
  const point = new THREE.Vector3();
  for (const part of parts) {
    const { position } = part.geometry.attributes;
    const step = Math.max(1, Math.floor(position.count / 400));
    for (let i = 0; i < position.count; i += step) {
      point.fromBufferAttribute(position, i).applyMatrix4(part.matrixWorld).applyMatrix4(camera.matrixWorldInverse);
      point.z = Math.min(point.z, -0.3);
      point.applyMatrix4(camera.projectionMatrix);
      box.expandByPoint(new THREE.Vector2(((point.x + 1) / 2) * size.x, ((1 - point.y) / 2) * size.y));
    }
  }
  const { min, max } = box;
  return [min.x, min.y, Math.max(1, max.x - min.x), Math.max(1, max.y - min.y)];
}
