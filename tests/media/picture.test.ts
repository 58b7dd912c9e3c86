/** Decoded pictures: geometry, levels and colours of what the model and the stills get, from every form of picture. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { FullPicture, ModelInput } from '../../edge/domain/frame.ts';
import { yuvGains } from '../../edge/domain/yuv.ts';
import { displaySize } from '../../edge/media/display-size.ts';
import type { Picture } from '../../edge/media/picture.ts';
import { needs } from '../needs.ts';
import { firstPicture, folder, make, moving, packetsOf, x264, x265 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));

const square: ModelInput = {
  width: 96,
  height: 96,
  pixelFormat: 'rgb24',
  resize: 'letterbox',
  align: 'top-left',
  pad: 114,
};

/** Red left above, green right above, blue left below, white right below. */
function quarters(width: number, height: number): string {
  const [w, h] = [width >> 1, height >> 1];
  const box = (x: number, y: number, colour: string) =>
    `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:t=fill:c=${colour}`;
  const boxes = [box(w, 0, 'lime'), box(0, h, 'blue'), `drawbox=x=${w}:y=${h}:w=${w + 1}:h=${h + 1}:t=fill:c=white`];
  // The second reaches over the whole lower half, the third over its right quarter.
  return `color=red:size=${width}x${height}:rate=5:duration=0.4,format=gbrp,${boxes.join(',')}`;
}

type Rgb = [number, number, number];
const colours = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255], white: [255, 255, 255] } as const;

function near(seen: Rgb, wanted: readonly number[], tolerance = 6): void {
  for (const [i, level] of seen.entries())
    expect(Math.abs(level - (wanted[i] as number))).toBeLessThanOrEqual(tolerance);
}

/** A pixel of the model's input, at shares of its picture. */
function modelPixel(picture: Picture, input: ModelInput, across: number, down: number): Rgb {
  const pixels = new Uint8Array(input.width * input.height * 3).fill(1);
  const place = picture.modelInput(input, pixels);
  const x = place.offsetX + Math.floor(place.scaledWidth * across);
  const y = place.offsetY + Math.floor(place.scaledHeight * down);
  const at = y * input.width + x;
  const plane = input.width * input.height;
  if (input.pixelFormat === 'gbrp') {
    return [pixels[at + 2 * plane] as number, pixels[at] as number, pixels[at + plane] as number];
  }
  const [a, b, c] = pixels.subarray(at * 3, at * 3 + 3) as unknown as Rgb;
  return input.pixelFormat === 'rgb24' ? [a, b, c] : [c, b, a];
}

/** A pixel of the full picture by the labels it carries, as a still shows it. */
function fullPixel(full: FullPicture, across: number, down: number): Rgb {
  const { width, height, i420 } = full;
  const [x, y] = [Math.floor(width * across), Math.floor(height * down)];
  const half = Math.ceil(width / 2);
  const chroma = width * height + (y >> 1) * half + (x >> 1);
  const { yGain, yOffset, rv, gu, gv, bu } = yuvGains(full);
  const level = ((i420[y * width + x] as number) - yOffset) * yGain;
  const u = (i420[chroma] as number) - 128;
  const v = (i420[chroma + half * Math.ceil(height / 2)] as number) - 128;
  const clamp = (value: number) => Math.min(255, Math.max(0, Math.round(value / 65_536)));
  return [clamp(level + rv * v), clamp(level - gu * u - gv * v), clamp(level + bu * u)];
}

function expectQuarters(picture: Picture, order: readonly (keyof typeof colours)[], input = square): void {
  const places = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const;
  for (const [i, [across, down]] of places.entries()) {
    const wanted = colours[order[i] as keyof typeof colours];
    near(modelPixel(picture, input, across, down), wanted);
    near(fullPixel(picture.full, across, down), wanted);
  }
}

const upright = ['red', 'lime', 'blue', 'white'] as const;
const lossless = (format: string): string[] => ['-pix_fmt', format, '-c:v', 'ffv1'];

it.each([
  ...[
    'yuv420p',
    'yuv422p',
    'yuv444p',
    'yuv411p',
    'yuv440p',
    'yuv420p10le',
    'yuv422p10le',
    'yuv444p12le',
    'yuv420p16le',
  ],
  ...['gbrp', 'bgr0', 'rgb48le', 'gbrp10le'],
])('odd 641×361 in %s: right colours to the last column and row', async (format) => {
  const picture = await firstPicture(
    make(`odd-${format}.mkv`, `${quarters(642, 362)},format=${format},crop=641:361:0:0:exact=1`, lossless(format)),
  );
  expect([picture.width, picture.height, picture.full.i420.length]).toEqual([641, 361, 641 * 361 + 2 * 321 * 181]);
  expectQuarters(picture, upright);
  near(fullPixel(picture.full, 0.9999, 0.9999), colours.white);
  near(fullPixel(picture.full, 0.9999, 0), colours.lime);
  picture.release();
});

