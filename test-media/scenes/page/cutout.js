// Draws cut-outs: a thing on nothing, as a street camera or a phone would see it, and the shadow it throws, each with its own alpha.
import * as THREE from 'three';
import { gather } from './cutout-casts.js';
import { Labeller } from './labels.js';
import { makeRng } from './rng.js';

/** Side of the square it is drawn in, and the longest side it is kept at, px. */
const drawn = 512;
const kept = 240;
const least = 10;

const looks = {
  clear: { sun: [1.8, 3.2], ambient: [0.9, 1.7], height: [0.6, 1.8], warm: '#fff3dc' },
  low: { sun: [2, 3.3], ambient: [0.8, 1.3], height: [0.25, 0.5], warm: '#ffdca8' },
  overcast: { sun: [0, 0.35], ambient: [1.8, 2.7], height: [0.8, 2], warm: '#f2f4f6' },
  lamps: { sun: [0.8, 1.8], ambient: [0.4, 0.9], height: [0.8, 2.5], warm: '#ffd9a0' },
  infrared: { sun: [1.8, 3], ambient: [0.5, 0.9], height: [0.4, 0.6], warm: '#ffffff' },
};

/** Soft dark under whatever touches the ground. */
function contactTexture() {
  const element = document.createElement('canvas');
  element.width = element.height = 64;
  const pen = element.getContext('2d');
  const shade = pen.createRadialGradient(32, 32, 8, 32, 32, 32);
  shade.addColorStop(0, 'rgba(0,0,0,1)');
  shade.addColorStop(0.6, 'rgba(0,0,0,0.55)');
  shade.addColorStop(1, 'rgba(0,0,0,0)');
  pen.fillStyle = shade;
  pen.fillRect(0, 0, 64, 64);
  return new THREE.CanvasTexture(element);
}

/** Ground [x0, x1, z0, z1] that an actor's lower half metre stands on. */
function footprint(root) {
  const box = [Infinity, -Infinity, Infinity, -Infinity];
  const p = new THREE.Vector3();
  root.traverse(({ isMesh, userData, geometry, matrixWorld }) => {
    if (!isMesh || userData.ghost) return;
    const { position } = geometry.attributes;
    for (let i = 0; i < position.count; i++) {
      p.fromBufferAttribute(position, i).applyMatrix4(matrixWorld);
      if (p.y > 0.5) continue;
      box[0] = Math.min(box[0], p.x);
      box[1] = Math.max(box[1], p.x);
      box[2] = Math.min(box[2], p.z);
      box[3] = Math.max(box[3], p.z);
    }
  });
  return box;
}

export class CutoutStudio {
  constructor() {
    this.renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(drawn, drawn);
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFShadowMap;
    this.labeller = new Labeller(this.renderer, drawn, drawn);
    this.contact = contactTexture();
    this.pens = [0, 1].map(() => pen(drawn, drawn));
  }

  /** Cut-outs of one group, each from another place in another light. */
  draw({ seed, focus, views }) {
    const rng = makeRng(seed);
    const group = gather(focus, rng, seed);
    group.root.updateMatrixWorld(true);
    group.root.traverse((node) => {
      if (node.userData.beam) node.visible = false;
    });
    const bounds = new THREE.Box3().setFromObject(group.root);
    const cutouts = [];
    for (let view = 0; view < views; view++)
      cutouts.push(this.#view(group, bounds, makeRng(seed * 131 + view * 7 + 1)));
    group.root.traverse((node) => node.geometry?.dispose());
    return cutouts.filter(Boolean);
  }

  #view(group, bounds, rng) {
    const scene = new THREE.Scene();
    scene.add(group.root);
    const { camera, place } = aim(bounds, rng);
    const { light, shades } = this.#light(scene, group, bounds, rng, camera);
    const pictures = this.#passes(scene, group, camera, shades);
    const labels = this.labeller.read(scene, camera, group.objects);
    const cut = crop(...pictures.map(({ pixels }) => pixels));
    shades.traverse((node) => node.geometry?.dispose());
    scene.traverse((node) => node.isDirectionalLight && node.shadow.dispose());
    return cut && finish(pictures, cut, labels, { ...place, light, ...scaleAt(camera, bounds, cut) });
  }

