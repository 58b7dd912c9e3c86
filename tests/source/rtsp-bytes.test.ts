/** The bytes of an RTSP connection: split anywhere they give the same pictures; spoilt anywhere they do no harm. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MediaPacket } from '../../edge/domain/packet.ts';
import { createFraming } from '../../edge/source/rtsp/framing.ts';
import type { RtspMessage } from '../../edge/source/rtsp/message.ts';
import { parseSdp } from '../../edge/source/rtsp/sdp.ts';
import { createTrackReader } from '../../edge/source/rtsp/track.ts';
import { prepare, stamped } from '../../test-media/cameras/rtp-pack.ts';
import { needs } from '../needs.ts';
import { makeStream, type Stream, x264, x265 } from './rtsp-stage.ts';

const MESSAGES = [
  'RTSP/1.0 200 OK\r\nCSeq: 5\r\nContent-Length: 12\r\n\r\n$\0\0\x05body R\r\n',
  'OPTIONS rtsp://x/ RTSP/1.0\nCSeq: 9\n\n',
  '\r\nGET_PARAMETER rtsp://x/ RTSP/1.0\r\nCSeq: 10\r\n\r\n',
];

/** A connection's bytes: pictures with messages between them. */
function connection(file: Stream): Buffer {
  let sequence = 65_530;
  const parts = prepare(file.codec, file.units, { mtu: 300, aggregate: true }).flatMap((prepared, n) => {
    const bytes = stamped(prepared, sequence, n * 9000, 7);
    sequence += prepared.frames.length;
    return [bytes, Buffer.from(n % 5 === 2 ? (MESSAGES[n % 3] as string) : '', 'latin1')];
  });
  return Buffer.concat(parts);
}

function read(file: Stream, bytes: Buffer, ends: readonly number[]) {
  const packets: MediaPacket[] = [];
  const messages: RtspMessage[] = [];
  const name = file.codec === 'h264' ? 'H264' : 'H265';
  const [track] = parseSdp(`m=video 0 RTP/AVP 96\r\na=rtpmap:96 ${name}/90000\r\n`).tracks;
  if (!track) throw new Error('no track');
  const reader = createTrackReader(track, { onPacket: (packet) => packets.push(packet) });
  const framing = createFraming({
    onPacket: (channel, chunk, from, to) => channel === 0 && reader.rtp(chunk, from, to, 0),
    onMessage: (message) => messages.push(message),
  });
  const shared = Buffer.alloc(65_536);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    for (; from < end; from = Math.min(end, from + shared.length)) {
      const length = bytes.copy(shared, 0, from, Math.min(end, from + shared.length));
      framing.push(shared, length);
      // What is kept of a read must be a copy.
      shared.fill(0xaa, 0, length);
    }
  }
  return { packets, messages, skipped: framing.skipped() };
}

const shown = (packets: readonly MediaPacket[]) =>
  packets.map(({ data, ptsUs, key }) => `${ptsUs} ${key} ${data.toString('base64')}`);

describe.skipIf(!needs('ffmpeg'))('the bytes of an RTSP connection', () => {
  let files: Stream[] = [];
  beforeAll(() => {
    const size = '64x48';
    files = [
      makeStream('bytes.264', { codec: x264('keyint=10:slices=2:bframes=2'), size }),
      makeStream('bytes.265', { codec: x265('keyint=10:bframes=2'), size }),
    ];
  });

  it('give the same pictures and messages wherever they are split', () => {
    for (const file of files) {
      const bytes = connection(file);
      const whole = read(file, bytes, []);
      expect(whole.packets.length).toBe(file.units.length);
      expect(whole.messages.length).toBe(8);
      expect(whole.skipped).toBe(0);
      const right = shown(whole.packets);
      const same = (ends: readonly number[]) => {
        const split = read(file, bytes, ends);
        expect(shown(split.packets)).toEqual(right);
        expect(split.messages).toEqual(whole.messages);
      };
      same(Array.from({ length: bytes.length }, (_, i) => i));
      const places = fc.array(fc.nat(bytes.length), { maxLength: 60 });
      fc.assert(
        fc.property(places, (ends) => same(ends.sort((a, b) => a - b))),
        { numRuns: 60 },
      );
    }
  });

  it('do no harm when they are spoilt, and make no picture larger', () => {
    for (const file of files) {
      const bytes = connection(file);
      const spoiling = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(40)), { maxLength: 12 });
      fc.assert(
        fc.property(spoiling, (places) => {
          let spoilt = Buffer.from(bytes);
          for (const [at, value, cut] of places) {
            if (at >= spoilt.length) continue;
            if (cut % 3 === 0) spoilt = Buffer.concat([spoilt.subarray(0, at), spoilt.subarray(at + cut)]);
            else spoilt[at] = value;
          }
          try {
            const { packets } = read(file, spoilt, []);
            for (const { data } of packets) expect(data.length).toBeLessThan(bytes.length + 1000);
          } catch (error) {
            // The bounds of a message are the one thing that may end it.
            expect((error as Error).message).toMatch(/^sends /);
          }
        }),
        { numRuns: 300 },
      );
    }
  });

  it('are found again after a packet that says a wrong length', () => {
    const file = files[0] as Stream;
    const bytes = connection(file);
    const spoilt = Buffer.from(bytes);
    spoilt.writeUInt16BE(40, 2);
    const { packets, skipped } = read(file, spoilt, []);
    expect(skipped).toBeGreaterThan(0);
    expect(packets.length).toBeGreaterThan(file.units.length - 4);
  });
});
