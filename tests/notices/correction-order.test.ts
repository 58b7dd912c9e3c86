/** The correction order: drafted from a notice, filled in, approved by another person, served by people, sent by nobody. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDetail } from '../../contracts/api/case.ts';
import type { CorrectionOrderFields, CorrectionOrderView } from '../../contracts/api/correction-order.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { missingIn, orderStep } from '../../hub/notices/order-state.ts';
import { startSeededHub } from '../api/seeded-hub.ts';

const fields: CorrectionOrderFields = {
  ...{ orderNumber: '泉城责改〔2026〕7号', party: '中建海峡', deadline: '2026-11-27T10:00:00.000Z' },
  officers: [
    { name: '林警', certificate: '35050301' },
    { name: '王警', certificate: '35050302' },
  ],
  ...{ legalBasis: ['《大气污染防治法》第七十条'], requirements: ['落实苫盖'] },
  ...{ reconsiderationBody: '泉州市人民政府', court: '丰泽区人民法院' },
};

test.each([
  ['draft', 'approve', 'sup', 'approved'],
  ['draft', 'approve', 'op', null],
  ['draft', 'served', 'sup', null],
  ['draft', 'cancel', 'op', 'cancelled'],
  ['approved', 'approve', 'sup', null],
  ['approved', 'served', 'op', 'served'],
  ['approved', 'cancel', 'sup', 'cancelled'],
  ['served', 'cancel', 'sup', 'cancelled'],
  ['cancelled', 'cancel', 'sup', null],
  ['cancelled', 'served', 'sup', null],
] as const)('%s, %s by %s: %s', (state, command, by, next) => {
  const step = orderStep({ state, editedBy: 'op', fields }, command, by);
  expect('state' in step ? step.state : null).toBe(next);
});

test('fewer than two officers, or a blank that people must fill, is no order', () => {
  expect(missingIn(fields)).toEqual([]);
  const { court: _none, ...rest } = fields;
  expect(missingIn({ ...rest, officers: fields.officers.slice(1) })).toEqual(['officers', 'court']);
  expect(orderStep({ state: 'draft', editedBy: 'op', fields: { ...fields, officers: [] } }, 'approve', 'sup')).toEqual({
    fault: { message: 'the order lacks: officers', messageZh: '文书缺少：两名执法人员及证号' },
  });
});

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded?.close());

test('over the API: each step by a named person, each in the case’s trail; the notice itself is untouched', async () => {
  const { operator, supervisor, viewer } = seeded.people;
  const [notice] = (await (await operator.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  const path = `/api/v1/notices/${notice?.id}/correction-order`;
  expect((await operator.call('GET', path)).status).toBe(404);
  const drafted = (await (await operator.call('POST', path)).json()) as CorrectionOrderView;
  expect(drafted).toMatchObject({ state: 'draft', version: 1, editedBy: 'operator', fields: { officers: [] } });
  expect(drafted.missing).toContain('officers');
  expect((await operator.call('POST', path)).status).toBe(409);
  expect((await viewer.call('GET', path)).status).toBe(403);

  const give = (body: unknown, version: number, who = supervisor) =>
    who.call('POST', `${path}/commands`, { body, headers: { 'if-match': String(version) } });
  expect((await give({ command: 'approve' }, 1)).status).toBe(409);
  const written = await operator.call('PUT', path, { body: fields, headers: { 'if-match': '1' } });
  expect(((await written.json()) as CorrectionOrderView).missing).toEqual([]);
  expect((await operator.call('PUT', path, { body: fields, headers: { 'if-match': '1' } })).status).toBe(412);
  expect((await operator.call('PUT', path, { body: fields })).status).toBe(428);
  expect((await give({ command: 'approve' }, 2, operator)).status).toBe(403);
  const approved = (await (await give({ command: 'approve' }, 2)).json()) as CorrectionOrderView;
  expect(approved).toMatchObject({ state: 'approved', approvedBy: 'supervisor' });
  expect((await operator.call('PUT', path, { body: fields, headers: { 'if-match': '3' } })).status).toBe(409);
  const pdf = await operator.call('GET', `${path}.pdf`);
  expect(
    Buffer.from(await pdf.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  const service = { command: 'served', method: '直接送达', on: '2026-11-26', recipient: '陈工' };
  expect((await give(service, 3)).status).toBe(200);

  const detail = (await (await viewer.call('GET', `/api/v1/cases/${notice?.case}`)).json()) as CaseDetail;
  expect(detail.history.slice(-3).map(({ action, actor }) => [action, actor])).toEqual([
    ['order-drafted', 'operator'],
    ['order-approved', 'supervisor'],
    ['order-served', 'supervisor'],
  ]);
  const deliveries = await seeded.hub.store.db.selectFrom('notice_deliveries').select('channel').execute();
  expect(deliveries.every(({ channel }) => channel === 'portal')).toBe(true);
  expect(
    ((await (await operator.call('GET', `/api/v1/notices/${notice?.id}`)).json()) as NoticeView).sentAt,
  ).toBeNull();

  // Served, and cancelled after it: the reason stands in the trail, and whoever was served reads of it on the page.
  const { link } = (await (await operator.call('GET', `/api/v1/notices/${notice?.id}`)).json()) as NoticeView;
  const page = async () => (await fetch(`${link}?lang=zh`)).text();
  expect(await page()).toContain('责令改正通知书 泉城责改〔2026〕7号 已于 2026-11-26 送达');
  expect((await give({ command: 'cancel', note: '' }, 4)).status).toBe(400);
  expect((await give({ command: 'cancel', note: '当事人有误' }, 4, operator)).status).toBe(403);
  const cancelled = (await (await give({ command: 'cancel', note: '当事人有误' }, 4)).json()) as CorrectionOrderView;
  expect(cancelled).toMatchObject({ state: 'cancelled', cancelled: { by: 'supervisor', why: '当事人有误' } });
  expect(await page()).toMatch(/责令改正通知书 泉城责改〔2026〕7号 已于 [\d: -]+ 撤销，不再执行/);
  const after = (await (await viewer.call('GET', `/api/v1/cases/${notice?.case}`)).json()) as CaseDetail;
  expect(after.history.at(-1)).toMatchObject({ action: 'order-cancelled', actor: 'supervisor', note: '当事人有误' });
});
