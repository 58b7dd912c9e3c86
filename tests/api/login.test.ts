/** Who is let in and for how long: guesses, one's own password, the last administrator, event streams. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { upsertUser } from '../../hub/registry/users.ts';
import { openStore } from '../../hub/storage/store.ts';
import { quiet, testDatabases } from '../hub/stores.ts';
import { logIn, PASSWORD, type Person, startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

const OTHER = 'quite another password';
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

/** A log-in from another address of this machine. */
function tryFrom(localAddress: string, name: string, password: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${seeded.hub.url}/api/v1/session`, {
      method: 'POST',
      localAddress,
      headers: { 'content-type': 'application/json' },
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify({ name, password }));
  });
}

async function newUser(name: string, role: string): Promise<Person> {
  const body = { name, displayName: name, role, password: PASSWORD };
  expect((await seeded.people.admin.call('PUT', '/api/v1/users', { body })).status).toBe(204);
  return logIn(seeded.hub.url, name);
}

test('strangers who guess at the administrator’s name do not lock her out', async () => {
  const guesses = ['127.0.0.2', '127.0.0.3'].flatMap((from) => Array.from({ length: 12 }, () => from));
  const statuses = await Promise.all(guesses.map((from, i) => tryFrom(from, 'admin', `guess number ${i}`)));
  expect(statuses.filter((status) => status === 401)).toHaveLength(20);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
  expect(await tryFrom('127.0.0.4', 'admin', PASSWORD)).toBe(200);
});

describe('passwords', () => {
  test.each(['kerbwatch-demo', 'aaaaaaaaaaaa', 'weak-user-weak-user'])('%s is refused', async (password) => {
    const body = { name: 'weak-user', displayName: 'w', role: 'viewer', password };
    const answer = await seeded.people.admin.call('PUT', '/api/v1/users', { body });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'API_WEAK_PASSWORD']);
    const node = { id: 'weak-user', publicKey: 'none', password };
    expect((await seeded.people.admin.call('PUT', '/api/v1/nodes', { body: node })).status).toBe(400);
  });

  test('one changes one’s own, knowing the old one; every other session ends', async () => {
    const here = await newUser('changer', 'operator');
    const elsewhere = await logIn(seeded.hub.url, 'changer');
    const change = (current: string, password: string) =>
      here.call('POST', '/api/v1/session/password', { body: { current, password } });
    expect(await codeOf(await change('not the old one', OTHER))).toBe('API_BAD_LOGIN');
    expect(await codeOf(await change(PASSWORD, 'aaaaaaaaaaaa'))).toBe('API_WEAK_PASSWORD');
    expect((await change(PASSWORD, 'short')).status).toBe(400);
    expect((await change(PASSWORD, OTHER)).status).toBe(204);
    expect((await here.call('GET', '/api/v1/session')).status).toBe(200);
    expect((await elsewhere.call('GET', '/api/v1/session')).status).toBe(401);
    expect(await tryFrom('127.0.0.5', 'changer', PASSWORD)).toBe(401);
    expect(await tryFrom('127.0.0.5', 'changer', OTHER)).toBe(200);
  });
});

describe('the event stream ends', () => {
  /** Settles when the hub ends the stream; the first bytes have come. */
  async function openStream(person: Person): Promise<{ readonly ended: Promise<void> }> {
    const reader = (await person.call('GET', '/api/v1/stream')).body?.getReader();
    await reader?.read();
    const ended = (async () => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    })();
    return { ended };
  }
  const change = (body: object) => seeded.people.admin.call('PUT', '/api/v1/users', { body });

  test.each<[string, (name: string, person: Person) => Promise<unknown>]>([
    ['its user is disabled', (name) => change({ name, displayName: name, role: 'operator', disabled: true })],
    ['her role changes', (name) => change({ name, displayName: name, role: 'viewer' })],
    ['her password changes', (name) => change({ name, displayName: name, role: 'operator', password: OTHER })],
    ['she logs out', (_, person) => person.call('DELETE', '/api/v1/session')],
    [
      'her session expires',
      (name) =>
        seeded.hub.store.db
          .updateTable('sessions')
          .set({ expires_at: '2026-01-01T00:00:00.000Z' })
          .where('user_name', '=', name)
          .execute(),
    ],
  ])('when %s, and nobody else’s', async (what, end) => {
    const name = `reader-${what.length}`;
    const person = await newUser(name, 'operator');
    const { ended } = await openStream(person);
    let others = 0;
    const other = await openStream(await newUser(`${name}-b`, 'operator'));
    void other.ended.then(() => {
      others += 1;
    });
    await end(name, person);
    await ended;
    expect(others).toBe(0);
  });
});

test('the last administrator can be neither demoted nor disabled', async () => {
  const change = (body: object) => seeded.people.admin.call('PUT', '/api/v1/users', { body });
  const admin = { name: 'admin', displayName: 'admin' };
  for (const body of [
    { ...admin, role: 'supervisor' },
    { ...admin, role: 'admin', disabled: true },
  ]) {
    const answer = await change(body);
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'API_LAST_ADMIN']);
  }
  expect((await change({ ...admin, role: 'admin' })).status).toBe(204);
});

for (const database of testDatabases()) {
  test.skipIf(!database.available)(
    `two administrators who remove each other at once: ${database.dialect}`,
    async () => {
      await database.start();
      const url = await database.url();
      const one = await openStore(url, { log: quiet, connections: 4 });
      // Two hubs share a PostgreSQL; a SQLite file has one.
      const two = database.dialect === 'postgres' ? await openStore(url, { log: quiet, connections: 4 }) : one;
      try {
        const admin = (name: string) => ({ name, displayName: name, role: 'admin' as const });
        await upsertUser(one, { ...admin('a'), password: PASSWORD });
        await upsertUser(one, { ...admin('b'), password: PASSWORD });
        const results = await Promise.allSettled([
          upsertUser(one, { ...admin('a'), disabled: true }),
          upsertUser(two, { ...admin('b'), disabled: true }),
        ]);
        expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
      } finally {
        await one.close();
        if (two !== one) await two.close();
        await database.close();
      }
    },
  );
}
