/** One way to the hub's API: JSON, problem details as typed errors, CSRF header on changes, If-Match on commands. */
import type { Problem } from '../../../../contracts/api/problem.ts';
import { CSRF_HEADER } from '../../../../contracts/api/session.ts';
import { ApiProblem, type ProblemCode } from './problem.ts';

const BASE = '/api/v1';

let csrf = '';
/** The session's token; the page holds it in memory only, so that no other script's storage has it. */
export function rememberCsrf(token: string): void {
  csrf = token;
}

export type Change = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** A file as it is, instead of a body. */
  readonly file?: Blob;
  /** Version that the user looked at. */
  readonly ifMatch?: number;
  /** Lets the request outlive the page: for what is sent on leaving. */
  readonly keepalive?: boolean;
};

function isProblemBody(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value;
}

async function toError(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  if (!isProblemBody(body)) return new ApiProblem('API_INTERNAL', response.status, null);
  return new ApiProblem(body.code as ProblemCode, response.status, body);
}

/** Query values that are undefined or empty are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/**
 * The address of a path of the API.
 * @example apiUrl('/cases') // '/api/v1/cases'
 */
export function apiUrl(path: string): string {
  return `${BASE}${path}`;
}

/** @throws ApiProblem when the hub refuses or cannot be reached. */
export async function request<T>(path: string, change?: Change): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (change !== undefined) headers[CSRF_HEADER] = csrf;
  if (change?.body !== undefined) headers['content-type'] = 'application/json';
  if (change?.file !== undefined) headers['content-type'] = 'application/octet-stream';
  if (change?.ifMatch !== undefined) headers['if-match'] = String(change.ifMatch);
  let response: Response;
  try {
    response = await fetch(apiUrl(path), {
      method: change?.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      ...(change?.body === undefined ? {} : { body: JSON.stringify(change.body) }),
      ...(change?.file === undefined ? {} : { body: change.file }),
      ...(change?.keepalive === true ? { keepalive: true } : {}),
    });
  } catch (cause) {
    throw new ApiProblem('NETWORK', 0, null, cause);
  }
  if (!response.ok) throw await toError(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** A file as it is, sent whole. @throws ApiProblem when the hub refuses or cannot be reached. */
export function sendFile<T>(path: string, file: Blob): Promise<T> {
  return request<T>(path, { method: 'POST', file });
}
