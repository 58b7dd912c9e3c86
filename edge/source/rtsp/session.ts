/** One RTSP session (RFC 2326): what the camera has is described, its video track is set up over TCP, played and kept alive. */
import { baseOf, controlUri, type RtspAddress, redirected } from './address.ts';
import type { RtspConnection } from './connection.ts';
import type { Faults } from './fault.ts';
import type { RtspLogin } from './login.ts';
import { header, type RtspAnswer } from './message.ts';
import { type Description, type MediaTrack, parseSdp } from './sdp.ts';

const DEFAULT_SESSION_SECONDS = 60;
const MAX_KEEP_ALIVE_MS = 30_000;
const MIN_KEEP_ALIVE_MS = 500;
/** The camera's nonce may grow old at any request, but not at every one. */
const MAX_LOGINS = 3;
const REDIRECTS = new Set([301, 302, 303, 305, 307]);
/** Answers to PLAY that may speak of the address only: aggregate or single, whichever was not tried. */
const OTHER_ADDRESS = new Set([404, 455, 459, 460]);
/** Answers to PLAY of servers that want to be told from where. */
const WANTS_RANGE = new Set([400, 457]);
/** Answers to a keep-alive that speak of the method only. */
const OTHER_METHOD = new Set([400, 404, 405, 451, 455, 501, 551]);

/** The camera sends us elsewhere. */
export type Redirect = { readonly to: RtspAddress };

export type Described = {
  readonly track: MediaTrack;
  readonly audio: boolean;
  readonly control: string;
  readonly aggregate: string;
};
export type Channels = { readonly rtp: number; readonly rtcp: number };

export type RtspSession = {
  /** Asks what the camera has. Gives its first video track, or where to ask instead. */
  readonly describe: () => Promise<Described | Redirect>;
  /** Sets the track up; gives the channels on which its packets will come. */
  readonly setUp: (described: Described) => Promise<Channels>;
  /** Starts the stream; it is kept alive until `close`. */
  readonly play: (described: Described) => Promise<void>;
  /** The last request of the session, if there is one; stops keeping it alive. */
  readonly close: () => Parameters<RtspConnection['close']>[0];
};

/** The channels of a SETUP's answer; `asked` where it names none; null when it is no TCP. */
export function channelsOf(transport: string | null, asked: Channels): Channels | null {
  if (transport === null) return asked;
  const stated = /interleaved=(\d{1,3})(?:-(\d{1,3}))?/i.exec(transport);
  if (!stated) return /\/(TCP)\b/i.test(transport) ? asked : null;
  const rtp = Number(stated[1]);
  return { rtp, rtcp: stated[2] === undefined ? rtp + 1 : Number(stated[2]) };
}

