/** RTP and RTCP packets of one track (RFC 3550): headers, sequence, sender reports. Pure. */

const VERSION = 2;
const HEADER = 12;
const SENDER_REPORT = 200;
/** Seconds from 1900, NTP's beginning, to 1970. */
const NTP_TO_UNIX = 2_208_988_800;
/** Numbers behind the expected one are packets sent twice, but so many in a row are a camera that counts anew. */
const MAX_LATE = 64;

export type RtpTaker = {
  readonly packet: (rtpTime: number, lost: boolean, arrivedAt: number) => void;
  readonly payload: (bytes: Buffer, from: number, to: number) => void;
  readonly packetEnd: (marker: boolean) => void;
};

export type RtpReceiver = {
  readonly rtp: (bytes: Buffer, from: number, to: number, arrivedAt: number) => void;
  /** Packets that never came. */
  readonly lost: () => number;
};

/** @param payloadType of the track; packets of others are dropped */
export function createRtpReceiver(payloadType: number, taker: RtpTaker): RtpReceiver {
  let expected = -1;
  let source = -1;
  let late = 0;
  let lost = 0;

  /** Whether packets are missing before this one; null when it came before. */
  function follows(sequence: number, ssrc: number): boolean | null {
    const gap = (sequence - expected) & 0xffff;
    if (expected < 0) return false;
    if (ssrc !== source) return true;
    if (gap >= 0x8000 && ++late < MAX_LATE) return null;
    if (gap < 0x8000) lost += gap;
    return gap !== 0;
  }

  return {
    rtp(bytes, from, to, arrivedAt) {
      if (to - from < HEADER) return;
      const first = bytes[from] as number;
      const second = bytes[from + 1] as number;
      if (first >> 6 !== VERSION || (second & 0x7f) !== payloadType) return;
      const sequence = bytes.readUInt16BE(from + 2);
      const ssrc = bytes.readUInt32BE(from + 8);
      const missing = follows(sequence, ssrc);
      if (missing === null) return;
      late = 0;
      expected = (sequence + 1) & 0xffff;
      source = ssrc;
      let start = from + HEADER + (first & 0x0f) * 4;
      if ((first & 0x10) !== 0 && start + 4 <= to) start += 4 + bytes.readUInt16BE(start + 2) * 4;
      const end = (first & 0x20) !== 0 ? to - (bytes[to - 1] as number) : to;
      taker.packet(bytes.readUInt32BE(from + 4), missing, arrivedAt);
      if (start < end) taker.payload(bytes, start, end);
      taker.packetEnd((second & 0x80) !== 0);
    },
    lost: () => lost,
  };
}

/** The wall clock of a camera's first sender report in a compound, ms since 1970, and its RTP time; null without one. */
export function readSenderReport(
  bytes: Buffer,
  start: number,
  to: number,
): { readonly unixMs: number; readonly rtpTime: number } | null {
  let from = start;
  while (from + 4 <= to) {
    const end = from + 4 + bytes.readUInt16BE(from + 2) * 4;
    if ((bytes[from] as number) >> 6 !== VERSION || end > to) return null;
    if (bytes[from + 1] === SENDER_REPORT && end - from >= 28) {
      const seconds = bytes.readUInt32BE(from + 8);
      if (seconds === 0) return null;
      const unixMs = (seconds - NTP_TO_UNIX + bytes.readUInt32BE(from + 12) / 2 ** 32) * 1000;
      return { unixMs, rtpTime: bytes.readUInt32BE(from + 16) };
    }
    from = end;
  }
  return null;
}