  #light(scene, group, bounds, rng, camera) {
    const name = rng.pick(['clear', 'clear', 'clear', 'low', 'overcast', 'overcast', 'lamps', 'infrared']);
    const look = looks[name];
    const [power, ambient] = [rng.between(...look.sun), rng.between(...look.ambient)];
    const radius = bounds.getSize(new THREE.Vector3()).length() / 2;
    const centre = bounds.getCenter(new THREE.Vector3());
    const sun = new THREE.DirectionalLight(look.warm, power);
    const a = rng.between(0, 6.3);
    sun.position.set(Math.sin(a), rng.between(...look.height), Math.cos(a));
    if (name === 'infrared')
      sun.position
        .copy(camera.position)
        .sub(centre)
        .normalize()
        .add(new THREE.Vector3(rng.between(-0.1, 0.1), 0.05, 0));
    sun.position.normalize();
    const share = (power * Math.max(0.05, sun.position.y)) / (power * Math.max(0.05, sun.position.y) + ambient);
    sun.position.multiplyScalar(radius * 4).add(centre);
    sun.target.position.copy(centre);
    sun.castShadow = true;
    sun.shadow.mapSize.set(1024, 1024);
    Object.assign(sun.shadow.camera, {
      left: -radius * 2.5,
      right: radius * 2.5,
      top: radius * 2.5,
      bottom: -radius * 2.5,
      near: 0.1,
      far: radius * 9,
    });
    sun.shadow.bias = -0.002;
    sun.shadow.normalBias = 0.04;
    sun.shadow.radius = rng.between(1, 4);
    scene.add(
      new THREE.HemisphereLight('#dfe6ee', rng.pick(['#6b675f', '#8a8780', '#55524c']), ambient),
      sun,
      sun.target,
    );
    const shades = this.#shades(group, bounds, radius, share, rng);
    scene.add(shades);
    return { light: name, shades };
  }

  /** The ground as nothing but the shadow on it: what the sun does not reach, and the soft dark beneath. */
  #shades(group, bounds, radius, share, rng) {
    const shades = new THREE.Group();
    const ground = new THREE.Mesh(
      new THREE.PlaneGeometry(radius * 14, radius * 14).rotateX(-Math.PI / 2),
      // Light adds in linear colours, alpha is laid over coded ones.
      new THREE.ShadowMaterial({ opacity: 1 - (1 - share) ** (1 / 2.2) }),
    );
    ground.receiveShadow = true;
    const centre = bounds.getCenter(new THREE.Vector3());
    ground.position.set(centre.x, 0, centre.z);
    shades.add(ground);
    const material = new THREE.MeshBasicMaterial({
      map: this.contact,
      transparent: true,
      depthWrite: false,
      opacity: rng.between(0.3, 0.65),
    });
    for (const root of group.root.children) {
      const [x0, x1, z0, z1] = footprint(root);
      if (!(x1 > x0)) continue;
      const blob = new THREE.Mesh(
        new THREE.PlaneGeometry((x1 - x0) * 1.35 + 0.15, (z1 - z0) * 1.35 + 0.15).rotateX(-Math.PI / 2),
        material,
      );
      blob.position.set((x0 + x1) / 2, 0.01, (z0 + z1) / 2);
      shades.add(blob);
    }
    return shades;
  }

  #passes(scene, group, camera, shades) {
    const { renderer } = this;
    const take = (into, object) => {
      group.root.visible = object;
      shades.visible = !object;
      renderer.setClearColor(0, 0);
      renderer.setRenderTarget(null);
      renderer.render(scene, camera);
      into.clearRect(0, 0, drawn, drawn);
      into.drawImage(renderer.domElement, 0, 0);
      return { element: into.canvas, pixels: into.getImageData(0, 0, drawn, drawn).data };
    };
    const object = take(this.pens[0], true);
    // The shadow map of what was just drawn stays: the thing is hidden now, its shadow is not.
    renderer.shadowMap.autoUpdate = false;
    const shadow = take(this.pens[1], false);
    renderer.shadowMap.autoUpdate = true;
    group.root.visible = true;
    return [object, shadow];
  }
}

function pen(width, height) {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  return element.getContext('2d', { willReadFrequently: true });
}

