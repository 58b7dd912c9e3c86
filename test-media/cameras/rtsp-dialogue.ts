/** The camera's side of an RTSP conversation, and what real cameras do otherwise. */
import type { Socket } from 'node:net';
import { type CameraFile, isSet, nalType } from './annex-b.ts';
import type { CameraLogin } from './camera-login.ts';

export type Request = {
  readonly method: string;
  readonly uri: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly at: number;
};

export type DialogueOptions = {
  readonly login?: CameraLogin;
  /** An answer instead of the right one: its first line and headers without CSeq; null = the right one. */
  readonly answer?: (request: Request) => readonly string[] | null;
  /** Methods that are read and never answered. */
  readonly deaf?: readonly string[];
  readonly publicMethods?: string;
  /** Seconds; a session that nobody keeps alive so long is closed. */
  readonly sessionSeconds?: number;
  /** Lines of DESCRIBE's head instead of Content-Base. */
  readonly base?: (uri: string) => readonly string[];
  /** The session's and the video's control attribute; null = none. */
  readonly aggregate?: string | null;
  readonly control?: string | null;
  /** Channels that SETUP answers with, whatever was asked for. */
  readonly channels?: string;
  /** Without parameter sets in the description. */
  readonly setsInBand?: boolean;
  readonly withOrder?: boolean;
  /** Tracks beside the video, as lines of SDP; `before` the video's. */
  readonly tracks?: { readonly before?: readonly string[]; readonly after?: readonly string[] };
  /** The video's lines of SDP instead of the file's. */
  readonly video?: readonly string[];
  /** Sent to the viewer right after PLAY was answered. */
  readonly afterPlay?: (socket: Socket) => void;
};

export type Dialogue = { readonly read: (bytes: Buffer) => void; readonly close: () => void };

type Stage = {
  readonly fileOf: (path: string) => CameraFile | null;
  readonly login: ((method: string, header: string | null) => string[] | null) | null;
  readonly onRequest: (request: Request) => void;
  readonly onPlay: (path: string) => void;
};

function videoLines({ codec, units }: CameraFile, options: DialogueOptions): string[] {
  const first = units.find((unit) => unit.key) ?? units[0];
  const sets = (first?.nals ?? []).filter((nal) => isSet(codec, nal));
  const name = codec === 'h264' ? 'H264' : 'H265';
  const of = (type: number) => sets.filter((nal) => nalType(codec, nal) === type).map((nal) => nal.toString('base64'));
  const described =
    codec === 'h264'
      ? [`sprop-parameter-sets=${[...of(7), ...of(8)].join(',')}`]
      : [`sprop-vps=${of(32)}`, `sprop-sps=${of(33)}`, `sprop-pps=${of(34)}`];
  const mode = codec === 'h264' ? ['packetization-mode=1'] : [];
  const order = options.withOrder ? ['sprop-max-don-diff=1'] : [];
  const parameters = [...mode, ...order, ...(options.setsInBand ? [] : described)].join('; ');
  return ['m=video 0 RTP/AVP 96', `a=rtpmap:96 ${name}/90000`, ...(parameters ? [`a=fmtp:96 ${parameters}`] : [])];
}

function describe(file: CameraFile, options: DialogueOptions): string {
  const { aggregate = '*', control = 'trackID=0', tracks } = options;
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=Camera', 'c=IN IP4 0.0.0.0', 't=0 0'];
  if (aggregate !== null) lines.push(`a=control:${aggregate}`);
  lines.push(...(tracks?.before ?? []), ...(options.video ?? videoLines(file, options)));
  if (control !== null) lines.push(`a=control:${control}`);
  return [...lines, ...(tracks?.after ?? []), ''].join('\r\n');
}

/** Takes one message off the front of the text; null while it is not whole. */
function takeMessage(bytes: Buffer): { readonly head: string; readonly rest: Buffer } | null {
  if (bytes[0] === 0x24) {
    const end = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt16BE(2);
    return end > bytes.length ? null : { head: '', rest: bytes.subarray(end) };
  }
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? null : { head: bytes.toString('utf8', 0, end), rest: bytes.subarray(end + 4) };
}

