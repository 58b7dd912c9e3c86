/** A supervisor's registers: a unit with staggered shifts, the limit of a matter, the next version of the closure codes. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { readAudit } from '../../hub/audit.ts';
import { addClosureCodes, listClosureCodes } from '../../hub/cases/closure-codes.ts';
import { findUnit } from '../../hub/storage/units.ts';
import { needs } from '../needs.ts';
import { eventually, leave, useOperator } from './operator.ts';

describe.skipIf(!needs('chromium'))('units, limits and closure codes', () => {
  const { hub, logIn } = useOperator();
  const store = () => hub().hub.store;
  const field = (page: Page, label: string) =>
    page.locator('.form-row', { hasText: label }).locator('input, textarea, select').first();
  const audited = async (thing: 'unit' | 'matter' | 'closure-codes') =>
    (await readAudit(store(), { thing, actor: 'chen' })).entries.map(({ action, id }) => `${action} ${id}`);
  const picture = async (page: Page, name: string) => {
    if (process.env.KERBWATCH_PICTURES)
      await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/${name}.png` });
  };

  test('a unit with staggered shifts, by keyboard; who is on duty now is in the list', async () => {
    const page = await logIn('chen', '/registry/units');
    await page.getByRole('button', { name: '新增' }).press('Enter');
    await page.keyboard.type('lj-team-1');
    await field(page, '中文名称').fill('洛江一中队');
    await field(page, '英文名称').fill('Luojiang team 1');
    await field(page, '类型').selectOption('city-management');
    await field(page, '市代码').fill('350500');
    await field(page, '值班表').fill('早班 | 6点到14点');
    await field(page, '单位编号').press('Enter');
    await page.getByText('班次写法有误').waitFor();
    await field(page, '值班表').fill('早班 | 每天 00:00-14:00 | 0595-1\n晚班 | 每天 13:00-24:00');
    await page.getByLabel('占道经营').check();
    await picture(page, 'room-units-form-zh');
    await field(page, '单位编号').press('Enter');
    const row = page.locator('tr', { hasText: '洛江一中队' });
    await row.getByText(/在岗 · (早班|晚班)，至/).waitFor();
    expect(await findUnit(store().db, 'lj-team-1')).toMatchObject({
      handles: ['road-stall'],
      roster: [{ name: '早班', contact: '0595-1' }, { name: '晚班' }],
    });
    // Its duty is told, and not sent back.
    await row.getByRole('button', { name: 'lj-team-1' }).press('Enter');
    await page.getByLabel('停用').check();
    await page.getByRole('button', { name: '保存' }).click();
    await eventually(async () => (await findUnit(store().db, 'lj-team-1'))?.disabled).toBe(true);
    expect(await audited('unit')).toEqual(['change lj-team-1', 'create lj-team-1']);
    await leave(page);
  });

  test('a limit of the table in force is changed: what applies follows, and the default is told from the edit', async () => {
    const page = await logIn('chen', '/registry/matters');
    const applies = page.locator('.limits-in-force tbody tr', { hasText: '占道经营' }).first();
    await applies.waitFor();
    await picture(page, 'room-matters-zh');
    await page.getByRole('button', { name: /city-table-b（现行）/ }).waitFor();
    const own = page.locator('.scheme-tabs tbody tr', { hasText: '占道经营' }).first();
    await own.getByText('默认值').waitFor();
    await own.locator('.link-button').press('Enter');
    await field(page, '时限').fill('7');
    await field(page, '时限单位').selectOption('urgent_hour');
    await page.getByRole('button', { name: '保存' }).click();
    await own.getByText(/chen 于/).waitFor();
    // Of several matters of a kind the shortest applies.
    for (const other of await page.locator('.scheme-tabs tbody tr', { hasText: '占道经营' }).all())
      expect(await other.textContent()).toMatch(/默认值|chen/);
    expect(await applies.textContent()).toMatch(/工作时|工作日/);
    expect(await audited('matter')).toHaveLength(1);
    await page.getByRole('button', { name: 'gbt30428.2-2013', exact: true }).click();
    await page.locator('.scheme-tabs tbody tr').first().waitFor();
    await leave(page);
    const english = await logIn('wu', '/registry/matters', 'en');
    await english.getByText('Limits that apply').waitFor();
    expect(await english.getByRole('button', { name: 'Add', exact: true }).count()).toBe(0);
    await picture(english, 'room-matters-en');
    await leave(english);
  });

  test('the next version of the closure codes: one retired, one added; who was slower looks first', async () => {
    const page = await logIn('chen', '/registry/closure-codes');
    await page.getByText('第 1 版（现行）').waitFor();
    await page.getByRole('button', { name: '制作新版本' }).press('Enter');
    await page.getByRole('button', { name: '停用 talk' }).press('Enter');
    await page.getByRole('button', { name: '增加代码' }).press('Enter');
    await page.getByRole('button', { name: '启用第 2 版' }).press('Enter');
    await page.getByText('两种名称均必填').waitFor();
    const fresh = page.locator('.closure-form tbody tr').last();
    await fresh.locator('input').nth(0).fill('fined');
    await fresh.locator('input').nth(1).fill('当场处罚');
    await fresh.locator('input').nth(2).fill('Fined on the spot');
    await fresh.locator('select').selectOption('enforcement');
    await picture(page, 'room-closure-edit-zh');
    await page.getByRole('button', { name: '启用第 2 版' }).press('Enter');
    await page.getByText('第 2 版（现行）').waitFor();
    await page.getByText('本版起停用：talk').waitFor();
    const [list] = await listClosureCodes(store().db);
    expect(list?.codes.map(({ code }) => code)).toEqual(expect.not.arrayContaining(['talk']));
    expect(list?.codes.at(-1)).toMatchObject({ code: 'fined', outcome: 'enforcement' });
    expect(await audited('closure-codes')).toEqual(['change 2']);
    await page.getByRole('button', { name: '制作新版本' }).click();
    const by = { actor: 'tang', address: null, now: Date.now() };
    await addClosureCodes(store(), { codes: list?.codes ?? [] }, by);
    await page.getByRole('button', { name: '启用第 3 版' }).click();
    await eventually(async () => (await listClosureCodes(store().db)).length).toBe(3);
    await page.getByText('第 3 版（现行）').waitFor();
    expect((await listClosureCodes(store().db))[0]?.by).toBe('tang');
    await leave(page);
    const english = await logIn('chen', '/registry/closure-codes', 'en');
    await english.getByText('Version 3 (in force)').waitFor();
    await picture(english, 'room-closure-en');
    await leave(english);
  });
});
