/** What the API refuses, it refuses on every database alike, before anything is stored: loose numbers, lost text. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CasePage } from '../../contracts/api/case.ts';
import type { Problem } from '../../contracts/api/problem.ts';
import { testDatabases } from '../hub/stores.ts';
import { knownToken } from './known-link.ts';
import { startSeededHub } from './seeded-hub.ts';

const LONE = '\ud83d';
const NUL = 'a\0b';
const TURNED = '闽C\u202e54321';

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`borders on ${database.dialect}`, () => {
    let seeded: Awaited<ReturnType<typeof startSeededHub>>;
    beforeAll(async () => {
      await database.start();
      seeded = await startSeededHub({ database: await database.url() });
    }, 60_000);
    afterAll(async () => {
      await seeded.close();
      await database.close();
    });

    const get = (path: string) => seeded.people.admin.call('GET', `/api/v1${path}`);
    async function faultsOf(answer: Response): Promise<string[]> {
      const body = (await answer.json()) as Problem;
      expect([answer.status, body.code], JSON.stringify(body)).toEqual([400, 'API_VALIDATION']);
      return (body.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
    }

    test.each([
      '1e2',
      '0x10',
      '%205',
      '5%20',
      '5.0',
      '%2B5',
      '1_0',
      '05',
      '-5',
      '%EF%BC%95',
      'Infinity',
      'null',
      '',
      '9007199254740993000000',
    ])('limit=%s is no number of ours', async (text) => {
      const [fault = ''] = await faultsOf(await get(`/cases?limit=${text}`));
      expect(fault).toMatch(/^limit: ./);
    });

    test('a plain number within its bounds is one, and it is kept to', async () => {
      const page = (await (await get('/cases?limit=3')).json()) as CasePage;
      expect(page.cases).toHaveLength(3);
      const next = (await (await get(`/cases?limit=3&cursor=${page.next}`)).json()) as CasePage;
      expect(next.cases.map(({ id }) => id)).not.toEqual(page.cases.map(({ id }) => id));
      expect(await faultsOf(await get('/cases?limit=201'))).toHaveLength(1);
    });

    test.each([
      ['/cases?limit=1&limit=2', 'limit: given more than once'],
      ['/cases?state=filed&state=closed', 'state: given more than once'],
      ['/cases?colour=red', 'colour: unknown key'],
      ['/cases?__proto__=x', '__proto__: unknown key'],
      ['/cases?site=', 'site: is empty: leave it out'],
      ['/cases?from=2026-13-01T00:00:00.000Z', 'from: expected: UTC instant'],
      ['/cases?to=2026-02-30T00:00:00.000Z', 'to: no day of the calendar'],
      ['/cases?order=latest', 'order: expected one of newest, oldest'],
      ['/cases?q=%ED%A0%80', 'query: is not percent-encoded UTF-8'],
      ['/cases?q=100%', 'query: is not percent-encoded UTF-8'],
      ['/cases?q=a%00b', 'q: holds U+0000 or a lone surrogate'],
      ['/cases?site=a%E2%80%AEb', 'site: holds a control character or one that turns text around'],
      [`/cases?cursor=${Buffer.from('2026-11-27T00:00:00.000Z \0').toString('base64url')}`, 'cursor: not one of ours'],
      [`/cases?cursor=${Buffer.from('0 \0').toString('base64url')}`, 'cursor: not one of ours'],
      ['/cases/a%00b', 'id: holds U+0000 or a lone surrogate'],
      ['/notices/a%00b', 'id: holds U+0000 or a lone surrogate'],
      ['/cameras/a%00b/zones', 'id: holds U+0000 or a lone surrogate'],
      ['/nodes?page=2', 'page: unknown key'],
      ['/sites?q=x', 'q: unknown key'],
      ['/session?x=1', 'x: unknown key'],
      ['/cases?overdue=TRUE', 'overdue: expected true or false'],
      ['/cases?overdue=1', 'overdue: expected true or false'],
      ['/cases?mine=yes', 'mine: expected true or false'],
      ['/cases?mine=true&claimedBy=operator', 'mine: not together with claimedBy'],
    ])('%s', async (path, fault) => {
      expect((await faultsOf(await get(path)))[0]).toMatch(fault);
    });

    test('mine is what I have claimed', async () => {
      const mine = (await (await seeded.people.operator.call('GET', '/api/v1/cases?mine=true')).json()) as CasePage;
      expect(mine.cases.map(({ claimedBy }) => claimedBy)).toEqual(['operator']);
      expect(((await (await get('/cases?mine=true')).json()) as CasePage).cases).toEqual([]);
    });

    test.each([
      [LONE, 'note: holds U+0000'],
      [NUL, 'note: holds U+0000'],
      [TURNED, 'note: holds a control'],
      [' \t\u3000\u200b', 'note: expected: text with at least one visible sign'],
      ['', 'note: expected string length'],
      ['x'.repeat(2001), 'note: expected string length'],
    ])('a note %j is refused, and the trail goes on unbroken', async (note, fault) => {
      const page = (await (await get('/cases?state=pending-review&limit=1')).json()) as CasePage;
      const { id, version } = page.cases[0] as CasePage['cases'][number];
      const entries = () =>
        seeded.hub.store.db.selectFrom('case_history').selectAll().where('case_id', '=', id).execute();
      const before = await entries();
      const comment = (text: string) =>
        seeded.people.operator.call('POST', `/api/v1/cases/${id}/commands`, {
          body: { command: 'comment', note: text },
          headers: { 'if-match': String(version) },
        });
      expect((await faultsOf(await comment(note))).join()).toContain(fault);
      expect(await entries()).toEqual(before);
      const said = '占道经营 🚚 “ok”\n第二行';
      expect((await comment(said)).status).toBe(200);
      expect((await entries()).at(-1)?.note).toBe(said);
    });

    test('names, keys and nested lists are looked at, too', async () => {
      const site = { id: 's-1', name: { zh: '工地', en: 'Site' }, address: 'x', manager: { name: '王' } };
      const put = (body: unknown) => seeded.people.admin.call('PUT', '/api/v1/sites', { body });
      expect(await faultsOf(await put({ ...site, name: { zh: LONE, en: 'Site' } }))).toEqual([
        'name.zh: holds U+0000 or a lone surrogate',
      ]);
      expect(await faultsOf(await put({ ...site, manager: { name: NUL } }))).toEqual([
        'manager.name: holds U+0000 or a lone surrogate',
      ]);
      expect(await faultsOf(await put({ ...site, name: { zh: ' ', en: 'Site' } }))).toHaveLength(1);
      const windows = [{ days: [1], from: '08:00', to: '18:00' }];
      const permit = { id: 'p', site: 's-1', carrier: 'c', windows, validFrom: '2026-01-01', validTo: '2026-12-31' };
      const plates = ['闽C12345', TURNED];
      expect(
        await faultsOf(await seeded.people.admin.call('PUT', '/api/v1/permits', { body: { ...permit, plates } })),
      ).toEqual(['plates[1]: holds a control character or one that turns text around']);
      const permits = await seeded.people.admin.call('PUT', '/api/v1/permits', { body: { ...permit, plates: 7 } });
      expect((await faultsOf(permits))[0]).toMatch(/^plates: /);
    });

    test.each([{ id: 5 }, { id: '5', disabled: 'false' }, { id: '5', disabled: 1 }])(
      'a body is taken as it is: %j',
      async (fields) => {
        const { id, ...more } = fields as { id: unknown; disabled?: unknown };
        const body = { name: id, displayName: 'x', role: 'viewer', password: 'a long password', ...more };
        await faultsOf(await seeded.people.admin.call('PUT', '/api/v1/users', { body }));
      },
    );

    test('a permit for no day or no truck, and passwords that everybody tries', async () => {
      const { admin } = seeded.people;
      const good = {
        id: 'p',
        site: 's',
        carrier: 'c',
        plates: ['闽C12345'],
        windows: [],
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
      };
      const permit = (more: object) => admin.call('PUT', '/api/v1/permits', { body: { ...good, ...more } });
      expect(await faultsOf(await permit({ validFrom: '2027-01-01' }))).toEqual(['validTo: lies before validFrom']);
      expect(await faultsOf(await permit({ validTo: '2026-02-30' }))).toEqual([
        'validTo: 2026-02-30 is no day of the calendar',
      ]);
      expect(await faultsOf(await permit({ plates: ['闽C12345', ' · '] }))).toEqual(['plates[1]: no plate']);
      expect(await faultsOf(await permit({ site: ' ' }))).toHaveLength(1);
      expect((await permit({})).status).toBe(204);
      for (const password of ['aaaaaaaaaaaa', 'kerbwatch-demo', 'zhangsan1234', '121212121212']) {
        const body = { name: 'zhangsan', displayName: 'x', role: 'viewer', password };
        const answer = await admin.call('PUT', '/api/v1/users', { body });
        expect((await answer.json()) as Problem).toMatchObject({ status: 400, code: 'API_WEAK_PASSWORD' });
      }
    });

    test('of a union the form that is meant is spoken of', async () => {
      const put = (body: unknown) => seeded.people.admin.call('PUT', '/api/v1/cameras/fz-dongtu-03/zones', { body });
      expect(await faultsOf(await put([{ id: 'z', kind: 'parking', polygon: [] }]))).toEqual([
        '[0].kind: expected one of road-stall, bike-clutter, muck-truck',
      ]);
      const faults = await faultsOf(
        await put([
          {
            id: 'z',
            kind: 'road-stall',
            polygon: [
              [0, 0],
              [2, 0],
            ],
            x: 1,
          },
        ]),
      );
      expect(faults).toEqual(
        expect.arrayContaining([
          '[0].x: unknown key',
          expect.stringMatching(/^\[0\]\.polygon: /),
          expect.stringMatching(/^\[0\]\.polygon\[1\]\[0\]: /),
        ]),
      );
      const command = await seeded.people.admin.call('POST', '/api/v1/cases/x/commands', {
        body: { command: 'fine', note: 'x' },
        headers: { 'if-match': '1' },
      });
      expect((await faultsOf(command))[0]).toMatch('command: expected one of claim, release');
    });

    test('an address that cannot be decoded is refused in our words, and people’s pages take any query', async () => {
      expect(await faultsOf(await get('/cases/%ff'))).toEqual([]);
      expect(await faultsOf(await get('/cases?q=a?%ff'))).toEqual(['query: is not percent-encoded UTF-8']);
      expect((await fetch(`${seeded.hub.url}/docs?from=wechat%ff`)).status).toBe(200);
      expect((await fetch(`${seeded.hub.url}/healthz?probe=%ff`)).status).toBe(200);
    });

    test('a body that is no UTF-8 is refused and not mended', async () => {
      const gbk = Buffer.concat([
        Buffer.from('{"name":"'),
        Buffer.from([0xd5, 0xbc, 0xb5, 0xc0]),
        Buffer.from('","password":"x"}'),
      ]);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${seeded.hub.url}/api/v1/session`, { method: 'POST', headers, body: gbk });
      expect(await faultsOf(answer)).toEqual([': is not UTF-8']);
    });

    test('a log-in, a node and a notice that no database could be asked for', async () => {
      const headers = { 'content-type': 'application/json' };
      const logIn = await fetch(`${seeded.hub.url}/api/v1/session`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ name: NUL, password: 'x' }),
      });
      expect(await faultsOf(logIn)).toEqual(['name: holds U+0000 or a lone surrogate']);
      const authorization = `Basic ${Buffer.from(`${NUL}:x`).toString('base64')}`;
      const file = `${seeded.hub.url}/api/v1/evidence/${'0'.repeat(64)}`;
      expect((await fetch(file, { method: 'HEAD', headers: { authorization } })).status).toBe(401);
      for (const path of [
        '/n/a%00bcdefghijk',
        `/n/a%00bcdefghijk/evidence/${'0'.repeat(64)}`,
        '/n/a%00bcdefghijk/notice.pdf',
      ])
        expect((await fetch(`${seeded.hub.url}${path}`)).status).toBe(404);
    });

    test('a manager’s answer with text that cannot be kept is not taken', async () => {
      const { id } = await seeded.hub.store.db.selectFrom('notices').select('id').executeTakeFirstOrThrow();
      const token = await knownToken(seeded.hub.store.db, id);
      const replies = () => seeded.hub.store.db.selectFrom('notice_replies').selectAll().execute();
      const before = (await replies()).length;
      const form = new FormData();
      form.set('kind', 'statement');
      form.set('name', '王');
      form.set('text', NUL);
      const answer = await fetch(`${seeded.hub.url}/n/${token}`, { method: 'POST', body: form });
      expect(answer.status).toBe(422);
      expect((await replies()).length).toBe(before);
    });

    test('two zones of one name are refused at the hub, as at the node', async () => {
      const zone = {
        id: 'z',
        kind: 'road-stall',
        polygon: [
          [0.1, 0.1],
          [0.9, 0.1],
          [0.5, 0.9],
        ],
      };
      const put = (body: unknown) => seeded.people.admin.call('PUT', '/api/v1/cameras/fz-dongtu-03/zones', { body });
      expect(await faultsOf(await put([zone, zone]))).toEqual(['zones[1].id: another zone of this camera has this id']);
      const bay = {
        id: 'b',
        capacity: 3,
        polygon: [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
        ],
      };
      const clutter = { ...zone, kind: 'bike-clutter' };
      expect((await faultsOf(await put([{ ...clutter, bays: [bay] }])))[0]).toMatch(
        /^zones\[0\]\.bays\[0\]\.polygon: /,
      );
      const { capacity: _, ...place } = bay;
      const sensitive = [{ ...place, surface: 'tactile' }];
      expect((await faultsOf(await put([{ ...clutter, sensitive }])))[0]).toMatch(
        /^zones\[0\]\.sensitive\[0\]\.polygon: /,
      );
    });
  });
}
