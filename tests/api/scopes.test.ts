/**
 * Users confined to districts, sites and units: what every route gives them, and one district's operator before
 * another's things. The table is written by hand and held equal to the API's own.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseDetail, CasePage } from '../../contracts/api/case.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import type { CameraBody, PermitBody, SiteBody } from '../../contracts/api/registry.ts';
import type { MonthlyReport } from '../../contracts/api/report.ts';
import type { UserScope } from '../../contracts/api/scope.ts';
import type { Role } from '../../contracts/api/session.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { queueDeliveries, updateDelivery } from '../../hub/storage/notice-deliveries.ts';
import { testDatabases } from '../hub/stores.ts';
import { SEED_UNIT } from '../seed.ts';
import { logIn, PASSWORD, type Person, startSeededHub } from './seeded-hub.ts';

/** `confined`: gives what is within; a thing: not found where it is not within; `refused`: whatever is asked. */
const table: Readonly<Record<string, 'confined' | 'refused' | 'case' | 'site' | 'camera' | 'notice' | 'evidence'>> = {
  'GET /api/v1/session': 'confined',
  'DELETE /api/v1/session': 'confined',
  'POST /api/v1/session/password': 'confined',
  'GET /api/v1/cases': 'confined',
  'GET /api/v1/cases/{id}': 'case',
  'GET /api/v1/cases/{id}/package': 'case',
  'POST /api/v1/cases/{id}/commands': 'case',
  'GET /api/v1/cases/{id}/duty': 'case',
  'POST /api/v1/cases/{id}/photos': 'case',
  'GET /api/v1/cases/{id}/haulage': 'case',
  'GET /api/v1/cases/{id}/audit': 'case',
  'GET /api/v1/evidence/{sha256}': 'evidence',
  'GET /api/v1/nodes': 'refused',
  'PUT /api/v1/nodes': 'refused',
  'GET /api/v1/nodes/{id}/keys': 'refused',
  'POST /api/v1/nodes/{id}/keys/revoke': 'refused',
  'DELETE /api/v1/nodes/{id}': 'refused',
  'GET /api/v1/trust': 'confined',
  'GET /api/v1/matters': 'confined',
  'PUT /api/v1/matters': 'refused',
  'GET /api/v1/closure-codes': 'confined',
  'POST /api/v1/closure-codes': 'refused',
  'GET /api/v1/units': 'confined',
  'PUT /api/v1/units': 'refused',
  'GET /api/v1/cameras': 'confined',
  'PUT /api/v1/cameras': 'refused',
  'GET /api/v1/cameras/{id}/zones': 'camera',
  'PUT /api/v1/cameras/{id}/zones': 'camera',
  'GET /api/v1/cameras/{id}/memory': 'camera',
  'POST /api/v1/cameras/{id}/memory': 'camera',
  'GET /api/v1/sites': 'confined',
  'PUT /api/v1/sites': 'refused',
  'GET /api/v1/calendar': 'confined',
  'GET /api/v1/permits': 'confined',
  'PUT /api/v1/permits': 'refused',
  'GET /api/v1/carriers': 'refused',
  'PUT /api/v1/carriers': 'refused',
  'GET /api/v1/stall-points': 'confined',
  'PUT /api/v1/stall-points': 'refused',
  'POST /api/v1/imports/{what}': 'refused',
  'GET /api/v1/permits.csv': 'confined',
  'GET /api/v1/permits.xlsx': 'confined',
  'GET /api/v1/sites.csv': 'confined',
  'GET /api/v1/sites.xlsx': 'confined',
  'GET /api/v1/carriers.csv': 'refused',
  'GET /api/v1/carriers.xlsx': 'refused',
  'GET /api/v1/stall-points.csv': 'confined',
  'GET /api/v1/stall-points.xlsx': 'confined',
  'GET /api/v1/cameras.csv': 'confined',
  'GET /api/v1/cameras.xlsx': 'confined',
  'GET /api/v1/audit': 'refused',
  'GET /api/v1/audit.csv': 'refused',
  'GET /api/v1/audit/check': 'refused',
  'GET /api/v1/approvals': 'confined',
  'POST /api/v1/approvals': 'confined',
  'POST /api/v1/approvals/{id}/commands': 'confined',
  'GET /api/v1/users': 'refused',
  'PUT /api/v1/users': 'refused',
  'GET /api/v1/notices': 'confined',
  'GET /api/v1/notices/{id}': 'notice',
  'GET /api/v1/notices/{id}.pdf': 'notice',
  'GET /api/v1/notices/{id}.html': 'notice',
  'POST /api/v1/notices/{id}/replies': 'notice',
  'POST /api/v1/notices/{id}/link': 'notice',
  'DELETE /api/v1/notices/{id}/link': 'notice',
  'GET /api/v1/notices/{id}/deliveries': 'notice',
  'POST /api/v1/notices/{id}/deliveries/{channel}': 'notice',
  'GET /api/v1/dead-letters': 'confined',
  'GET /api/v1/sites/{id}/ladder': 'site',
  'POST /api/v1/sites/{id}/ladder': 'site',
  'GET /api/v1/sites/{id}/letters': 'site',
  'POST /api/v1/sites/{id}/letters': 'site',
  'GET /api/v1/notices/{id}/correction-order': 'notice',
  'POST /api/v1/notices/{id}/correction-order': 'notice',
  'PUT /api/v1/notices/{id}/correction-order': 'notice',
  'GET /api/v1/notices/{id}/correction-order.pdf': 'notice',
  'POST /api/v1/notices/{id}/correction-order/commands': 'notice',
  'GET /api/v1/clock': 'confined',
  'POST /api/v1/clock/confirmation': 'refused',
  'GET /api/v1/reports/monthly': 'confined',
  'GET /api/v1/reports/monthly/versions': 'confined',
  'POST /api/v1/reports/monthly/sign': 'refused',
  'GET /api/v1/verdicts': 'confined',
  'GET /api/v1/quarantine': 'refused',
  'GET /api/v1/stream': 'confined',
  'GET /api/v1/cases/{id}/links': 'case',
  'GET /api/v1/limits': 'confined',
  'GET /api/v1/api-keys': 'refused',
  'POST /api/v1/api-keys': 'refused',
  'DELETE /api/v1/api-keys/{id}': 'refused',
  'GET /api/v1/cases/{id}/reports/{report}/contact': 'case',
  'GET /api/v1/webhooks': 'refused',
  'POST /api/v1/webhooks': 'refused',
  'PATCH /api/v1/webhooks/{id}': 'refused',
  'DELETE /api/v1/webhooks/{id}': 'refused',
  'GET /api/v1/webhooks/dead-letters': 'refused',
  'POST /api/v1/webhooks/dead-letters/{id}': 'refused',
};

