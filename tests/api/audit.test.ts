/** The audit log over HTTP: views, changes, exports and log-ins of real requests, with the address that they came from. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditPage } from '../../contracts/api/audit.ts';
import type { CaseDetail, CasePage } from '../../contracts/api/case.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

const read = async <T>(path: string) => (await (await seeded.people.admin.call('GET', path)).json()) as T;
const audit = async (query: string) => (await read<AuditPage>(`/api/v1/audit?${query}`)).entries;

test('who viewed a still, exported a case, changed a site and logged in is there', async () => {
  const { operator, supervisor } = seeded.people;
  const { cases } = await read<CasePage>('/api/v1/cases?limit=200');
  let still: string | undefined;
  let owner = '';
  for (const { id } of cases) {
    const detail = await read<CaseDetail>(`/api/v1/cases/${id}`);
    still ??= detail.events.flatMap(({ evidence }) => evidence).find(({ state }) => state === 'stored')?.sha256;
    if (still) {
      owner = id;
      break;
    }
  }
  expect((await operator.call('GET', `/api/v1/evidence/${still}`)).status).toBe(200);
  await (await supervisor.call('GET', `/api/v1/cases/${owner}/package`)).arrayBuffer();
  const site = { id: 'a-site', name: { zh: '工地', en: 'A site' }, address: '路', manager: { name: '工' } };
  expect((await supervisor.call('PUT', '/api/v1/sites', { body: site })).status).toBe(204);

  const [viewed] = await audit(`thing=evidence&id=${still}&actor=operator`);
  expect(viewed).toMatchObject({ action: 'view', actor: 'operator', address: '127.0.0.1' });
  expect(await audit(`thing=evidence&id=${still}&actor=supervisor`)).toHaveLength(1);
  expect(await audit(`action=export&id=${owner}`)).toMatchObject([{ thing: 'case', actor: 'supervisor' }]);
  expect(await audit('thing=site&id=a-site')).toMatchObject([{ action: 'create', address: '127.0.0.1' }]);
  expect((await audit('action=login')).map(({ actor }) => actor)).toContain('operator');
  expect(await read('/api/v1/audit/check')).toMatchObject({ sound: true });
});

test('a unit that is changed and a bulletin that is taken along are there', async () => {
  const { supervisor, viewer } = seeded.people;
  const unit = { id: 'a-unit', name: { zh: '中队', en: 'A team' }, kind: 'city-management', area: { city: '350500' } };
  expect((await supervisor.call('PUT', '/api/v1/units', { body: { ...unit, roster: [] } })).status).toBe(204);
  await (await viewer.call('GET', '/api/v1/reports/monthly?month=2026-01&format=csv')).text();
  await (await viewer.call('GET', '/api/v1/reports/monthly?month=2026-01')).text();
  expect(await audit('thing=unit&id=a-unit')).toMatchObject([{ action: 'create', actor: 'supervisor' }]);
  expect(await audit('thing=report')).toMatchObject([{ action: 'export', actor: 'viewer', id: '2026-01' }]);
});

test('carriers and stall points are kept, and what they cannot hold is refused', async () => {
  const { supervisor } = seeded.people;
  const carrier = { id: 'c-1', name: '刺桐渣土运输有限公司', contact: { name: '林经理' }, standing: 'normal' };
  const point = {
    ...{ id: 'p-1', name: { zh: '美食街', en: 'Food street' }, address: '美食街口', location: null },
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '18:30', to: '22:30' }],
  };
  expect((await supervisor.call('PUT', '/api/v1/carriers', { body: carrier })).status).toBe(204);
  expect((await supervisor.call('PUT', '/api/v1/stall-points', { body: point })).status).toBe(204);
  expect(await read('/api/v1/carriers')).toEqual([carrier]);
  expect(await read('/api/v1/stall-points')).toEqual([point]);
  const bad = await supervisor.call('PUT', '/api/v1/carriers', { body: { ...carrier, standing: 'fined' } });
  expect(bad.status).toBe(400);
});

test('views of a case, its pictures and its notices are there once a minute, and what was done to it', async () => {
  const { operator, supervisor, viewer } = seeded.people;
  const { cases } = await read<CasePage>('/api/v1/cases?limit=200&kind=muck-truck');
  const withNotice = await Promise.all(cases.map(({ id }) => read<CaseDetail>(`/api/v1/cases/${id}`)));
  const detail = withNotice.find(({ notices }) => notices.length > 0) as CaseDetail;
  const { id } = detail.case;
  const [notice] = detail.notices;
  for (let again = 0; again < 3; again += 1) await viewer.call('GET', `/api/v1/cases/${id}`);
  await viewer.call('GET', `/api/v1/evidence/${detail.case.thumbnail}`);
  await operator.call('GET', `/api/v1/notices/${notice?.id}`);
  await (await operator.call('GET', `/api/v1/notices/${notice?.id}.pdf`)).arrayBuffer();
  const body = { command: 'comment', note: 'a remark that stays in the trail' };
  await operator.call('POST', `/api/v1/cases/${id}/commands`, { body, headers: { 'if-match': '0' } });
  const ofViewer = await audit(`thing=case&id=${id}&actor=viewer`);
  expect(ofViewer).toMatchObject([{ action: 'view', address: '127.0.0.1' }]);
  const answer = await supervisor.call('GET', `/api/v1/cases/${id}/audit`);
  const { entries } = (await answer.json()) as AuditPage;
  const said = entries.map(({ actor, action, thing }) => `${actor} ${action} ${thing}`);
  expect(said).toEqual(expect.arrayContaining(['viewer view case', 'viewer view evidence', 'operator change case']));
  expect(said.filter((line) => line === 'operator view notice')).toHaveLength(2);
  expect(JSON.stringify(entries)).not.toContain('a remark');
  const other = withNotice.find((one) => one.case.id !== id) as CaseDetail;
  const elsewhere = await supervisor.call('GET', `/api/v1/cases/${other.case.id}/audit`);
  expect(JSON.stringify(await elsewhere.json())).not.toContain(id);
});

test('what was refused or not there leaves no view', async () => {
  const { viewer, unit } = seeded.people;
  await viewer.call('GET', '/api/v1/cases/none');
  await unit.call('GET', '/api/v1/cases/none');
  expect(await audit('id=none')).toEqual([]);
});

test('who looked for which plate or word is there', async () => {
  const { operator } = seeded.people;
  const { cases } = await read<CasePage>('/api/v1/cases?kind=muck-truck');
  await operator.call('GET', `/api/v1/cases?q=${encodeURIComponent('闽C12345')}`);
  await operator.call('GET', '/api/v1/cases?state=closed');
  await operator.call('GET', `/api/v1/cases/${cases[0]?.id}/haulage?plate=${encodeURIComponent('闽C99999')}`);
  const found = await audit('action=search&actor=operator');
  expect(found.map(({ id, data }) => [id, data])).toEqual([
    [cases[0]?.id, { plate: '闽C99999' }],
    ['*', { q: '闽C12345' }],
  ]);
});

test('a log-in that failed is there; what was typed as an unknown name is not', async () => {
  const tryAs = (name: string) =>
    fetch(`${seeded.hub.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password: 'not this one, surely' }),
    });
  expect((await tryAs('viewer')).status).toBe(401);
  expect((await tryAs('hunter2 my password')).status).toBe(401);
  const failed = await audit('action=login-failed');
  expect(failed.map(({ actor, id }) => [actor, id])).toEqual([
    ['(unknown)', '*'],
    ['viewer', 'viewer'],
  ]);
  expect(JSON.stringify(await audit('limit=200'))).not.toContain('hunter2');
});

test('the log leaves as CSV by its filters, which is a line of its own', async () => {
  const { admin } = seeded.people;
  const answer = await admin.call('GET', '/api/v1/audit.csv?action=login-failed');
  const lines = (await answer.text()).trim().split('\r\n');
  expect(lines[0]).toContain('n,at,actor,address,action,thing,id,data');
  expect(lines).toHaveLength(3);
  expect(await audit('thing=audit')).toMatchObject([{ action: 'export', actor: 'admin' }]);
  const [from] = await audit('action=login');
  expect((await audit(`action=login&from=${from?.at}`)).length).toBeGreaterThan(0);
  expect(await audit(`action=login&from=2099-01-01T00:00:00.000Z`)).toEqual([]);
  expect(await read('/api/v1/audit/check')).toMatchObject({ sound: true });
});
