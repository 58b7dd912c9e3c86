/** Whatever a camera or recorder makes a file of: every picture at its own time, in its display size, as keyframes too. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { makeNumbered, numberOf } from './numbered.ts';
import { folder, sourceOf } from './stage.ts';

const FPS = 10;
const FRAMES = 40;
const x264 = (parameters = '', pixels = 'yuv420p') => [
  ...['-pix_fmt', pixels, '-c:v', 'libx264', '-preset', 'veryfast', '-qp', '18'],
  ...['-x264-params', `keyint=10:min-keyint=10:scenecut=0:${parameters}`],
];
const x265 = (parameters = '', pixels = 'yuv420p') => [
  ...['-pix_fmt', pixels, '-c:v', 'libx265', '-preset', 'ultrafast', '-qp', '18'],
  ...['-x265-params', `log-level=none:keyint=10:min-keyint=10:scenecut=0:${parameters}`],
];
const jpeg = (pixels: string) => ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', pixels];
const mpeg2 = ['-c:v', 'mpeg2video', '-q:v', '3', '-g', '10', '-r', '25', '-pix_fmt', 'yuv420p'];
const fields = ['-flags', '+ildct+ilme'];
const turned = (filter: string) => [...x264(), '-vf', filter];

type Seen = { readonly n: number; readonly at: number; readonly size: string };

async function seen(path: string, cadence: number | 'keyframes', whole = true): Promise<Seen[]> {
  const source = await sourceOf(path, { config: { cadence } });
  const frames: Seen[] = [];
  await source.run(
    {
      onFrame: ({ full, at }) => {
        frames.push({ n: numberOf(full), at: at - Date.UTC(2026, 0, 1), size: `${full.width}x${full.height}` });
      },
    },
    new AbortController().signal,
  );
  if (whole) expect(source.stats()).toMatchObject({ damaged: 0 });
  return frames;
}

async function expectAll(path: string, size: string, from = 0): Promise<void> {
  const all = await seen(path, FPS);
  expect(all.map(({ n }) => n)).toEqual(Array.from({ length: FRAMES - from }, (_, i) => from + i));
  const keys = await seen(path, 'keyframes');
  for (const { n, at, size: shown } of [...all, ...keys]) {
    expect(shown).toBe(size);
    // A file at 25 frames a second for 10 shows each of them up to 40 ms late.
    expect(Math.abs(at - ((n - from) * 1000) / FPS), `picture ${n}`).toBeLessThan(50);
  }
  expect(keys.length).toBeGreaterThanOrEqual(3);
}

describe.skipIf(!needs('ffmpeg'))('a recording', () => {
  test.each<[string, string, readonly string[]]>([
    ['H.264, two fields a picture', 'fields.ts', [...x264('interlaced=1'), ...fields]],
    ['H.264, progressive that says fields', 'fake.ts', x264('fake-interlaced=1')],
    ['MPEG-2, two fields a picture', 'fields-mpeg2.ts', [...mpeg2, ...fields]],
    ['H.264, 4:2:2 of 10 bit', 'high.mkv', x264('', 'yuv422p10le')],
    ['H.264, grey', 'grey.mkv', x264('', 'gray')],
    ['H.264, RGB', 'rgb.mkv', ['-c:v', 'libx264rgb', '-qp', '18', '-g', '10', '-pix_fmt', 'rgb24']],
    ['H.265, 4:2:2 of 12 bit', 'twelve.mkv', x265('', 'yuv422p12le')],
    ['H.265, grey of 10 bit', 'grey10.mkv', x265('', 'gray10le')],
    ['H.265, RGB', 'gbr.mkv', x265('', 'gbrp')],
    ['H.265 in temporal layers', 'layers.mkv', x265('temporal-layers=1:bframes=4:b-pyramid=1')],
    ['H.264, B-pyramid', 'pyramid.mkv', x264('bframes=7:b-pyramid=normal:b-adapt=0:ref=4')],
    ['H.264, times before zero', 'negative.mp4', [...x264('bframes=3'), '-movflags', '+negative_cts_offsets']],
    ['H.264 in fragments', 'fragments.mp4', [...x264('bframes=3'), '-movflags', '+frag_keyframe+empty_moov']],
    ['H.264, 32 slices', 'slices.mkv', x264('slices=32:bframes=0')],
    ['H.264 in FLV', 'b.flv', x264('bframes=2')],
    ['JPEG, limited range', 'limited.avi', [...jpeg('yuv420p'), '-strict', '-2', '-color_range', 'tv']],
    ['JPEG, 4:4:4', '444.avi', jpeg('yuvj444p')],
    ['MPEG-4 with B-pictures', 'asp.mp4', ['-c:v', 'mpeg4', '-bf', '2', '-q:v', '3', '-g', '10']],
    [
      'VP9 with pictures that are never shown',
      'alt.webm',
      [
        ...['-c:v', 'libvpx-vp9', '-crf', '20', '-b:v', '0'],
        ...['-pix_fmt', 'yuv420p', '-auto-alt-ref', '1', '-lag-in-frames', '16', '-g', '10', '-cpu-used', '5'],
      ],
    ],
    [
      'AV1 of 10 bit',
      'ten.mp4',
      ['-c:v', 'libaom-av1', '-cpu-used', '8', '-crf', '20', '-g', '10', '-pix_fmt', 'yuv420p10le'],
    ],
    ['pixels without coding', 'raw.avi', ['-c:v', 'rawvideo', '-pix_fmt', 'uyvy422']],
    ['a picture with alpha', 'alpha.mov', ['-c:v', 'png', '-pix_fmt', 'rgba']],
  ])('%s', async (_, name, codec) => {
    await expectAll(makeNumbered(name, { frames: FRAMES, rate: FPS, codec }), '192x96');
  });

  test('DV of an analogue camera: two fields, pixels that are not square', async () => {
    const codec = ['-c:v', 'dvvideo', '-pix_fmt', 'yuv420p', '-r', '25'];
    const path = makeNumbered('dv.avi', { frames: FRAMES, rate: FPS, codec, width: 720, height: 576 });
    await expectAll(path, '768x576');
  });

  test.each([
    ['180', 'hflip,vflip,setsar=2/1', '384x96'],
    // FFmpeg 5 counts the other way round here.
    ['270', 'transpose=cclock,setsar=1/2', '192x48'],
  ])('turned, in pixels that are not square: %s', async (degrees, filter, size) => {
    const lying = makeNumbered(`lying-${degrees}.mp4`, { frames: FRAMES, rate: FPS, codec: turned(filter) });
    const path = join(folder, `shown-${degrees}.mp4`);
    const rotate = ['-c', 'copy', '-metadata:s:v:0', `rotate=${degrees}`];
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', lying, ...rotate, path]);
    await expectAll(path, size);
  });

  test('begun in the middle of a group shows what can be decoded', async () => {
    const whole = makeNumbered('whole.ts', { frames: FRAMES, rate: FPS, codec: x264('bframes=2') });
    const path = join(folder, 'middle.ts');
    writeFileSync(path, readFileSync(whole).subarray(188 * 30));
    await expectAll(path, '192x96', 10);
  });

  test('whose times begin anew goes on after what was', async () => {
    const once = readFileSync(makeNumbered('once.ts', { frames: FRAMES, rate: FPS, codec: x264('bframes=2') }));
    const path = join(folder, 'twice.ts');
    writeFileSync(path, Buffer.concat([once, once]));
    const keys = await seen(path, 'keyframes');
    expect(keys.map(({ n }) => n)).toEqual([0, 10, 20, 30, 0, 10, 20, 30]);
    for (const [i, { at }] of keys.entries()) expect(Math.abs(at - i * 1000)).toBeLessThan(200);
  });

  test.each<[string, readonly string[]]>([
    ['H.264', x264('bframes=0')],
    ['H.265', x265('bframes=0')],
    ['MPEG-4', ['-c:v', 'mpeg4', '-q:v', '3', '-g', '10']],
    ['H.263', ['-c:v', 'h263p', '-q:v', '3', '-g', '10']],
  ])('whose container calls every picture a keyframe: nothing drawn from nothing is shown, %s', async (name, codec) => {
    const file = readFileSync(makeNumbered(`sync-${name}.mov`, { frames: FRAMES, rate: FPS, codec }));
    // Without the table of keyframes each is one (ISO/IEC 14496-12, 8.6.2).
    file.write('free', file.lastIndexOf('stss'), 'latin1');
    const path = join(folder, `all-${name}.mov`);
    writeFileSync(path, file);
    for (const cadence of [FPS, 5, 'keyframes'] as const) {
      const frames = await seen(path, cadence, false);
      for (const { n, at } of frames) expect(n).toBe(Math.round((at * FPS) / 1000));
      // What follows the first keyframe is missed until the next one, no more.
      if (cadence === FPS) expect(frames.filter(({ n }) => n >= 10)).toHaveLength(30);
      if (cadence === 'keyframes') expect(frames.map(({ n }) => n)).toEqual([0, 10, 20, 30]);
    }
  });
});