/** The stalls and bikes lie in one county, the gate and its site in another. */
const HERE = '350503';
const THERE = '350521';
const GATE = 'dh-gate-01';

type Seeded = Awaited<ReturnType<typeof startSeededHub>>;
type Things = Readonly<Record<'case' | 'site' | 'camera' | 'notice' | 'evidence', string>>;

async function open(database?: string) {
  const seeded = await startSeededHub(database === undefined ? {} : { database });
  const { admin } = seeded.people;
  const read = async <T>(person: Person, path: string) => {
    const answer = await person.call('GET', path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const gate = (await read<CameraBody[]>(admin, '/api/v1/cameras')).find(({ id }) => id === GATE);
  await admin.call('PUT', '/api/v1/cameras', { body: { ...gate, district: undefined, grid: `${THERE}00100200` } });
  const add = async (name: string, role: Role, scope: UserScope) => {
    await upsertUser(seeded.hub.store, { name, displayName: name, role, password: PASSWORD, scope });
    return logIn(seeded.hub.url, name);
  };
  const { cases } = await read<CasePage>(admin, '/api/v1/cases?limit=200');
  const notices = await read<NoticeView[]>(admin, '/api/v1/notices');
  const stillOf = async (id: string) => {
    const { events } = await read<CaseDetail>(admin, `/api/v1/cases/${id}`);
    return events[0]?.evidence.find(({ state }) => state === 'stored')?.sha256 ?? '';
  };
  const ofGate = cases.filter(({ camera }) => camera === GATE);
  const ofStreet = cases.filter(({ camera }) => camera !== GATE);
  const [theirs, ours] = [ofGate[0]?.id ?? '', ofStreet[0]?.id ?? ''];
  const there: Things = {
    ...{ case: theirs, site: 'donghai', camera: GATE },
    ...{ notice: notices[0]?.id ?? '', evidence: await stillOf(theirs) },
  };
  return {
    seeded,
    read,
    ofGate,
    ofStreet,
    notices,
    there,
    here: { case: ours, camera: 'fz-dongtu-03', evidence: await stillOf(ours) },
    confined: {
      viewer: await add('v-here', 'viewer', { districts: [HERE] }),
      operator: await add('o-here', 'operator', { districts: [HERE] }),
      supervisor: await add('s-here', 'supervisor', { districts: [HERE] }),
      there: await add('s-there', 'supervisor', { districts: [THERE] }),
      site: await add('s-site', 'supervisor', { sites: ['donghai'] }),
      unit: await add('s-unit', 'supervisor', { units: [SEED_UNIT] }),
      city: await add('s-city', 'supervisor', { districts: ['350500'] }),
    },
  };
}
type Stage = Awaited<ReturnType<typeof open>>;

const codeOf = async (answer: Response) => ((await answer.json().catch(() => ({}))) as { code?: string }).code;
const addressOf = (route: string, id: string) => {
  const [method = '', path = ''] = route.split(' ');
  const filled = path.replace('{id}', id).replace('{sha256}', id).replace('{channel}', 'portal');
  return { method, path: filled.replace('{what}', 'sites') };
};
const sorted = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();

describe('every route', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open();
  });
  afterAll(() => stage?.seeded.close());

  test('says how it keeps to the reach of confined users, and the table here says the same', async () => {
    const document = (await (await fetch(`${stage.seeded.hub.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { 'x-scope'?: string }>>;
    };
    const own = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, route]): [string, string][] => {
        const name = `${method.toUpperCase()} ${path}`;
        return route['x-scope'] === undefined || name.startsWith('HEAD ') ? [] : [[name, route['x-scope']]];
      }),
    );
    const missing = own.flatMap(([name]) => (name in table ? [] : [name]));
    const how = 'say `scopes` in the config of the route (hub/api/confinement.ts) and add its line to this table';
    expect(missing, `a new route is refused to confined users until it says otherwise: ${how}`).toEqual([]);
    expect(Object.fromEntries(own)).toEqual(table);
  });

  const of = (...kinds: readonly string[]) => Object.keys(table).filter((route) => kinds.includes(table[route] ?? ''));

  test.each(of('refused'))('%s is refused', async (route) => {
    const { method, path } = addressOf(route, 'none');
    const answer = await stage.confined.supervisor.call(method, path);
    expect(answer.status).toBe(403);
    // Administrators are never confined: their routes are refused by the role already.
    expect(['API_SCOPE', 'API_FORBIDDEN']).toContain(await codeOf(answer));
  });

  test.each(of('case', 'site', 'camera', 'notice', 'evidence'))(
    '%s of another district is not there',
    async (route) => {
      const thing = table[route] as keyof Things;
      const { method, path } = addressOf(route, stage.there[thing]);
      expect(stage.there[thing]).not.toBe('');
      const answer = await stage.confined.supervisor.call(method, path);
      expect(answer.status).toBe(404);
      expect(await codeOf(answer)).toBe('API_NOT_FOUND');
      const { method: again, path: nowhere } = addressOf(route, thing === 'evidence' ? 'a'.repeat(64) : 'none');
      const unknown = await stage.confined.supervisor.call(again, nowhere);
      expect(unknown.status).toBe(404);
    },
  );

  test.each(of('case', 'site', 'camera', 'notice', 'evidence'))('%s of the own district is', async (route) => {
    const thing = table[route] as keyof Things;
    for (const person of [stage.confined.there, stage.confined.site]) {
      const { method, path } = addressOf(route, stage.there[thing]);
      if (method !== 'GET') continue;
      const answer = await person.call(method, path.endsWith('/haulage') ? `${path}?plate=A1` : path);
      // No correction order has been drafted for this notice, and nobody has reported this case.
      const absent = path.includes('/correction-order')
        ? 'correction order'
        : path.includes('/contact')
          ? 'report'
          : null;
      expect(answer.status).toBe(absent === null ? 200 : 404);
      if (absent === null) await answer.body?.cancel();
      else expect(await answer.text()).toContain(absent);
    }
  });

  test.each(of('confined'))('%s answers', async (route) => {
    if (/stream|DELETE|POST|\{id\}/.test(route)) return;
    const { method, path } = addressOf(route, 'none');
    const query = path.includes('/reports/monthly') ? '?month=2026-01' : '';
    const answer = await stage.confined.supervisor.call(method, `${path}${query}`);
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });
});

describe.each(testDatabases())('one district before another on $dialect', (database) => {
  describe.skipIf(!database.available)('with a server', () => {
    let stage: Stage;
    let seeded: Seeded;
    beforeAll(async () => {
      await database.start();
      stage = await open(await database.url());
      ({ seeded } = stage);
    }, 120_000);
    afterAll(async () => {
      await seeded?.close();
      await database.close();
    });

    test('lists, pages, counts and searches have what is within, and full pages of it', async () => {
      const { read, confined, ofStreet, ofGate } = stage;
      const all = [...ofStreet, ...ofGate];
      const sent = all.filter(({ unit }) => unit === SEED_UNIT);
      expect(sent.length).toBeGreaterThan(0);
      for (const [person, own] of [
        [confined.viewer, ofStreet],
        [confined.operator, ofStreet],
        [confined.there, ofGate],
        [confined.site, ofGate],
        [confined.unit, sent],
        [confined.city, all],
      ] as const) {
        const page = await read<CasePage>(person, '/api/v1/cases?limit=200');
        expect(sorted(page.cases)).toEqual(sorted(own));
        expect(Object.values(page.counts).reduce((a, b) => a + b, 0)).toBe(own.length);
        const first = await read<CasePage>(person, '/api/v1/cases?limit=2');
        expect(first.cases).toHaveLength(2);
      }
      const { number } = ofGate[0] as (typeof ofGate)[number];
      for (const query of [`q=${number}`, `q=${GATE}`, 'camera=dh-gate-01', 'site=donghai', 'kind=muck-truck']) {
        const found = await read<CasePage>(confined.operator, `/api/v1/cases?${query}`);
        expect(found).toMatchObject({ cases: [], next: null });
        expect(Object.values(found.counts).reduce((a, b) => a + b, 0)).toBe(0);
        expect((await read<CasePage>(confined.there, `/api/v1/cases?${query}`)).cases.length).toBeGreaterThan(0);
      }
    });

    test('pictures, notices, registers and exports end at the border', async () => {
      const { read, confined, there, here, notices } = stage;
      const status = async (person: Person, path: string) => (await person.call('GET', path)).status;
      expect(await status(confined.operator, `/api/v1/evidence/${here.evidence}`)).toBe(200);
      expect(await status(confined.operator, `/api/v1/evidence/${there.evidence}`)).toBe(404);
      expect(await status(confined.there, `/api/v1/evidence/${there.evidence}`)).toBe(200);
      expect(await read<NoticeView[]>(confined.operator, '/api/v1/notices')).toEqual([]);
      expect(sorted(await read<NoticeView[]>(confined.site, '/api/v1/notices'))).toEqual(sorted(notices));
      expect(sorted(await read<CameraBody[]>(confined.there, '/api/v1/cameras'))).toEqual([GATE]);
      expect(sorted(await read<CameraBody[]>(confined.viewer, '/api/v1/cameras'))).not.toContain(GATE);
      expect(await read<SiteBody[]>(confined.operator, '/api/v1/sites')).toEqual([]);
      expect(sorted(await read<SiteBody[]>(confined.there, '/api/v1/sites'))).toEqual(['donghai']);
      expect(sorted(await read<SiteBody[]>(confined.unit, '/api/v1/sites'))).toEqual(['donghai']);
      expect(await read<PermitBody[]>(confined.operator, '/api/v1/permits')).toEqual([]);
      expect(sorted(await read<PermitBody[]>(confined.there, '/api/v1/permits'))).toEqual(['P-0718']);
      const text = async (person: Person, path: string) => (await person.call('GET', path)).text();
      for (const sheet of ['sites', 'permits']) {
        expect(await text(confined.supervisor, `/api/v1/${sheet}.csv`)).not.toContain('donghai');
        expect(await text(confined.there, `/api/v1/${sheet}.csv`)).toContain('donghai');
      }
      expect(await text(confined.supervisor, '/api/v1/verdicts')).not.toContain(GATE);
      expect(await text(confined.there, '/api/v1/verdicts')).toContain(GATE);
    });

    test('the bulletin is of the own district, says so, and is never the signed one', async () => {
      const { read, confined, ofStreet, ofGate } = stage;
      const month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
      const path = `/api/v1/reports/monthly?month=${month}`;
      const opened = async (person: Person) => {
        const report = await read<MonthlyReport>(person, path);
        return [report.rows.reduce((sum, { cases }) => sum + cases, 0), report.scope, JSON.stringify(report)] as const;
      };
      const inMonth = (cases: CasePage['cases']) =>
        cases.filter(({ openedAt }) => new Date(Date.parse(openedAt) + 8 * 3_600_000).toISOString().startsWith(month));
      const [here, scope, text] = await opened(confined.supervisor);
      expect(here).toBe(inMonth(ofStreet).length);
      expect(scope).toEqual({ districts: [HERE] });
      expect(text).not.toContain(GATE);
      expect(text).not.toContain('donghai');
      expect((await opened(confined.site))[0]).toBe(inMonth(ofGate).length);
      expect((await opened(seeded.people.viewer)).slice(0, 2)).toEqual([
        inMonth([...ofStreet, ...ofGate]).length,
        undefined,
      ]);
      const csv = await (await confined.viewer.call('GET', `${path}&format=csv`)).text();
      expect(csv).toContain(`${month},confined,`);
      expect((await confined.viewer.call('GET', `${path}&version=1`)).status).toBe(404);
    });

    test('a photograph after handling is seen where its case is', async () => {
      const { read, confined, ofGate } = stage;
      const handled = ofGate.find(({ state }) => state === 'feedback');
      const { photos = [] } = await read<CaseDetail>(confined.there, `/api/v1/cases/${handled?.id}`);
      expect(photos).toHaveLength(1);
      // The unit's photographs of the seed are all of one content: one of a street case would make it visible here.
      const { photos: street = [] } = await read<CaseDetail>(
        confined.viewer,
        `/api/v1/cases/${stage.ofStreet.find(({ state }) => state === 'closed')?.id}`,
      );
      const path = `/api/v1/evidence/${photos[0]?.sha256}`;
      const isShared = street.some(({ sha256 }) => sha256 === photos[0]?.sha256);
      expect((await confined.there.call('GET', path)).status).toBe(200);
      expect((await confined.viewer.call('GET', path)).status).toBe(isShared ? 200 : 404);
    });

    test('a dead letter waits for whom it concerns', async () => {
      const { confined, read, there } = stage;
      const { db } = seeded.hub.store;
      await queueDeliveries(db, there.notice, ['smtp'], '2099-01-01T00:00:00.000Z');
      const dead = { state: 'refused', settled_at: '2026-01-01T00:00:00.000Z', reason: 'no such box' };
      await updateDelivery(db, { notice_id: there.notice, channel: 'smtp', attempts: 0 }, dead);
      expect(await read(confined.supervisor, '/api/v1/dead-letters')).toEqual([]);
      expect(await read(confined.there, '/api/v1/dead-letters')).toMatchObject([{ notice: there.notice }]);
    });

    test('a case of another district cannot be merged into, and is not told from one that there is not', async () => {
      const { confined, ofStreet, ofGate } = stage;
      const own = ofStreet.find(({ state }) => state === 'pending-review');
      const merge = (into: string | undefined) =>
        confined.supervisor.call('POST', `/api/v1/cases/${own?.id}/commands`, {
          body: { command: 'merge', into },
          headers: { 'if-match': String(own?.version) },
        });
      const [theirs, unknown] = [await merge(ofGate[0]?.number), await merge('3505212026999999999')];
      expect([theirs.status, unknown.status]).toEqual([404, 404]);
    });

    test('the stream tells what is within, and nothing of the rest', async () => {
      const { confined, ofStreet, ofGate } = stage;
      const stop = new AbortController();
      const answer = await fetch(`${seeded.hub.url}/api/v1/stream`, {
        headers: confined.viewer.credentials,
        signal: stop.signal,
      });
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      const decoder = new TextDecoder();
      const remark = (id: string | undefined) =>
        seeded.people.operator.call('POST', `/api/v1/cases/${id}/commands`, {
          body: { command: 'comment', note: 'seen' },
          headers: { 'if-match': '0' },
        });
      expect((await remark(ofGate[0]?.id)).status).toBe(200);
      expect((await remark(ofStreet[0]?.id)).status).toBe(200);
      let heard = '';
      while (!heard.includes(ofStreet[0]?.id ?? '-'))
        heard += decoder.decode((await reader.read()).value, { stream: true });
      expect(heard).not.toContain(ofGate[0]?.id);
      stop.abort();
    });

    test('a scope that changes holds from the next request on, and ends the stream that was opened with the old one', async () => {
      const { admin } = seeded.people;
      const user = { name: 'v-moved', displayName: 'v', role: 'viewer', password: PASSWORD };
      const put = (scope?: UserScope) =>
        admin.call('PUT', '/api/v1/users', { body: { ...user, ...(scope ? { scope } : {}) } });
      expect((await put({ districts: [HERE] })).status).toBe(204);
      const moved = await logIn(seeded.hub.url, 'v-moved');
      expect(moved.session.user.scope).toEqual({ districts: [HERE] });
      const stream = await fetch(`${seeded.hub.url}/api/v1/stream`, { headers: moved.credentials });
      const { password: _, ...known } = user;
      const body = { ...known, scope: { districts: [THERE] } };
      expect((await admin.call('PUT', '/api/v1/users', { body })).status).toBe(204);
      const page = await stage.read<CasePage>(moved, '/api/v1/cases?limit=200');
      expect(sorted(page.cases)).toEqual(sorted(stage.ofGate));
      await stream.text();
    });

    test('a scope that fits nothing is refused, with the field that is wrong', async () => {
      const { admin } = seeded.people;
      const put = async (fields: object) => {
        const body = { name: 'x-user', displayName: 'x', role: 'operator', password: PASSWORD, ...fields };
        const answer = await admin.call('PUT', '/api/v1/users', { body });
        const { errors = [] } = (await answer.json()) as { errors?: { path: string }[] };
        return [answer.status, errors[0]?.path];
      };
      expect(await put({ scope: {} })).toEqual([400, 'scope']);
      expect((await put({ scope: { districts: ['丰泽'] } }))[0]).toBe(400);
      expect(await put({ scope: { sites: ['nowhere'] } })).toEqual([400, 'scope.sites']);
      expect(await put({ scope: { units: ['nobody'] } })).toEqual([400, 'scope.units']);
      expect(await put({ role: 'admin', scope: { districts: [HERE] } })).toEqual([400, 'scope']);
      expect(await put({ role: 'unit', unit: SEED_UNIT, scope: { districts: [HERE] } })).toEqual([400, 'scope']);
    });
  });
});
