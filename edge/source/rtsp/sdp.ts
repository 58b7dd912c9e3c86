/** What a camera says it sends (SDP, RFC 8866): only what choosing and reading its video track needs. Pure. */

export type MediaTrack = {
  /** `video`, `audio`, `application`, … */
  readonly media: string;
  readonly payloadType: number;
  /** RTP's name of the coding in upper case: `H264`, `H265`, `JPEG`, …; empty when it is not said. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly control: string | null;
  /** Parameters of `a=fmtp`, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly fps: number | null;
};

export type Description = { readonly control: string | null; readonly tracks: readonly MediaTrack[] };

/** Payload types that have a coding without `a=rtpmap` (RFC 3551). */
const STATIC = new Map([
  [26, 'JPEG'],
  [31, 'H261'],
  [32, 'MPV'],
  [33, 'MP2T'],
  [34, 'H263'],
]);
const VIDEO_CLOCK = 90_000;
const MAX_TRACKS = 32;

type Draft = { -readonly [K in keyof MediaTrack]: MediaTrack[K] } & { parameters: Map<string, string> };

function open(line: string): Draft {
  const [media = '', , , type = ''] = line.split(/\s+/);
  const payloadType = /^\d{1,3}$/.test(type) ? Number(type) : -1;
  const encoding = STATIC.get(payloadType) ?? '';
  return {
    media: media.toLowerCase(),
    payloadType,
    encoding,
    clockRate: VIDEO_CLOCK,
    control: null,
    parameters: new Map(),
    fps: null,
  };
}

function readParameters(text: string, into: Map<string, string>): void {
  for (const part of text.split(';')) {
    const [, name, value = ''] = /^\s*([^=\s]+)\s*(?:=\s*(.*?))?\s*$/.exec(part) ?? [];
    if (name) into.set(name.toLowerCase(), value);
  }
}

function readAttribute(name: string, value: string, track: Draft): void {
  const [, type = '', about = ''] = /^(\d+)\s+(.*)$/.exec(value) ?? [];
  const own = type !== '' && Number(type) === track.payloadType;
  if (name === 'control') track.control = value;
  else if (name === 'framerate' && Number(value) > 0) track.fps = Number(value);
  else if (name === 'fmtp' && own) readParameters(about, track.parameters);
  else if (name === 'rtpmap' && own) {
    const [encoding = '', rate] = about.split('/');
    track.encoding = encoding.trim().toUpperCase();
    if (Number(rate) > 0) track.clockRate = Number(rate);
  }
}

/** Reads a session description (RFC 4566); what it cannot read it leaves out. */
export function parseSdp(text: string): Description {
  const tracks: Draft[] = [];
  let control: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const value = line.slice(2).trim();
    if (line.startsWith('m=')) {
      if (tracks.length === MAX_TRACKS) break;
      tracks.push(open(value));
    } else if (line.startsWith('a=')) {
      const [, name = '', about = ''] = /^([^:]+):?(.*)$/.exec(value) ?? [];
      const track = tracks.at(-1);
      if (track) readAttribute(name.toLowerCase(), about.trim(), track);
      else if (name.toLowerCase() === 'control') control = about.trim();
    }
  }
  return { control, tracks };
}