/** The session's name and its time-out, s. */
export function sessionOf(value: string): { readonly id: string; readonly seconds: number } {
  const [id = '', ...rest] = value.split(';');
  const seconds = Number(/^\s*timeout\s*=\s*"?(\d+)/i.exec(rest.join(';'))?.[1] ?? DEFAULT_SESSION_SECONDS);
  return { id: id.trim(), seconds: seconds > 0 ? seconds : DEFAULT_SESSION_SECONDS };
}

/** One for a connection; its calls are made in the order of `describe`, `setUp`, `play`, `close`. */
export function createSession(stage: {
  readonly connection: RtspConnection;
  readonly address: RtspAddress;
  readonly login: RtspLogin | null;
  readonly faults: Faults;
}): RtspSession {
  const { connection, address, login, faults } = stage;
  let session: { id: string; seconds: number } | null = null;
  let aggregateUri = address.uri;
  let keepAlive: 'GET_PARAMETER' | 'OPTIONS' = 'OPTIONS';
  let timer: NodeJS.Timeout | null = null;

  function headers(method: string, uri: string, own: readonly string[]): string[] {
    const lines = [...own];
    if (session) lines.push(`Session: ${session.id}`);
    const authorization = login?.header(method, uri);
    if (authorization) lines.push(`Authorization: ${authorization}`);
    return lines;
  }

  /** Whether another try with what the answer asked for makes sense. */
  function mayRetry(answer: RtspAnswer): boolean {
    if (answer.status === 401) return login?.challenged(answer.headers.get('www-authenticate') ?? []) ?? false;
    login?.accepted();
    return false;
  }

  async function ask(method: string, uri: string, own: readonly string[] = []): Promise<RtspAnswer> {
    for (let tries = 1; ; tries++) {
      const answer = await connection.request(method, uri, headers(method, uri, own));
      if (!mayRetry(answer) || tries > MAX_LOGINS) return answer;
    }
  }

  function refused(method: string, answer: RtspAnswer) {
    return faults.refused(method, answer, login !== null);
  }

  function elsewhere(answer: RtspAnswer): Redirect | null {
    if (!REDIRECTS.has(answer.status)) return null;
    const to = redirected(address, header(answer.headers, 'location') ?? '');
    if (!to) throw faults.unreachable(`answers ${answer.status} and names no address to go to`);
    return { to };
  }

  function chooseTrack(description: Description, base: string): Described {
    const track = description.tracks.find(({ media }) => media === 'video');
    if (!track) throw faults.noVideo('has no video track');
    const aggregate = controlUri(base, description.control);
    const audio = description.tracks.some(({ media }) => media === 'audio');
    return { track, audio, aggregate, control: controlUri(base, track.control) };
  }

  /** Tells the camera that somebody still watches. No answer is no fault: packets tell whether it lives. */
  function stayAlive(again: boolean): void {
    const method = keepAlive;
    connection.tell(method, aggregateUri, headers(method, aggregateUri, []), (answer) => {
      if (mayRetry(answer) && again) return stayAlive(false);
      if (method === 'GET_PARAMETER' && OTHER_METHOD.has(answer.status)) keepAlive = 'OPTIONS';
    });
  }

  return {
    async describe() {
      // Some cameras want it first, and it tells how to keep the session alive; whether it succeeds doesn't matter.
      const options = await ask('OPTIONS', address.uri);
      // But a wrong password is tried once only: cameras lock its user out.
      if (options.status === 401) throw refused('OPTIONS', options);
      const methods = (header(options.headers, 'public') ?? '').toUpperCase();
      if (methods.includes('GET_PARAMETER')) keepAlive = 'GET_PARAMETER';
      const moved = elsewhere(options);
      if (moved) return moved;
      const answer = await ask('DESCRIBE', address.uri, ['Accept: application/sdp']);
      const redirect = elsewhere(answer);
      if (redirect) return redirect;
      if (answer.status !== 200) throw refused('DESCRIBE', answer);
      const base = baseOf(
        address.uri,
        header(answer.headers, 'content-base'),
        header(answer.headers, 'content-location'),
      );
      return chooseTrack(parseSdp(answer.body), base);
    },
    async setUp({ control }) {
      const asked = { rtp: 0, rtcp: 1 };
      const transport = `Transport: RTP/AVP/TCP;unicast;interleaved=${asked.rtp}-${asked.rtcp}`;
      const answer = await ask('SETUP', control, [transport]);
      if (answer.status !== 200) throw refused('SETUP', answer);
      const stated = header(answer.headers, 'session');
      if (stated !== null) session = sessionOf(stated);
      const channels = channelsOf(header(answer.headers, 'transport'), asked);
      if (!channels) throw faults.unreachable('does not send over TCP: set `transport: udp`');
      return channels;
    },
    async play({ aggregate, control }) {
      aggregateUri = aggregate;
      // Without a range: from now on. One that begins at 0 makes a server seek in what was already sent, or fail.
      const answer = await ask('PLAY', aggregate);
      let status = answer.status;
      if (WANTS_RANGE.has(status)) status = (await ask('PLAY', aggregate, ['Range: npt=0.000-'])).status;
      else if (OTHER_ADDRESS.has(status) && control !== aggregate) {
        status = (await ask('PLAY', control)).status;
        if (status === 200) aggregateUri = control;
      }
      if (status !== 200) throw refused('PLAY', answer);
      const everyMs = ((session?.seconds ?? DEFAULT_SESSION_SECONDS) * 1000) / 2;
      timer = setInterval(() => stayAlive(true), Math.max(MIN_KEEP_ALIVE_MS, Math.min(MAX_KEEP_ALIVE_MS, everyMs)));
    },
    close() {
      if (timer) clearInterval(timer);
      if (!session) return null;
      return { method: 'TEARDOWN', uri: aggregateUri, lines: headers('TEARDOWN', aggregateUri, []) };
    },
  };
}

/** The user's name and password may go to this address, and in the clear: only to the host that the user named. */
export function mayLogInPlainly(first: RtspAddress, now: RtspAddress): boolean {
  return first.host === now.host && (now.tls || !first.tls);
}
