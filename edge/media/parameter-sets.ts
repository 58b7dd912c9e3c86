/** The parameter sets in front of a keyframe of H.264 or H.265: which decoder it needs. Pure. */

/** Where a NAL unit begins and ends, start codes and lengths left out. */
type Visit = (from: number, to: number) => boolean;

/** Annex B: units between start codes. Stops when the visitor has seen enough. */
function eachAnnexB(data: Buffer, visit: Visit): void {
  let from = -1;
  for (let at = data.indexOf(START); at >= 0; at = data.indexOf(START, at + 3)) {
    if (from >= 0 && !visit(from, at)) return;
    from = at + 3;
  }
  if (from >= 0) visit(from, data.length);
}
const START = Buffer.from([0, 0, 1]);

/** A container's form: each unit after its length. */
function eachLengthed(data: Buffer, lengthBytes: number, visit: Visit): void {
  for (let at = 0; at + lengthBytes < data.length; ) {
    const size = data.readUIntBE(at, lengthBytes);
    const from = at + lengthBytes;
    if (size === 0 || from + size > data.length || !visit(from, from + size)) return;
    at = from + size;
  }
}

/** Bytes of the lengths before the units, as `avcC` and `hvcC` tell; 0 = Annex B. */
function lengthBytesOf(codec: string, extradata: Buffer | null): number {
  if (extradata?.[0] !== 1) return 0;
  return ((extradata[codec === 'h264' ? 4 : 21] ?? 3) & 3) + 1;
}

/** Calls `add` with each parameter set that stands before the first slice. */
export function eachParameterSet(
  codec: 'h264' | 'hevc',
  extradata: Buffer | null,
  data: Buffer,
  add: (unit: Buffer) => void,
): void {
  const visit: Visit = (from, to) => {
    const head = data[from] ?? 0;
    const type = codec === 'h264' ? head & 31 : (head >> 1) & 63;
    if (codec === 'h264' ? type === 7 || type === 8 : type >= 32 && type <= 34) add(data.subarray(from, to));
    return codec === 'h264' ? type === 0 || type > 5 : type > 31;
  };
  const lengthBytes = lengthBytesOf(codec, extradata);
  if (lengthBytes === 0) eachAnnexB(data, visit);
  else eachLengthed(data, lengthBytes, visit);
}