it.each(['rgb24', 'bgr24', 'gbrp'] as const)('%s for a model, in each letterbox', async (pixelFormat) => {
  const picture = await firstPicture(make('wide.mkv', quarters(640, 360), lossless('yuv444p')));
  const input = { ...square, pixelFormat };
  expectQuarters(picture, upright, input);
  expectQuarters(picture, upright, { ...input, align: 'center' });
  expectQuarters(picture, upright, { ...input, resize: 'stretch' });
  const pixels = new Uint8Array(96 * 96 * 3);
  const place = picture.modelInput({ ...input, align: 'center' }, pixels);
  expect(place).toEqual({ offsetX: 0, offsetY: 21, scaledWidth: 96, scaledHeight: 54 });
  const planes = pixelFormat === 'gbrp' ? 3 : 1;
  for (let plane = 0; plane < planes; plane++) {
    const rows = pixels.subarray((plane * pixels.length) / planes, ((plane + 1) * pixels.length) / planes);
    const row = rows.length / 96;
    expect(new Set(rows.subarray(0, 21 * row))).toEqual(new Set([114]));
    expect(new Set(rows.subarray(75 * row))).toEqual(new Set([114]));
    expect(rows[21 * row]).not.toBe(114);
  }
  const tall = await firstPicture(make('tall.mkv', quarters(360, 640), lossless('yuv444p')));
  expectQuarters(tall, upright, { ...input, align: 'center' });
  tall.modelInput({ ...input, align: 'center' }, pixels);
  expect([pixels[0], pixels.at(-1)]).toEqual([114, 114]);
  for (const each of [picture, tall]) each.release();
});

it.each([90, 180, 270])('a clip turned by %d degrees is upright', async (degrees) => {
  const coded = make('turn.mp4', quarters(320, 180), ['-pix_fmt', 'yuv420p', ...x264('qp=5')]);
  const clip = join(folder, `turn-${degrees}.mp4`);
  // FFmpeg 5 counts the other way round here.
  const turn = ['-metadata:s:v', `rotate=${360 - degrees}`];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', coded, '-c', 'copy', ...turn, clip]);
  const [packet] = await packetsOf(clip);
  expect(packet?.format.rotation).toBe(degrees);
  const picture = await firstPicture(clip);
  expect(`${picture.width}x${picture.height}`).toBe(degrees === 180 ? '320x180' : '180x320');
  const orders = { 90: [2, 0, 3, 1], 180: [3, 2, 1, 0], 270: [1, 3, 0, 2] } as const;
  const order = orders[degrees as keyof typeof orders].map((at) => upright[at] as (typeof upright)[number]);
  for (const pixelFormat of ['rgb24', 'gbrp'] as const) {
    expectQuarters(picture, order, { ...square, pixelFormat, align: 'center' });
  }
  picture.release();
});

it('pixels that are not square: display geometry for model and stills, stated or in the stream', async () => {
  const codec = ['-pix_fmt', 'yuv420p', ...x264('qp=5')];
  const said = await firstPicture(make('sar.mp4', `${quarters(704, 576)},setsar=16/11`, codec));
  expect([said.width, said.height]).toEqual([1024, 576]);
  expectQuarters(said, upright);
  const silent = make('no-sar.mp4', `${quarters(960, 1080)},setsar=1`, codec);
  const unsaid = await firstPicture(silent);
  expect([unsaid.width, unsaid.height]).toEqual([960, 1080]);
  const stated = await firstPicture(silent, 16 / 9);
  expect([stated.width, stated.height]).toEqual([1920, 1080]);
  expectQuarters(stated, upright);
  const half = await firstPicture(make('sar-2.mp4', `${quarters(384, 432)},setsar=2/1`, codec), 4 / 3);
  expect([half.width, half.height]).toEqual([768, 432]);
  for (const picture of [said, unsaid, stated, half]) picture.release();
});

test('display sizes', () => {
  expect(displaySize({ width: 352, height: 576 }, 0, null, 4 / 3)).toEqual({
    width: 768,
    height: 576,
    squareWidth: 768,
  });
  expect(displaySize({ width: 704, height: 576 }, 90, 12 / 11, null)).toEqual({
    width: 576,
    height: 768,
    squareWidth: 768,
  });
  expect(displaySize({ width: 1920, height: 1080 }, 90, null, 9 / 16)).toMatchObject({ width: 1080, height: 1920 });
  expect(displaySize({ width: 640, height: 360 }, 0, 5000, null)).toMatchObject({ width: 640, height: 360 });
});

