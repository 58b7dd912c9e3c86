/** `kerbwatch detect` on real files: several at once, PNG and JPEG, turned photographs, pictures with boxes. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../edge/images/read-image.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { packageRoot } from '../../platform/paths.ts';

const root = packageRoot();
let folder: string;
let upright: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-detect-'));
  upright = join(folder, 'street.png');
  const { path } = await findFfmpeg();
  const clip = join(root, 'test-media', 'clips', 'stall-day.mp4');
  execFileSync(path, ['-v', 'error', '-nostdin', '-y', '-ss', '20', '-i', clip, '-frames:v', '1', upright]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Line = { readonly image: string; readonly detections: { class: string; score: number; box: number[] }[] };
type Outcome = { readonly code: number; readonly lines: Line[]; readonly errors: string };

function detect(...args: readonly string[]): Promise<Outcome> {
  const line = ['--import', 'tsx', join(root, 'cli', 'main.ts'), 'detect', '--json', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: root }, (error, out, errors) => {
      const lines = out
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text) as Line);
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, lines, errors });
    });
  });
}

describe('pictures as people have them', () => {
  const has = (line: Line | undefined, label: string) => line?.detections.some((found) => found.class === label);

  it('four inks, sixteen bits, grey, transparent, with a palette: the same street', async () => {
    const kinds: readonly (readonly [string, ReturnType<typeof sharp>])[] = [
      ['cmyk.jpg', sharp(upright).toColourspace('cmyk').jpeg({ quality: 95 })],
      ['sixteen.png', sharp(upright).toColourspace('rgb16').png()],
      ['grey.jpg', sharp(upright).greyscale().jpeg({ quality: 95 })],
      ['grey-sixteen.png', sharp(upright).greyscale().toColourspace('grey16').png()],
      ['grey-alpha.png', sharp(upright).greyscale().ensureAlpha(1).png()],
      ['alpha.png', sharp(upright).ensureAlpha(0.99).png()],
      ['palette.png', sharp(upright).png({ palette: true, quality: 100 })],
      ['lossless.webp', sharp(upright).webp({ lossless: true })],
    ];
    for (const [name, picture] of kinds) await picture.toFile(join(folder, name));
    const files = kinds.map(([name]) => join(folder, name));
    const { code, lines } = await detect(upright, ...files, '--model', 'kerb-s');
    expect(code).toBe(0);
    expect(lines.map((line) => [line.image, has(line, 'stall')])).toEqual(
      [upright, ...files].map((file) => [file, true]),
    );
    const byName = (name: string) => lines.find(({ image }) => image.endsWith(name))?.detections;
    // Nothing is lost on the way: these hold the very pixels.
    for (const name of ['sixteen.png', 'lossless.webp']) expect(byName(name), name).toEqual(lines[0]?.detections);
    expect(byName('grey-sixteen.png')).toEqual(byName('grey-alpha.png'));
  });

  it('a single pixel, a line of pixels', async () => {
    const sizes = [
      [1, 1],
      [1, 3000],
      [4000, 1],
    ] as const;
    const files = await Promise.all(
      sizes.map(async ([width, height]) => {
        const file = join(folder, `${width}x${height}.png`);
        await sharp({ create: { width, height, channels: 3, background: 'grey' } })
          .png()
          .toFile(file);
        return file;
      }),
    );
    const { code, lines } = await detect(...files, '--model', 'kerb-s', '--save', join(folder, 'tiny'));
    expect([code, lines.map(({ image }) => image)]).toEqual([0, files]);
    expect(readdirSync(join(folder, 'tiny'))).toHaveLength(3);
  });

  it('one that is none among many is named, and the others are analysed', async () => {
    const [notes, cut] = [join(folder, 'notes.jpg'), join(folder, 'cut.png')];
    writeFileSync(notes, 'no picture');
    writeFileSync(cut, readFileSync(upright).subarray(0, 20_000));
    const { code, lines, errors } = await detect(notes, upright, cut, join(folder, 'nowhere.jpg'), '--model', 'kerb-s');
    expect([code, lines.map(({ image }) => image)]).toEqual([1, [upright]]);
    expect(errors).toContain('EDGE_IMAGE');
    expect(errors).toContain('3 of 4 images');
    for (const name of ['notes.jpg', 'cut.png', 'nowhere.jpg']) expect(errors).toContain(name);
    expect(errors).not.toMatch(/\n\s+at .*\(/);
  });

  it('a folder that cannot be made is named', async () => {
    const { code, errors } = await detect(upright, '--model', 'kerb-s', '--save', join(upright, 'inside'));
    expect(code).toBe(1);
    expect(errors).toMatch(/CLI_WRITE .*--save/);
  });
});

describe('our own model', () => {
  it('reads PNG and JPEG, upright or turned by EXIF, and says pixels of the upright picture', async () => {
    const jpeg = join(folder, 'street.jpg');
    const turned = join(folder, 'turned.jpg');
    await sharp(upright).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toFile(jpeg);
    // As a camera held on its side writes it: pixels lie, and the tag says how to turn them (6: a quarter clockwise).
    const lying = sharp(upright).rotate(-90).jpeg({ quality: 98, chromaSubsampling: '4:4:4' });
    await lying.withMetadata({ orientation: 6 }).toFile(turned);
    const { width, height } = await sharp(upright).metadata();
    expect((await sharp(turned).metadata()).width).toBe(height);
    const save = join(folder, 'drawn');
    const { code, lines } = await detect(upright, jpeg, turned, '--model', 'kerb-s', '--save', save);
    expect(code).toBe(0);
    expect(lines.map(({ image }) => image)).toEqual([upright, jpeg, turned]);
    const [png, ...others] = lines.map(({ detections }) => detections);
    expect(png?.some((found) => found.class === 'stall')).toBe(true);
    for (const found of png ?? []) {
      // Pixels and not shares.
      expect(Math.max(...found.box)).toBeGreaterThan(2);
      expect((found.box[0] ?? 0) + (found.box[2] ?? 0) / 2).toBeLessThan(width);
    }
    for (const other of others) {
      // What JPEG changes is little: the best things are the same, within a few pixels.
      // Two of nearly one score may change places.
      for (const best of (png ?? []).slice(0, 3)) {
        const off = other
          .filter((found) => found.class === best.class)
          .map((found) => Math.max(...found.box.map((value, side) => Math.abs(value - (best.box[side] ?? 0)))));
        expect(Math.min(...off)).toBeLessThan(6);
      }
    }
    expect(readdirSync(save).sort()).toEqual(['street-2.boxes.jpg', 'street.boxes.jpg', 'turned.boxes.jpg']);
    const drawn = await sharp(join(save, 'turned.boxes.jpg')).metadata();
    expect([drawn.width, drawn.height]).toEqual([width, height]);
    // Along the upper edge of the best box the picture is no longer what it was.
    const [x = 0, y = 0, w = 0] = png?.[0]?.box ?? [];
    const strip = { left: Math.max(0, Math.round(x + w / 4)), top: Math.round(y), width: Math.round(w / 2), height: 1 };
    const [before, after] = await Promise.all(
      [upright, join(save, 'street.boxes.jpg')].map((file) =>
        sharp(file).removeAlpha().extract(strip).raw().toBuffer(),
      ),
    );
    const change = (before ?? Buffer.alloc(0)).reduce((sum, value, i) => sum + Math.abs(value - (after?.[i] ?? 0)), 0);
    expect(change / (before?.length ?? 1)).toBeGreaterThan(15);
  });
});

it('the fault names the file that is no image', async () => {
  const text = join(folder, 'notes.jpg');
  writeFileSync(text, 'no image');
  await expect(readImage(text)).rejects.toThrow(`image cannot be read: ${text}`);
});
