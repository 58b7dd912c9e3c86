/** A notice: issued with the confirmation, read and answered through its link alone, written into the case's trail. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDetail, CasePage } from '../../contracts/api/case.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import type { PermitBody } from '../../contracts/api/registry.ts';
import type { NoticeContent } from '../../hub/notices/content.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { firstBrokenEntry } from '../hub/broken-entry.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

async function notices(): Promise<NoticeView[]> {
  return (await (await seeded.people.operator.call('GET', '/api/v1/notices')).json()) as NoticeView[];
}

async function newest(): Promise<{ view: NoticeView; page: string }> {
  const view = (await notices())[0];
  if (!view?.link) throw new Error('no notice with a link');
  return { view, page: `${seeded.hub.url}${new URL(view.link).pathname}` };
}

async function answer(page: string, fields: Record<string, string | Blob>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(page, { method: 'POST', body: form });
}

test('each confirmed truck of a site has one notice; a viewer does not see its link', async () => {
  expect((await notices()).map(({ site, state }) => [site, state])).toEqual([
    ['donghai', 'ready'],
    ['donghai', 'ready'],
  ]);
  const seen = (await (await seeded.people.viewer.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  expect(seen.every(({ link }) => link === null)).toBe(true);
});

test('opened, acknowledged, corrected with a photo: states, replies and an unbroken trail', async () => {
  const { view, page } = await newest();
  const html = await (await fetch(page)).text();
  expect(html).toContain('违规告知');
  expect(html).toContain(view.number);
  expect((await newest()).view).toMatchObject({ state: 'ready', sentAt: null });

  expect((await answer(page, { kind: 'acknowledge', name: ' ' })).status).toBe(422);
  expect((await answer(page, { kind: 'acknowledge', name: '陈志强' })).status).toBe(200);
  const fake = new Blob(['<script>'], { type: 'image/jpeg' });
  expect((await answer(page, { kind: 'correction', name: '陈志强', photo: fake })).status).toBe(422);
  const jpeg = await sharp({ create: { width: 32, height: 24, channels: 3, background: '#345' } })
    .jpeg()
    .toBuffer();
  const photo = new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' });
  const text = '<b>已苫盖</b>';
  const corrected = await answer(page, { kind: 'correction', name: '陈志强', text, photo });
  expect(await corrected.text()).toContain('&lt;b&gt;已苫盖');
  await answer(page, { kind: 'statement', name: '陈志强', text: '当时正在苫盖' });

  const after = (await newest()).view;
  expect(after.state).toBe('corrected');
  expect(after.acknowledgedAt).not.toBeNull();
  expect(after.replies.map(({ kind }) => kind)).toEqual(['acknowledge', 'correction', 'statement']);
  const kept = await seeded.people.operator.call('GET', `/api/v1/evidence/${after.replies[1]?.photo}`);
  expect(Buffer.from(await kept.arrayBuffer()).equals(jpeg)).toBe(true);

  const detail = (await (await seeded.people.operator.call('GET', `/api/v1/cases/${view.case}`)).json()) as CaseDetail;
  expect(detail.history.map(({ action }) => action).filter((action) => action.startsWith('notice-'))).toEqual([
    'notice-ready',
    'notice-acknowledge',
    'notice-correction',
    'notice-statement',
  ]);
  expect(firstBrokenEntry(await historyOf(seeded.hub.store.db, view.case))).toBeNull();
});

test('the hub’s page has each notice, which stays what it was', async () => {
  const deliveries = () =>
    seeded.hub.store.db.selectFrom('notice_deliveries').select(['channel', 'state', 'attempts']).execute();
  const delivered = { channel: 'portal', state: 'delivered', attempts: 1 };
  await until('both are delivered', async () => (await deliveries()).every(({ state }) => state === 'delivered'));
  expect(await deliveries()).toEqual([delivered, delivered]);
  expect((await notices()).map(({ sentAt }) => sentAt)).toEqual([null, null]);
  expect((await notices()).at(-1)?.state).toBe('ready');
});

test('looking proves nothing: previews, scanners and HEAD leave a notice as it is', async () => {
  const view = (await notices()).at(-1);
  const page = `${seeded.hub.url}${new URL(view?.link ?? '').pathname}`;
  for (const method of ['GET', 'HEAD']) {
    const headers = { 'user-agent': 'Mozilla/5.0 (compatible; LinkPreview/1.0)' };
    expect((await fetch(page, { method, headers })).status).toBe(200);
  }
  await fetch(`${page}/notice.pdf`);
  const after = (await notices()).find(({ id }) => id === view?.id);
  expect(after).toMatchObject({ state: 'ready', acknowledgedAt: null, replies: [] });
  const trail = await historyOf(seeded.hub.store.db, view?.case ?? '');
  expect(trail.some(({ action }) => action === 'notice-delivered')).toBe(false);
});

test('an answer says something, is kept once, and what was typed comes back when it was refused', async () => {
  const view = (await notices()).at(-1);
  const page = `${seeded.hub.url}${new URL(view?.link ?? '').pathname}?lang=en`;
  const refused = await answer(page, { kind: 'statement', name: 'Chen <b>', text: '  ' });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('value="Chen &lt;b&gt;"');
  const short = await answer(page, { kind: 'correction', name: 'Chen', text: '已改' });
  expect([short.status, (await short.text()).includes('已改</textarea>')]).toEqual([422, true]);
  const nul = await answer(page, { kind: 'statement', name: 'Chen', text: 'a\u0000b' });
  expect(nul.status).toBe(422);
  // It begins like a picture and is none: no proof.
  const begun = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...new Array(200).fill(7)])], { type: 'image/jpeg' });
  expect((await answer(page, { kind: 'correction', name: 'Chen', photo: begun })).status).toBe(422);
  expect((await notices()).at(-1)).toMatchObject({ state: 'ready', replies: [] });

  const statement = { kind: 'statement', name: 'Chen', text: 'the cover tore at the gate' };
  for (let i = 0; i < 2; i += 1) expect((await answer(page, statement)).status).toBe(200);
  const delivered = (await notices()).at(-1);
  expect(delivered).toMatchObject({ state: 'delivered', acknowledgedAt: null });
  expect(delivered?.replies).toHaveLength(1);

  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'correction', name: 'Chen' })) form.set(name, value);
  for (const background of ['#345', '#543']) {
    const jpeg = await sharp({ create: { width: 32, height: 24, channels: 3, background } })
      .jpeg()
      .toBuffer();
    form.append('photo', new Blob([new Uint8Array(jpeg)], { type: 'image/jpeg' }), 'photo.jpg');
  }
  const html = await (await fetch(page, { method: 'POST', body: form })).text();
  const corrected = (await notices()).at(-1);
  expect(corrected?.state).toBe('corrected');
  const photos = corrected?.replies.at(-1)?.photos ?? [];
  expect(photos).toHaveLength(2);
  for (const sha256 of photos) {
    expect(html).toContain(`/evidence/${sha256}"`);
    expect((await fetch(`${page.split('?')[0]}/evidence/${sha256}`)).headers.get('content-type')).toBe('image/jpeg');
  }
});

test('an answer that came another way says as much', async () => {
  const view = (await notices())[0];
  const reply = (body: Record<string, unknown>) =>
    seeded.people.operator.call('POST', `/api/v1/notices/${view?.id}/replies`, { body: { name: 'Chen', ...body } });
  expect((await reply({ kind: 'correction' })).status).toBe(400);
  expect((await reply({ kind: 'statement', text: ' ' })).status).toBe(400);
});

test('the page says in both languages what to correct, each with its own stops', async () => {
  const { page } = await newest();
  const zh = await (await fetch(page)).text();
  const en = await (await fetch(`${page}?lang=en`)).text();
  expect(zh).toContain('渣土车装载未苫盖驶出工地；车辆未冲洗干净驶出工地');
  expect(zh).toContain('未苫盖不得驶出工地');
  expect(en).toContain('without a cover; truck left');
  expect(en).toContain('Wash every truck');
  expect(en).not.toContain('；');
});

test('the link opens its own stills and nothing else', async () => {
  const { view, page } = await newest();
  const row = await seeded.hub.store.db
    .selectFrom('notices')
    .select('body')
    .where('id', '=', view.id)
    .executeTakeFirstOrThrow();
  const own = (JSON.parse(row.body) as NoticeContent).evidence.map(({ sha256 }) => sha256);
  expect(own.length).toBeGreaterThan(0);
  expect((await fetch(`${page}/evidence/${own[0]}`)).headers.get('content-type')).toBe('image/jpeg');
  const all = await seeded.hub.store.db.selectFrom('evidence').select('sha256').execute();
  const other = all.find(({ sha256 }) => !own.includes(sha256));
  expect((await fetch(`${page}/evidence/${other?.sha256}`)).status).toBe(404);
  const wrong = await fetch(`${page.slice(0, -1)}${page.endsWith('A') ? 'B' : 'A'}`);
  expect([wrong.status, (await wrong.text()).includes('链接已失效')]).toEqual([404, true]);
  await seeded.hub.store.db
    .updateTable('notices')
    .set({ token_expires_at: '2020-01-01T00:00:00.000Z' })
    .where('id', '=', view.id)
    .execute();
  expect((await fetch(page)).status).toBe(404);
});

test('a plate that a person types is held against the permits of the site, and stands on the notice', async () => {
  const { operator, supervisor } = seeded.people;
  const waiting = '/api/v1/cases?kind=muck-truck&state=pending-review';
  const { cases } = (await (await operator.call('GET', waiting)).json()) as CasePage;
  const truck = cases.find(({ site }) => site === 'donghai');
  if (!truck) throw new Error('no truck of a site waits for review');
  const ask = async (plate: string) =>
    (await operator.call('GET', `/api/v1/cases/${truck.id}/haulage?plate=${encodeURIComponent(plate)}`)).json();
  expect(await ask('闽C77777')).toEqual({ plate: '闽C77777', state: 'none', permit: null });
  const permit: PermitBody = {
    ...{ id: '路线牌-001', site: 'donghai', carrier: '演示运输', plates: ['闽C77777'] },
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
    ...{ validFrom: '2020-01-01', validTo: '2020-12-31' },
  };
  await supervisor.call('PUT', '/api/v1/permits', { body: permit });
  expect(await ask('闽c·77777')).toEqual({ plate: '闽C77777', state: 'expired', permit: '路线牌-001' });
  await supervisor.call('PUT', '/api/v1/permits', { body: { ...permit, validTo: '2099-12-31' } });

  const confirmed = await operator.call('POST', `/api/v1/cases/${truck.id}/commands`, {
    body: { command: 'confirm', plate: '闽C77777' },
    headers: { 'if-match': String(truck.version) },
  });
  expect(confirmed.status).toBe(200);
  const detail = (await (await operator.call('GET', `/api/v1/cases/${truck.id}`)).json()) as CaseDetail;
  expect(detail.haulage).toEqual({ plate: '闽C77777', state: 'found', permit: '路线牌-001' });
  const { view, page } = await newest();
  expect(view.case).toBe(truck.id);
  const html = await (await fetch(page)).text();
  expect(html).toContain('<dt>车牌</dt><dd>闽C77777</dd>');
  expect(html).toContain('<dd>路线牌-001 · 有效</dd>');
});

async function wordsOf(view: NoticeView): Promise<string> {
  const pdf = await seeded.people.operator.call('GET', `/api/v1/notices/${view.id}.pdf`);
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  const bytes = Buffer.from(await pdf.arrayBuffer());
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.toString('latin1').match(/\/Subtype \/Image/g)?.length).toBe(3);
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-pdf-'));
  try {
    writeFileSync(join(folder, 'n.pdf'), bytes);
    return execFileSync('pdftotext', ['n.pdf', '-'], { cwd: folder, encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.skipIf(!needs('pdftotext'))(
  'the document is a PDF whose Chinese can be read out, with its stills and without a fine',
  async () => {
    const [typed, unread] = await notices();
    if (!typed || !unread) throw new Error('two notices were expected');
    for (const [view, parts] of [
      [typed, ['闽C77777（人工录入）', '路线牌-001（有效）']],
      [unread, ['未识别']],
    ] as const) {
      const text = await wordsOf(view);
      for (const part of ['违规告知', '东海安置房工地', '陈述和申辩', '大气污染防治法', view.number, ...parts]) {
        expect(text).toContain(part);
      }
      expect(text).not.toMatch(/罚款|元以/);
    }
  },
);
