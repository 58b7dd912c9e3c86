/** Watches the length that each MQTT packet announces, so that a huge one is refused before it is read. */

export type PacketMeter = {
  /** @returns length of a packet that is too long, in bytes, or null while all is well */
  inspect(chunk: Uint8Array): number | null;
};

/**
 * MQTT 3.1.1 §2.2: one byte of type, then the remaining length, seven bits a byte, least first, at most four bytes.
 * @param limitBytes what holds now: it may rise once a connection has logged in
 * @example createPacketMeter(() => 300).inspect(Uint8Array.of(0x32, 0xad, 0x02)) // 301: a PUBLISH that is too long
 */
export function createPacketMeter(limitBytes: () => number): PacketMeter {
  let stage: 'type' | 'length' | 'body' = 'type';
  let length = 0;
  let factor = 1;
  let left = 0;
  return {
    inspect(chunk) {
      let i = 0;
      while (i < chunk.length) {
        if (stage === 'body') {
          const step = Math.min(left, chunk.length - i);
          i += step;
          left -= step;
          if (left === 0) stage = 'type';
          continue;
        }
        const byte = chunk[i++] ?? 0;
        if (stage === 'type') {
          stage = 'length';
          length = 0;
          factor = 1;
          continue;
        }
        length += (byte & 0x7f) * factor;
        factor *= 128;
        if (length > limitBytes()) return length;
        if ((byte & 0x80) === 0) {
          left = length;
          stage = length === 0 ? 'type' : 'body';
        }
      }
      return null;
    },
  };
}
