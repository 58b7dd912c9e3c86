/** The bytes of an RTSP connection as messages and interleaved packets (RFC 2326, 10.12), wherever the network splits them. */
import { endOfHead, header, parseHead, type RtspMessage, startsMessage } from './message.ts';

const DOLLAR = 0x24;
const MAX_HEAD = 16_384;
const MAX_BODY = 65_536;
/** Bytes in a row that are neither packet nor message; a camera that sends more is not understood. */
const MAX_GARBAGE = 262_144;
/** Where the stream was lost, a packet is believed on a channel a camera could use only. */
const MAX_CHANNEL = 15;
const MIN_RTP = 12;

export type Framing = {
  /** Takes the first `length` bytes; they may be overwritten afterwards. Throws one line when a bound is passed. */
  readonly push: (bytes: Buffer, length: number) => void;
  /** Bytes that were skipped because they were neither message nor packet. */
  readonly skipped: () => number;
};

export type FramingTaker = {
  /** One interleaved packet, valid during the call only. */
  readonly onPacket: (channel: number, bytes: Buffer, from: number, to: number) => void;
  readonly onMessage: (message: RtspMessage) => void;
};

/** One for a connection. */
export function createFraming(taker: FramingTaker): Framing {
  /** The start of what has not come whole, `held` bytes. */
  let rest = Buffer.allocUnsafe(2048);
  let held = 0;
  let garbage = 0;
  let skipped = 0;
  let lost = false;

  function skip(count: number): void {
    skipped += count;
    garbage += count;
    lost = true;
    if (garbage > MAX_GARBAGE) throw new Error('sends what is neither RTSP nor packets');
  }

  /** Reads a message at `from`: the offset behind it, or `from` when more bytes are needed. */
  function message(bytes: Buffer, from: number, to: number): number {
    const head = endOfHead(bytes, from, to);
    if (!head) {
      if (to - from > MAX_HEAD) throw new Error('sends an RTSP head without end');
      return from;
    }
    const parsed = parseHead(bytes.toString('utf8', from, head.text));
    if (!parsed) {
      skip(1);
      return from + 1;
    }
    const length = Number(header(parsed.headers, 'content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > MAX_BODY) throw new Error('sends an RTSP body too large');
    if (head.next + length > to) return from;
    garbage = 0;
    lost = false;
    const body = length > 0 ? bytes.toString('utf8', head.next, head.next + length) : '';
    taker.onMessage(parsed.kind === 'answer' ? { ...parsed, body } : parsed);
    return head.next + length;
  }

  /** After garbage, a dollar sign alone proves nothing: channel, length and RTP's version must fit too. */
  function believable(bytes: Buffer, at: number, to: number): boolean | null {
    if (to - at < 5) return null;
    return (
      (bytes[at + 1] as number) <= MAX_CHANNEL &&
      bytes.readUInt16BE(at + 2) >= MIN_RTP &&
      (bytes[at + 4] as number) >> 6 === 2
    );
  }

  /** Reads a packet at `from`, which holds a dollar sign. */
  function packet(bytes: Buffer, from: number, to: number): number {
    if (lost) {
      const fits = believable(bytes, from, to);
      if (fits === null) return from;
      if (!fits) {
        skip(1);
        return from + 1;
      }
    }
    if (to - from < 4) return from;
    const end = from + 4 + bytes.readUInt16BE(from + 2);
    if (end > to) return from;
    garbage = 0;
    lost = false;
    taker.onPacket(bytes[from + 1] as number, bytes, from + 4, end);
    return end;
  }

  function parse(bytes: Buffer, start: number, to: number): number {
    let from = start;
    while (from < to) {
      const first = bytes[from] as number;
      let next = from;
      if (first === DOLLAR) next = packet(bytes, from, to);
      else if (first === 13 || first === 10) next = from + 1;
      else {
        const begins = startsMessage(bytes, from, to);
        if (begins === 'yes') next = message(bytes, from, to);
        else if (begins === 'no') {
          skip(1);
          next = from + 1;
        }
      }
      if (next === from) break;
      from = next;
    }
    return from;
  }

  function keep(bytes: Buffer, from: number, to: number): void {
    const more = to - from;
    if (held + more > rest.length) {
      const larger = Buffer.allocUnsafe(Math.max(held + more, rest.length * 2));
      rest.copy(larger, 0, 0, held);
      rest = larger;
    }
    bytes.copy(rest, held, from, to);
    held += more;
  }

  /** Completes what is held by as few bytes as will do, and gives how many of the new ones that took. */
  function complete(bytes: Buffer, length: number): number {
    let taken = 0;
    while (held > 0 && taken < length) {
      // A packet says how long it is; of a message only the bytes themselves tell.
      const wanted = rest[0] !== DOLLAR ? length : held < 5 ? 5 - held : 4 + rest.readUInt16BE(2) - held;
      const more = Math.min(length - taken, Math.max(1, wanted));
      keep(bytes, taken, taken + more);
      taken += more;
      const used = parse(rest, 0, held);
      rest.copyWithin(0, used, held);
      held -= used;
    }
    return taken;
  }

  return {
    push(bytes, length) {
      const from = parse(bytes, complete(bytes, length), length);
      if (from < length) keep(bytes, from, length);
    },
    skipped: () => skipped,
  };
}
