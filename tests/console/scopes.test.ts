/** An administrator confines a user to one district; the user sees its cases alone; who looked at what is read. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { bikeFinding, cameras, stallFinding } from './city.ts';
import { PASSWORD } from './console-hub.ts';
import { eventually, leave, useOperator } from './operator.ts';

async function picture(page: Page, name: string): Promise<void> {
  if (process.env.KERBWATCH_PICTURES)
    await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/${name}.png`, fullPage: true });
}

describe.skipIf(!needs('chromium'))('a user of one district', () => {
  const { hub, logIn, report } = useOperator();

  test('sees its cases alone, and the administrator reads who looked', async () => {
    const [here = '', there = ''] = await report(stallFinding('own'), bikeFinding);
    const admin = await logIn('tang', '/registry/users');
    await admin.getByRole('button', { name: '新增' }).click();
    await admin.getByLabel('用户名').fill('zhao');
    await admin.getByLabel('姓名').fill('赵磊');
    await admin.getByLabel('角色').selectOption('operator');
    await admin.getByLabel('限定区划').click();
    await admin.getByText(/^350503 · \d+ 台摄像机$/).click();
    await admin.keyboard.press('Escape');
    await admin.getByLabel('限定工地').click();
    await admin.keyboard.type('东海湾');
    await picture(admin, 'users-scope-zh');
    await admin.getByText('东海湾17号地块 · site-donghai-17').last().click();
    await admin.keyboard.press('Escape');
    await admin.locator('input[type=password]').fill(PASSWORD);
    await admin.getByRole('button', { name: '保存' }).click();
    await admin.getByText('已保存').waitFor();
    const row = admin.locator('tbody tr', { hasText: 'zhao' });
    await eventually(() => row.textContent()).toContain('350503');
    await picture(admin, 'users-zh');

    const zhao = await logIn('zhao', '/cases');
    await zhao.locator('.account-scope').waitFor();
    expect(await zhao.locator('nav.nav').textContent()).not.toContain('节点');
    await eventually(() => zhao.locator('main tbody tr[data-row-key]').count()).toBe(1);
    await zhao.goto(`${hub().url}/cases/${there}`);
    await zhao.getByRole('alert').first().waitFor();
    expect(await zhao.locator('main').textContent()).not.toContain(cameras[1]?.name.zh);
    await zhao.goto(`${hub().url}/cases/${here}`);
    await zhao.locator('.file-number').waitFor();
    await zhao.goto(`${hub().url}/registry/carriers`);
    expect(await zhao.locator('nav.registry-nav').count()).toBe(0);
    await leave(zhao);

    await admin.goto(`${hub().url}/cases/${here}`);
    await admin.getByRole('link', { name: '查阅记录' }).click();
    const look = admin.locator('tbody tr', { hasText: 'zhao' }).first();
    await eventually(() => look.textContent()).toContain('查看');
    await picture(admin, 'case-looks-zh');
    await admin.goto(`${hub().url}/registry/audit`);
    await admin.getByLabel('自', { exact: true }).fill('2026-01-01');
    await admin.getByLabel('操作人').fill('zhao');
    await eventually(() => admin.locator('tbody tr').count()).toBeGreaterThan(1);
    await eventually(async () => (await admin.locator('tbody').textContent()) ?? '').toContain('登录');
    await picture(admin, 'audit-zh');
    await leave(admin);
    const english = await logIn('tang', '/registry/audit', 'en');
    await english.getByRole('link', { name: 'Export CSV' }).waitFor();
    await picture(english, 'audit-en');
    await english.goto(`${hub().url}/registry/users`);
    await english.getByRole('button', { name: 'zhao' }).click();
    await english.getByText('Confined to districts').first().waitFor();
    await picture(english, 'users-en');
    await leave(english);
  });
});

describe.skipIf(!needs('chromium'))('an export that needs two people', () => {
  const { hub, logIn, report } = useOperator({ export: true, delete: true, minutes: 30 });

  test('is asked for, approved by another, and done once', async () => {
    const [id = ''] = await report(stallFinding('sent'));
    const chen = await logIn('chen', `/cases/${id}`);
    await chen.getByRole('button', { name: '申请导出' }).click();
    await chen.getByLabel('用途').fill('移送街道办');
    await picture(chen, 'approval-ask-zh');
    await chen.keyboard.press('Enter');
    await chen.getByText('已提交，等待第二人批准').waitFor();
    await picture(chen, 'approval-waits-zh');
    await chen.getByRole('link', { name: '查看审批' }).click();
    await chen.getByText('本人申请，须由他人批准').waitFor();
    expect(await chen.getByRole('button', { name: '批准' }).count()).toBe(0);

    const phone = { width: 390, height: 844 };
    const tang = await logIn('tang', '/registry/approvals', 'en', 'light', phone);
    await tang.getByRole('button', { name: 'Approve' }).waitFor();
    await picture(tang, 'approvals-en-390');
    await tang.setViewportSize({ width: 1366, height: 768 });
    await picture(tang, 'approvals-en-1366');
    await tang.getByRole('button', { name: 'Approve' }).click();
    await tang.locator('tbody').getByText('Approved').waitFor();
    await leave(tang);

    await chen.goto(`${hub().url}/cases/${id}`);
    await chen.getByText('tang 已批准，可导出一次').waitFor();
    const download = chen.waitForEvent('download');
    await chen.getByRole('link', { name: '导出证据包' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.tar$/);
    await chen.getByRole('button', { name: '申请导出' }).waitFor();
    await chen.goto(`${hub().url}/registry/approvals`);
    await chen.locator('tbody').getByText('已使用').waitFor();
    await picture(chen, 'approvals-zh-1366');
    await chen.setViewportSize(phone);
    await picture(chen, 'approvals-zh-390');
    await leave(chen);
  });
});
