/** Pictures of a street for tests: paving with structure, things on it, light and noise; the same for the same seed. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Frame } from '../../edge/domain/frame.ts';
import { randomOf } from './noisy-detector.ts';

export const WIDTH = 384;
export const HEIGHT = 216;
export const INPUT = {
  ...{ width: WIDTH, height: HEIGHT, pixelFormat: 'rgb24', resize: 'stretch', align: 'top-left', pad: 0 },
} as const;

export type Sight = {
  /** What stands there, painted in this order; `look` chooses its paint. */
  readonly things?: readonly { readonly box: BoxXywh; readonly look: number }[];
  /** Factor on all brightness; 1 = a grey day. */
  readonly light?: number;
  /** A shadow over the left of the picture, up to this share of its width. */
  readonly shadowTo?: number;
  /** An infrared picture has no colour. */
  readonly infrared?: boolean;
  readonly seed?: number;
};

/** Paint in squares of 7 px, grey levels of 60–200. */
function paint(look: number): (x: number, y: number) => number {
  const random = randomOf(look);
  const across = Math.ceil(WIDTH / 7);
  const levels = Float32Array.from({ length: across * Math.ceil(HEIGHT / 7) }, () => 60 + 140 * random());
  return (x, y) => levels[Math.floor(y / 7) * across + Math.floor(x / 7)] as number;
}

const paints = new Map<number, ReturnType<typeof paint>>();
function paintOf(look: number): ReturnType<typeof paint> {
  const known = paints.get(look) ?? paint(look);
  paints.set(look, known);
  return known;
}

/** RGB pixels of one moment. */
export function pixelsOf({ things = [], light = 1, shadowTo = 0, infrared = false, seed = 1 }: Sight): Uint8Array {
  const random = randomOf(seed);
  const street = paintOf(1);
  const placed = things.map(({ box: [x, y, w, h], look }) => ({
    ...{ left: x * WIDTH, top: y * HEIGHT, right: (x + w) * WIDTH, bottom: (y + h) * HEIGHT },
    at: paintOf(look),
  }));
  const pixels = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const thing = placed.findLast(({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom);
      const shade = x < shadowTo * WIDTH ? 0.45 : 1;
      const level = (thing?.at ?? street)(x, y) * light * shade + 4 * (random() - 0.5);
      const colour = infrared ? 0 : 12;
      pixels.set(
        [level + colour, level, level - colour].map((value) => Math.min(255, Math.max(0, value))),
        3 * (y * WIDTH + x),
      );
    }
  }
  return pixels;
}

const i420 = new Uint8Array((3 * WIDTH * HEIGHT) / 2).fill(120);

/** A frame of that moment, ms. */
export function frameOf(sight: Sight, index: number, at: number): Frame {
  const pixels = pixelsOf({ seed: index + 1, ...sight });
  return { index, at, pixels, full: { width: WIDTH, height: HEIGHT, i420 }, release: () => {} };
}
