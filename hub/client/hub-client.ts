/** A log-in at a hub's API, for commands that do what an administrator may. */
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Type } from '@sinclair/typebox';
import { CSRF_HEADER } from '../../contracts/api/session.ts';
import { type ErrorCode, errors } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import { isValid } from '../../platform/validate.ts';

export type HubClient = {
  /** @throws HUB_UNREACHABLE, and what the hub refuses with */
  call<T>(method: 'GET' | 'PUT' | 'DELETE' | 'POST', path: string, body?: unknown): Promise<T>;
  /** The answer as text, whatever it is. @throws HUB_UNREACHABLE, and what the hub refuses with */
  read(path: string): Promise<string>;
  close(): Promise<void>;
};

type Answer = { readonly status: number; readonly cookie: string | null; readonly text: string };

/** What is read of an answer: a later hub may say more, and whatever else answers there says less. */
const LoggedIn = Type.Object({ csrf: Type.String() });
const Refusal = Type.Object({
  title: Type.String(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
});

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 * 1024;

function readAnswer(response: IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) response.destroy(new Error('the answer has no end'));
      chunks.push(chunk);
    });
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        cookie: response.headers['set-cookie']?.[0]?.split(';')[0] ?? null,
        text: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
}

/** TLS faults in words that say what to do. */
function describeFailure(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code)) return `${message}; --ca FILE names the authority`;
  return code && !message.includes(code) ? `${code} ${message}`.trim() : message || code;
}

function refusalOf(answer: Answer, what: string): AppError {
  try {
    const problem: unknown = JSON.parse(answer.text);
    if (isValid(Refusal, problem) && Object.hasOwn(errors, problem.code)) {
      // Its first words are the catalogue's, which the error writes by itself.
      const detail = problem.detail?.replace(`${problem.title}: `, '') ?? what;
      return new AppError(problem.code as ErrorCode, detail, { faults: problem.errors ?? [] });
    }
  } catch {
    // Whatever answered there, it was no hub.
  }
  return new AppError('HUB_UNREACHABLE', `${what}: answer ${answer.status} is not one of a Kerbwatch hub`);
}

function addressOf(hub: string): URL {
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol))
    throw new AppError('HUB_UNREACHABLE', `${hub} is no address like https://hub.example`);
  return new URL(hub);
}

export type HubLogin = {
  readonly hub: string;
  readonly user: string;
  /** Asked for once address and authority are sound: nobody types a password for nothing. */
  readonly password: () => Promise<string>;
  /** Certificate file of the authority, where it is not a public one. */
  readonly ca?: string;
};

/** Logs in. `call` takes paths below /api/v1. @throws HUB_UNREACHABLE, API_BAD_LOGIN, API_RATE */
export async function openHub(login: HubLogin): Promise<HubClient> {
  const base = addressOf(login.hub);
  const ca = login.ca === undefined ? undefined : await readAuthority(login.ca);
  let cookie = '';
  let csrf = '';

  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(cookie ? { cookie, [CSRF_HEADER]: csrf } : {}),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const request = base.protocol === 'https:' ? httpsRequest : httpRequest;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const address = new URL(`/api/v1${path}`, base);
        const asked = request(address, { method, headers, timeout: TIMEOUT_MS, ...(ca ? { ca } : {}) });
        asked.on('timeout', () => asked.destroy(new Error('no answer')));
        asked.on('error', reject);
        asked.on('response', (response) => readAnswer(response).then(resolve, reject));
        asked.end(text);
      });
    } catch (cause) {
      throw new AppError('HUB_UNREACHABLE', `${base.origin}: ${describeFailure(cause)}`, { cause });
    }
  }

  async function ask(method: string, path: string, body?: unknown): Promise<string> {
    const answer = await send(method, path, body);
    if (answer.status < 200 || answer.status > 299) throw refusalOf(answer, `${base.origin}${path}`);
    cookie = answer.cookie ?? cookie;
    return answer.text;
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await ask(method, path, body);
    try {
      return (text === '' ? null : JSON.parse(text)) as T;
    } catch (cause) {
      throw new AppError('HUB_UNREACHABLE', `${base.origin}${path}: the answer is not one of a Kerbwatch hub`, {
        cause,
      });
    }
  }

  const session = await call<unknown>('POST', '/session', { name: login.user, password: await login.password() });
  if (!isValid(LoggedIn, session))
    throw new AppError('HUB_UNREACHABLE', `${base.origin}: the answer to the log-in is not one of a Kerbwatch hub`);
  csrf = session.csrf;
  return {
    call,
    read: (path) => ask('GET', path),
    async close() {
      await send('DELETE', '/session');
    },
  };
}

async function readAuthority(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('HUB_UNREACHABLE', `--ca ${file}: ${cause.code ?? cause.message}`, { cause });
  });
}
