/** Documents: all that a notice to a site must say, in both languages, as PDF and as HTML; long ones break between blocks. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { violations } from '../../contracts/violations/index.ts';
import type { NoticeContent } from '../../hub/notices/content.ts';
import { renderPdf } from '../../hub/notices/document.ts';
import { renderDocumentHtml } from '../../hub/notices/document-html.ts';
import { type Filling, fillTemplate, fillText, noticeValues } from '../../hub/notices/fill.ts';
import { correctionOrderTemplate } from '../../hub/notices/templates/correction-order.ts';
import { readTemplates } from '../../hub/notices/templates/read.ts';
import { reminderTemplate } from '../../hub/notices/templates/reminder.ts';
import { noticeNames } from '../../hub/notices/templates/template.ts';
import { needs } from '../needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const still = (role: 'bed' | 'plate', sign: string) => ({
  ...{ role, sha256: sign.repeat(64), mime: 'image/jpeg' as const, bytes: 10, at: '2026-11-23T02:11:06.000Z' },
  ...{ width: 1280, height: 720 },
});
const content: NoticeContent = {
  ...{ number: 'KW-20261123-0007', caseNumber: '3505032026112300042', issuer: '泉州市城市管理局', contact: '12319' },
  site: {
    ...{
      id: 's',
      name: { zh: '东海<17>号地块', en: 'Donghai plot 17' },
      address: '滨海路 17 号',
      permitNumber: '建字 0117',
    },
    ...{ developer: '海湾置业', contractor: '中建海峡', manager: { name: '陈志强', phone: '0595-0000000' } },
    responsibilityLetter: '责任书 2026-031（2026-03-01）',
  },
  camera: { id: 'fz-gate-17a', name: { zh: '17号地块东门', en: 'Plot 17 east gate' } },
  ...{ startedAt: '2026-11-23T02:11:05.000Z', endedAt: '2026-11-23T02:11:30.000Z', kind: 'muck-truck' as const },
  detail: violations['muck-truck'].sample.detail,
  ...{ plate: { text: '闽C12345', typed: true }, carrier: '宏运渣土运输' },
  haulage: { plate: '闽C12345', state: 'expired', permit: '路线牌-077' },
  evidence: [still('bed', 'a'), still('plate', 'b')],
  clip: { ...still('bed', 'c'), role: 'clip', mime: 'video/mp4' },
  ...{ confirmedBy: 'lin', issuedAt: '2026-11-23T02:20:00.000Z', correctBy: '2026-11-24T02:20:00.000Z' },
  ...{ statementBy: '2026-11-27T10:00:00.000Z', legalBasis: ['《福建省城市市容和环境卫生管理办法》第X条'] },
  utcOffsetMinutes: 480,
};
const filling: Filling = {
  content,
  link: 'https://hub.example/n/token',
  linkUntil: '2026-12-23T02:20:00.000Z',
  service: {
    methods: [{ zh: '电子邮件', en: 'mail' }],
    ...{ sentAt: '2026-11-23T02:22:00.000Z', receivedAt: '2026-11-23T03:00:00.000Z', receivedBy: '陈工' },
  },
};

/** Items of the brief, with what shows each. */
const said = [
  ['1 title, number, body, date', ['整改提醒', 'KW-20261123-0007', '泉州市城市管理局', '2026-11-23 10:20:00']],
  ['2 site', ['滨海路 17 号', '建字 0117', '海湾置业', '中建海峡', '陈志强', '0595-0000000']],
  ['3 responsibility letter', ['责任书 2026-031（2026-03-01）']],
  ['4 what, when, where', ['未苫盖', '2026-11-23 10:11:05 至 2026-11-23 10:11:30', '北京时间', 'fz-gate-17a']],
  ['5 truck', ['闽C12345', '宏运渣土运输', '路线牌-077', '不在有效期内']],
  ['6 stills, clip, hashes', ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64), '2026-12-23 10:20:00', '模糊处理']],
  ['7 legal basis and duty', ['第X条', '义务']],
  ['8 correction', ['未苫盖不得驶出工地', '2026-11-24 10:20:00', '上传整改照片']],
  ['9 ladder', ['月度通报', '约谈', '信用管理', '移送有权机关']],
  ['10 state and defend', ['陈述和申辩', '2026-11-27 18:00:00', 'https://hub.example/n/token']],
  ['11 contact', ['12319', '确认人']],
  ['12 service record', ['电子邮件', '2026-11-23 10:22:00', '陈工']],
  ['13 algorithm and person', ['算法辅助发现', 'lin 人工确认']],
] as const;

const words = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
const reminder = (lang: 'zh' | 'en') => fillTemplate(reminderTemplate, filling, lang);
const htmlOf = (lang: 'zh' | 'en') => renderDocumentHtml(reminder(lang), (sha256) => `/evidence/${sha256}`);

async function pdfText(document: ReturnType<typeof reminder>): Promise<{ text: string; pages: number }> {
  writeFileSync(join(folder, 'd.pdf'), await renderPdf(document, []));
  const text = execFileSync('pdftotext', ['-layout', 'd.pdf', '-'], { cwd: folder, encoding: 'utf8' });
  return { text, pages: text.split('\f').length - 1 };
}
const dense = (text: string) => text.replace(/\s+/g, '');

