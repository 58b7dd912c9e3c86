// What a camera adds to the picture: exposure steps, soft focus, sensor noise, dirt, a grey night picture, its clock.
import { makeRng } from './rng.js';

const dark = new Set(['night', 'infrared', 'dusk']);
const names = ['晋江路口', '涂门街东', '中山南路', '学府路南', '九一街', '新华北路', '温陵路', '泉秀街西'];
const hours = { day: 10, overcast: 14, 'low-sun': 7, dusk: 18, night: 21, infrared: 2 };

/** A lens drawn from the seed; `wanted` overrides parts of it. */
export function chooseLens(rng, light, wanted = {}) {
  const night = dark.has(light);
  const steps = [];
  if (rng.chance(0.3)) {
    for (let t = rng.between(4, 14); t < 90; t += rng.between(9, 24)) steps.push([t, rng.between(-0.16, 0.2)]);
  }
  return {
    noise: rng.chance(0.85) ? rng.between(0.02, night ? 0.2 : 0.1) : 0,
    blur: rng.chance(0.35) ? rng.between(0.2, 0.8) : 0,
    dirt: rng.chance(0.2) ? rng.whole(2, 9) : 0,
    shake: rng.chance(0.22) ? rng.between(0.2, 0.8) : 0,
    brightness: rng.between(0.88, 1.16),
    contrast: rng.between(0.84, 1.16),
    saturation: rng.between(0.6, 1.3),
    steps,
    clock: rng.chance(0.75) ? rng.pick(['top-left', 'top-right', 'bottom-right']) : null,
    name: rng.pick(names),
    minute: rng.whole(0, 58),
    hour: hours[light] ?? 9,
    grey: light === 'infrared',
    seed: rng.whole(1, 1e9),
    ...wanted,
  };
}

function canvas(width, height) {
  const element = document.createElement('canvas');
  element.width = width;
  element.height = height;
  return [element, element.getContext('2d', { willReadFrequently: true })];
}

/** Grains of about a pixel and a half, as noise looks after a camera's own sharpening. */
function noiseTile(rng, grey) {
  const size = 160;
  const [element, pen] = canvas(size, size);
  const pixels = pen.createImageData(size, size);
  for (let i = 0; i < pixels.data.length; i += 4) {
    const shared = rng.next() + rng.next() + rng.next() - 1.5;
    for (let channel = 0; channel < 3; channel++) {
      const own = grey ? 0 : (rng.next() - 0.5) * 0.9;
      pixels.data[i + channel] = 128 + 110 * (shared * 0.75 + own);
    }
    pixels.data[i + 3] = 255;
  }
  pen.putImageData(pixels, 0, 0);
  return element;
}

function dirtLayer(rng, width, height, spots) {
  const [element, pen] = canvas(width, height);
  for (let i = 0; i < spots; i++) {
    const [x, y, r] = [rng.between(0, width), rng.between(0, height), rng.between(0.02, 0.11) * width];
    const shade = pen.createRadialGradient(x, y, 0, x, y, r);
    const tone = rng.pick(['40,36,30', '190,190,185', '120,110,95']);
    shade.addColorStop(0, `rgba(${tone},${rng.between(0.08, 0.3)})`);
    shade.addColorStop(1, `rgba(${tone},0)`);
    pen.fillStyle = shade;
    pen.fillRect(0, 0, width, height);
  }
  return element;
}

const two = (n) => String(n).padStart(2, '0');

function writeClock(pen, look, width, height, t) {
  const size = Math.max(9, Math.round(height * 0.036));
  const seconds = Math.floor(t);
  const minute = look.minute + Math.floor(seconds / 60);
  const text = `2026-01-01 ${two(look.hour)}:${two(minute % 60)}:${two(seconds % 60)} 星期四`;
  const left = look.clock.endsWith('left');
  const x = left ? size * 0.6 : width - size * 0.6;
  const y = look.clock.startsWith('top') ? size * 1.3 : height - size * 0.6;
  pen.font = `${size}px "Noto Sans CJK SC", sans-serif`;
  pen.textAlign = left ? 'left' : 'right';
  pen.lineWidth = Math.max(1, size / 7);
  pen.strokeStyle = 'rgba(0,0,0,0.7)';
  pen.fillStyle = '#f4f4f4';
  for (const [words, line] of [
    [text, y],
    [look.name, look.clock.startsWith('top') ? height - size * 0.6 : size * 1.3],
  ]) {
    pen.strokeText(words, x, line);
    pen.fillText(words, x, line);
  }
}

/** Brightness at a moment: the last steps, each taken in half a second. */
export function exposureAt(look, t) {
  let level = 0;
  for (const [at, amount] of look.steps) level += (amount - level) * Math.min(1, Math.max(0, (t - at) / 0.6));
  return look.brightness * (1 + level);
}

/** Small swings of the mast, radians about the camera's own axes. */
export function shakeAt(look, t) {
  if (!look.shake) return [0, 0];
  const k = look.shake * 0.0012;
  return [k * Math.sin(t * 5.3 + 1) * Math.sin(t * 0.7), k * Math.cos(t * 4.1) * Math.sin(t * 0.9 + 2)];
}

export function makeLens(look, width, height) {
  const rng = makeRng(look.seed);
  const [element, pen] = canvas(width, height);
  const noise = look.noise > 0 ? noiseTile(rng, look.grey) : null;
  const dirt = look.dirt > 0 ? dirtLayer(rng, width, height, look.dirt) : null;
  return {
    look,
    /** The picture of that moment as the camera sends it. */
    draw(source, t) {
      const blur = (look.blur * width) / 640;
      pen.globalCompositeOperation = 'copy';
      pen.globalAlpha = 1;
      pen.filter = `${look.grey ? 'grayscale(1)' : `saturate(${look.saturation.toFixed(3)})`} brightness(${exposureAt(look, t).toFixed(3)}) contrast(${look.contrast.toFixed(3)})${blur > 0 ? ` blur(${blur.toFixed(2)}px)` : ''}`;
      pen.drawImage(source, 0, 0);
      pen.filter = 'none';
      pen.globalCompositeOperation = 'source-over';
      if (dirt) pen.drawImage(dirt, 0, 0);
      if (noise) {
        const moment = makeRng(look.seed + Math.round(t * 1000));
        pen.globalCompositeOperation = 'hard-light';
        pen.globalAlpha = look.noise;
        const [ox, oy] = [moment.whole(0, 159), moment.whole(0, 159)];
        for (let x = -ox; x < width; x += 160) for (let y = -oy; y < height; y += 160) pen.drawImage(noise, x, y);
        pen.globalAlpha = 1;
        pen.globalCompositeOperation = 'source-over';
      }
      if (look.clock) writeClock(pen, look, width, height, t);
      return element;
    },
  };
}
