/** Frames of misses and false alarms with the zone, the true boxes and the detected boxes drawn on them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { BoxXywh, Point } from '../../contracts/geometry.ts';
import { shapesOf } from '../../contracts/zone-shapes.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Ffmpeg } from '../../platform/find-ffmpeg.ts';
import { escapeHtml } from '../report/html.ts';
import type { Failure, Moment } from '../scoring/score-clip.ts';

const run = promisify(execFile);
const MAX_BYTES = 1 << 28;
/** A frame before the wanted second, so that rounding does not skip it, and what to try at the very end of a clip. */
const STEPS_BACK = [0.02, 0.3, 1.2] as const;
const QUALITY = 72;

export type Drawing = { readonly jpeg: Buffer; readonly width: number; readonly height: number };

async function grab(ffmpeg: Ffmpeg, clip: string, seconds: number): Promise<Buffer | null> {
  for (const back of STEPS_BACK) {
    const at = Math.max(0, seconds - back).toFixed(3);
    const input = ['-v', 'error', '-nostdin', '-ss', at, '-i', clip];
    const output = ['-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-'];
    const { stdout } = await run(ffmpeg.path, [...input, ...output], { encoding: 'buffer', maxBuffer: MAX_BYTES });
    if (stdout.length > 0) return stdout;
  }
  return null;
}

type Size = { readonly width: number; readonly height: number };

/** Height of a label's letters and of its ground, px. */
const LETTERS = 12;
const LABEL = 15;

/** True boxes are named below, detected ones above, so that a good match keeps both readable. */
function boxMark(box: BoxXywh, style: 'true' | 'seen', label: string, { width, height }: Size): string {
  const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height];
  const wide = label.length * LETTERS * 0.6 + 6;
  const left = Math.max(0, Math.min(width - wide, x));
  const top = style === 'true' ? Math.min(height - LABEL, y + h + 1) : Math.max(0, y - LABEL - 1);
  const ground = `<rect class="ground ${style}" x="${left}" y="${top}" width="${wide}" height="${LABEL}"/>`;
  const text = `<text x="${left + 3}" y="${top + LETTERS}">${escapeHtml(label)}</text>`;
  return `<rect class="${style}" x="${x}" y="${y}" width="${w}" height="${h}"/>${ground}${text}`;
}

function line(points: readonly Point[], style: string, { width, height }: Size): string {
  return `<polyline class="${style}" points="${points.map(([x, y]) => `${x * width},${y * height}`).join(' ')}"/>`;
}

/** What is drawn on a picture. */
export type Overlay = Pick<Failure, 'zone'> & {
  readonly truths: Moment['truths'];
  readonly detections: readonly Pick<Detection, 'label' | 'score' | 'box'>[];
};

function overlay({ zone, truths: things, detections }: Overlay, size: Size): string {
  const shapes = (zone ? shapesOf(zone) : []).map(({ points, closed }) =>
    closed ? line([...points, ...points.slice(0, 1)], 'zone', size) : line(points, 'zone open', size),
  );
  const states = (thing: { readonly load?: string; readonly cover?: string }) =>
    [thing.load, thing.cover].filter((word) => word !== undefined && word !== 'unknown').join(' ');
  const truths = things.map((thing) => boxMark(thing.box, 'true', `${thing.class} ${states(thing)}`.trim(), size));
  const seen = detections.map((thing) => boxMark(thing.box, 'seen', `${thing.label} ${thing.score.toFixed(2)}`, size));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><style>
rect,polyline{fill:none;stroke-width:2}text{font:${LETTERS}px "DejaVu Sans",Arial,sans-serif;fill:#fff}
.zone{stroke:#ffd43b}.open{stroke-dasharray:2 5;stroke-width:3}rect.true{stroke:#22c55e}rect.seen{stroke:#ff4d94;stroke-dasharray:7 5}
rect.ground{stroke:none;fill-opacity:.75}rect.ground.true{fill:#14532d}rect.ground.seen{fill:#831843}
</style>${shapes.join('')}${truths.join('')}${seen.join('')}</svg>`;
}

/** A JPEG of a picture with what was there and what was detected, `width` px wide at most. */
export async function drawOverlay(picture: Buffer, drawn: Overlay, width: number): Promise<Drawing> {
  const small = await sharp(picture)
    .resize({ width, withoutEnlargement: true })
    .png()
    .toBuffer({ resolveWithObject: true });
  const size = { width: small.info.width, height: small.info.height };
  const jpeg = await sharp(small.data)
    .composite([{ input: Buffer.from(overlay(drawn, size)) }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return { jpeg, ...size };
}

/** A JPEG of a failure's moment, `width` px wide at most; null where the clip has no such frame. */
export async function drawMoment(
  failure: Failure,
  moment: Moment,
  options: { readonly media: string; readonly ffmpeg: Ffmpeg; readonly width: number },
): Promise<Drawing | null> {
  const frame = await grab(options.ffmpeg, join(options.media, failure.clip), moment.seconds);
  if (!frame) return null;
  return drawOverlay(frame, { ...moment, zone: failure.zone }, options.width);
}
