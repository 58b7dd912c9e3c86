/** One signed message to one receiver: that address and no other, within a time, its answer counted and not read. */
import { createHmac, randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { publicLookup, targetFault } from './target.ts';

const PREFIX = 'whsec_';

/** 256 random bits in the form of Standard Webhooks. */
export const makeSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`;

/**
 * Header `webhook-signature` (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.
 * @param seconds since the epoch
 */
export function signMessage(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

export type SignedMessage = {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  /** When it is sent, ms since the epoch. */
  readonly now: number;
};

/**
 * Answers when the receiver has said 2xx. @throws Error whose words name the host alone
 * @param allowPrivate the office's own networks, and plain http
 */
export async function postMessage(
  { id, url: text, secret, body, now }: SignedMessage,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<void> {
  const refused = targetFault(text, allowPrivate);
  const url = new URL(text);
  const fault = (what: string) => new Error(`${url.hostname}: ${what}`);
  if (refused) throw fault(refused);
  const seconds = Math.floor(now / 1000);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'Kerbwatch',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signMessage(secret, id, seconds, body),
  };
  const options = { method: 'POST', headers, signal, agent: false, ...(allowPrivate ? {} : { lookup: publicLookup }) };
  const status = await new Promise<number>((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const call = send(url, options, (answer) => {
      // What it says beside its status is of no use to anybody here; a redirect is not followed.
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      const timedOut = error.name === 'AbortError' || error.name === 'TimeoutError';
      reject(fault(timedOut ? 'no answer in time' : (error.code ?? error.message)));
    });
    call.end(body);
  });
  if (status >= 300 && status < 400) throw fault(`redirects (${status}), which is not followed`);
  if (status < 200 || status >= 300) throw fault(`answers ${status}`);
}
