/** Boxes with names and scores drawn on a picture, for people. */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError } from '../../platform/app-error.ts';
import type { Detection } from '../domain/detection.ts';
import type { RgbImage } from './place-image.ts';

/** One hue a concept, far apart, legible on streets by day and by night. */
const HUES = 360;
const GOLDEN_ANGLE = 137.5;
const QUALITY = 88;

const escaped = (text: string): string => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Things of one label have one colour, in whichever picture. */
function colourOf(label: string): string {
  const number = [...label].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 997, 7);
  return `hsl(${Math.round((number * GOLDEN_ANGLE) % HUES)}, 95%, 55%)`;
}

function boxSvg({ label, score, box }: Detection, width: number, height: number, line: number): string {
  const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height].map((px) => px.toFixed(1));
  const size = line * 6;
  const text = `${escaped(label)} ${score.toFixed(2)}`;
  const colour = colourOf(label);
  // Above the box, or inside it where that would leave the picture.
  const top = Math.max(0, box[1] * height - size * 1.25);
  const plate = `<rect x="${x}" y="${top.toFixed(1)}" width="${(text.length * size * 0.58).toFixed(1)}" height="${(size * 1.25).toFixed(1)}" fill="${colour}"/>`;
  const name = `<text x="${x}" y="${(top + size).toFixed(1)}" dx="${line}" font-family="sans-serif" font-size="${size}">${text}</text>`;
  return `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="none" stroke="${colour}" stroke-width="${line}"/>${plate}${name}`;
}

/** Writes a JPEG of the picture with its detections. Throws EDGE_IMAGE. */
export async function drawBoxes(image: RgbImage, detections: readonly Detection[], file: string): Promise<void> {
  const { width, height, rgb } = image;
  const line = Math.max(1, Math.round(Math.min(width, height) / 240));
  // The weakest first, so that the best lie on top.
  const drawn = [...detections].reverse().map((detection) => boxSvg(detection, width, height, line));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
  try {
    const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .composite([{ input: Buffer.from(svg) }])
      .jpeg({ quality: QUALITY })
      .toBuffer();
    await writeFile(file, jpeg);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : cause;
    throw new AppError('EDGE_IMAGE', `${file}: ${reason}`, { cause });
  }
}
