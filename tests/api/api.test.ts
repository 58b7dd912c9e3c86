/** The API over real HTTP: what answers look like, what is refused, evidence, the stream, the exported case. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TSchema, Type } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CalendarView } from '../../contracts/api/calendar.ts';
import { CaseDetail, CasePage, type CaseSummary } from '../../contracts/api/case.ts';
import { NoticeView } from '../../contracts/api/notice.ts';
import { Problem } from '../../contracts/api/problem.ts';
import { CameraBody, NodeView, PermitBody, SiteBody, UserBody } from '../../contracts/api/registry.ts';
import { DemoLogins, Session } from '../../contracts/api/session.ts';
import { StreamMessage } from '../../contracts/api/stream.ts';
import { errors } from '../../contracts/errors.ts';
import { readPackage } from '../../platform/package/read-package.ts';
import { verifyPackage } from '../../platform/package/verify.ts';
import { faultsOf } from '../../platform/validate.ts';
import { NODE_PASSWORD } from '../hub/node.ts';
import { demoLogins, PASSWORD, startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

const api = (path: string) => `/api/v1${path}`;

async function firstCase(filter: string): Promise<CaseSummary> {
  const page = (await (await seeded.people.viewer.call('GET', api(`/cases?${filter}`))).json()) as CasePage;
  const first = page.cases[0];
  if (!first) throw new Error(`no case: ${filter}`);
  return first;
}

async function problem(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const body = (await answer.json()) as Problem;
  expect(faultsOf(Problem, body)).toEqual([]);
  expect(Object.keys(errors)).toContain(body.code);
  expect(body.status).toBe(answer.status);
  expect(JSON.stringify(body)).not.toMatch(/\.ts:\d|node_modules/);
  return body;
}

describe('log-ins of the demo', () => {
  const read = async (url: string): Promise<unknown> => (await fetch(`${url}${api('/demo')}`)).json();

  test('a hub that is no demo tells nobody a log-in, even if it was given some', async () => {
    expect(await read(seeded.hub.url)).toEqual({ demo: false, logins: [] });
  });

  test('a demo offers its own, and they open it', async () => {
    const demo = await startSeededHub({ demo: true });
    try {
      const answer = await read(demo.hub.url);
      expect(faultsOf(DemoLogins, answer)).toEqual([]);
      expect(answer).toEqual({ demo: true, logins: demoLogins });
      const opened = await fetch(`${demo.hub.url}${api('/session')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify((answer as DemoLogins).logins[0]),
      });
      expect(opened.status).toBe(200);
    } finally {
      await demo.close();
    }
  });
});

describe('answers hold to their schemas', () => {
  const answers: readonly (readonly [string, TSchema])[] = [
    ['/session', Session],
    ['/cases', CasePage],
    ['/nodes', Type.Array(NodeView)],
    ['/cameras', Type.Array(CameraBody)],
    ['/sites', Type.Array(SiteBody)],
    ['/permits', Type.Array(PermitBody)],
    ['/calendar', CalendarView],
    ['/users', Type.Array(UserBody)],
    ['/notices', Type.Array(NoticeView)],
  ];
  test.each(answers)('GET %s', async (path, schema) => {
    const answer = await seeded.people.admin.call('GET', api(path));
    expect(answer.status).toBe(200);
    const body: unknown = await answer.json();
    expect(faultsOf(schema, body)).toEqual([]);
    if (Array.isArray(body)) expect(body.length).toBeGreaterThan(0);
  });

  test('each of the twelve cases', async () => {
    const page = (await (await seeded.people.admin.call('GET', api('/cases'))).json()) as CasePage;
    expect(page.cases).toHaveLength(12);
    for (const { id } of page.cases) {
      const detail: unknown = await (await seeded.people.admin.call('GET', api(`/cases/${id}`))).json();
      expect(faultsOf(CaseDetail, detail)).toEqual([]);
    }
  });

  test('a password hash never leaves', async () => {
    for (const path of ['/users', '/nodes']) {
      expect(await (await seeded.people.admin.call('GET', api(path))).text()).not.toMatch(/scrypt|argon2|password/);
    }
  });
});

describe('what is refused', () => {
  test('a wrong name and a wrong password look the same', async () => {
    const tries = ['nobody', 'viewer'].map(async (name) => {
      const body = JSON.stringify({ name, password: 'wrong wrong wrong' });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${seeded.hub.url}${api('/session')}`, { method: 'POST', headers, body });
      const { detail: _, instance: __, ...rest } = await problem(answer);
      return rest;
    });
    const [unknown, wrong] = await Promise.all(tries);
    expect(unknown).toEqual(wrong);
    expect(unknown?.code).toBe('API_BAD_LOGIN');
  });

  test('too many log-ins for one name', async () => {
    const body = JSON.stringify({ name: 'guessed', password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const statuses = [];
    for (let i = 0; i < 11; i++) {
      statuses.push((await fetch(`${seeded.hub.url}${api('/session')}`, { method: 'POST', headers, body })).status);
    }
    expect(statuses.slice(0, 10).every((status) => status === 401)).toBe(true);
    expect(statuses[10]).toBe(429);
  });

  test('a change without the CSRF header, or from another site', async () => {
    const body = { command: 'claim' };
    const { id } = await firstCase('state=pending-review');
    const path = api(`/cases/${id}/commands`);
    const without = await seeded.people.operator.call('POST', path, { body, headers: { 'x-kerbwatch-csrf': 'x' } });
    expect((await problem(without)).code).toBe('API_CSRF');
    const elsewhere = await seeded.people.operator.call('POST', path, {
      body,
      headers: { origin: 'https://elsewhere.example' },
    });
    expect((await problem(elsewhere)).code).toBe('API_CSRF');
  });

  test('a command without, with a stale and with the right version; one that the role may not give', async () => {
    const { id, version } = await firstCase('state=pending-review&kind=road-stall');
    const send = (person: keyof typeof seeded.people, headers: Record<string, string>) =>
      seeded.people[person].call('POST', api(`/cases/${id}/commands`), { body: { command: 'claim' }, headers });
    expect((await problem(await send('operator', {}))).code).toBe('API_PRECONDITION');
    expect((await problem(await send('operator', { 'if-match': '"999"' }))).code).toBe('API_VERSION');
    expect((await problem(await send('viewer', { 'if-match': `"${version}"` }))).code).toBe('API_FORBIDDEN');
    const done = await send('operator', { 'if-match': `"${version}"` });
    expect(done.status).toBe(200);
    expect(done.headers.get('etag')).toBe(`"${version + 1}"`);
  });

  test('unknown keys, bad zones and bad JSON name their faults', async () => {
    const { admin } = seeded.people;
    const extra = await admin.call('PUT', api('/sites'), { body: { id: 's', colour: 'red' } });
    expect((await problem(extra)).errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['colour', 'name', 'address', 'manager']),
    );
    const polygon = [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
    ];
    const zones = await admin.call('PUT', api('/cameras/fz-dongtu-03/zones'), {
      body: [{ id: 'z', kind: 'road-stall', polygon }],
    });
    expect((await problem(zones)).errors?.[0]?.path).toBe('zones[0].polygon');
    const headers = { 'content-type': 'application/json' };
    const garbage = await fetch(`${seeded.hub.url}${api('/session')}`, { method: 'POST', headers, body: '{' });
    expect((await problem(garbage)).code).toBe('API_VALIDATION');
    expect((await problem(await fetch(`${seeded.hub.url}/api/v1/nothing`))).code).toBe('API_NOT_FOUND');
  });
});

test('PUT /nodes refuses what is no public key, says what it is, and leaves the node as it was', async () => {
  const { admin } = seeded.people;
  const nodes = async () => (await (await admin.call('GET', api('/nodes'))).json()) as NodeView[];
  const before = await nodes();
  const good = before[0]?.publicKey ?? '';
  const pair = generateKeyPairSync('ed25519');
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaPublic = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const rsaPrivate = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const texts = ['not a key at all', '', privateKey, rsaPublic, rsaPrivate, good + good, `${good}junk`];
  for (const publicKey of texts) {
    const answer = await admin.call('PUT', api('/nodes'), { body: { id: before[0]?.id, publicKey } });
    const { status, code, errors: faults } = await problem(answer);
    expect([status, code, faults?.[0]?.path]).toEqual([400, 'API_NODE_KEY', 'publicKey']);
  }
  expect(await nodes()).toEqual(before);
});

describe('evidence', () => {
  const authorization = `Basic ${Buffer.from(`fz-edge-01:${NODE_PASSWORD}`).toString('base64')}`;
  const file = (sha256: string) => `${seeded.hub.url}${api(`/evidence/${sha256}`)}`;

  test('a stored file is said to be complete; its look is logged; it is what its name says', async () => {
    const { thumbnail } = await firstCase('camera=fz-dongtu-03');
    const head = await fetch(file(thumbnail ?? ''), { method: 'HEAD', headers: { authorization } });
    expect([head.status, head.headers.get('upload-complete')]).toEqual([204, '?1']);
    const looks = () =>
      seeded.hub.store.db
        .selectFrom('evidence_access')
        .selectAll()
        .where('sha256', '=', thumbnail ?? '')
        .execute();
    const before = (await looks()).length;
    const answer = await seeded.people.viewer.call('GET', api(`/evidence/${thumbnail}`));
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const { sha256Hex } = await import('../../platform/canonical.ts');
    expect(sha256Hex(bytes)).toBe(thumbnail);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    // Written behind the answer.
    await expect.poll(async () => (await looks()).length - before, { timeout: 10_000 }).toBe(1);
    expect((await looks()).at(-1)?.actor).toBe('viewer');
  });

  test('a file that no event names is refused, and so is a wrong password', async () => {
    const body = 'x';
    const unknown = await fetch(file('0'.repeat(64)), { method: 'PUT', headers: { authorization }, body });
    expect((await problem(unknown)).code).toBe('API_NOT_FOUND');
    const wrong = `Basic ${Buffer.from('fz-edge-01:wrong').toString('base64')}`;
    const refused = await fetch(file('0'.repeat(64)), { method: 'PUT', headers: { authorization: wrong }, body });
    expect((await problem(refused)).code).toBe('API_UNAUTHENTICATED');
  });
});

test('the stream tells of a change as it happens', async () => {
  const { id, version } = await firstCase('state=pending-review&kind=bike-clutter');
  const answer = await seeded.people.viewer.call('GET', api('/stream'));
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const headers = { 'if-match': String(version) };
  await seeded.people.operator.call('POST', api(`/cases/${id}/commands`), { body: { command: 'claim' }, headers });
  let text = '';
  while (!text.includes('data: ')) text += Buffer.from((await reader.read()).value ?? []).toString('utf8');
  await reader.cancel();
  const message: unknown = JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? '');
  expect(faultsOf(StreamMessage, message)).toEqual([]);
  expect(message).toMatchObject({ type: 'case', action: 'claim', case: { id, claimedBy: 'operator' } });
});

test('an exported case verifies offline, and stops to do so when a byte is changed', async () => {
  const { id } = await firstCase('state=closed');
  const answer = await seeded.people.supervisor.call('GET', api(`/cases/${id}/package`));
  expect(answer.headers.get('content-type')).toBe('application/x-tar');
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-package-'));
  try {
    writeFileSync(join(folder, 'case.tar'), Buffer.from(await answer.arrayBuffer()));
    execFileSync('tar', ['xf', 'case.tar'], { cwd: folder });
    const name = readdirSync(folder).find((entry) => entry !== 'case.tar') ?? '';
    const check = async () => verifyPackage(await readPackage(join(folder, name)), null);
    expect((await check()).checks.flatMap(({ faults }) => faults)).toEqual([]);
    expect((await check()).ok).toBe(true);
    const [still = ''] = readdirSync(join(folder, name, 'evidence'));
    writeFileSync(join(folder, name, 'evidence', still), 'changed');
    expect((await check()).ok).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what machines ask: alive, ready, metrics, Open311, the month', async () => {
  const get = (path: string) => fetch(`${seeded.hub.url}${path}`);
  expect((await get('/healthz')).status).toBe(200);
  expect((await get('/readyz')).status).toBe(200);
  expect(await (await get('/metrics')).text()).toContain('process_cpu_seconds_total');
  expect(await (await get('/open311/v2/services.json')).json()).toHaveLength(3);
  const requests = (await (await seeded.people.viewer.call('GET', '/open311/v2/requests.json')).json()) as unknown[];
  expect(requests).toHaveLength(5);
  const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
  const report = await seeded.people.viewer.call('GET', api(`/reports/monthly?month=${month}`));
  const { rows } = (await report.json()) as { rows: { cases: number }[] };
  expect(rows.reduce((sum, row) => sum + row.cases, 0)).toBe(12);
  const monthAs = (format: string) =>
    seeded.people.viewer.call('GET', api(`/reports/monthly?month=${month}&format=${format}`));
  for (const [format, type] of [
    ['csv', 'text/csv'],
    ['xlsx', 'spreadsheetml'],
    ['pdf', 'application/pdf'],
  ] as const)
    expect((await monthAs(format)).headers.get('content-type')).toContain(type);
  expect((await problem(await monthAs('docx'))).errors?.[0]?.message).toBe('expected one of json, csv, xlsx, pdf');
  const { paths } = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, { get: { parameters: { name: string; schema: { enum?: string[] } }[] } }>;
  };
  const format = paths[api('/reports/monthly')]?.get.parameters.find(({ name }) => name === 'format');
  expect(format?.schema.enum).toEqual(['json', 'csv', 'xlsx', 'pdf']);
});
