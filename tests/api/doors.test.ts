/** The doors over HTTP on both databases: keys that hold, are wrong, revoked or too quick; reports; what the public reads. */
import type { Static } from '@sinclair/typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiKeyMade, ApiKeyView } from '../../contracts/api/api-key.ts';
import type { AuditPage } from '../../contracts/api/audit.ts';
import type { CaseDetail, CasePage } from '../../contracts/api/case.ts';
import { Open311Receipt } from '../../contracts/api/citizen-report.ts';
import { Open311Definition, Open311Errors, Open311Request } from '../../contracts/api/open311.ts';
import type { WebhookMade, WebhookView } from '../../contracts/api/webhook.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { faultsOf } from '../../platform/validate.ts';
import { testDatabases } from '../hub/stores.ts';
import { startSeededHub } from './seeded-hub.ts';

type Seeded = Awaited<ReturnType<typeof startSeededHub>>;
const REPORTS = '/open311/v2/requests.json';
const personal = {
  ...{ first_name: '丽', last_name: '陈', phone: '13912345678', email: 'chen@example.cn' },
  description: '陈丽家门口 涂门街 9 号 有摊贩',
  address_string: '涂门街 9 号 201',
};

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`doors on ${database.dialect}`, () => {
    let seeded: Seeded;
    beforeAll(async () => {
      await database.start();
      seeded = await startSeededHub({ database: await database.url() });
    }, 60_000);
    afterAll(async () => {
      await seeded.close();
      await database.close();
    });

    async function makeKey(body: Record<string, unknown>): Promise<ApiKeyMade> {
      const answer = await seeded.people.admin.call('POST', '/api/v1/api-keys', { body });
      expect(answer.status).toBe(201);
      return (await answer.json()) as ApiKeyMade;
    }
    const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${seeded.hub.url}${REPORTS}`, { method: 'POST', body: new URLSearchParams(fields), headers });
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    async function refusal(answer: Response): Promise<[number, string]> {
      const body = (await answer.json()) as Open311Errors;
      expect([faultsOf(Open311Errors, body), body[0]?.code]).toEqual([[], answer.status]);
      return [answer.status, body.map(({ description }) => description).join('; ')];
    }
    const caseOf = async (number: string) => {
      const page = (await (await seeded.people.viewer.call('GET', `/api/v1/cases?q=${number}`)).json()) as CasePage;
      return page.cases[0] as CasePage['cases'][number];
    };

    test('a key is said once, kept as a hash, used, listed and revoked, and the audit log says by whom', async () => {
      const made = await makeKey({ name: '12319 热线', purpose: 'hotline' });
      const answer = await post({ service_code: 'road-stall', lat: '24.1', long: '118.1' }, bearer(made.key));
      expect(answer.status).toBe(201);
      const receipt = (await answer.json()) as Open311Receipt[];
      expect(receipt.flatMap((one) => faultsOf(Open311Receipt, one))).toEqual([]);
      const row = await caseOf(receipt[0]?.service_request_id ?? '');
      expect(row).toMatchObject({
        source: 'hotline',
        state: 'pending-review',
        camera: '',
        sightings: 0,
        district: null,
      });
      const keys = await (await seeded.people.admin.call('GET', '/api/v1/api-keys')).text();
      expect(keys).not.toContain(made.key.split('_')[2] ?? 'missing');
      const own = (JSON.parse(keys) as ApiKeyView[]).find(({ id }) => id === made.id);
      expect([own?.name, own?.perMinute, typeof own?.lastUsedAt]).toEqual(['12319 热线', 60, 'string']);
      const stored = await seeded.hub.store.db.selectFrom('api_keys').selectAll().execute();
      expect(JSON.stringify(stored)).not.toContain(made.key.split('_')[2] ?? 'missing');

      const revoke = () => seeded.people.admin.call('DELETE', `/api/v1/api-keys/${made.id}`);
      expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 404]);
      expect((await refusal(await post({ service_code: 'road-stall' }, bearer(made.key))))[0]).toBe(403);
      const audit = await seeded.people.admin.call('GET', `/api/v1/audit?thing=api-key&id=${made.id}`);
      const { entries } = (await audit.json()) as AuditPage;
      expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
        ['revoke', 'admin'],
        ['create', 'admin'],
      ]);
    });

    test('wrong keys are refused in the form of Open311, wherever they stand, and too many of them for a while', async () => {
      const made = await makeKey({ name: 'app', purpose: 'app' });
      const place = { service_code: 'road-stall', lat: '24.2', long: '118.2' };
      const forged = `${made.key.slice(0, -1)}${made.key.endsWith('A') ? 'B' : 'A'}`;
      const answers = [await post(place), await post(place, bearer(forged)), await post({ ...place, api_key: 'kw_1' })];
      for (const answer of answers) expect(await refusal(answer)).toEqual([403, expect.stringContaining('API 密钥')]);
      expect((await fetch(`${seeded.hub.url}${REPORTS}?api_key=${made.key}`, { method: 'POST' })).status).toBe(403);
      expect((await post({ ...place, api_key: made.key })).status).toBe(201);
      const json = { method: 'POST', headers: { ...bearer(made.key), 'content-type': 'application/json' } };
      const body = JSON.stringify({ service_code: 'road-stall', lat: 24.2, long: 118.2 });
      expect((await fetch(`${seeded.hub.url}${REPORTS}`, { ...json, body })).status).toBe(201);
      for (let i = 0; i < 30; i += 1) await (await post(place, bearer(forged))).arrayBuffer();
      expect((await refusal(await post(place, bearer(forged))))[0]).toBe(429);
    });

    test('a key may come so often a minute', async () => {
      const hub = await startSeededHub();
      try {
        const answer = await hub.people.admin.call('POST', '/api/v1/api-keys', {
          body: { name: 'slow', purpose: 'other', perMinute: 2 },
        });
        const { key } = (await answer.json()) as ApiKeyMade;
        const statuses = [];
        for (let i = 0; i < 3; i += 1) {
          const body = new URLSearchParams({ service_code: 'road-stall', lat: '24.3', long: '118.3' });
          statuses.push(
            (await fetch(`${hub.hub.url}${REPORTS}`, { method: 'POST', body, headers: bearer(key) })).status,
          );
        }
        expect(statuses).toEqual([201, 201, 429]);
      } finally {
        await hub.close();
      }
    });

    test('faults of a form are named', async () => {
      const hub = await startSeededHub();
      try {
        const answer = await hub.people.admin.call('POST', '/api/v1/api-keys', {
          body: { name: 'w', purpose: 'wechat' },
        });
        const { key } = (await answer.json()) as ApiKeyMade;
        const send = (body: string) =>
          fetch(`${hub.hub.url}${REPORTS}`, {
            ...{ method: 'POST', body },
            headers: { ...bearer(key), 'content-type': 'application/x-www-form-urlencoded' },
          });
        for (const [form, path] of [
          ['service_code=noise&lat=24.3&long=118.3', 'service_code'],
          ['service_code=road-stall&lat=abc&long=118.3', 'lat'],
          ['service_code=road-stall&lat=95&long=118.3', 'lat'],
          ['service_code=road-stall&lat=24.3', 'lat'],
          ['service_code=road-stall', 'lat'],
          ['service_code=road-stall&lat=24.3&lat=24.4&long=118.3', 'lat'],
          ['service_code=road-stall&lat=24.3&long=118.3&colour=red', 'colour'],
          ['service_code=road-stall&lat=24.3&long=118.3&attribute[observed_at]=yesterday', 'attribute[observed_at]'],
          ['service_code=road-stall&lat=24.3&long=118.3&description=%ff', 'UTF-8'],
        ] as const)
          expect(await refusal(await send(form)), form).toEqual([400, expect.stringContaining(path)]);
        const media = await send(
          'service_code=road-stall&lat=24.3&long=118.3&email=&media_url=https%3A%2F%2Fx.cn%2Fa.jpg',
        );
        const [receipt] = (await media.json()) as Open311Receipt[];
        expect([media.status, receipt?.service_notice]).toEqual([201, expect.stringContaining('media_url')]);
      } finally {
        await hub.close();
      }
    });

    test('the public reads no report before a person confirmed it, and never who sent it or what they wrote', async () => {
      await upsertCamera(seeded.hub.store, {
        ...{ id: 'pub-cam', node: 'fz-edge-01', name: { zh: '涂门街', en: 'Tumen St' }, kind: 'street' },
        ...{ location: { lon: 118.4, lat: 24.4 }, district: '350502', zones: [] },
      });
      const { key } = await makeKey({ name: 'wechat', purpose: 'wechat' });
      const fields = { service_code: 'road-stall', lat: '24.4005', long: '118.4', ...personal };
      const [receipt] = (await (await post(fields, bearer(key))).json()) as Open311Receipt[];
      const number = receipt?.service_request_id ?? '';
      const read = (path: string) => fetch(`${seeded.hub.url}/open311/v2${path}`);
      expect((await refusal(await read(`/requests/${number}.json`)))[0]).toBe(404);
      const row = await caseOf(number);
      expect(row.district).toBe('350502');
      const command = { command: 'confirm', note: '陈丽 13912345678', plate: '闽C12345' };
      const confirmed = await seeded.people.operator.call('POST', `/api/v1/cases/${row.id}/commands`, {
        ...{ body: command, headers: { 'if-match': `"${row.version}"` } },
      });
      expect(confirmed.status).toBe(200);
      const answer = await read(`/requests/${number}.json`);
      const [request] = (await answer.json()) as Open311Request[];
      expect(faultsOf(Open311Request, request)).toEqual([]);
      expect(request).toMatchObject({ status: 'open', address: null, address_id: null, media_url: null, lat: 24.4005 });
      const said = (await (await read('/requests.json')).text()) + (await (await read('/services.json')).text());
      expect(said).toContain(number);
      const { managers } = { managers: await seeded.hub.store.db.selectFrom('sites').select('body').execute() };
      const names = managers.map(({ body }) => (JSON.parse(body) as { manager: { name: string } }).manager.name);
      for (const secret of ['13912345678', 'chen@example', '陈丽', '201', '闽C12345', ...names])
        expect(said, secret).not.toContain(secret);
      expect(await (await seeded.people.viewer.call('GET', '/api/v1/sites')).status).toBe(403);

      const detail = (await (await seeded.people.operator.call('GET', `/api/v1/cases/${row.id}`)).json()) as CaseDetail;
      const report = detail.reports?.[0];
      expect([report?.text, report?.hasContact]).toEqual([personal.description, true]);
      expect(JSON.stringify(detail.reports)).not.toContain('13912345678');
      const contact = `/api/v1/cases/${row.id}/reports/${report?.id}/contact`;
      expect((await seeded.people.viewer.call('GET', contact)).status).toBe(403);
      expect(await (await seeded.people.operator.call('GET', contact)).json()).toMatchObject({ phone: '13912345678' });
    });

    test('what a service asks is defined', async () => {
      const read = (code: string) => fetch(`${seeded.hub.url}/open311/v2/services/${code}.json`);
      const definition = (await (await read('road-stall')).json()) as Static<typeof Open311Definition>;
      expect(faultsOf(Open311Definition, definition)).toEqual([]);
      expect(definition.attributes.map(({ code }) => code)).toEqual(['observed_at', 'ticket']);
      expect((await refusal(await read('noise')))[0]).toBe(404);
    });

    test('webhooks are an administrator’s: the secret is said once, private targets are refused', async () => {
      const call = (method: string, path: string, body?: unknown) =>
        seeded.people.admin.call(method, `/api/v1/webhooks${path}`, body === undefined ? {} : { body });
      const wanted = { name: '市平台', events: ['case.filed', 'case.closed'] };
      const inside = await call('POST', '', { ...wanted, url: 'https://10.0.0.5/hook' });
      expect([inside.status, JSON.stringify(await inside.json())]).toEqual([400, expect.stringContaining('private')]);
      const answer = await call('POST', '', { ...wanted, url: 'https://city.example/hook', enabled: false });
      const made = (await answer.json()) as WebhookMade;
      expect([answer.status, made.secret]).toEqual([201, expect.stringMatching(/^whsec_/)]);
      const off = (await (await call('PATCH', `/${made.id}`, { enabled: true })).json()) as WebhookView;
      expect([off.enabled, 'secret' in off]).toEqual([true, false]);
      expect(await (await call('GET', '')).text()).not.toContain('secret');
      expect((await call('GET', '/dead-letters')).status).toBe(200);
      expect((await call('DELETE', `/${made.id}`)).status).toBe(204);
    });
  });
}