const flat = (colour: string) => `color=${colour}:size=64x48:rate=5:duration=0.4`;

it.each([
  ['8 bit, full', 'white', ['-vf', 'scale=out_range=pc,format=yuvj420p', ...x264('qp=0')], 'full', 255],
  ['8 bit, limited', 'white', ['-pix_fmt', 'yuv420p', ...x264('qp=0')], 'limited', 235],
  [
    '10 bit, full',
    'white',
    ['-vf', 'scale=out_range=pc,format=yuv420p10le', '-color_range', 'pc', ...x265('lossless=1:range=full')],
    'full',
    255,
  ],
  [
    '10 bit, limited',
    'white',
    ['-pix_fmt', 'yuv420p10le', '-color_range', 'tv', ...x265('lossless=1')],
    'limited',
    235,
  ],
  ['JPEG', 'white', ['-pix_fmt', 'yuvj444p', '-q:v', '2', '-c:v', 'mjpeg'], 'full', 255],
  ['black, 8 bit, full', 'black', ['-vf', 'scale=out_range=pc,format=yuvj420p', ...x264('qp=0')], 'full', 0],
  [
    'one channel, H.265, limited',
    'white',
    ['-vf', 'scale=out_range=tv,format=yuv420p,extractplanes=y', '-color_range', 'tv', ...x265('lossless=1')],
    'limited',
    235,
  ],
  [
    'one channel of 10 bits',
    'white',
    ['-vf', 'scale=out_range=tv,format=yuv420p10le,extractplanes=y', '-color_range', 'tv', ...x265('lossless=1')],
    'limited',
    235,
  ],
] as const)('levels and their label agree: %s', async (name, colour, output, range, level) => {
  const picture = await firstPicture(make(`${name.replaceAll(/\W/g, '-')}.mkv`, flat(colour), output));
  expect(picture.full.range).toBe(range);
  expect(Math.abs((picture.full.i420[0] as number) - level)).toBeLessThanOrEqual(1);
  near(fullPixel(picture.full, 0.5, 0.5), colour === 'white' ? [255, 255, 255] : [0, 0, 0], 2);
  near(modelPixel(picture, square, 0.5, 0.5), colour === 'white' ? [255, 255, 255] : [0, 0, 0], 3);
  picture.release();
});

it('a JPEG of one channel', async () => {
  const file = join(folder, 'grey.jpg');
  const pixels = Buffer.from(Array.from({ length: 64 * 48 }, (_, i) => (i % 64) * 4));
  await sharp(pixels, { raw: { width: 64, height: 48, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: 100 })
    .toFile(file);
  const picture = await firstPicture(file);
  expect(picture.full.range).toBe('full');
  for (const share of [0, 0.25, 0.5, 0.99]) {
    const level = Math.floor(share * 64) * 4;
    near(fullPixel(picture.full, share, 0.5), [level, level, level], 3);
    near(modelPixel(picture, { ...square, width: 64, height: 48 }, share, 0.5), [level, level, level], 5);
  }
  picture.release();
});

it.each([
  ['bt709', 'bt709'],
  ['smpte170m', 'bt601'],
  ['bt470bg', 'bt601'],
  ['bt2020nc', 'bt709'],
] as const)('the matrix %s is kept or written as %s', async (space, matrix) => {
  const clip = make(
    `matrix-${space}.mp4`,
    `${quarters(320, 180)},scale=out_color_matrix=${space.replace('nc', '')},format=yuv444p`,
    [...['-pix_fmt', 'yuv444p', '-colorspace', space], ...x264(`qp=0:colormatrix=${space}`)],
  );
  const picture = await firstPicture(clip);
  expect(picture.full.matrix).toBe(matrix);
  expectQuarters(picture, upright);
  picture.release();
});

it('the full picture is made once and only when asked for; its buffer is used again', async () => {
  const clip = make('lazy.mp4', moving('640x360', 0.4), ['-pix_fmt', 'yuv420p', ...x264('keyint=1')]);
  const first = await firstPicture(clip);
  const { full } = first;
  expect(full.i420).toBe(first.full.i420);
  const bytes = full.i420;
  first.release();
  first.release();
  const second = await firstPicture(clip);
  expect(second.full.i420).toBe(bytes);
  second.release();
  expect(() => second.full.i420).toThrow('release');
});
