/** RTSP's messages as text (RFC 2326): heads are read and requests are written. Pure. */

export type Headers = ReadonlyMap<string, readonly string[]>;

export type RtspAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: string;
};
export type RtspRequest = {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
};
export type RtspMessage = RtspAnswer | RtspRequest;

/** What a message of a server can begin with; anything else between two packets is garbage. */
const STARTS = ['RTSP/', 'OPTIONS ', 'GET_PARAMETER ', 'SET_PARAMETER ', 'REDIRECT ', 'ANNOUNCE ', 'TEARDOWN ']
  .concat(['PLAY_NOTIFY ', 'PAUSE '])
  .map((text) => Buffer.from(text, 'latin1'));

/** Whether a message begins here: 'maybe' when the bytes so far don't tell. */
export function startsMessage(bytes: Buffer, from: number, to: number): 'yes' | 'no' | 'maybe' {
  for (const start of STARTS) {
    const length = Math.min(start.length, to - from);
    if (bytes.compare(start, 0, length, from, from + length) === 0) return length === start.length ? 'yes' : 'maybe';
  }
  return 'no';
}

/** Where the head's text ends and where what follows begins; null while the empty line has not come. */
export function endOfHead(bytes: Buffer, from: number, to: number): { text: number; next: number } | null {
  for (let at = bytes.indexOf(10, from); at !== -1 && at < to; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (next < to && bytes[next] === 10) return { text: at, next: next + 1 };
  }
  return null;
}

/**
 * The first value of a header.
 *
 * @param name in lower case
 */
export function header(headers: Headers, name: string): string | null {
  return headers.get(name)?.[0] ?? null;
}

/** Reads a head without its empty line; null when the first line is no RTSP. */
export function parseHead(text: string): RtspMessage | null {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = headers.get(name);
    if (known) known.push(value);
    else headers.set(name, [value]);
  }
  const answer = /^RTSP\/\d+\.\d+ +(\d{3})(?: +(.*))?$/.exec(first.trimEnd());
  if (answer) {
    return { kind: 'answer', status: Number(answer[1]), reason: answer[2] ?? '', headers, body: '' };
  }
  const request = /^([A-Z_]+) +(\S+) +RTSP\/\d+\.\d+$/.exec(first.trimEnd());
  return request ? { kind: 'request', method: request[1] as string, uri: request[2] as string, headers } : null;
}

/** @param lines further headers, `Name: value` */
export function formatRequest(method: string, uri: string, cseq: number, lines: readonly string[]): string {
  return `${[`${method} ${uri} RTSP/1.0`, `CSeq: ${cseq}`, 'User-Agent: Kerbwatch', ...lines].join('\r\n')}\r\n\r\n`;
}

/** Methods that a server may call on us; it is told of others that we don't have them. */
const ANSWERED = new Set(['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT']);

/** The answer to a request of the server. */
export function formatReply(request: RtspRequest): string {
  const lines = [ANSWERED.has(request.method) ? 'RTSP/1.0 200 OK' : 'RTSP/1.0 501 Not Implemented'];
  const cseq = header(request.headers, 'cseq');
  if (cseq !== null) lines.push(`CSeq: ${cseq}`);
  const session = header(request.headers, 'session');
  if (session !== null) lines.push(`Session: ${session}`);
  if (request.method === 'OPTIONS') lines.push('Public: OPTIONS, GET_PARAMETER, SET_PARAMETER');
  return `${lines.join('\r\n')}\r\n\r\n`;
}