/** As mounted on a mast, held by hand or on a dashboard, or high on a house; the whole group fills the picture. */
function aim(bounds, rng) {
  const centre = bounds.getCenter(new THREE.Vector3());
  const radius = bounds.getSize(new THREE.Vector3()).length() / 2;
  const mount = rng.pick(['mast', 'mast', 'mast', 'hand', 'hand', 'house']);
  const height = { mast: rng.between(3, 8), hand: rng.between(1.3, 2.6), house: rng.between(7, 18) }[mount];
  const distance =
    radius + { mast: rng.between(2.5, 25), hand: rng.between(1.5, 16), house: rng.between(4, 32) }[mount];
  const azimuth = rng.chance(0.75) ? rng.between(-1.35, 1.35) : rng.between(1.35, 4.93);
  const camera = new THREE.PerspectiveCamera(45, 1, 0.3, 200);
  camera.position.set(centre.x + Math.sin(azimuth) * distance, height, centre.z + Math.cos(azimuth) * distance);
  camera.lookAt(centre);
  camera.rotateZ(rng.between(-0.04, 0.04));
  camera.updateMatrixWorld();
  let widest = 0;
  const p = new THREE.Vector3();
  for (const x of [bounds.min.x, bounds.max.x])
    for (const y of [bounds.min.y, bounds.max.y])
      for (const z of [bounds.min.z, bounds.max.z]) {
        p.set(x, y, z).applyMatrix4(camera.matrixWorldInverse);
        widest = Math.max(widest, Math.abs(p.x / p.z), Math.abs(p.y / p.z));
      }
  // Room is left around it for the shadow.
  camera.fov = Math.min(120, (2 * Math.atan(widest * 1.45) * 180) / Math.PI);
  camera.updateProjectionMatrix();
  const round = (value) => Math.round(value * 100) / 100;
  return {
    camera,
    place: {
      mount,
      height: round(height),
      distance: round(distance),
      depression: round((Math.atan2(height, distance) * 180) / Math.PI),
    },
  };
}

/** The alpha's bounds, [x0, y0, x1, y1] with the ends inside, or null. */
function extent(pixels, floor) {
  const box = [drawn, drawn, -1, -1];
  for (let y = 0, i = 3; y < drawn; y++)
    for (let x = 0; x < drawn; x++, i += 4) {
      if (pixels[i] <= floor) continue;
      if (x < box[0]) box[0] = x;
      if (x > box[2]) box[2] = x;
      if (y < box[1]) box[1] = y;
      if (y > box[3]) box[3] = y;
    }
  return box[2] < 0 ? null : box;
}

/** What to keep, px: the thing, and its shadow as far as it is no more than half the thing's size away. */
function crop(object, shadow) {
  const own = extent(object, 8);
  if (!own || own[2] - own[0] < least || own[3] - own[1] < least) return null;
  const dark = extent(shadow, 10) ?? own;
  const [w, h] = [own[2] - own[0], own[3] - own[1]];
  const x0 = Math.max(0, Math.min(own[0], Math.max(dark[0], own[0] - w / 2)) - 2);
  const y0 = Math.max(0, Math.min(own[1], Math.max(dark[1], own[1] - h / 2)) - 2);
  const x1 = Math.min(drawn, Math.max(own[2], Math.min(dark[2], own[2] + w / 2)) + 3);
  const y1 = Math.min(drawn, Math.max(own[3], Math.min(dark[3], own[3] + h / 2)) + 3);
  const [cx, cy] = [Math.floor(x0), Math.floor(y0)];
  const [cw, ch] = [Math.ceil(x1 - cx), Math.ceil(y1 - cy)];
  return { x: cx, y: cy, w: cw, h: ch, scale: Math.min(1, kept / Math.max(cw, ch)) };
}

/** Pixels a metre where the group stands, and that place in the picture, both after cropping. */
function scaleAt(camera, bounds, cut) {
  const foot = bounds.getCenter(new THREE.Vector3()).setY(0);
  const right = new THREE.Vector3().setFromMatrixColumn(camera.matrixWorld, 0);
  const toPixels = (p) => [((p.x + 1) / 2) * drawn, ((1 - p.y) / 2) * drawn];
  const [ax, ay] = toPixels(foot.clone().project(camera));
  const [bx] = toPixels(foot.add(right).project(camera));
  const round = (value) => Math.round(value * 1e4) / 1e4;
  return {
    pixelsPerMetre: round(Math.abs(bx - ax) * cut.scale),
    foot: [(ax - cut.x) / cut.w, (ay - cut.y) / cut.h].map(round),
  };
}

/** The picture: the thing above, its shadow below it; and the labels in shares of the upper half. */
function finish([object, shadow], { x, y, w, h, scale }, labels, camera) {
  const [width, height] = [Math.max(1, Math.round(w * scale)), Math.max(1, Math.round(h * scale))];
  const into = pen(width, height * 2);
  into.imageSmoothingQuality = 'high';
  into.drawImage(object.element, x, y, w, h, 0, 0, width, height);
  into.drawImage(shadow.element, x, y, w, h, 0, height, width, height);
  const png = into.canvas.toDataURL('image/png');
  const round = (value) => Math.round(value * 1e5) / 1e5;
  const objects = labels.map(({ box, ...rest }) => ({
    ...rest,
    box: [(box[0] * drawn - x) / w, (box[1] * drawn - y) / h, (box[2] * drawn) / w, (box[3] * drawn) / h].map(round),
  }));
  return { png: png.slice(png.indexOf(',') + 1), size: [width, height], camera, objects };
}
