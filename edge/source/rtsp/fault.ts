/** What goes wrong with a camera, as one line for a person: never its password, never what it logs in with. */
import { AppError } from '../../../platform/app-error.ts';
import { publicUrl } from '../../../platform/log.ts';
import type { DemuxOrder } from '../../domain/packet.ts';
import type { RtspAnswer } from './message.ts';

const MAX_SIGNS = 240;

const NETWORK = new Map([
  ['ECONNREFUSED', 'refuses the connection'],
  ['ECONNRESET', 'broke the connection'],
  ['EPIPE', 'broke the connection'],
  ['ENOTFOUND', 'has a name that nobody knows'],
  ['EAI_AGAIN', 'has a name that cannot be looked up now'],
  ['EHOSTUNREACH', 'cannot be reached from here'],
  ['ENETUNREACH', 'cannot be reached from here'],
  ['ETIMEDOUT', 'does not answer'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS at this port'],
]);

/** What a number means for the person who has to fix it. */
const ADVICE = new Map([
  [403, 'this user may not see the stream'],
  [404, 'it has no such stream: check the path'],
  [453, 'it has no bandwidth left for one more viewer'],
  [454, 'it has forgotten the session'],
  [461, 'it does not send over TCP: set `transport: udp`'],
  [503, 'it is busy, with other viewers or with starting'],
]);

/** One line of plain text without secrets. */
function clean(text: string, secrets: readonly string[]): string {
  let line = text.replace(/[^\p{L}\p{N}\p{P}\p{S}\p{Zs}]+/gu, ' ').trim();
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret)]) line = line.replaceAll(form, '[removed]');
  }
  return line.length > MAX_SIGNS ? `${line.slice(0, MAX_SIGNS)}…` : line;
}

function codeOf(error: Error): string | undefined {
  const own = (error as NodeJS.ErrnoException).code;
  if (own !== undefined || !(error instanceof AggregateError)) return own;
  return (error.errors[0] as NodeJS.ErrnoException | undefined)?.code;
}

export type Faults = {
  readonly network: (error: Error) => AppError;
  /** An answer that is no success. `asked`: whether user and password were given. */
  readonly refused: (method: string, answer: RtspAnswer, asked: boolean) => AppError;
  readonly unreachable: (text: string) => AppError;
  readonly noVideo: (text: string) => AppError;
};

/** @param secrets that must not be shown, whoever sends them back */
export function createFaults(order: DemuxOrder, secrets: () => readonly string[]): Faults {
  const place = () => `camera ${order.camera}: ${publicUrl(order.url)}`;
  const unreachable = (text: string) => new AppError('EDGE_SOURCE_UNREACHABLE', `${place()} ${text}`);
  return {
    unreachable,
    network: (error) => unreachable(NETWORK.get(codeOf(error) ?? '') ?? clean(error.message, [])),
    refused(method, { status, reason }, asked) {
      const login = asked ? 'user or password is wrong' : 'it asks for user and password';
      const advice = status === 401 ? login : ADVICE.get(status);
      return unreachable(`answers ${status} ${clean(reason, secrets())} to ${method}${advice ? `: ${advice}` : ''}`);
    },
    noVideo: (text) => new AppError('EDGE_SOURCE_NO_VIDEO', `${place()} ${text}`),
  };
}
