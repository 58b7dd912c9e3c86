/** H.264's NAL units (ITU-T H.264, 7.3): which are pictures, where decoding can begin, what the parameter sets say. Pure. */
import { type BitReader, createBitReader, withoutEmulation } from './bits.ts';
import { type NalRole, type NalSyntax, plausibleSize, type SequenceFacts } from './syntax.ts';

const SLICE = 1;
const IDR = 5;
const SEI = 6;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const FILLER = 12;
const RECOVERY_POINT = 6;
/** What is read of a message or a slice's head; both begin with what is looked for. */
const HEAD_BYTES = 256;
const SLICE_HEAD_BYTES = 16;

const PROFILES = new Map([
  [66, 'Baseline'],
  [77, 'Main'],
  [88, 'Extended'],
  [100, 'High'],
  [110, 'High 10'],
  [122, 'High 4:2:2'],
  [244, 'High 4:4:4 Predictive'],
]);
const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Width of a pixel over its height by aspect_ratio_idc (table E-1). */
const ASPECTS = [1, 12 / 11, 10 / 11, 16 / 11, 40 / 33, 24 / 11, 20 / 11, 32 / 11, 80 / 33, 18 / 11, 15 / 11]
  .concat([64 / 33, 160 / 99, 4 / 3, 3 / 2, 2])
  .map((aspect, i) => [i + 1, aspect] as const);
const ASPECT_OF = new Map<number, number>(ASPECTS);
const OWN_ASPECT = 255;

function roleOf(type: number): NalRole {
  if (type >= SLICE && type <= IDR) return 'slice';
  if (type === SPS || type === PPS) return 'set';
  if (type === DELIMITER) return 'delimiter';
  if (type === FILLER) return 'filler';
  // Not 14: such a prefix stands before every slice of a picture.
  return type === SEI || type === 13 || (type >= 15 && type <= 18) ? 'front' : 'other';
}

function skipScalingLists(read: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (!read.flag()) continue;
    let [last, next] = [8, 8];
    for (let i = 0; i < (list < 6 ? 16 : 64) && next !== 0; i++) {
      next = (last + read.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

/** Chroma format, bit depths and scaling lists of the high profiles. */
function readChroma(read: BitReader): { format: number; separate: boolean } {
  const format = read.ue();
  const separate = format === 3 && read.flag();
  read.ue();
  read.ue();
  read.skip(1);
  if (read.flag()) skipScalingLists(read, format === 3 ? 12 : 8);
  return { format, separate };
}

function skipPictureOrder(read: BitReader): void {
  const type = read.ue();
  if (type === 0) read.ue();
  if (type !== 1) return;
  read.skip(1);
  read.se();
  read.se();
  const cycle = Math.min(read.ue(), 255);
  for (let i = 0; i < cycle; i++) read.se();
}

function readUsability(read: BitReader): { pixelAspect: number | null; fps: number | null } {
  let pixelAspect: number | null = null;
  if (read.flag()) {
    const idc = read.bits(8);
    if (idc === OWN_ASPECT) {
      const [wide, high] = [read.bits(16), read.bits(16)];
      if (wide > 0 && high > 0) pixelAspect = wide / high;
    } else pixelAspect = ASPECT_OF.get(idc) ?? null;
  }
  if (read.flag()) read.skip(1);
  if (read.flag()) {
    read.skip(4);
    if (read.flag()) read.skip(24);
  }
  if (read.flag()) {
    read.ue();
    read.ue();
  }
  if (!read.flag()) return { pixelAspect, fps: null };
  const [units, scale] = [read.bits(32), read.bits(32)];
  const fps = scale / (2 * units);
  return { pixelAspect, fps: fps > 0 && fps <= 240 ? fps : null };
}

function sequenceFacts(nal: Uint8Array): SequenceFacts | null {
  const read = createBitReader(withoutEmulation(nal, 1, nal.length));
  const profile = read.bits(8);
  const constraints = read.bits(8);
  read.skip(8);
  const id = read.ue();
  const chroma = WITH_CHROMA.has(profile) ? readChroma(read) : { format: 1, separate: false };
  const frameNumBits = read.ue() + 4;
  skipPictureOrder(read);
  read.ue();
  read.skip(1);
  const columns = read.ue() + 1;
  const rows = read.ue() + 1;
  const framesOnly = read.flag();
  if (!framesOnly) read.skip(1);
  read.skip(1);
  const crop = read.flag() ? [read.ue(), read.ue(), read.ue(), read.ue()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const unitX = chroma.format === 1 || chroma.format === 2 ? 2 : 1;
  const unitY = (chroma.format === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  const width = columns * 16 - (left + right) * unitX;
  const height = rows * 16 * (framesOnly ? 1 : 2) - (top + bottom) * unitY;
  if (read.overrun() || id > 31 || !plausibleSize(width, height)) return null;
  const usability = read.flag() ? readUsability(read) : { pixelAspect: null, fps: null };
  const constrained = profile === 66 && (constraints & 0x40) !== 0;
  const name = PROFILES.get(profile) ?? null;
  return {
    id,
    profile: constrained ? `Constrained ${name}` : name,
    width,
    height,
    ...usability,
    // With separate colour planes two bits more stand before it.
    fieldsAfterBits: framesOnly ? null : frameNumBits + (chroma.separate ? 2 : 0),
  };
}

function setId(type: number, nal: Uint8Array): number | null {
  if (type === SPS) return sequenceFacts(nal)?.id ?? null;
  const id = createBitReader(withoutEmulation(nal, 1, nal.length, 16)).ue();
  return id <= 255 ? id : null;
}

/** Looks through the messages of one SEI NAL unit (7.3.2.3). */
function recoveryFrames(type: number, bytes: Uint8Array, from: number, to: number): number | null {
  if (type !== SEI) return null;
  const raw = withoutEmulation(bytes, from + 1, to, HEAD_BYTES);
  let at = 0;
  const number = () => {
    let value = 0;
    while (raw[at] === 255) {
      value += 255;
      at++;
    }
    return value + (raw[at++] ?? 0);
  };
  while (at + 2 < raw.length) {
    const message = number();
    const size = number();
    if (message === RECOVERY_POINT) return createBitReader(raw.subarray(at, at + size)).ue();
    at += size;
  }
  return null;
}

function isField(facts: SequenceFacts, bytes: Uint8Array, from: number, to: number): boolean {
  if (facts.fieldsAfterBits === null) return false;
  const read = createBitReader(withoutEmulation(bytes, from + 1, to, SLICE_HEAD_BYTES));
  read.ue();
  read.ue();
  read.ue();
  read.skip(facts.fieldsAfterBits);
  return read.flag();
}

function isIntraSlice(bytes: Uint8Array, from: number, to: number): boolean {
  const read = createBitReader(withoutEmulation(bytes, from + 1, to, SLICE_HEAD_BYTES));
  read.ue();
  const kind = read.ue() % 5;
  return kind === 2 || kind === 4;
}

export const h264Syntax: NalSyntax = {
  codec: 'h264',
  headerBytes: 1,
  typeOf: (byte) => byte & 0x1f,
  roleOf,
  // first_mb_in_slice is 0: one bit, set.
  isFirstSlice: (byte) => (byte & 0x80) !== 0,
  isReference: (byte) => (byte & 0x60) !== 0,
  setId,
  isSequence: (type) => type === SPS,
  sequenceFacts,
  needed: [SPS, PPS],
  isRandomAccess: (type) => type === IDR,
  recoveryFrames,
  isField,
  isIntraSlice,
};
