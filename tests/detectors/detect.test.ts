/** `kerbwatch detect` on real files: several at once, PNG and JPEG, turned photographs, pictures with boxes. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from '../../edge/inference/read-image.ts';
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
type Outcome = { readonly code: number; readonly lines: Line[] };

function detect(...args: readonly string[]): Promise<Outcome> {
  const line = ['--import', 'tsx', join(root, 'cli', 'main.ts'), 'detect', '--json', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: root }, (error, out) => {
      const lines = out
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text) as Line);
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, lines });
    });
  });
}

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
