/** Registers in and out over HTTP: 718 permits in seconds, every fault of a file, all or nothing, and who may do it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditPage } from '../../contracts/api/audit.ts';
import type { ImportResult } from '../../contracts/api/import.ts';
import type { CameraBody, PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import { CSRF_HEADER } from '../../contracts/api/session.ts';
import { writeXlsx } from '../../hub/registry/sheets/xlsx.ts';
import { csvOf, faultyPermitRows, permitRows, placard } from '../permit-list.ts';
import { logIn, type Person, startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
let site = '';
beforeAll(async () => {
  seeded = await startSeededHub();
  site = ((await (await seeded.people.operator.call('GET', '/api/v1/sites')).json()) as SiteBody[])[0]?.id ?? '';
});
afterAll(() => seeded.close());

type Problem = { code: string; errors: { path: string; message: string; messageZh: string }[] };

/** A file as a browser sends it. */
async function send<T = ImportResult>(person: Person, what: string, file: Buffer | string, query = '') {
  const login = await fetch(`${seeded.hub.url}/api/v1/imports/${what}${query}`, {
    method: 'POST',
    headers: { ...person.credentials, 'content-type': 'text/csv' },
    body: typeof file === 'string' ? file : new Uint8Array(file),
  });
  return { status: login.status, body: (await login.json()) as T };
}
const permits = async () =>
  (await (await seeded.people.operator.call('GET', '/api/v1/permits')).json()) as PermitBody[];
const ours = async () => (await permits()).filter(({ id }) => id.startsWith('QZ-2026-'));

describe('718 permits', () => {
  test('three faulty rows: seen first, nothing written, then skipped or corrected', async () => {
    const { supervisor } = seeded.people;
    const file = csvOf(faultyPermitRows(site));
    const looked = await send(supervisor, 'permits', file);
    expect(looked.body).toMatchObject({
      rows: 718,
      created: 715,
      changed: 0,
      faulty: 3,
      applied: false,
      encoding: 'utf-8',
    });
    expect(looked.body.faults.map(({ row, column }) => [row, column])).toEqual([
      [5, '车牌'],
      [300, '有效期至'],
      [700, '工地编号'],
    ]);
    expect(await ours()).toEqual([]);
    const refused = await send<Problem>(supervisor, 'permits', file, '?apply=true');
    expect([refused.status, refused.body.code, refused.body.errors.length]).toEqual([422, 'API_IMPORT', 3]);
    expect(refused.body.errors[0]?.messageZh).toContain('第 5 行');
    expect(await ours()).toEqual([]);

    const started = performance.now();
    const skipped = await send(supervisor, 'permits', file, '?apply=true&skip=true');
    // 1.4 s on two busy cores.
    expect(performance.now() - started).toBeLessThan(30_000);
    expect(skipped.body).toMatchObject({ created: 715, faulty: 3, applied: true });
    expect(await ours()).toHaveLength(715);

    const whole = await writeXlsx(permitRows(site), '运输路线牌');
    const rest = await send(supervisor, 'permits', whole, '?apply=true');
    expect(rest.body).toMatchObject({ format: 'xlsx', created: 3, changed: 0, same: 715, faulty: 0, applied: true });
    const [first] = await ours();
    expect(first).toMatchObject({
      ...{ id: placard(0), site, plates: ['闽CA1000', '闽CA2000'], validTo: '2026-12-31' },
      windows: [
        { days: [1, 2, 3, 4, 5], from: '22:00', to: '06:00' },
        { days: [6, 7], from: '20:00', to: '06:00' },
      ],
    });
  });

  test('what is exported is imported again without a change, and both are in the audit log', async () => {
    const { supervisor, admin } = seeded.people;
    for (const format of ['csv', 'xlsx'] as const) {
      const answer = await supervisor.call('GET', `/api/v1/permits.${format}`);
      expect(answer.headers.get('content-disposition')).toContain(`kerbwatch-permits.${format}`);
      const again = await send(supervisor, 'permits', Buffer.from(await answer.arrayBuffer()));
      expect(again.body).toMatchObject({ format, created: 0, changed: 0, faulty: 0, faults: [] });
      expect(again.body.same).toBe((await permits()).length);
    }
    const log = async (query: string) =>
      ((await (await admin.call('GET', `/api/v1/audit?${query}`)).json()) as AuditPage).entries;
    expect(await log('thing=permit&action=import')).toMatchObject([
      { actor: 'supervisor', id: '*', data: { format: 'xlsx', created: 3, leftOut: 0 } },
      { actor: 'supervisor', id: '*', data: { format: 'csv', created: 715, leftOut: 3 } },
    ]);
    expect(await log(`thing=permit&id=${placard(0)}`)).toMatchObject([{ action: 'create' }]);
    expect(await log('thing=permit&action=export')).toHaveLength(2);
  });
});

test('a camera keeps its zones when a table without them is imported, and only an administrator may', async () => {
  const { admin, supervisor } = seeded.people;
  const cameras = async () => (await (await admin.call('GET', '/api/v1/cameras')).json()) as CameraBody[];
  const [before] = await cameras();
  const table = Buffer.from(await (await admin.call('GET', '/api/v1/cameras.csv')).arrayBuffer()).toString('utf8');
  const [head, first = '', ...rest] = table.split('\r\n');
  const owned = [
    head,
    first.replace(/,[^,]*,[^,]*,[^,]*,[^,]*$/, ',市公安局,公安视频,泉公共享〔2026〕3 号,2027/6/30'),
    ...rest,
  ];
  expect((await send<Problem>(supervisor, 'cameras', owned.join('\r\n'))).body.code).toBe('API_FORBIDDEN');
  const done = await send(admin, 'cameras', owned.join('\r\n'), '?apply=true');
  expect(done.body).toMatchObject({ changed: 1, faulty: 0, applied: true });
  expect((await cameras())[0]).toEqual({
    ...before,
    owner: '市公安局',
    source: 'public-security',
    agreement: { number: '泉公共享〔2026〕3 号', until: '2027-06-30' },
  });
});

test('bounds: too large a file, an unknown register, and who may not', async () => {
  const { supervisor } = seeded.people;
  expect((await send<Problem>(supervisor, 'permits', Buffer.alloc(9 * 1024 * 1024, 97))).status).toBe(413);
  expect((await send<Problem>(supervisor, 'taxes', 'a')).status).toBe(400);
  const empty = await send<Problem>(supervisor, 'permits', '');
  expect([empty.status, empty.body.code]).toEqual([422, 'API_SHEET']);
  const operator = await logIn(seeded.hub.url, 'operator');
  expect((await send<Problem>(operator, 'permits', 'a')).status).toBe(403);
  const bare = { ...supervisor, credentials: { ...supervisor.credentials, [CSRF_HEADER]: 'x' } };
  expect((await send<Problem>(bare, 'permits', 'a')).body.code).toBe('API_CSRF');
});
