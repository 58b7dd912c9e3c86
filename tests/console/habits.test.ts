/** What people do on the review page without thinking: leave, change their mind, click and type, wait, tab. */
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { stallFinding, truckFinding } from './city.ts';
import { eventually, leave, useOperator } from './operator.ts';

const MINUTE = 60_000;

describe.skipIf(!needs('chromium'))('habits of operators', () => {
  const { hub, logIn, openCase, report, stateOf } = useOperator();

  test('a browser that died holds its case for minutes, not for ever; one that lives keeps it', async () => {
    const [id = ''] = await report(stallFinding('left'));
    const lin = await logIn('lin');
    await lin.clock.install();
    await openCase(lin, id);
    const renewed = lin.waitForResponse(
      (answer) => answer.url().endsWith('/commands') && (answer.request().postData() ?? '').includes('"claim"'),
    );
    hub().advance(4 * MINUTE);
    await lin.clock.fastForward(61_000);
    expect((await renewed).status()).toBe(200);
    hub().advance(4 * MINUTE);
    const hong = await logIn('hong', `/review?case=${id}`);
    await hong.locator('.refusal', { hasText: 'lin 正在审核' }).waitFor();
    expect(await hong.getByRole('button', { name: '确认违规' }).isDisabled()).toBe(true);
    await lin.route('**/commands', (route) => route.abort());
    await leave(lin);
    hub().advance(2 * MINUTE);
    await hong.reload();
    await hong.getByText('我正在审核').waitFor();
    await hong.keyboard.press('c');
    await eventually(() => stateOf(id)).toBe('filed');
    await leave(hong);
  });

  test('an operator takes a confirmation back with U and is on that case again; no notice is left', async () => {
    const [truck = '', next = ''] = await report(truckFinding, stallFinding('next'));
    const page = await logIn('lin');
    await openCase(page, truck);
    await page.keyboard.press('c');
    await page.waitForURL((url) => url.searchParams.get('case') === next);
    await page.getByText('内可撤销').waitFor();
    await page.keyboard.press('u');
    await page.waitForURL((url) => url.searchParams.get('case') === truck);
    await page.getByText('决定已撤销').waitFor();
    const detail = await hub().hub.caseReads.get(truck, { name: 'lin', role: 'operator' });
    expect([detail.case.state, detail.case.claimedBy, detail.notices]).toEqual(['pending-review', 'lin', []]);
    expect(detail.history.map(({ action }) => action)).toEqual(expect.arrayContaining(['confirm', 'undo']));
    await page.keyboard.press('u');
    await page.getByText('没有可撤销的决定').waitFor();
    await leave(page);
  });

  test('U right behind the decision waits for it; too late it says what to do instead', async () => {
    const [first = '', second = ''] = await report(stallFinding('quick'), stallFinding('late', 'corner'));
    const page = await logIn('lin');
    await openCase(page, first);
    await page.keyboard.press('c');
    await page.keyboard.press('u');
    await page.getByText('决定已撤销').waitFor();
    expect(await stateOf(first)).toBe('pending-review');
    await openCase(page, second);
    await page.keyboard.press('c');
    await page.getByText('内可撤销').waitFor();
    hub().advance(MINUTE);
    await page.getByRole('link', { name: '案件', exact: true }).click();
    await page.getByRole('link', { name: /^审核/ }).click();
    await page.locator('.case-head').waitFor();
    await page.keyboard.press('u');
    await page.getByText('请另一位值班长作废').waitFor();
    expect(await stateOf(second)).toBe('filed');
    await leave(page);
  });

  test('after a click on the list, Space and Enter are the page’s; a clicked button is not pressed twice', async () => {
    const [first = '', second = '', third = ''] = await report(
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
    const [first = '', second = '', third = ''] = await report(
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
    const [id = ''] = await report(...findings);
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
});
