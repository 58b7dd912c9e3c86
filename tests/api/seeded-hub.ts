/** A seeded hub and people who are logged in, for tests of the API over real HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CSRF_HEADER, type Role, roles, type Session } from '../../contracts/api/session.ts';
import type { HubConfig } from '../../hub/config.ts';
import type { FourEyesConfig } from '../../hub/four-eyes-config.ts';
import { startHub } from '../../hub/main.ts';
import { systemClock } from '../../platform/clock.ts';
import { quiet } from '../hub/stores.ts';
import { seedDemoHub } from '../seed.ts';

export const PASSWORD = 'a password for tests';

export type Person = {
  readonly session: Session;
  /** Headers of a request that the page makes by itself. */
  readonly credentials: Readonly<Record<string, string>>;
  call(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Response>;
  /** A file as it is. */
  upload(path: string, bytes: Uint8Array): Promise<Response>;
};

export async function logIn(url: string, name: string): Promise<Person> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`${name} cannot log in: ${await answer.text()}`);
  const session = (await answer.json()) as Session;
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return {
    session,
    upload: (path, bytes) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { cookie, [CSRF_HEADER]: session.csrf, 'content-type': 'application/octet-stream' },
        body: new Uint8Array(bytes),
      }),
    credentials: { cookie, [CSRF_HEADER]: session.csrf },
    call: (method, path, { body, headers = {} } = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          cookie,
          [CSRF_HEADER]: session.csrf,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

export const demoLogins = [{ name: 'operator', password: PASSWORD }];

/** @param undoSeconds with 0, notices are ready with the confirmation */
export async function startSeededHub({
  demo = false,
  undoSeconds = 0,
  database,
  channels,
  fourEyes,
  notices,
}: {
  demo?: boolean;
  undoSeconds?: number;
  database?: string;
  /** What notices go by, where it is more than their pages. */
  channels?: Record<string, unknown>;
  fourEyes?: FourEyesConfig;
  /** What the office has set about them. */
  notices?: NonNullable<HubConfig['notices']>;
} = {}) {
  let ahead = 0;
  const clock = { now: () => systemClock.now() + ahead };
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-api-'));
  const hub = await startHub(
    {
      database: database ?? `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      mqtt: 'embedded',
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
      review: { undoSeconds },
      ...(channels || notices ? { notices: { ...notices, ...(channels ? { channels } : {}) } } : {}),
      ...(fourEyes ? { fourEyes } : {}),
      demo,
    },
    { log: quiet, clock, demoLogins },
  );
  await seedDemoHub(hub, { password: PASSWORD });
  const people = {} as Record<Role, Person>;
  for (const role of roles) people[role] = await logIn(hub.url, role);
  return {
    hub,
    people,
    /** Logs in again: sessions end when the clock is far ahead. */
    again: (role: Role) => logIn(hub.url, role),
    /** Sets the hub's clock forward. */
    advance(ms: number) {
      ahead += ms;
    },
    /** The hub's data folder. */
    folder,
    async close() {
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
