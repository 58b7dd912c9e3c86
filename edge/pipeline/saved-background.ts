/** A background model over a restart: one text a camera, saved every few minutes beside the line's state. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Appearances, createAppearances } from '../background/appearances.ts';
import type { Lights } from '../background/background-model.ts';
import { MAX_SAVED_MS } from '../background/tuning.ts';

const VERSION = 1;
type SavedBackground = {
  readonly version: typeof VERSION;
  /** Camera time of the last frame that is in here, ms. */
  readonly at: number;
  readonly blocks: number;
  readonly day: string;
  readonly night: string;
};

/** Low bits of a gradient are noise; without them the text is half as long. */
const NOISE_BITS = ~31;

/** Under which the outbox saves a camera's background. */
export const backgroundName = (camera: string): string => `background/${camera}`;

const fields = ({ ref, base, refSince, baseSince, knownSince, known }: Appearances) =>
  [ref.x, ref.y, base.x, base.y, refSince, baseSince, knownSince, known] as const;

function pack(light: Appearances): string {
  const parts = fields(light).map((values) => {
    const kept = values instanceof Int16Array ? values.map((value) => value & NOISE_BITS) : values;
    return Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  });
  return deflateRawSync(Buffer.concat(parts), { level: 1 }).toString('base64');
}

/** Null where the bytes are not those of so many blocks. */
function unpack(text: string, blocks: number): Appearances | null {
  const bytes = inflateRawSync(Buffer.from(text, 'base64'));
  const light = createAppearances(blocks);
  const wanted = fields(light).reduce((sum, values) => sum + values.byteLength, 0);
  if (bytes.length !== wanted) return null;
  let from = 0;
  for (const values of fields(light)) {
    new Uint8Array(values.buffer).set(bytes.subarray(from, from + values.byteLength));
    from += values.byteLength;
  }
  return light;
}

/** JSON that `readSavedBackground` reads. @param at ms of camera time */
export function writeSavedBackground({ day, night }: Lights, at: number): string {
  const saved: SavedBackground = { version: VERSION, at, blocks: day.known.length, day: pack(day), night: pack(night) };
  return JSON.stringify(saved);
}

/** Null for nothing saved, a form that this program does not know, and what is too old to say anything at `at` (ms). */
export function readSavedBackground(json: string | null, at: number): Lights | null {
  if (json === null) return null;
  const saved = JSON.parse(json) as SavedBackground;
  if (saved.version !== VERSION || Math.abs(at - saved.at) > MAX_SAVED_MS) return null;
  const day = unpack(saved.day, saved.blocks);
  const night = unpack(saved.night, saved.blocks);
  return day && night ? { day, night } : null;
}
