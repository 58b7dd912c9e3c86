/** An administrator's desk: 718 permits with three faulty rows, a user, who looked at what, one's own password. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { writeXlsx } from '../../hub/registry/sheets/xlsx.ts';
import { allPermits } from '../../hub/storage/sites.ts';
import { needs } from '../needs.ts';
import { csvOf, faultyPermitRows, permitRows, placard } from '../permit-list.ts';
import { site, stallFinding } from './city.ts';
import { PASSWORD } from './console-hub.ts';
import { FAINT } from './contrast.ts';
import { eventually, leave, useOperator } from './operator.ts';

const NEW_PASSWORD = 'another password for the desk';

/** Controls without a name, labels without a control: what axe calls `label`, `button-name` and `link-name`. */
const NAMELESS = `[...document.querySelectorAll('main button, main a, main input, main select, main textarea')]
  .filter((element) => element.getClientRects().length > 0)
  .filter((element) => !(element.getAttribute('aria-label') || element.labels?.length || element.textContent.trim()))
  .map((element) => element.outerHTML.slice(0, 90))`;

describe.skipIf(!needs('chromium'))('the registry', () => {
  const { hub, logIn, openCase, report } = useOperator();
  const permits = () => allPermits(hub().hub.store.db);
  const field = (page: Page, label: string) => page.getByLabel(label, { exact: false }).first();
  const chooseFile = (page: Page, name: string, buffer: Buffer) =>
    page.getByLabel('选择文件').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

  test('an administrator imports 718 permits with three faulty rows: sees the three, skips them, then mends them', async () => {
    const page = await logIn('tang');
    await page.getByRole('link', { name: '登记', exact: true }).click();
    await page.getByRole('link', { name: '运输路线牌' }).click();
    await page.getByRole('button', { name: '导入' }).click();
    await chooseFile(page, '路线牌.csv', Buffer.from(csvOf(faultyPermitRows(site.id))));
    const faults = page.locator('.register-form tbody tr');
    await eventually(() => faults.count()).toBe(3);
    const text = (await faults.allTextContents()).join('\n');
    for (const said of ['5车牌闽C12', '300有效期至2026-02-30', '700工地编号no-such-site', '请写成 2026-11-28'])
      expect(text).toContain(said);
    expect(await permits()).toEqual([]);
    if (process.env.KERBWATCH_PICTURES)
      await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/registry-import.png` });
    await page.getByRole('button', { name: '导入 715 行，跳过有错误的 3 行' }).click();
    await page.getByText('已导入 715 行').waitFor();
    expect(await permits()).toHaveLength(715);
    await page.getByText('715 条').waitFor();

    await chooseFile(page, '路线牌.xlsx', await writeXlsx(permitRows(site.id), '路线牌'));
    await page.getByText('没有发现错误，尚未写入').waitFor();
    await page.getByRole('button', { name: '导入 718 行' }).click();
    await page.getByText('已导入 718 行').waitFor();
    expect(await permits()).toHaveLength(718);

    await page.getByLabel('在列表中查找').fill(placard(4));
    await page.getByRole('button', { name: placard(4) }).press('Enter');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: '导出 CSV' }).click();
    const file = await (await download).path();
    expect((await readFile(file, 'utf8')).split('\r\n')).toHaveLength(718 + 2);
    await leave(page);
  });

  test('she adds a user, who changes her own password; a form is filled by keyboard, its faults are at their fields', async () => {
    const page = await logIn('tang', '/registry/users');
    await page.getByRole('button', { name: '新增' }).press('Enter');
    // The first field has the focus; Enter saves, and what is missing is told.
    await page.keyboard.type('zhao');
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.form-row-bad').count()).toBe(2);
    await page.keyboard.press('Tab');
    await page.keyboard.type('赵新');
    await field(page, '角色').selectOption('operator');
    await field(page, '密码').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'zhao' }).waitFor();
    await page.getByRole('button', { name: 'zhao' }).click();
    expect(await field(page, '用户名').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.register-form').count()).toBe(0);

    const zhao = await logIn('zhao', '/account');
    await zhao.getByLabel('当前密码').fill(PASSWORD);
    await zhao.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
    await zhao.getByLabel('再次输入新密码').fill(`${NEW_PASSWORD}?`);
    await zhao.getByRole('button', { name: '修改密码' }).click();
    await zhao.getByText('两次输入的新密码不一致').waitFor();
    await zhao.getByLabel('再次输入新密码').fill(NEW_PASSWORD);
    await zhao.getByRole('button', { name: '修改密码' }).click();
    await zhao.getByText('密码已修改').waitFor();
    await leave(zhao);

    await page.getByRole('button', { name: 'zhao' }).click();
    await page.getByLabel('停用').check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.locator('tr', { hasText: 'zhao' }).getByText('停用').waitFor();
    await leave(page);
  });

  test('she reads who looked at what, and the chain holds; an operator has no such room', async () => {
    const [id = ''] = await report(stallFinding('seen'));
    const lin = await logIn('lin');
    await openCase(lin, id);
    await lin.goto(`${hub().url}/registry`);
    await lin.getByRole('heading', { name: '工地' }).waitFor();
    expect(await lin.getByRole('link', { name: '审计日志' }).count()).toBe(0);
    expect(await lin.getByRole('button', { name: '新增' }).count()).toBe(0);
    await leave(lin);
    const page = await logIn('tang', '/registry/audit');
    await page.getByLabel('操作人').fill('lin');
    await page.getByLabel('操作', { exact: true }).selectOption('view');
    // Of the case, too, and either may come last.
    const row = page.locator('tbody tr', { hasText: '证据' }).first();
    await row.waitFor();
    const text = (await row.textContent()) ?? '';
    for (const said of ['lin', '127.0.0.1', '查看']) expect(text).toContain(said);
    await page.getByRole('button', { name: '校验日志链' }).click();
    await page.getByText('条记录前后相接').waitFor();
    await leave(page);
  });

  test.each([
    ['zh', 'light'],
    ['en', 'dark'],
  ] as const)('every room is legible in %s, %s, and each control has a name', async (language, theme) => {
    const registers = ['sites', 'permits', 'carriers', 'stall-points', 'cameras', 'units', 'matters', 'users'];
    const page = await logIn('tang', '/registry', language, theme);
    for (const room of [...registers, 'closure-codes', 'calendar', 'keys', 'webhooks', 'audit']) {
      await page.goto(`${hub().url}/registry/${room}`);
      await page.locator('.registry-room h1').waitFor();
      await eventually(() => page.locator('.registry-room .ant-spin').count()).toBe(0);
      if (registers.includes(room)) {
        const first = page.locator('.link-button').first();
        if (await first.count()) await first.press('Enter');
        else await page.getByRole('button', { name: language === 'zh' ? '新增' : 'Add', exact: true }).press('Enter');
        await page.locator('.register-form form').waitFor();
      }
      expect(await page.evaluate(FAINT), `${room} ${language} ${theme}`).toEqual([]);
      expect(await page.evaluate(NAMELESS), `${room} ${language} ${theme}`).toEqual([]);
      const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
      expect(wide, `${room} ${language}`).toBe(false);
      if (process.env.KERBWATCH_PICTURES)
        await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/registry-${room}-${language}.png` });
    }
    await leave(page);
  });
});
