/** Reads a header of H.264 or H.265 bit by bit, its emulation prevention bytes left out. Pure. */

export type BitReader = {
  readonly bits: (count: number) => number;
  readonly flag: () => boolean;
  readonly skip: (count: number) => void;
  /** Unsigned and signed Exp-Golomb. */
  readonly ue: () => number;
  readonly se: () => number;
  /** More was read than there is; what was read beyond the end is zero. */
  readonly overrun: () => boolean;
};

/** Bytes from..to without the 3 of each 0 0 3, at most `most` of them. */
export function withoutEmulation(bytes: Uint8Array, from: number, to: number, most = 4096): Uint8Array {
  const out = new Uint8Array(Math.min(to - from, most));
  let length = 0;
  let zeros = 0;
  for (let at = from; at < to && length < out.length; at++) {
    const byte = bytes[at] as number;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Beyond the end there are zeros. */
export function createBitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  const end = bytes.length * 8;
  const bit = () => {
    const value = at < end ? ((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1 : 0;
    at++;
    return value;
  };
  const bits = (count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit();
    return value;
  };
  const ue = () => {
    let zeros = 0;
    while (zeros < 32 && at < end && bit() === 0) zeros++;
    return 2 ** zeros - 1 + bits(zeros);
  };
  return {
    bits,
    flag: () => bit() === 1,
    skip: (count) => {
      at += count;
    },
    ue,
    se: () => {
      const value = ue();
      return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
    },
    overrun: () => at > end,
  };
}
