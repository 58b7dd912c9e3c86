/** Access units packed for RTP over RTSP's connection, once; what changes from one sending to the next is patched in. */
import { type AccessUnit, type Codec, isSlice } from './annex-b.ts';

export type Packing = {
  /** Longest payload, bytes; what is longer goes out in fragments. */
  readonly mtu?: number;
  /** NAL units that fit into one packet together go out so. */
  readonly aggregate?: boolean;
  /** `last`: as it ought to be; `never`; `slices`: on every slice; `all`: on every packet's end of a NAL unit. */
  readonly markers?: 'last' | 'never' | 'slices';
  /** Decoding order numbers: FU-B and STAP-B (H.264), DONL (H.265). */
  readonly withOrder?: boolean;
  readonly payloadType?: number;
  readonly channel?: number;
};

export type Prepared = {
  readonly key: boolean;
  /** Interleaved frames one behind the other; sequence, time and source are zero. */
  readonly bytes: Buffer;
  /** Where each frame begins. */
  readonly frames: readonly number[];
};

type Payload = { readonly bytes: Buffer; readonly ends: boolean; readonly slice: boolean };

const FRAME_HEAD = 4;
const RTP_HEAD = 12;

function fragments(codec: Codec, nal: Buffer, mtu: number, withOrder: boolean): Payload[] {
  const headBytes = codec === 'h264' ? 1 : 2;
  const first = nal[0] as number;
  const body = nal.subarray(headBytes);
  const out: Payload[] = [];
  for (let at = 0; at < body.length; at += mtu) {
    const start = at === 0;
    const end = at + mtu >= body.length;
    const flags = (start ? 0x80 : 0) | (end ? 0x40 : 0);
    const order = withOrder && start ? [0, out.length & 0xff] : [];
    const head =
      codec === 'h264'
        ? [(first & 0xe0) | (order.length > 0 ? 29 : 28), flags | (first & 0x1f), ...order]
        : [(first & 0x81) | (49 << 1), nal[1] as number, flags | ((first >> 1) & 0x3f), ...order];
    out.push({ bytes: Buffer.concat([Buffer.from(head), body.subarray(at, at + mtu)]), ends: end, slice: false });
  }
  return out.map((one) => ({ ...one, slice: isSlice(codec, nal) }));
}

function sized(nal: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(nal.length);
  return Buffer.concat([size, nal]);
}

function aggregated(codec: Codec, nals: readonly Buffer[], withOrder: boolean): Payload {
  const slice = nals.some((nal) => isSlice(codec, nal));
  if (codec === 'h264') {
    const head = withOrder ? Buffer.from([(3 << 5) | 25, 0, 7]) : Buffer.from([(3 << 5) | 24]);
    return { bytes: Buffer.concat([head, ...nals.map(sized)]), ends: true, slice };
  }
  const parts = nals.map((nal, i) => {
    const order = withOrder ? Buffer.from(i === 0 ? [0, 7] : [0]) : Buffer.alloc(0);
    return Buffer.concat([order, sized(nal)]);
  });
  return { bytes: Buffer.concat([Buffer.from([48 << 1, 1]), ...parts]), ends: true, slice };
}

function whole(codec: Codec, nal: Buffer, withOrder: boolean): Payload {
  const order = codec === 'h265' && withOrder;
  const bytes = order ? Buffer.concat([nal.subarray(0, 2), Buffer.from([0, 7]), nal.subarray(2)]) : nal;
  return { bytes, ends: true, slice: isSlice(codec, nal) };
}

function payloads(codec: Codec, unit: AccessUnit, packing: Packing): Payload[] {
  const { mtu = 1400, aggregate = false, withOrder = false } = packing;
  const out: Payload[] = [];
  let small: Buffer[] = [];
  const flush = () => {
    if (small.length === 1) out.push(whole(codec, small[0] as Buffer, withOrder));
    else if (small.length > 1) out.push(aggregated(codec, small, withOrder));
    small = [];
  };
  for (const nal of unit.nals) {
    if (nal.length > mtu) {
      flush();
      out.push(...fragments(codec, nal, mtu, withOrder));
      continue;
    }
    const length = small.reduce((sum, one) => sum + one.length + 3, 3) + nal.length + 3;
    if (!aggregate || length > mtu) flush();
    small.push(nal);
    if (!aggregate) flush();
  }
  flush();
  return out;
}

/**
 * RTP packets of each picture, framed for RTSP over TCP (RFC 2326, 10.12); times and numbers are filled in when sent.
 */
export function prepare(codec: Codec, units: readonly AccessUnit[], packing: Packing = {}): Prepared[] {
  const { markers = 'last', payloadType = 96, channel = 0 } = packing;
  return units.map((unit) => {
    const parts = payloads(codec, unit, packing);
    const frames: number[] = [];
    const bytes = Buffer.alloc(parts.reduce((sum, one) => sum + FRAME_HEAD + RTP_HEAD + one.bytes.length, 0));
    let at = 0;
    parts.forEach((part, i) => {
      const marked = markers === 'slices' ? part.slice && part.ends : markers === 'last' && i === parts.length - 1;
      frames.push(at);
      bytes[at] = 0x24;
      bytes[at + 1] = channel;
      bytes.writeUInt16BE(RTP_HEAD + part.bytes.length, at + 2);
      bytes[at + 4] = 0x80;
      bytes[at + 5] = payloadType | (marked ? 0x80 : 0);
      part.bytes.copy(bytes, at + FRAME_HEAD + RTP_HEAD);
      at += FRAME_HEAD + RTP_HEAD + part.bytes.length;
    });
    return { key: unit.key, bytes, frames };
  });
}

/** A copy to send: sequence numbers from `sequence`, all at one time. */
export function stamped(prepared: Prepared, sequence: number, rtpTime: number, source: number): Buffer {
  const bytes = Buffer.from(prepared.bytes);
  prepared.frames.forEach((at, i) => {
    bytes.writeUInt16BE((sequence + i) & 0xffff, at + 6);
    bytes.writeUInt32BE(rtpTime >>> 0, at + 8);
    bytes.writeUInt32BE(source, at + 12);
  });
  return bytes;
}

/** Leaves single frames out, as a server does that cannot keep up: `drop` says which, by their number in the stream. */
export function without(prepared: Prepared, bytes: Buffer, drop: (frame: number) => boolean): Buffer {
  const { frames } = prepared;
  return Buffer.concat(frames.flatMap((at, i) => (drop(i) ? [] : [bytes.subarray(at, frames[i + 1] ?? bytes.length)])));
}
