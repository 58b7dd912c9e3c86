// Ground and facade textures painted on small canvases from the scene's own seed.
import * as THREE from 'three';
import { anyColor, hsl } from './kit.js';

const signs = [
  '福建小吃',
  '水果超市',
  '百货',
  '理发',
  '药房',
  '服装',
  '五金',
  '奶茶',
  '通讯',
  '面馆',
  '鞋城',
  '文具',
  '茶叶',
  '便利店',
];

function canvas(width, height) {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  return [element, element.getContext('2d')];
}

function finish(element, repeat = true) {
  const texture = new THREE.CanvasTexture(element);
  texture.colorSpace = THREE.SRGBColorSpace;
  if (repeat) texture.wrapS = texture.wrapT = THREE.RepeatWrapping;
  return texture;
}

function speckle(pen, rng, size, count, amount) {
  for (let i = 0; i < count; i++) {
    const dark = rng.chance(0.5);
    pen.fillStyle = `rgba(${dark ? '0,0,0' : '255,255,255'},${rng.between(0, amount)})`;
    const r = rng.between(0.5, size / 30);
    pen.fillRect(rng.between(0, size), rng.between(0, size), r, r);
  }
}

export function groundTexture(rng, kind) {
  const size = 128;
  const [element, pen] = canvas(size, size);
  const tone = {
    asphalt: () => hsl(0.6, 0.03, rng.between(0.2, 0.42)),
    paving: () => hsl(rng.between(0, 0.15), rng.between(0, 0.25), rng.between(0.4, 0.68)),
    dirt: () => hsl(0.08, rng.between(0.2, 0.35), rng.between(0.3, 0.48)),
    concrete: () => hsl(0.1, 0.04, rng.between(0.45, 0.65)),
  }[kind]();
  pen.fillStyle = tone;
  pen.fillRect(0, 0, size, size);
  speckle(pen, rng, size, kind === 'dirt' ? 700 : 350, kind === 'paving' ? 0.08 : 0.12);
  if (kind === 'paving') {
    const n = rng.pick([2, 4, 4, 8]);
    const step = size / n;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        pen.fillStyle = `rgba(0,0,0,${rng.between(0, 0.14)})`;
        pen.fillRect(i * step, j * step, step, step);
      }
    }
    pen.strokeStyle = 'rgba(0,0,0,0.25)';
    for (let i = 0; i <= n; i++) {
      pen.strokeRect(i * step, -2, 0.01, size + 4);
      pen.strokeRect(-2, i * step, size + 4, 0.01);
    }
  }
  return finish(element);
}

function shopfront(pen, rng, x, width, lit) {
  pen.fillStyle = lit && rng.chance(0.7) ? hsl(0.12, 0.6, 0.75) : hsl(0.58, 0.15, rng.between(0.12, 0.35));
  pen.fillRect(x + 3, 176, width - 6, 74);
  pen.fillStyle = hsl(rng.next(), 0.2, 0.3);
  pen.fillRect(x + width / 2, 176, 2, 74);
  pen.fillStyle = anyColor(rng, [0.5, 1], [0.3, 0.6]);
  pen.fillRect(x + 2, 148, width - 4, 24);
  pen.fillStyle = rng.chance(0.6) ? '#ffffff' : '#ffe680';
  pen.font = '18px "Noto Sans CJK SC", sans-serif';
  pen.textAlign = 'center';
  pen.fillText(rng.pick(signs), x + width / 2, 167);
}

export function facadeTexture(rng, lit) {
  const [element, pen] = canvas(384, 256);
  pen.fillStyle = hsl(rng.between(0, 0.2), rng.between(0, 0.3), rng.between(0.35, 0.75));
  pen.fillRect(0, 0, 384, 256);
  speckle(pen, rng, 384, 200, 0.06);
  const columns = rng.whole(4, 8);
  const rows = rng.whole(2, 3);
  for (let c = 0; c < columns; c++) {
    for (let r = 0; r < rows; r++) {
      const w = 384 / columns;
      pen.fillStyle = lit && rng.chance(0.25) ? '#e8c878' : hsl(0.57, 0.2, rng.between(0.15, 0.4));
      pen.fillRect(c * w + w * 0.2, 10 + (r * 130) / rows, w * 0.6, (130 / rows) * 0.6);
    }
  }
  const shops = rng.whole(2, 4);
  for (let s = 0; s < shops; s++) shopfront(pen, rng, (s * 384) / shops, 384 / shops, lit);
  return finish(element, false);
}
