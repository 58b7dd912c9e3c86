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
import { firstBrokenEntry } from '../../hub/cases/history.ts';
import type { NoticeContent } from '../../hub/notices/content.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { needs } from '../needs.ts';
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
    ['donghai', 'sent'],
    ['donghai', 'sent'],
  ]);
  const seen = (await (await seeded.people.viewer.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  expect(seen.every(({ link }) => link === null)).toBe(true);
});

test('opened, acknowledged, corrected with a photo: states, replies and an unbroken trail', async () => {
  const { view, page } = await newest();
  const html = await (await fetch(page)).text();
  expect(html).toContain('违规告知');
  expect(html).toContain(view.number);
  expect((await newest()).view.state).toBe('delivered');

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
    'notice-sent',
    'notice-delivered',
    'notice-acknowledge',
    'notice-correction',
    'notice-statement',
  ]);
  expect(firstBrokenEntry(await historyOf(seeded.hub.store.db, view.case))).toBeNull();
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
