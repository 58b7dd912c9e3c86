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
    noise: rng.chance(0.85) ? rng.between(0.01, night ? 0.11 : 0.06) : 0,
    blur: rng.chance(0.3) ? rng.between(0.2, 0.8) : 0,
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

const grains = 1 << 16;

/** Noise of a unit's spread, to be read from any place on. */
function noiseTable(rng) {
  const table = new Float32Array(grains);
  for (let i = 0; i < grains; i++) table[i] = (rng.next() + rng.next() + rng.next() - 1.5) * 2;
  return table;
}

/** Exposure, contrast, saturation and noise in one pass over the pixels: a canvas filter costs ten times as much. */
function develop(data, look, level, noise, moment) {
  const tone = new Float32Array(256);
  for (let i = 0; i < 256; i++) tone[i] = (i * level - 128) * look.contrast + 128;
  const amount = look.noise * 120;
  const own = look.grey ? 0 : amount * 0.55;
  const colour = look.grey ? 0 : look.saturation;
  const [o0, o1, o2, o3] = [0, 1, 2, 3].map(() => moment.whole(0, grains - 1));
  for (let i = 0, n = 0; i < data.length; i += 4, n++) {
    const [r, g, b] = [tone[data[i]], tone[data[i + 1]], tone[data[i + 2]]];
    const luma = 0.299 * r + 0.587 * g + 0.114 * b;
    const base = luma + amount * noise[(n + o0) & 65535];
    data[i] = base + (r - luma) * colour + own * noise[(n + o1) & 65535];
    data[i + 1] = base + (g - luma) * colour + own * noise[(n + o2) & 65535];
    data[i + 2] = base + (b - luma) * colour + own * noise[(n + o3) & 65535];
  }
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

/** Soft focus: through a smaller picture and back. */
function soften(pen, small, source, width, height) {
  const [element, smallPen] = small;
  smallPen.drawImage(source, 0, 0, element.width, element.height);
  pen.drawImage(element, 0, 0, width, height);
}

export function makeLens(look, width, height) {
  const rng = makeRng(look.seed);
  const [element, pen] = canvas(width, height);
  const noise = noiseTable(rng);
  const dirt = look.dirt > 0 ? dirtLayer(rng, width, height, look.dirt) : null;
  const share = 1 - 0.5 * look.blur;
  const small = look.blur > 0 ? canvas(Math.round(width * share), Math.round(height * share)) : null;
  return {
    look,
    /** The picture of that moment as the camera sends it. */
    draw(source, t) {
      if (small) soften(pen, small, source, width, height);
      else pen.drawImage(source, 0, 0);
      const picture = pen.getImageData(0, 0, width, height);
      develop(picture.data, look, exposureAt(look, t), noise, makeRng(look.seed + Math.round(t * 1000)));
      pen.putImageData(picture, 0, 0);
      if (dirt) pen.drawImage(dirt, 0, 0);
      if (look.clock) writeClock(pen, look, width, height, t);
      return element;
    },
  };
}
