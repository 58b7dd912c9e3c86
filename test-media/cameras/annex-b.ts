/** An Annex B file taken apart: NAL units, access units, parameter sets. */

export type Codec = 'h264' | 'h265';
export type AccessUnit = { readonly nals: readonly Buffer[]; readonly key: boolean };

/** What a camera shows. */
export type CameraFile = { readonly codec: Codec; readonly units: readonly AccessUnit[] };

/** The NAL unit type: ITU-T H.264, 7.3.1, or H.265, 7.3.1.2. */
export function nalType(codec: Codec, nal: Buffer): number {
  return codec === 'h264' ? (nal[0] as number) & 31 : ((nal[0] as number) >> 1) & 63;
}

/** Whether it holds a part of a picture. */
export function isSlice(codec: Codec, nal: Buffer): boolean {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type >= 1 && type <= 5 : type <= 31;
}

/** Whether it is a parameter set (VPS, SPS, PPS). */
export function isSet(codec: Codec, nal: Buffer): boolean {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34;
}

function isKey(codec: Codec, nal: Buffer): boolean {
  const type = nalType(codec, nal);
  return codec === 'h264' ? type === 5 : type >= 16 && type <= 21;
}

function isFirstSlice(codec: Codec, nal: Buffer): boolean {
  return ((nal[codec === 'h264' ? 1 : 2] as number) & 0x80) !== 0;
}

/** What can only stand before a picture: delimiters, parameter sets, messages for it. */
function opensPicture(codec: Codec, nal: Buffer): boolean {
  const type = nalType(codec, nal);
  return isSet(codec, nal) || (codec === 'h264' ? type === 6 || type === 9 : type === 35 || type === 39);
}

/** NAL units between start codes, trailing zeros left out: ITU-T H.264, annex B. */
export function splitNals(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  const code = Buffer.from([0, 0, 1]);
  let start = bytes.indexOf(code);
  while (start !== -1) {
    const next = bytes.indexOf(code, start + 3);
    let end = next === -1 ? bytes.length : next;
    while (end > start + 3 && bytes[end - 1] === 0) end--;
    nals.push(bytes.subarray(start + 3, end));
    start = next;
  }
  return nals;
}

/** Every picture of the file. Only for streams of frames, not of fields. */
export function splitAccessUnits(codec: Codec, bytes: Buffer): AccessUnit[] {
  const units: AccessUnit[] = [];
  let nals: Buffer[] = [];
  const close = () => {
    const slices = nals.filter((nal) => isSlice(codec, nal));
    if (slices.length > 0) units.push({ nals, key: slices.every((nal) => isKey(codec, nal)) });
    nals = [];
  };
  for (const nal of splitNals(bytes)) {
    const opens = opensPicture(codec, nal) || (isSlice(codec, nal) && isFirstSlice(codec, nal));
    if (opens && nals.some((one) => isSlice(codec, one))) close();
    nals.push(nal);
  }
  close();
  return units;
}
