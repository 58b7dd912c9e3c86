/** One message to a chat group's robot: over https, to that address and no other, its address never in an error. */
import { isIP } from 'node:net';
import { reasons } from '../reasons.ts';

/** More than a robot says; what is longer is no answer of one. */
const MAX_ANSWER = 64 * 1024;

/** What a robot has said, as far as it is known. */
export type RobotAnswer = Readonly<Record<string, unknown>>;

const isLoopback = (host: string) =>
  host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && /^127\./.test(host));

/** The address as it was configured. @throws Error without a word of it: it holds a key */
export function robotUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))))
    throw new Error(reasons.badRobot);
  return url;
}

async function bounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER) throw new Error('answers more than a robot does');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const codeOf = (error: unknown): string => {
  const { cause, message, name } = error as Error & { readonly cause?: { readonly code?: string } };
  return cause?.code ?? (name === 'AbortError' || name === 'TimeoutError' ? 'no answer in time' : message);
};

/** @throws Error whose words name the host alone */
export async function postToRobot(url: URL, body: unknown, signal: AbortSignal): Promise<RobotAnswer> {
  const fault = (what: string) => new Error(`${url.hostname}: ${what}`);
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      // Another host would be given the notice with its link.
      redirect: 'manual',
      signal,
    });
    text = await bounded(answer);
  } catch (error) {
    throw fault(codeOf(error));
  }
  if (answer.status >= 300 && answer.status < 400) throw fault(`redirects (${answer.status}), which is not followed`);
  if (!answer.ok) throw fault(`answers ${answer.status}`);
  try {
    return JSON.parse(text) as RobotAnswer;
  } catch {
    throw fault('answers something that is no JSON');
  }
}

/**
 * What a refusal of the robot says, for people; null when it took the message.
 *
 * @param code its field for the error code: 0 = taken
 */
export function robotFault(answer: RobotAnswer, code: string, message: string): string | null {
  if (answer[code] === 0) return null;
  return `${code} ${String(answer[code] ?? 'missing')}: ${String(answer[message] ?? '')}`.trim();
}
