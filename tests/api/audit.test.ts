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