/** One viewer’s requests answered: OPTIONS to TEARDOWN of RFC 2326. */
export function createDialogue(socket: Socket, options: DialogueOptions, stage: Stage): Dialogue {
  let waiting: Buffer = Buffer.alloc(0);
  let path = '';
  let alive: NodeJS.Timeout | null = null;

  function respond(request: Request, status: string, lines: readonly string[] = [], body = ''): void {
    const cseq = request.headers.get('cseq') ?? '0';
    const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
    socket.write(`${[`RTSP/1.0 ${status}`, `CSeq: ${cseq}`, ...lines, ...length].join('\r\n')}\r\n\r\n${body}`);
  }
  function keepAlive(): void {
    if (options.sessionSeconds === undefined) return;
    if (alive) clearTimeout(alive);
    alive = setTimeout(() => socket.destroy(), options.sessionSeconds * 1000);
  }
  function tellMethods(request: Request): void {
    const { publicMethods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER' } = options;
    respond(request, '200 OK', [`Public: ${publicMethods}`]);
  }
  function setUp(request: Request): void {
    const asked = /interleaved=(\d+-\d+)/.exec(request.headers.get('transport') ?? '')?.[1];
    const seconds = options.sessionSeconds === undefined ? '' : `;timeout=${options.sessionSeconds}`;
    const transport = `Transport: RTP/AVP/TCP;unicast;interleaved=${options.channels ?? asked};ssrc=00001234`;
    if (asked === undefined) respond(request, '461 Unsupported Transport');
    else respond(request, '200 OK', [transport, `Session: 4711${seconds}`]);
  }
  function showFile(request: Request): void {
    path = request.uri.replace(/^rtsps?:\/\/[^/]*/, '');
    const file = stage.fileOf(path);
    const base = options.base?.(request.uri) ?? [`Content-Base: ${request.uri}/`];
    if (!file) respond(request, '404 Not Found');
    else respond(request, '200 OK', ['Content-Type: application/sdp', ...base], describe(file, options));
  }
  function play(request: Request): void {
    respond(request, '200 OK', ['Session: 4711', 'Range: npt=now-']);
    options.afterPlay?.(socket);
    stage.onPlay(path);
  }
  function leave(request: Request): void {
    respond(request, '200 OK');
    socket.end();
  }
  const known: Readonly<Record<string, (request: Request) => void>> = {
    OPTIONS: tellMethods,
    DESCRIBE: showFile,
    SETUP: setUp,
    PLAY: play,
    TEARDOWN: leave,
  };
  function answer(request: Request): void {
    const own = options.answer?.(request);
    const login = request.method === 'OPTIONS' && !options.login?.fromTheStart ? null : stage.login;
    const refused = own ? null : login?.(request.method, request.headers.get('authorization') ?? null);
    if (own) respond(request, own[0] ?? '', own.slice(1));
    else if (refused) {
      const lines = refused.map((line) => `WWW-Authenticate: ${line}`);
      respond(request, '401 Unauthorized', lines);
    } else if (known[request.method]) known[request.method]?.(request);
    else respond(request, '200 OK', ['Session: 4711']);
  }
  function take(head: string): void {
    const [first = '', ...lines] = head.split('\r\n');
    const [method = '', uri = ''] = first.split(' ');
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const request = { method, uri, headers, at: performance.now() };
    stage.onRequest(request);
    keepAlive();
    // An answer to what was asked of the viewer is noted only.
    if (!method.startsWith('RTSP/') && !options.deaf?.includes(method)) answer(request);
  }
  return {
    read(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      for (let next = takeMessage(waiting); next; next = takeMessage(waiting)) {
        waiting = next.rest;
        if (next.head) take(next.head);
      }
    },
    close() {
      if (alive) clearTimeout(alive);
    },
  };
}
