/** The video track that is read: its packets become MediaPackets, whatever its codec. */
import type { MediaPacket } from '../../domain/packet.ts';
import { createAccessUnits } from './access-unit.ts';
import { unpackH264 } from './h264-payload.ts';
import { h264Syntax } from './h264-syntax.ts';
import { unpackHevc } from './hevc-payload.ts';
import { hevcSyntax } from './hevc-syntax.ts';
import { createParameterSets, type ParameterSets } from './parameter-sets.ts';
import { createRtpReceiver, readSenderReport } from './rtp.ts';
import { createRtpTime } from './rtp-time.ts';
import type { MediaTrack } from './sdp.ts';

/** FFmpeg's names of the codings that are read here, by RTP's names. */
const CODECS = new Map<string, 'h264' | 'hevc'>([
  ['H264', 'h264'],
  ['H265', 'hevc'],
  ['HEVC', 'hevc'],
]);

/** Whether the coding is one that `createTrackReader` knows. */
export function isReadHere(track: MediaTrack): boolean {
  return CODECS.has(track.encoding);
}

export type TrackReader = {
  readonly rtp: (bytes: Buffer, from: number, to: number, arrivedAt: number) => void;
  readonly rtcp: (bytes: Buffer, from: number, to: number) => void;
  /** How the stream is known so far, e.g. `h264 (High), 640x360, 25 fps`. */
  readonly text: () => string;
  readonly fps: () => number | null;
};

/** The parameter sets of the description: `sprop-parameter-sets` (H.264), `sprop-vps`, `-sps`, `-pps` (H.265). */
function addDescribed(sets: ParameterSets, track: MediaTrack): void {
  for (const name of ['sprop-parameter-sets', 'sprop-vps', 'sprop-sps', 'sprop-pps']) {
    for (const text of (track.parameters.get(name) ?? '').split(',')) {
      // Some cameras put them down in Annex B.
      const nal = Buffer.from(text.trim().replace(/^"|"$/g, ''), 'base64');
      const from = nal.indexOf(Buffer.from([0, 0, 1])) === 0 ? 3 : nal.indexOf(Buffer.from([0, 0, 0, 1])) === 0 ? 4 : 0;
      if (nal.length > from) sets.add(nal, from, nal.length, 0);
    }
  }
}

function describe(codec: string, sets: ParameterSets, fps: number | null): string {
  const facts = sets.facts();
  if (!facts) return fps === null ? codec : `${codec}, ${fps} fps`;
  const name = facts.profile === null ? codec : `${codec} (${facts.profile})`;
  const rate = fps === null ? '' : `, ${Math.round(fps * 100) / 100} fps`;
  return `${name}, ${facts.width}x${facts.height}${rate}`;
}

/** @param hooks.onClock gets the camera’s own time with each sender report (RFC 3550, 6.4.1) */
export function createTrackReader(
  track: MediaTrack,
  hooks: {
    readonly onPacket: (packet: MediaPacket) => void;
    readonly onClock?: ((sync: { ptsUs: number; unixMs: number }) => void) | undefined;
  },
): TrackReader {
  const codec = CODECS.get(track.encoding) ?? 'h264';
  const syntax = codec === 'h264' ? h264Syntax : hevcSyntax;
  const sets = createParameterSets(syntax);
  addDescribed(sets, track);
  const time = createRtpTime(track.clockRate);
  const units = createAccessUnits(syntax, sets, ({ data, rtpTime, key, arrivedAt, format, afterLoss }) => {
    const packet = { data, ptsUs: time.next(rtpTime), key, arrivedAt, format };
    hooks.onPacket(afterLoss ? { ...packet, afterLoss } : packet);
  });
  const withOrder = Number(track.parameters.get('sprop-max-don-diff') ?? 0) > 0;
  const receiver = createRtpReceiver(track.payloadType, {
    packet: units.packet,
    payload:
      codec === 'h264'
        ? (bytes, from, to) => unpackH264(units, bytes, from, to)
        : (bytes, from, to) => unpackHevc(units, bytes, from, to, withOrder),
    packetEnd: units.packetEnd,
  });
  const fps = () => track.fps ?? sets.facts()?.fps ?? null;
  return {
    rtp: receiver.rtp,
    rtcp(bytes, from, to) {
      const report = hooks.onClock ? readSenderReport(bytes, from, to) : null;
      const ptsUs = report ? time.place(report.rtpTime) : null;
      if (report && ptsUs !== null) hooks.onClock?.({ ptsUs, unixMs: report.unixMs });
    },
    text: () => describe(codec, sets, fps()),
    fps,
  };
}
