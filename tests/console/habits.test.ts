/** What people do at the desk without thinking: leave, change their mind, click and type, wait, tab, read. */
import { type Browser, type Locator, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { knownToken } from '../api/known-link.ts';
import { chromium, needs } from '../needs.ts';
import { buildConsole } from './build.ts';
import { type Finding, stallFinding, truckFinding } from './city.ts';
import { FAINT } from './contrast.ts';
import { type DeskHub, PASSWORD, startDeskHub } from './desk-hub.ts';

const MINUTE = 60_000;
/** A loaded machine is slow, not wrong. */
const eventually = <T>(fact: () => T) => expect.poll(fact, { timeout: 20_000 });
const viewer = { name: 'wu', role: 'viewer' } as const;

describe.skipIf(!needs('chromium'))('habits at the desk', () => {
  let desk: DeskHub;
  let browser: Browser;

  beforeAll(async () => {
    await buildConsole();
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());
  // Each starts with an empty desk of its own: what is open decides where keys go.
  beforeEach(async () => {
    desk = await startDeskHub();
    return () => desk.close();
  });

  async function logIn(name: string, path = '/review', language: 'zh' | 'en' = 'zh', theme = 'light'): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    await context.addInitScript(
      `localStorage.setItem('kerbwatch.language','${language}');localStorage.setItem('kerbwatch.theme','${theme}')`,
    );
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${desk.url}${path}`);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('nav.nav').waitFor();
    return page;
  }
  async function openCase(page: Page, id: string): Promise<void> {
    await page.goto(`${desk.url}/review?case=${id}`);
    await page.getByText('我正在审核').waitFor();
    await page.locator('.pane img').first().waitFor();
  }
  async function told(...findings: Finding[]): Promise<string[]> {
    const ids: string[] = [];
    for (const [i, finding] of findings.entries()) {
      await desk.tell({ ...finding, late: [] }, Date.now() - 400_000 + i * 1000);
      ids.push((await desk.caseOf(finding)).id);
    }
    return ids;
  }
  const stateOf = async (id: string) => (await desk.hub.caseReads.get(id, viewer)).case.state;
  const leave = (page: Page) => page.context().close();

  test('a browser that died holds its case for minutes, not for ever; one that lives keeps it', async () => {
    const [id = ''] = await told(stallFinding('left'));
    const lin = await logIn('lin');
    await lin.clock.install();
    await openCase(lin, id);
    const renewed = lin.waitForResponse(
      (answer) => answer.url().endsWith('/commands') && (answer.request().postData() ?? '').includes('"claim"'),
    );
    desk.advance(4 * MINUTE);
    await lin.clock.fastForward(61_000);
    expect((await renewed).status()).toBe(200);
    desk.advance(4 * MINUTE);
    const hong = await logIn('hong', `/review?case=${id}`);
    await hong.locator('.refusal', { hasText: 'lin 正在审核' }).waitFor();
    expect(await hong.getByRole('button', { name: '确认违规' }).isDisabled()).toBe(true);
    await lin.route('**/commands', (route) => route.abort());
    await leave(lin);
    desk.advance(2 * MINUTE);
    await hong.reload();
    await hong.getByText('我正在审核').waitFor();
    await hong.keyboard.press('c');
    await eventually(() => stateOf(id)).toBe('filed');
    await leave(hong);
  });

  test('an operator takes a confirmation back with U and is on that case again; no notice is left', async () => {
    const [truck = '', next = ''] = await told(truckFinding, stallFinding('next'));
    const page = await logIn('lin');
    await openCase(page, truck);
    await page.keyboard.press('c');
    await page.waitForURL((url) => url.searchParams.get('case') === next);
    await page.getByText('内可撤销').waitFor();
    await page.keyboard.press('u');
    await page.waitForURL((url) => url.searchParams.get('case') === truck);
    await page.getByText('决定已撤销').waitFor();
    const detail = await desk.hub.caseReads.get(truck, { name: 'lin', role: 'operator' });
    expect([detail.case.state, detail.case.claimedBy, detail.notices]).toEqual(['pending-review', 'lin', []]);
    expect(detail.history.map(({ action }) => action)).toEqual(expect.arrayContaining(['confirm', 'undo']));
    await page.keyboard.press('u');
    await page.getByText('没有可撤销的决定').waitFor();
    await leave(page);
  });

  test('U right behind the decision waits for it; too late it says what to do instead', async () => {
    const [first = '', second = ''] = await told(stallFinding('quick'), stallFinding('late', 'corner'));
    const page = await logIn('lin');
    await openCase(page, first);
    await page.keyboard.press('c');
    await page.keyboard.press('u');
    await page.getByText('决定已撤销').waitFor();
    expect(await stateOf(first)).toBe('pending-review');
    await openCase(page, second);
    await page.keyboard.press('c');
    await page.getByText('内可撤销').waitFor();
    desk.advance(MINUTE);
    await page.getByRole('link', { name: '案件', exact: true }).click();
    await page.getByRole('link', { name: /^审核/ }).click();
    await page.locator('.case-head').waitFor();
    await page.keyboard.press('u');
    await page.getByText('请另一位值班长作废').waitFor();
    expect(await stateOf(second)).toBe('filed');
    await leave(page);
  });

  test('the list of keys promises a viewer nothing that they may not do', async () => {
    await told(stallFinding('keys'));
    for (const [name, count] of [
      ['wu', 0],
      ['lin', 1],
    ] as const) {
      const page = await logIn(name);
      await page.locator('.case-head').waitFor();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
      expect(await page.getByText('撤销自己刚才的决定').count()).toBe(count);
      await leave(page);
    }
  });

  test('after a click on the list, Space and Enter are the desk’s; a clicked button is not pressed twice', async () => {
    const [first = '', second = '', third = ''] = await told(
      stallFinding('one'),
      stallFinding('two', 'corner'),
      stallFinding('three', 'kerb'),
    );
    const page = await logIn('lin');
    await page.locator(`[data-case="${first}"]`).click();
    await page.getByText('我正在审核').waitFor();
    const right = () => page.locator('.pane').last().locator('img').getAttribute('alt');
    await page.locator('.pane img').first().waitFor();
    const before = await page.locator('.pane').first().locator('img').getAttribute('alt');
    expect(await right()).not.toBe(before);
    await page.keyboard.down(' ');
    await eventually(right).toBe(before);
    await page.keyboard.up(' ');
    await eventually(right).not.toBe(before);
    await page.keyboard.press('Enter');
    await eventually(() => stateOf(first)).toBe('filed');
    await page.locator(`[data-case="${second}"]`).click();
    await page.getByText('我正在审核').waitFor();
    await page.getByRole('button', { name: '确认违规' }).click();
    await eventually(() => stateOf(second)).toBe('filed');
    await page.waitForURL((url) => url.searchParams.get('case') === third);
    await page.getByText('我正在审核').waitFor();
    await page.keyboard.press(' ');
    expect(await stateOf(third)).toBe('pending-review');
    await leave(page);
  });

  test('a double click or a double press decides one case, not the next one too; a note comes back with its case', async () => {
    const [first = '', second = '', third = ''] = await told(
      stallFinding('one'),
      stallFinding('two', 'corner'),
      stallFinding('three', 'kerb'),
    );
    const page = await logIn('lin');
    await openCase(page, first);
    await page.getByLabel('备注').fill('摊主在场');
    await page.getByRole('button', { name: '确认违规' }).dblclick();
    await eventually(() => stateOf(first)).toBe('filed');
    await page.getByText('我正在审核').waitFor();
    expect(await stateOf(second)).toBe('pending-review');
    await page.keyboard.press('u');
    await page.waitForURL((url) => url.searchParams.get('case') === first);
    await eventually(() => page.getByLabel('备注').inputValue()).toBe('摊主在场');
    await openCase(page, second);
    await page.keyboard.press('c');
    await page.keyboard.press('c');
    await eventually(() => stateOf(second)).toBe('filed');
    await page.getByText('我正在审核').waitFor();
    expect([await stateOf(first), await stateOf(third)]).toEqual(['pending-review', 'pending-review']);
    await leave(page);
  });

  test('the decision is a few Tabs away, the grounds scroll by keyboard', async () => {
    const findings = Array.from({ length: 12 }, (_, i) => stallFinding(`row-${i}`, `zone-${i}`));
    const [id = ''] = await told(...findings);
    const page = await logIn('lin');
    await openCase(page, id);
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    let tabs = 0;
    while (!(await focused()).includes('确认违规') && tabs < 40) {
      await page.keyboard.press('Tab');
      tabs += 1;
      if ((await focused()) === '跳到决定') await page.keyboard.press('Enter');
    }
    expect(tabs).toBeLessThan(12);
    await page.locator('.facts').focus();
    expect(await page.evaluate('document.activeElement.className')).toContain('facts');
    await leave(page);
  });

  test('values and times are of the sighting that is shown', async () => {
    const early = stallFinding('early');
    const late: Finding = {
      ...stallFinding('late'),
      detail: { ...stallFinding('late').detail, dwellSeconds: 14 },
    } as Finding;
    await desk.tell(early, Date.now() - 900_000);
    await desk.tell(late, Date.now() - 400_000);
    const { id } = await desk.caseOf(late);
    const page = await logIn('lin');
    await openCase(page, id);
    const dwell = page.locator('.fact', { hasText: '停留时长' }).locator('dd');
    await page.getByText('第 2 次发现（共 2 次）').waitFor();
    expect(await dwell.textContent()).toBe('14 秒');
    await page.locator('.filmstrip button').nth(1).click();
    await page.getByText('第 1 次发现（共 2 次）').waitFor();
    expect(await dwell.textContent()).toBe('3 分 32 秒');
    await leave(page);
  });

  test('loading is called loading, a failure a failure with a way to try again', async () => {
    await told(stallFinding('slow'));
    const page = await logIn('lin', '/nodes');
    let answerWith: 'nothing' | 'failure' = 'nothing';
    const held: (() => void)[] = [];
    await page.route('**/api/v1/cases?*', async (route) => {
      if (answerWith === 'failure') return route.fulfill({ status: 500, body: '{}' });
      await new Promise<void>((go) => held.push(go));
      return route.continue();
    });
    await page.goto(`${desk.url}/cases`);
    await page.locator('.case-table').getByText('正在加载').waitFor();
    expect(await page.getByText('没有符合条件的案件').count()).toBe(0);
    answerWith = 'failure';
    for (const go of held) go();
    await page.goto(`${desk.url}/cases?kind=road-stall`);
    const alert = page.locator('#content').getByRole('alert');
    await alert.waitFor();
    await page.unroute('**/api/v1/cases?*');
    await alert.getByRole('button', { name: '重试' }).click();
    await page.getByText('符合条件 1 件').waitFor();
    await leave(page);
  });

  test('a hub that failed for a while is asked again by itself, though its stream stayed open', async () => {
    await told(stallFinding('away'));
    const page = await logIn('lin', '/nodes');
    await page.clock.install();
    await page.route('**/api/v1/cases?*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto(`${desk.url}/cases`);
    // The page's own time goes on until it shows it: between two answers of the hub it waits by that clock.
    const shows = (what: Locator) =>
      eventually(async () => {
        await page.clock.runFor(1_000);
        return what.isVisible();
      }).toBe(true);
    await shows(page.locator('#content').getByRole('alert'));
    await page.unroute('**/api/v1/cases?*');
    await shows(page.getByText('符合条件 1 件'));
    await leave(page);
  });

  test('a supervisor merges by the number that people know, and is told in words what cannot be', async () => {
    const [first = '', second = ''] = await told(stallFinding('into'), stallFinding('from', 'corner'));
    const number = (await desk.hub.caseReads.get(first, viewer)).case.number;
    const own = (await desk.hub.caseReads.get(second, viewer)).case.number;
    const page = await logIn('chen', `/cases/${second}`);
    await page.getByRole('button', { name: '合并' }).click();
    const field = page.getByLabel('并入的案件号');
    await field.fill(own);
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('案件不能并入自身').waitFor();
    await field.fill('');
    await page.locator('.ant-select-item-option', { hasText: number }).click();
    await page.getByRole('button', { name: '提交' }).click();
    await eventually(async () => (await desk.hub.caseReads.get(second, viewer)).case.mergedInto).toBe(first);
    await leave(page);
  });

  test('the history of a case and its notice is words, in both languages', async () => {
    const [id = ''] = await told(truckFinding);
    const { version } = await desk.caseOf(truckFinding);
    await desk.hub.caseCommands.apply(id, { command: 'confirm' }, { name: 'lin', role: 'operator' }, version);
    desk.advance(MINUTE);
    const token = await knownToken(desk.hub.store.db);
    for (const [kind, text] of [
      ['acknowledge', ''],
      ['correction', 'the cover is on now'],
      ['statement', 'it tore at the gate'],
    ] as const) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ kind, text, name: 'Chen' })) form.set(name, value);
      expect((await fetch(`${desk.url}/n/${token}`, { method: 'POST', body: form })).status).toBe(200);
    }
    for (const language of ['zh', 'en'] as const) {
      const page = await logIn('chen', `/cases/${id}`, language);
      await page
        .locator('.history')
        .getByText(language === 'zh' ? '东海湾17号地块' : 'Donghai Bay plot 17')
        .first()
        .waitFor();
      const words = await page.locator('.history .entry strong').allTextContents();
      expect(words.length).toBeGreaterThan(5);
      expect(words.filter((word) => /^[a-z-]+$/.test(word))).toEqual([]);
      expect(await page.locator('.history').textContent()).not.toContain('site:');
      await leave(page);
    }
  });

  test('letters stand out on every page, in both shades and languages', async () => {
    const [id = '', filed = ''] = await told(truckFinding, stallFinding('filed'));
    const { version } = await desk.caseOf(stallFinding('filed'));
    await desk.hub.caseCommands.apply(filed, { command: 'confirm' }, { name: 'lin', role: 'operator' }, version);
    for (const theme of ['light', 'dark']) {
      for (const language of ['zh', 'en'] as const) {
        const page = await logIn('chen', '/nodes', language, theme);
        for (const [path, there] of [
          [`/review?case=${id}`, '.case-head h1'],
          ['/cases', '.ant-table-row'],
          [`/cases/${filed}`, '.history .entry'],
          ['/nodes', '.node-card'],
          ['/nowhere', '.result-title'],
        ] as const) {
          await page.goto(`${desk.url}${path}`);
          await page.locator(there).first().waitFor();
          expect(await page.evaluate<string[]>(FAINT), `${path} ${theme} ${language}`).toEqual([]);
        }
        await page.evaluate(
          'document.body.append(Object.assign(document.createElement("p"), { textContent: "planted", style: "color: #777; background: #888" }))',
        );
        expect(await page.evaluate<string[]>(FAINT)).toEqual([expect.stringContaining('planted')]);
        await leave(page);
      }
    }
  });
});