describe('the reminder', () => {
  test.each(said)('says %s', (_, parts) => {
    const text = words(htmlOf('zh'));
    for (const part of parts) expect(text).toContain(part);
  });

  test('is whole in English too, and states no fine in either language', () => {
    const en = words(htmlOf('en'));
    for (const part of ['Donghai plot 17', 'Correct it by', 'confirmed by operator lin', 'monthly bulletin', 'blurred'])
      expect(en).toContain(part);
    for (const text of [en, words(htmlOf('zh'))]) expect(text).not.toMatch(/罚款|元以|\bfine\b|¥/);
  });

  test('escapes what people wrote, shows its stills and a code for the phone', () => {
    const html = htmlOf('zh');
    expect(html).toContain('东海&lt;17&gt;号地块');
    expect(html).toContain(`<img src="/evidence/${'a'.repeat(64)}"`);
    expect(html).toContain('<svg');
    expect(renderDocumentHtml(reminder('zh'), () => null)).toContain('画面暂缺');
  });

  test.skipIf(!needs('pdftotext'))('says all of it as a PDF, in as many pages as it needs', async () => {
    const { text, pages } = await pdfText(reminder('zh'));
    for (const [, parts] of said) for (const part of parts) expect(dense(text)).toContain(dense(part));
    expect(pages).toBeGreaterThanOrEqual(2);
    expect(dense(text)).toContain(`1/${pages}`);
    const english = await pdfText(reminder('en'));
    expect(dense(english.text)).toContain('Algorithm-assisted,confirmedbyoperatorlin');
  });

  test.skipIf(!needs('pdftotext'))('a long one goes on over the page, without losing a line', async () => {
    const legalBasis = Array.from({ length: 60 }, (_, i) => `第 ${i + 1} 条依据。${'内容'.repeat(40)}`);
    const long = fillTemplate(reminderTemplate, { ...filling, legalBasis }, 'zh');
    const { text, pages } = await pdfText(long);
    expect(pages).toBeGreaterThan(4);
    for (const i of [1, 30, 60]) expect(dense(text)).toContain(`第${i}条依据`);
  });
});

describe('the correction order', () => {
  const draft = { zh: '草稿：未经审批盖章，不具效力', en: 'DRAFT: not approved, not sealed, no effect' };

  test('leaves room for officers, certificates, approval and seal, and says that it is a draft', () => {
    const html = renderDocumentHtml(
      fillTemplate(correctionOrderTemplate, { ...filling, mark: draft }, 'zh'),
      () => null,
    );
    const text = words(html);
    expect(text).toContain(draft.zh);
    expect(text.match(/执法证号 ＿/g)?.length).toBe(2);
    for (const part of ['行政复议', '行政诉讼', '（印章）', '责令于', 'KW-20261123-0007']) expect(text).toContain(part);
    expect(text).not.toMatch(/罚款/);
  });

  test('says what people filled in', () => {
    const officers = [
      { name: '林警', certificate: '35050301' },
      { name: '王警', certificate: '35050302' },
    ];
    const values = {
      orderNumber: '泉城责改〔2026〕7号',
      approvedBy: '黄局',
      approvedAt: '2026-11-25',
      party: '中建海峡',
    };
    const own = {
      ...filling,
      officers,
      values: { ...values, reconsiderationBody: '泉州市人民政府', court: '丰泽区人民法院' },
    };
    const text = words(renderDocumentHtml(fillTemplate(correctionOrderTemplate, own, 'zh'), () => null));
    for (const part of ['林警', '35050302', '泉城责改〔2026〕7号', '黄局', '丰泽区人民法院'])
      expect(text).toContain(part);
  });
});

test('an office’s own template is read from its file; the shipped ones pass the same check', async () => {
  expect(Object.keys(noticeValues(content)).sort()).toEqual([...noticeNames].sort());
  const files = { reminder: 'reminder.yaml', correctionOrder: 'order.yaml' };
  const write = (name: string, template: unknown) => writeFileSync(join(folder, name), stringify(template));
  write('reminder.yaml', { ...reminderTemplate, title: { zh: '泉州市整改提醒', en: 'Quanzhou notice' } });
  write('order.yaml', correctionOrderTemplate);
  const { reminder: own, correctionOrder } = await readTemplates(files, folder);
  expect(correctionOrder).toEqual(correctionOrderTemplate);
  expect(fillTemplate(own, filling, 'en').title).toBe('Quanzhou notice');

  write('reminder.yaml', { ...reminderTemplate, footer: { zh: '{fine}', en: '{court}' } });
  await expect(readTemplates(files, folder)).rejects.toMatchObject({
    faults: [
      { message: expect.stringContaining('{fine} is no name') },
      { message: expect.stringContaining('{court} is no name') },
    ],
  });
  write('reminder.yaml', { ...reminderTemplate, sections: [] });
  await expect(readTemplates(files, folder)).rejects.toMatchObject({ code: 'CFG_INVALID' });
});

test('what a person wrote is never read as a name of the template', () => {
  expect(fillText('{a} {b}', { a: '{b}', b: 'x' }, 'zh', '—')).toBe('{b} x');
});
