/** As a supervisor: notices that did not get there, tried again or given up; as an operator: the draft of a correction order. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CorrectionOrderView } from '../../contracts/api/correction-order.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { PASSWORD, startSeededHub } from '../api/seeded-hub.ts';
import { chromium, needs } from '../needs.ts';
import { until } from '../processes.ts';
import { buildConsole } from './build.ts';

let browser: Browser;
let seeded: Awaited<ReturnType<typeof startSeededHub>>;

async function logIn(name: string, path: string, language: 'zh' | 'en' = 'zh'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  await context.addInitScript(`localStorage.setItem('kerbwatch.language','${language}')`);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${seeded.hub.url}${path}`);
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('nav.nav').waitFor();
  return page;
}

async function notices(): Promise<NoticeView[]> {
  return (await (await seeded.people.operator.call('GET', '/api/v1/notices')).json()) as NoticeView[];
}

async function shoot(page: Page, name: string): Promise<void> {
  const to = process.env.KERBWATCH_SHOTS;
  if (!to) return;
  mkdirSync(to, { recursive: true });
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
}

describe.skipIf(!needs('chromium'))('notices in the console', () => {
  beforeAll(async () => {
    await buildConsole();
    const smtp = { host: '127.0.0.1', port: 9, from: 'notice@city.example' };
    seeded = await startSeededHub({ channels: { portal: {}, smtp } });
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
    const dead = () => seeded.people.supervisor.call('GET', '/api/v1/dead-letters').then((answer) => answer.json());
    await until('both mails are refused', async () => ((await dead()) as unknown[]).length === 2);
  });
  afterAll(async () => {
    await browser?.close();
    await seeded?.close();
  });

  test('a supervisor sees what did not get there, and gives one up with a reason', async () => {
    const page = await logIn('supervisor', '/cases');
    await page.locator('nav.nav a[href="/deliveries"]').click();
    await page.locator('.dead-letter').nth(1).waitFor();
    await shoot(page, 'deliveries');
    const first = page.locator('.dead-letter').first();
    expect(await first.textContent()).toContain('no mail address of its manager is on record');
    const number = await first.locator('a').first().textContent();
    await first.getByRole('button', { name: '放弃' }).click();
    await first.locator('input').fill('已电话告知');
    await first.locator('.dead-letter-note button').click();
    await until('it is gone from the list', async () => (await page.locator('.dead-letter').count()) === 1);
    const given = (await notices()).find((notice) => notice.number === number);
    const detail = await seeded.hub.caseReads.get(given?.case ?? '', { name: 'viewer', role: 'viewer' });
    expect(detail.history.at(-1)).toMatchObject({ action: 'notice-delivery-given-up', note: '已电话告知' });
    await page.context().close();
  });

  test('an operator drafts a correction order and fills it in; the supervisor approves it', async () => {
    const [notice] = await notices();
    const page = await logIn('operator', `/cases/${notice?.case}`);
    const order = page.locator('.order');
    await page.getByText('投递情况').or(page.locator('.deliveries')).first().waitFor();
    await order.getByRole('button', { name: '起草' }).click();
    await order.getByText('尚缺').waitFor();
    await order.getByRole('button', { name: '填写' }).click();
    const fields = {
      文号: '泉城责改〔2026〕7号',
      当事人: '中建海峡',
      复议机关: '泉州市人民政府',
      管辖法院: '丰泽区人民法院',
    };
    for (const [name, value] of Object.entries(fields)) await order.getByLabel(name, { exact: true }).fill(value);
    for (const n of [1, 2]) {
      await order.getByLabel(`执法人员 ${n}`).fill(`林警${n}`);
      await order.getByLabel(`执法证号 ${n}`).fill(`3505030${n}`);
    }
    await shoot(page, 'correction-order');
    await order.getByRole('button', { name: '保存草稿' }).click();
    const path = `/api/v1/notices/${notice?.id}/correction-order`;
    const read = async () => (await (await seeded.people.operator.call('GET', path)).json()) as CorrectionOrderView;
    await until('it lacks nothing', async () => (await read()).missing.length === 0);
    expect(Date.parse((await read()).fields.deadline)).toBe(
      Date.parse(notice?.correctBy ?? '') - (Date.parse(notice?.correctBy ?? '') % 60_000),
    );
    await page.context().close();

    const over = await logIn('supervisor', `/cases/${notice?.case}`, 'en');
    await over.locator('.order').getByRole('button', { name: 'Approve' }).click();
    await over.locator('.order').getByText('approved by supervisor').waitFor();
    expect((await read()).state).toBe('approved');
    await shoot(over, 'case-file-order');
    await over.context().close();
  });
});
