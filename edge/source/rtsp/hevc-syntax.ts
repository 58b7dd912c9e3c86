/** H.265's NAL units (ITU-T H.265, 7.3): which are pictures, where decoding can begin, what the parameter sets say. Pure. */
import { type BitReader, createBitReader, withoutEmulation } from './bits.ts';
import { type NalRole, type NalSyntax, plausibleSize, type SequenceFacts } from './syntax.ts';

const LAST_SLICE = 31;
const FIRST_RANDOM_ACCESS = 16;
const LAST_RANDOM_ACCESS = 21;
const VPS = 32;
const SPS = 33;
const PPS = 34;
const DELIMITER = 35;
const FILLER = 38;
const PREFIX_SEI = 39;

const PROFILES = new Map([
  [1, 'Main'],
  [2, 'Main 10'],
  [3, 'Main Still Picture'],
  [4, 'Rext'],
]);

function roleOf(type: number): NalRole {
  if (type <= LAST_SLICE) return 'slice';
  if (type >= VPS && type <= PPS) return 'set';
  if (type === DELIMITER) return 'delimiter';
  if (type === FILLER) return 'filler';
  return type === PREFIX_SEI || (type >= 41 && type <= 44) ? 'front' : 'other';
}

/** profile_tier_level (7.3.3); gives general_profile_idc. */
function readProfile(read: BitReader, subLayers: number): number {
  read.skip(3);
  const profile = read.bits(5);
  read.skip(32 + 48 + 8);
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < subLayers; i++) present.push([read.flag(), read.flag()]);
  if (subLayers > 0) read.skip(2 * (8 - subLayers));
  for (const [hasProfile, hasLevel] of present) read.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
  return profile;
}

/** Up to the size: aspect and rate stand behind much else, and the decoded picture tells them. */
function sequenceFacts(nal: Uint8Array): SequenceFacts | null {
  const read = createBitReader(withoutEmulation(nal, 2, nal.length));
  read.skip(4);
  const subLayers = read.bits(3);
  read.skip(1);
  const profile = readProfile(read, subLayers);
  const id = read.ue();
  const chroma = read.ue();
  if (chroma === 3) read.skip(1);
  const [codedWidth, codedHeight] = [read.ue(), read.ue()];
  const crop = read.flag() ? [read.ue(), read.ue(), read.ue(), read.ue()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const width = codedWidth - (left + right) * (chroma === 1 || chroma === 2 ? 2 : 1);
  const height = codedHeight - (top + bottom) * (chroma === 1 ? 2 : 1);
  if (read.overrun() || id > 15 || !plausibleSize(width, height)) return null;
  const name = PROFILES.get(profile) ?? null;
  return { id, profile: name, width, height, pixelAspect: null, fps: null, fieldsAfterBits: null };
}

function setId(type: number, nal: Uint8Array): number | null {
  if (type === SPS) return sequenceFacts(nal)?.id ?? null;
  const read = createBitReader(withoutEmulation(nal, 2, nal.length, 16));
  const id = type === VPS ? read.bits(4) : read.ue();
  return id <= 63 ? id : null;
}

export const hevcSyntax: NalSyntax = {
  codec: 'hevc',
  headerBytes: 2,
  typeOf: (byte) => (byte >> 1) & 0x3f,
  roleOf,
  isFirstSlice: (byte) => (byte & 0x80) !== 0,
  isReference: () => true,
  setId,
  isSequence: (type) => type === SPS,
  sequenceFacts,
  needed: [VPS, SPS, PPS],
  isRandomAccess: (type) => type >= FIRST_RANDOM_ACCESS && type <= LAST_RANDOM_ACCESS,
  recoveryFrames: () => null,
  // A field is a picture of its own here.
  isField: () => false,
  isIntraSlice: () => false,
};
