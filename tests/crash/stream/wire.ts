/** What happens to a camera's packets on their way out: silence, loss, flipped bytes, other numbers and times. */
import { type Prepared, stamped, without } from '../../../test-media/cameras/rtp-pack.ts';
import type { Sending } from '../../../test-media/cameras/rtsp-camera.ts';

/** Behind the interleaved and RTP headers of a frame, and the byte or two that say what is in it. */
const HEADS = 18;
const CHANNELS_BESIDE = [2, 3, 4, 5];

/** Ticks of RTP time from one picture to the next. */
const TICKS = 18_000;

type Sent = { readonly picture: Prepared; readonly sequence: number; readonly time: number; readonly source: number };
/** Takes what goes out for a picture and gives it changed; null = not for this picture. */
type Edit = (bytes: Buffer, sending: Sending) => Buffer | null;

export function createWire(random: () => number) {
  const edits: { readonly edit: Edit; readonly done: () => void }[] = [];
  /** Since the last keyframe. */
  let recent: Sent[] = [];
  let silent = false;
  let shift = { sequence: 0, time: 0, source: 0x1234 };
  let noise: Buffer | null = null;
  let clockStepMs = 0;
  const below = (most: number) => Math.floor(random() * most);
  const bytesOf = ({ picture, sequence, time, source }: Sent) => stamped(picture, sequence, time, source);

  /** For one picture, the first that it is for. */
  const once = (edit: Edit) => new Promise<void>((done) => void edits.push({ edit, done }));

  function number({ picture, sequence, rtpTime }: Sending, back = 0): Sent {
    const time = rtpTime + shift.time - back * TICKS;
    return { picture, sequence: sequence + shift.sequence, time, source: shift.source };
  }
  /** The pictures before this one once more, under numbers of their own. */
  function again(sending: Sending): Buffer {
    const past = recent.slice(0, -1);
    const repeated = past.map(({ picture }, i) => {
      const bytes = bytesOf(number({ ...sending, picture }, past.length - i));
      shift = { ...shift, sequence: shift.sequence + picture.frames.length };
      return bytes;
    });
    return Buffer.concat([...repeated, bytesOf(number(sending))]);
  }

  return {
    send(sending: Sending): Buffer | null {
      if (sending.picture.key) recent = [];
      recent.push(number(sending));
      if (silent) return null;
      let bytes = bytesOf(number(sending));
      for (const one of [...edits]) {
        const edited = one.edit(bytes, sending);
        if (!edited) continue;
        edits.splice(edits.indexOf(one), 1);
        bytes = edited;
        one.done();
      }
      return bytes;
    },
    /** The pictures since the last keyframe, as cameras send them to a viewer that comes. */
    onJoin: (): Buffer | null => (silent ? null : Buffer.concat(recent.map(bytesOf))),
    noise(): Buffer | null {
      const bytes = noise;
      noise = null;
      return bytes;
    },
    clockOf: (n: number) => Date.UTC(2026, 4, 1) + n * 200 + clockStepMs,
    stepClock(ms: number): void {
      clockStepMs += ms;
    },
    setSilent(next: boolean): void {
      silent = next;
    },
    jump(ticks: number): void {
      shift = { ...shift, time: shift.time + ticks };
    },
    reset(): void {
      shift = { sequence: below(65_536), time: below(2 ** 32), source: below(2 ** 32) };
    },
    /** One or two packets of a picture never come. */
    lose: () =>
      once((bytes, { picture }) => {
        const first = below(picture.frames.length);
        return without(picture, bytes, (packet) => packet === first || (packet === first + 1 && random() < 0.5));
      }),
    /** Bytes of a keyframe, or of another picture, are not what they were. */
    flip: (key: boolean) =>
      once((bytes, { picture }) => {
        if (picture.key !== key) return null;
        const out = Buffer.from(bytes);
        for (let i = 0; i < 25; i++) {
          const frame = below(picture.frames.length);
          const from = (picture.frames[frame] as number) + HEADS;
          const to = picture.frames[frame + 1] ?? out.length;
          if (to > from) out[from + below(to - from)] = below(256);
        }
        return out;
      }),
    /** Half a picture and no more. */
    half: () => once((bytes) => bytes.subarray(0, bytes.length >> 1)),
    /** All pictures since the last keyframe once more, at their old times. */
    repeat: () => once((_, sending) => (recent.length > 3 ? again(sending) : null)),
    /** Packets of sound, of metadata and of nothing known, between those of the picture. */
    babble(): void {
      const packets = Array.from({ length: 40 }, () => {
        const packet = Buffer.alloc(16 + below(1200), 0);
        for (let at = 4; at < packet.length; at++) packet[at] = below(256);
        packet.set([0x24, CHANNELS_BESIDE[below(4)] as number]);
        packet.writeUInt16BE(packet.length - 4, 2);
        return packet;
      });
      noise = Buffer.concat(packets);
    },
  };
}
