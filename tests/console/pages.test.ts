/** What the pages say: loading and failures, values and times, words of the history, letters that stand out. */
import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { knownToken } from '../api/known-link.ts';
import { needs } from '../needs.ts';
import { type Finding, stallFinding, truckFinding } from './city.ts';
import { FAINT } from './contrast.ts';
import { eventually, leave, useOperator, viewer } from './operator.ts';

const MINUTE = 60_000;

describe.skipIf(!needs('chromium'))('the pages', () => {
  const { hub, logIn, openCase, report } = useOperator();

  test('the list of keys promises a viewer nothing that they may not do', async () => {
    await report(stallFinding('keys'));
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

  test('values and times are of the sighting that is shown', async () => {
    const early = stallFinding('early');
    const late: Finding = {
      ...stallFinding('late'),
      detail: { ...stallFinding('late').detail, dwellSeconds: 14 },
    } as Finding;
    await hub().tell(early, Date.now() - 900_000);
    await hub().tell(late, Date.now() - 400_000);
    const { id } = await hub().caseOf(late);
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
    await report(stallFinding('slow'));
    const page = await logIn('lin', '/nodes');
    let answerWith: 'nothing' | 'failure' = 'nothing';
    const held: (() => void)[] = [];
    await page.route('**/api/v1/cases?*', async (route) => {
      if (answerWith === 'failure') return route.fulfill({ status: 500, body: '{}' });
      await new Promise<void>((go) => held.push(go));
      return route.continue();
    });
    await page.goto(`${hub().url}/cases`);
    await page.locator('.case-table').getByText('正在加载').waitFor();
    expect(await page.getByText('没有符合条件的案件').count()).toBe(0);
    answerWith = 'failure';
    for (const go of held) go();
    await page.goto(`${hub().url}/cases?kind=road-stall`);
    const alert = page.locator('#content').getByRole('alert');
    await alert.waitFor();
    await page.unroute('**/api/v1/cases?*');
    await alert.getByRole('button', { name: '重试' }).click();
    await page.getByText('符合条件 1 件').waitFor();
    await leave(page);
  });

  test('a hub that failed for a while is asked again by itself, though its stream stayed open', async () => {
    await report(stallFinding('away'));
    const page = await logIn('lin', '/nodes');
    await page.clock.install();
    await page.route('**/api/v1/cases?*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.goto(`${hub().url}/cases`);
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
    const [first = '', second = ''] = await report(stallFinding('into'), stallFinding('from', 'corner'));
    const number = (await hub().hub.caseReads.get(first, viewer)).case.number;
    const own = (await hub().hub.caseReads.get(second, viewer)).case.number;
    const page = await logIn('chen', `/cases/${second}`);
    await page.getByRole('button', { name: '合并' }).click();
    const field = page.getByLabel('并入的案件号');
    await field.fill(own);
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('案件不能并入自身').waitFor();
    await field.fill('');
    await page.locator('.ant-select-item-option', { hasText: number }).click();
    await page.getByRole('button', { name: '提交' }).click();
    await eventually(async () => (await hub().hub.caseReads.get(second, viewer)).case.mergedInto).toBe(first);
    await leave(page);
  });

  test('the history of a case and its notice is words, in both languages', async () => {
    const [id = ''] = await report(truckFinding);
    const { version } = await hub().caseOf(truckFinding);
    await hub().hub.caseCommands.apply(id, { command: 'confirm' }, { name: 'lin', role: 'operator' }, version);
    hub().advance(MINUTE);
    const token = await knownToken(hub().hub.store.db);
    for (const [kind, text] of [
      ['acknowledge', ''],
      ['correction', 'the cover is on now'],
      ['statement', 'it tore at the gate'],
    ] as const) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ kind, text, name: 'Chen' })) form.set(name, value);
      expect((await fetch(`${hub().url}/n/${token}`, { method: 'POST', body: form })).status).toBe(200);
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

  test('letters stand out on every page, in both themes and languages', async () => {
    const [id = '', filed = ''] = await report(truckFinding, stallFinding('filed'));
    const { version } = await hub().caseOf(stallFinding('filed'));
    await hub().hub.caseCommands.apply(filed, { command: 'confirm' }, { name: 'lin', role: 'operator' }, version);
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
          await page.goto(`${hub().url}${path}`);
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
