/** The console in a real browser before a real hub: what an operator does, with the keys an operator uses. */
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromium, needs } from '../needs.ts';
import { buildConsole } from './build.ts';
import { bikeFinding, stallFinding, truckFinding } from './city.ts';
import { type ConsoleHub, PASSWORD, startConsoleHub } from './console-hub.ts';
import { glance } from './operator.ts';

/** Buttons, links and fields that a screen reader could not name. */
const NAMELESS = `[...document.querySelectorAll('button, a[href], input, textarea, [role=combobox]')]
  .filter((e) => e.getClientRects().length > 0 && e.type !== 'hidden')
  .filter((e) => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title || e.textContent.trim()
    || (e.labels && e.labels.length) || e.querySelector('img[alt]:not([alt=""]), [aria-label]')))
  .map((e) => e.outerHTML.slice(0, 160))`;

describe.skipIf(!needs('chromium'))('the console', () => {
  let server: ConsoleHub;
  let browser: Browser;

  beforeAll(async () => {
    await buildConsole();
    server = await startConsoleHub();
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function logIn(name: string, path = '/review'): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${server.url}${path}`);
    await page.getByLabel('用户名').fill(name);
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: '主导航' }).waitFor();
    return page;
  }
  /** Opens the review page on one case and waits until it is ours. */
  async function openCase(page: Page, id: string): Promise<void> {
    await page.goto(`${server.url}/review?case=${id}`);
    await page.getByText('我正在审核').waitFor();
    await glance(page);
  }
  const leave = (page: Page) => page.context().close();

  test('a wrong password is refused in words', async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.getByLabel('用户名').fill('lin');
    await page.getByLabel('密码', { exact: true }).fill('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('用户名或密码错误').waitFor();
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.close();
  });

  test('a new case appears without a reload, is claimed by opening it and confirmed by one key', async () => {
    const page = await logIn('lin');
    await page.getByText('没有待审核的案件').first().waitFor();
    const finding = stallFinding('live', 'sidewalk-north');
    await server.tell(finding, Date.now() - 400_000);
    await page.locator('.waiting-row').waitFor();
    await page.getByText('我正在审核').waitFor();
    expect((await server.caseOf(finding)).claimedBy).toBe('lin');
    await expect.poll(() => page.title()).toMatch(/^\(1\)/);
    await page.locator('.plane img').first().waitFor();
    expect(await page.locator('.box').count()).toBe(2);
    await page.keyboard.press('b');
    expect(await page.locator('.box').count()).toBe(0);
    await glance(page);
    await page.keyboard.press('c');
    await page.getByText('已确认').waitFor();
    expect((await server.caseOf(finding)).state).toBe('filed');
    await expect.poll(() => page.title()).not.toMatch(/^\(/);
    await leave(page);
  });

  test('R and a number reject with that reason; a supervisor takes it back with U', async () => {
    await server.tell(bikeFinding, Date.now() - 400_000);
    const found = await server.caseOf(bikeFinding);
    const page = await logIn('chen');
    await openCase(page, found.id);
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: '驳回原因' }).waitFor();
    await page.keyboard.press('6');
    await page.getByRole('button', { name: '撤销' }).waitFor();
    const detail = await server.hub.caseReads.get(found.id, { name: 'wu', role: 'viewer' });
    expect(detail.case.state).toBe('rejected');
    expect(detail.history.at(-1)?.data).toMatchObject({ reason: 'too-unclear' });
    await page.keyboard.press('u');
    await page.getByText('回到队列').waitFor();
    expect((await server.caseOf(bikeFinding)).state).toBe('pending-review');
    await leave(page);
  });

  test('a still on its way is said so and appears when it comes; the typed plate goes with the confirmation', async () => {
    const sendLate = await server.tell(truckFinding, Date.now() - 400_000);
    const found = await server.caseOf(truckFinding);
    const page = await logIn('lin');
    await openCase(page, found.id);
    await page.locator('.filmstrip button', { hasText: '车牌' }).click();
    await page.getByText('仍在上传').waitFor();
    await sendLate();
    await page.locator('.plane img[alt^="车牌"]').waitFor();
    await page.keyboard.press('l');
    await page.keyboard.type('闽C12345');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByText('已确认').waitFor();
    const detail = await server.hub.caseReads.get(found.id, { name: 'wu', role: 'viewer' });
    expect(detail.history.find((entry) => entry.action === 'confirm')?.data).toMatchObject({ plate: '闽C12345' });
    await page.goto(`${server.url}/cases/${found.id}`);
    // Nothing to hand over while the confirmation may be taken back.
    await page.getByText('撤销时限').waitFor();
    expect(await page.getByRole('link', { name: '打开 PDF' }).count()).toBe(0);
    server.advance(61_000);
    await page.getByRole('link', { name: '打开 PDF' }).waitFor();
    await page.getByRole('link', { name: '工地负责人页面' }).waitFor();
    await leave(page);
  });

  test('when someone was quicker the page says so and keeps the note', async () => {
    const finding = stallFinding('quicker', 'sidewalk-south');
    await server.tell(finding, Date.now() - 400_000);
    const found = await server.caseOf(finding);
    const page = await logIn('lin');
    await openCase(page, found.id);
    await page.keyboard.press('n');
    await page.keyboard.type('摊主答应离开');
    await page.keyboard.press('Escape');
    // The decision is held on the wire until a colleague has moved the case.
    await page.route('**/commands', async (route) => {
      if ((route.request().postData() ?? '').includes('"confirm"')) {
        const { version } = await server.caseOf(finding);
        await server.hub.caseCommands.apply(
          found.id,
          { command: 'field-check' },
          { name: 'chen', role: 'supervisor' },
          version,
        );
      }
      await route.continue();
    });
    await page.keyboard.press('c');
    await page.getByText('他人已先行处理').waitFor();
    await expect.poll(() => page.getByLabel('备注').inputValue()).toBe('摊主答应离开');
    expect((await server.caseOf(finding)).state).toBe('field-check');
    await leave(page);
  });

  test('leaving a case puts it back', async () => {
    const finding = stallFinding('leave', 'corner');
    await server.tell(finding, Date.now() - 400_000);
    const page = await logIn('lin');
    await openCase(page, (await server.caseOf(finding)).id);
    const released = page.waitForResponse(
      (answer) => answer.url().endsWith('/commands') && (answer.request().postData() ?? '').includes('release'),
    );
    await page.getByRole('link', { name: '案件', exact: true }).click();
    expect((await released).status()).toBe(200);
    expect((await server.caseOf(finding)).claimedBy).toBeNull();
    await leave(page);
  });

  test('a viewer may look and not decide', async () => {
    const page = await logIn('wu');
    await page.getByText('您的角色只能查看').waitFor();
    expect(await page.getByRole('button', { name: '确认违规' }).isDisabled()).toBe(true);
    await leave(page);
  });

  test('the language is one switch away and is kept; every control has a name in both', async () => {
    const page = await logIn('chen');
    const { id } = await server.caseOf(truckFinding);
    for (const [language, title] of [
      ['zh', '案件'],
      ['en', 'Cases'],
    ] as const) {
      for (const path of ['/review', '/cases', `/cases/${id}`, '/nodes', '/nowhere']) {
        await page.goto(`${server.url}${path}`);
        await page.locator('#content > *').first().waitFor();
        await page.getByRole('link', { name: title, exact: true }).waitFor();
        await page.locator('.state-view .ant-spin').waitFor({ state: 'detached' });
        expect(await page.evaluate<string[]>(NAMELESS), `${path} ${language}`).toEqual([]);
      }
      if (language === 'zh') await page.getByRole('button', { name: '切换到英文' }).click();
    }
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await leave(page);
  });

  test('filters stay in the address and survive a reload', async () => {
    const page = await logIn('chen', '/cases');
    await page.goto(`${server.url}/cases?kind=muck-truck`);
    await page.locator('.ant-table-row').waitFor();
    expect(await page.locator('.ant-table-row').count()).toBe(1);
    await page.reload();
    await page.getByText('符合条件 1 件').waitFor();
    await leave(page);
  });
});
