/** Log-in at a real OpenID Connect provider: code flow with PKCE, state and nonce, roles only as mapped, local users stay. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../contracts/api/session.ts';
import { readAudit } from '../../hub/audit.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { issuerFault } from '../../hub/oidc-config.ts';
import { roleOf, scopeOf } from '../../hub/registry/oidc.ts';
import { listUsers, upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { quiet } from '../hub/stores.ts';
import { CLIENT, startIdentityProvider } from '../identity-provider.ts';
import { logIn, PASSWORD } from './seeded-hub.ts';

const accounts = [
  { sub: 'u-1', preferred_username: 'Lin.Xiao', name: '林晓', groups: ['staff', 'kerb-operators'] },
  { sub: 'u-2', preferred_username: 'guest', name: 'Guest', groups: ['staff', 'admin'] },
  { sub: 'u-3', preferred_username: 'boss', name: 'Boss', groups: ['kerb-admins'] },
  { sub: 'u-4', preferred_username: 'zhao', name: '赵磊', groups: ['field', 'fengze', 'plot'] },
  { sub: 'u-5', preferred_username: 'nowhere', name: 'N', groups: ['field'] },
];
let hub: Hub;
let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-oidc-'));

beforeAll(async () => {
  provider = await startIdentityProvider(accounts, () => `${hub.url}/api/v1/session/oidc/callback`);
  process.env.KERBWATCH_TEST_OIDC = CLIENT.secret;
  hub = await startHub(
    {
      ...{ database: `sqlite:${join(folder, 'hub.db')}`, dataDir: folder },
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
      oidc: {
        ...{ issuer: provider.issuer, clientId: CLIENT.id, clientSecret: 'env:KERBWATCH_TEST_OIDC' },
        roles: [
          { value: 'kerb-admins', role: 'admin' },
          { value: 'kerb-operators', role: 'operator' },
          { value: 'field', role: 'viewer' },
        ],
        scopes: [
          { value: 'kerb-operators' },
          { value: 'fengze', districts: ['350503'] },
          { value: 'plot', sites: ['plot-17'] },
        ],
        label: { zh: '统一身份登录', en: 'City log-in' },
      },
    },
    { log: quiet, clock: systemClock },
  );
  await upsertUser(hub.store, { name: 'boss', displayName: '本地管理员', role: 'admin', password: PASSWORD });
});
afterAll(async () => {
  await hub?.close();
  await provider?.close();
  delete process.env.KERBWATCH_TEST_OIDC;
  rmSync(folder, { recursive: true, force: true });
});

/** As much of a browser as a log-in needs: cookies by host, redirects one by one. */
function browser() {
  const jars = new Map<string, Map<string, string>>();
  return {
    jar: (url: string) => jars.get(new URL(url).host) ?? new Map<string, string>(),
    async go(url: string): Promise<Response> {
      const { host } = new URL(url);
      const jar = jars.get(host) ?? new Map<string, string>();
      jars.set(host, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return answer;
    },
    /** Follows until `stop` is reached, or no redirect is left. @returns the last address */
    async follow(url: string, stop: (url: string) => boolean = () => false): Promise<string> {
      let at = url;
      for (let hops = 0; hops < 12 && !stop(at); hops += 1) {
        const next = (await this.go(at)).headers.get('location');
        if (next === null) return at;
        at = new URL(next, at).href;
      }
      return at;
    },
  };
}
const start = (next = '') => `${hub.url}/api/v1/session/oidc/start${next && `?next=${encodeURIComponent(next)}`}`;
const isCallback = (url: string) => url.includes('/session/oidc/callback?');
const isConsole = (url: string) => url.startsWith(hub.url) && !url.includes('/api/');
const whoAmI = async (visitor: ReturnType<typeof browser>) => {
  const answer = await visitor.go(`${hub.url}/api/v1/session`);
  return answer.ok ? ((await answer.json()) as Session).user : answer.status;
};

test('the log-in page is told, and a user comes in with name and role of her claims', async () => {
  expect(await (await fetch(`${hub.url}/api/v1/session/oidc`)).json()).toEqual({
    ...{ enabled: true, label: { zh: '统一身份登录', en: 'City log-in' } },
  });
  provider.signIn('u-1');
  const lin = browser();
  expect(await lin.follow(start('/cases?state=filed'), isConsole)).toBe(`${hub.url}/cases?state=filed`);
  expect(await whoAmI(lin)).toEqual({ name: 'lin.xiao', displayName: '林晓', role: 'operator' });
  // Once more: the same user, no second one.
  await browser().follow(start(), isConsole);
  const users = (await listUsers(hub.store)).map(({ name }) => name);
  expect(users).toEqual(['boss', 'lin.xiao']);
  const { entries } = await readAudit(hub.store, { thing: 'user', id: 'lin.xiao' });
  expect(entries.map(({ action, actor, address }) => [action, actor, address])).toEqual([
    ['login', 'lin.xiao', '127.0.0.1'],
    ['login', 'lin.xiao', '127.0.0.1'],
    ['create', 'lin.xiao', '127.0.0.1'],
  ]);
});

test('nobody without a mapped group comes in, whatever else the groups are called', async () => {
  provider.signIn('u-2');
  const guest = browser();
  expect(await guest.follow(start(), isConsole)).toBe(`${hub.url}/login?refused=API_OIDC_ROLE`);
  expect(await whoAmI(guest)).toBe(401);
});

test('a user is confined to all that the groups say; where none says anything nobody comes in', async () => {
  provider.signIn('u-4');
  const zhao = browser();
  await zhao.follow(start(), isConsole);
  const scope = { districts: ['350503'], sites: ['plot-17'] };
  expect(await whoAmI(zhao)).toEqual({ name: 'zhao', displayName: '赵磊', role: 'viewer', scope });
  expect((await zhao.go(`${hub.url}/api/v1/nodes`)).status).toBe(403);
  provider.signIn('u-5');
  expect(await browser().follow(start(), isConsole)).toBe(`${hub.url}/login?refused=API_OIDC_SCOPE`);
});

test.each([
  [['a'], { districts: ['350503'] }],
  [['a', 'b'], { districts: ['350503', '350521'], units: ['u'] }],
  [['a', 'all'], null],
  [['x'], undefined],
])('groups %j give the scope %j', (groups, scope) => {
  const scopes = [
    { value: 'a', districts: ['350503'] },
    { value: 'b', districts: ['350503', '350521'], units: ['u'] },
    { value: 'all' },
  ];
  expect(scopeOf({ scopes }, { groups })).toEqual(scope);
  expect(scopeOf({}, { groups })).toBeNull();
});

test('a local account is never taken over, and stays a way in', async () => {
  provider.signIn('u-3');
  const boss = browser();
  expect(await boss.follow(start(), isConsole)).toBe(`${hub.url}/login?refused=API_OIDC_NAME`);
  expect((await logIn(hub.url, 'boss')).session.user).toMatchObject({ displayName: '本地管理员', role: 'admin' });
});

test('a disabled user stays out; nobody logs in with a password where there is none', async () => {
  await upsertUser(hub.store, { name: 'lin.xiao', displayName: '林晓', role: 'operator', disabled: true });
  provider.signIn('u-1');
  expect(await browser().follow(start(), isConsole)).toBe(`${hub.url}/login?refused=API_BAD_LOGIN`);
  await upsertUser(hub.store, { name: 'lin.xiao', displayName: '林晓', role: 'operator' });
  for (const password of ['-', PASSWORD]) {
    const body = JSON.stringify({ name: 'lin.xiao', password });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${hub.url}/api/v1/session`, { method: 'POST', headers, body })).status).toBe(401);
  }
});

test('a code without this browser’s state, another nonce, another verifier, or used twice opens nothing', async () => {
  provider.signIn('u-1');
  const refused = `${hub.url}/login?refused=API_OIDC`;
  const begun = browser();
  const callback = await begun.follow(start(), isCallback);
  expect(await browser().follow(callback, isConsole)).toBe(refused);

  for (const key of ['state', 'nonce', 'verifier']) {
    const visitor = browser();
    const back = await visitor.follow(start(), isCallback);
    const jar = visitor.jar(hub.url);
    const kept = JSON.parse(Buffer.from(jar.get('kerbwatch-oidc') ?? '', 'base64url').toString('utf8'));
    const other = { ...kept, [key]: `${'x'.repeat(43)}` };
    jar.set('kerbwatch-oidc', Buffer.from(JSON.stringify(other)).toString('base64url'));
    expect(await visitor.follow(back, isConsole), key).toBe(refused);
    expect(await whoAmI(visitor), key).toBe(401);
  }

  const kept = new Map(begun.jar(hub.url));
  expect(await begun.follow(callback, isConsole)).toBe(`${hub.url}/`);
  const replay = browser();
  await replay.go(`${hub.url}/healthz`);
  for (const [name, value] of kept) replay.jar(hub.url).set(name, value);
  expect(await replay.follow(callback, isConsole)).toBe(refused);
});

test('another site’s page is no page to go on to', async () => {
  provider.signIn('u-1');
  for (const next of ['//evil.example/', '/\\evil.example', 'https://evil.example/'])
    expect(await browser().follow(start(next), isConsole)).toBe(`${hub.url}/`);
});

const mapped = {
  roles: [
    { value: 'a', role: 'admin' },
    { value: 'v', role: 'viewer' },
  ] as const,
};
test.each([
  [{ groups: ['v', 'a'] }, undefined, 'admin'],
  [{ groups: 'v' }, undefined, 'viewer'],
  [{ groups: ['admin'] }, undefined, null],
  [{ groups: { admin: true } }, undefined, null],
  [{}, undefined, null],
  [{ realm_access: { roles: ['v'] } }, 'realm_access.roles', 'viewer'],
  [{ 'https://city.example/roles': ['v'] }, 'https://city.example/roles', 'viewer'],
])('role of %j by %s', (claims, roleClaim, role) => {
  expect(roleOf({ roles: [...mapped.roles], ...(roleClaim ? { roleClaim } : {}) }, claims)).toBe(role);
});

test.each([
  ['https://id.city.example', null],
  ['http://127.0.0.1:9000', null],
  ['http://id.city.example', 'must begin with https://'],
  ['https://', 'is no address'],
])('issuer %s', (issuer, fault) => {
  expect(issuerFault(issuer)).toBe(fault);
});
