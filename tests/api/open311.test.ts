/** The Open311 face on both databases: what it says, what it leaves out, its filters and pages, and the published schemas. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Open311Errors, Open311Request } from '../../contracts/api/open311.ts';
import { faultsOf } from '../../platform/validate.ts';
import { testDatabases } from '../hub/stores.ts';
import { needs, sharedFile } from '../needs.ts';
import { startSeededHub } from './seeded-hub.ts';

const DAY = 86_400_000;
const hasSchemas = needs('shared');

type JsonSchema = {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema & { readonly $ref?: string };
  readonly maxLength?: number;
  readonly format?: string;
};

function readSchema(name: string): JsonSchema {
  const file = sharedFile(`open311/${name}`);
  if (!file) throw new Error(`no ${name}`);
  return JSON.parse(readFileSync(file, 'utf8')) as JsonSchema;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** As much of JSON Schema as the published files use. */
function misfits(schema: JsonSchema, value: unknown, path = ''): string[] {
  const { type, anyOf, required = [], properties = {}, items, maxLength, format } = schema;
  if (anyOf) return anyOf.some((one) => misfits(one, value, path).length === 0) ? [] : [`${path}: no variant`];
  if (type && !isOfType(type, value)) return [`${path}: not ${type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: not one of ${schema.enum.join()}`];
  if (typeof value === 'string') {
    if (maxLength !== undefined && value.length > maxLength) return [`${path}: too long`];
    if (format === 'date-time' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value))
      return [`${path}: no date-time`];
    return [];
  }
  if (Array.isArray(value)) {
    const of = items?.$ref ? readSchema(items.$ref) : items;
    return of ? value.flatMap((item, i) => misfits(of, item, `${path}[${i}]`)) : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  return [
    ...required.filter((key) => !(key in fields)).map((key) => `${path}.${key}: missing`),
    ...Object.entries(properties).flatMap(([key, of]) =>
      key in fields ? misfits(of, fields[key], `${path}.${key}`) : [],
    ),
  ];
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`Open311 on ${database.dialect}`, () => {
    let seeded: Awaited<ReturnType<typeof startSeededHub>>;
    beforeAll(async () => {
      await database.start();
      seeded = await startSeededHub({ database: await database.url() });
      // A second of its own for each case, so that filters by time can tell them apart.
      const rows = await seeded.hub.store.db.selectFrom('cases').select('id').orderBy('number').execute();
      for (const [i, { id }] of rows.entries())
        await seeded.hub.store.db
          .updateTable('cases')
          .set({ opened_at: new Date(Date.now() - DAY + i * 1000).toISOString() })
          .where('id', '=', id)
          .execute();
    }, 60_000);
    afterAll(async () => {
      await seeded.close();
      await database.close();
    });

    const get = (path: string) => seeded.people.viewer.call('GET', `/open311/v2${path}`);
    async function list(query = ''): Promise<Open311Request[]> {
      const answer = await get(`/requests.json${query}`);
      expect(answer.status, query).toBe(200);
      const body = (await answer.json()) as Open311Request[];
      for (const item of body) expect(faultsOf(Open311Request, item)).toEqual([]);
      return body;
    }
    async function refused(path: string, status = 400): Promise<string> {
      const answer = await get(path);
      const body = (await answer.json()) as Open311Errors;
      expect([answer.status, faultsOf(Open311Errors, body), body[0]?.code]).toEqual([status, [], status]);
      return body.map(({ description }) => description).join('; ');
    }
    const cases = () => seeded.hub.store.db.selectFrom('cases').selectAll();

    test.skipIf(!hasSchemas)('answers hold to the published schemas', async () => {
      expect(misfits(readSchema('requests.json'), await list())).toEqual([]);
      const services: unknown = await (await get('/services.json?jurisdiction_id=quanzhou')).json();
      expect(misfits(readSchema('services.json'), services)).toEqual([]);
      expect(misfits(readSchema('requests.json'), [{ status: 'shut' }])).not.toEqual([]);
    });

    test('a request says what its case says, and nothing that is not public', async () => {
      const [request] = await list('?status=open&service_code=muck-truck');
      const row = await cases()
        .where('number', '=', request?.service_request_id ?? '')
        .executeTakeFirstOrThrow();
      const last = await seeded.hub.store.db
        .selectFrom('case_history')
        .select((eb) => eb.fn.max('at').as('at'))
        .where('case_id', '=', row.id)
        .executeTakeFirstOrThrow();
      expect(request).toMatchObject({
        status: 'open',
        requested_datetime: row.opened_at,
        updated_datetime: last.at,
        expected_datetime: row.due_at,
        address_id: row.camera,
        media_url: null,
        lat: row.lat,
        long: row.lon,
        agency_responsible: '城市管理局',
      });
      expect(request?.address).toMatch(/\p{Script=Han}.* \(.+\)/u);
      const text = JSON.stringify(await list());
      for (const secret of ['摊位已劝离', 'operator', 'supervisor', 'sha256', '闽']) expect(text).not.toContain(secret);
    });

    test('a closed one was changed last when it was closed, whatever is said of it later', async () => {
      const [closed] = await list('?status=closed');
      const row = await cases().where('state', '=', 'closed').executeTakeFirstOrThrow();
      await seeded.people.operator.call('POST', `/api/v1/cases/${row.id}/commands`, {
        body: { command: 'comment', note: 'later' },
        headers: { 'if-match': String(row.version) },
      });
      expect((await list('?status=closed'))[0]).toEqual(closed);
      expect(closed).toMatchObject({ status: 'closed', updated_datetime: row.closed_at, expected_datetime: null });
    });

    test('filters: status, service, time; several at once', async () => {
      const all = await list();
      expect(all).toHaveLength(5);
      const open = await list('?status=open');
      const closed = await list('?status=closed');
      expect([open.length, closed.length]).toEqual([4, 1]);
      expect(await list('?status=open,closed')).toEqual(all);
      const stalls = await list('?service_code=road-stall');
      expect(new Set(stalls.map(({ service_code }) => service_code))).toEqual(new Set(['road-stall']));
      expect(await list('?service_code=road-stall,%20bike-clutter,muck-truck')).toEqual(all);
      const middle = all[2]?.requested_datetime ?? '';
      expect(await list(`?start_date=${middle}`)).toEqual(all.slice(0, 3));
      expect(await list(`?end_date=${middle}`)).toEqual(all.slice(2));
      expect(await list(`?start_date=${middle}&end_date=${middle}`)).toEqual([all[2]]);
      const beijing = `${new Date(Date.parse(middle) + 8 * 3_600_000).toISOString().slice(0, -1)}%2B08:00`;
      expect(await list(`?start_date=${beijing}`)).toEqual(all.slice(0, 3));
    });

    test('without dates it is ninety days back, and older ones are there when asked for', async () => {
      const row = await cases().where('state', '=', 'closed').executeTakeFirstOrThrow();
      const opened_at = new Date(Date.now() - 100 * DAY).toISOString();
      const put = (at: string) =>
        seeded.hub.store.db.updateTable('cases').set({ opened_at: at }).where('id', '=', row.id).execute();
      await put(opened_at);
      expect(await list()).toHaveLength(4);
      const start = new Date(Date.now() - 120 * DAY).toISOString();
      expect((await list(`?start_date=${start}`)).map(({ service_request_id: id }) => id)).toEqual([row.number]);
      expect(await list(`?service_request_id=${row.number}`)).toHaveLength(1);
      await put(row.opened_at);
    });

    test('numbers: several, unknown ones left out, and other filters left aside', async () => {
      const [a, b] = await list();
      const ids = `${b?.service_request_id},%20${a?.service_request_id},000`;
      expect(await list(`?service_request_id=${ids}&status=closed`)).toEqual([a, b]);
      const waiting = await cases().where('state', '=', 'pending-review').executeTakeFirstOrThrow();
      expect(await list(`?service_request_id=${waiting.number}`)).toEqual([]);
      expect(await (await get(`/requests/${a?.service_request_id}.json`)).json()).toEqual([a]);
      expect(await refused(`/requests/${waiting.number}.json`, 404)).toContain('未找到 / not found');
      expect(await refused(`/requests/${a?.service_request_id},${b?.service_request_id}.json`, 404)).toContain(
        '未找到',
      );
    });

    test('pages follow each other without a gap', async () => {
      const all = await list();
      const pages = await Promise.all([1, 2, 3, 4].map((page) => list(`?page_size=2&page=${page}`)));
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 1, 0]);
      expect(pages.flat()).toEqual(all);
    });

    test('a case that was voided or merged after its confirmation is closed, not gone', async () => {
      const row = await cases().where('state', '=', 'filed').executeTakeFirstOrThrow();
      const answer = await seeded.people.admin.call('POST', `/api/v1/cases/${row.id}/commands`, {
        body: { command: 'void', note: 'a mistake' },
        headers: { 'if-match': String(row.version) },
      });
      expect(answer.status).toBe(200);
      const [request] = await list(`?service_request_id=${row.number}`);
      expect(request).toMatchObject({ status: 'closed', status_notes: '已作废 / voided' });
      expect(JSON.stringify(request)).not.toContain('mistake');
      expect(await list()).toHaveLength(5);
    });

    test.each([
      ['/requests.json?status=shut', 'status: "shut": expected one or more of open, closed'],
      ['/requests.json?service_code=noise', 'service_code: "noise"'],
      ['/requests.json?start_date=2026-11-01', 'start_date'],
      ['/requests.json?start_date=2026-11-01T00:00:00+08:00', 'start_date'],
      ['/requests.json?start_date=2026-13-01T00:00:00Z', 'start_date'],
      ['/requests.json?end_date=2026-02-30T00:00:00Z', 'end_date: 2026-02-30 is no day of the calendar'],
      ['/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z', 'at most 90 days'],
      ['/requests.json?start_date=2026-06-01T00:00:00Z&end_date=2026-05-01T00:00:00Z', 'lies before'],
      ['/requests.json?page=0', 'page'],
      ['/requests.json?page=1e1', 'page: expected a whole number'],
      ['/requests.json?page_size=1001', 'page_size'],
      ['/requests.json?service_request_id=,', 'service_request_id'],
      ['/requests.json?stauts=open', 'stauts: unknown key'],
      ['/requests.json?status=open&status=closed', 'status: given more than once'],
    ])('%s is refused', async (path, why) => {
      expect(await refused(path)).toContain(why);
    });

    test('nobody logs in to read, and the public reads what a viewer does', async () => {
      expect((await fetch(`${seeded.hub.url}/open311/v2/services.json`)).status).toBe(200);
      const answer = await fetch(`${seeded.hub.url}/open311/v2/requests.json`);
      expect([answer.status, await answer.json()]).toEqual([200, await list()]);
    });

    test('one address that asks all the time is told to wait, in the form of Open311', async () => {
      const ask = () => fetch(`${seeded.hub.url}/open311/v2/requests.json?page_size=1`);
      const statuses = new Set<number>();
      let last = await ask();
      for (let i = 0; i < 130 && last.status === 200; i += 1) {
        statuses.add(last.status);
        await last.arrayBuffer();
        last = await ask();
      }
      expect([...statuses, last.status, faultsOf(Open311Errors, await last.json())]).toEqual([200, 429, []]);
    });
  });
}
