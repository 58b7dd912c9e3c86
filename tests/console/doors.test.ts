/** An administrator opens the doors: a key by which a report comes in, which desk and public see; a webhook. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Open311Receipt } from '../../contracts/api/citizen-report.ts';
import { needs } from '../needs.ts';
import { cameras } from './city.ts';
import { eventually, leave, useOperator } from './operator.ts';

const folder = process.env.KERBWATCH_PICTURES;
const picture = async (page: Page, name: string) => {
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
};

describe.skipIf(!needs('chromium'))('the doors', () => {
  const { hub, logIn } = useOperator();

  async function post(key: string, fields: Record<string, string>): Promise<string> {
    const answer = await fetch(`${hub().url}/open311/v2/requests.json`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${key}` }, body: new URLSearchParams(fields) },
    });
    expect(answer.status).toBe(201);
    const [receipt] = (await answer.json()) as Open311Receipt[];
    return receipt?.service_request_id ?? '';
  }

  test('an administrator makes a key by keyboard; what comes in by it is in the list and on its page', async () => {
    const page = await logIn('tang');
    await page.getByRole('link', { name: '登记', exact: true }).click();
    await page.getByRole('link', { name: 'API 密钥' }).click();
    await page.getByLabel('名称').focus();
    await page.keyboard.type('12319 坐席系统');
    await page.keyboard.press('Enter');
    const secret = page.locator('.once-secret input');
    await secret.waitFor();
    const key = await secret.inputValue();
    expect(key).toMatch(/^kw_[0-9a-f]{16}_[\w-]{43}$/);
    // Whoever works by keyboard is on the button that copies.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('复制');
    await picture(page, 'keys-zh');
    await page.getByRole('button', { name: '我已保存' }).click();
    await eventually(() => secret.count()).toBe(0);
    await page.reload();
    await page.getByRole('row', { name: /12319 坐席系统/ }).waitFor();
    expect(await page.content()).not.toContain(key.split('_')[2] ?? 'none');

    const place = cameras[0]?.location;
    const text = '人行道上有三个烧烤摊，行人只能走机动车道';
    const number = await post(key, {
      ...{ service_code: 'road-stall', lat: String((place?.lat ?? 24.9) + 0.001), long: String(place?.lon ?? 118.6) },
      ...{
        description: text,
        address_string: '涂门街 9 号门前',
        first_name: '丽',
        last_name: '陈',
        phone: '13912345678',
      },
      'attribute[ticket]': '12319-20261128-0042',
    });
    await page.goto(`${hub().url}/cases?source=hotline`);
    const row = page.getByRole('row', { name: new RegExp(number) });
    await row.waitFor();
    const told = await row.textContent();
    for (const word of ['群众举报 · 无摄像机', '12319 热线', '待审核']) expect(told).toContain(word);
    await picture(page, 'cases-zh');
    await row.getByRole('link').click();
    await page.getByText(text).waitFor();
    await page.getByText('本案来自群众举报').waitFor();
    expect(await page.getByRole('link', { name: '导出证据包' }).count()).toBe(0);
    expect(await page.content()).not.toContain('13912345678');
    await picture(page, 'case-zh');
    await page.getByRole('button', { name: '查看联系方式' }).press('Enter');
    await page.getByText('13912345678').waitFor();
    await page.goto(`${hub().url}/cases?source=video_ai`);
    await page.getByText('没有符合条件的案件').waitFor();

    await page.goto(`${hub().url}/registry/keys`);
    await page.getByRole('button', { name: /^吊销/ }).click();
    await page.getByRole('button', { name: /^再次点击确认/ }).click();
    await page.getByText(/由 tang 吊销/).waitFor();
    await leave(page);
  });

  test('an operator decides on a report at the desk, in English', async () => {
    const page = await logIn('tang', '/registry/keys', 'en');
    await page.getByLabel('Name').fill('City app');
    await page.getByLabel('Purpose (source of cases)').selectOption('app');
    await page.getByRole('button', { name: 'New' }).click();
    await page.locator('.once-secret input').waitFor();
    await picture(page, 'keys-en');
    const key = await page.locator('.once-secret input').inputValue();
    const number = await post(key, { service_code: 'bike-clutter', address_string: 'Tumen Street 9' });
    await leave(page);

    const desk = await logIn('lin', '/review', 'en');
    await desk.getByText('No picture').waitFor();
    await picture(desk, 'review-en');
    const waiting = await desk.locator('.waiting-row').first().textContent();
    expect(waiting).toContain('Reported · no camera · No position given');
    await desk.goto(`${hub().url}/cases?q=${number}`);
    await desk.getByRole('link', { name: new RegExp(number) }).click();
    await desk.getByText('Tumen Street 9').waitFor();
    await desk.getByText('Unknown: no camera').waitFor();
    await picture(desk, 'case-en');
    await leave(desk);
  });

  test('an administrator adds a webhook, turns it off, and removes it at the second click', async () => {
    const page = await logIn('tang', '/registry/webhooks', 'en');
    await page.getByLabel('Name').fill('City platform');
    await page.getByLabel('Address').fill('https://10.0.0.7/hook');
    await page.getByRole('button', { name: 'New' }).click();
    await page.getByRole('alert').getByText('private network').waitFor();
    await page.getByLabel('Address').fill('https://city.example/hook');
    await page.getByLabel('Rejected').check();
    await page.keyboard.press('Enter');
    await page.locator('.once-secret input').waitFor();
    expect(await page.locator('.once-secret input').inputValue()).toMatch(/^whsec_/);
    await picture(page, 'webhooks-en');
    await page.getByRole('button', { name: 'Turn off: City platform' }).click();
    await page.getByRole('button', { name: 'Turn on: City platform' }).waitFor();
    await page.getByRole('button', { name: 'Remove: City platform' }).click();
    await page.getByRole('button', { name: 'Click again to confirm: City platform' }).click();
    await page.getByText('None yet').waitFor();
    await leave(page);
    const zh = await logIn('tang', '/registry/webhooks');
    await zh.getByText('没有未送达的消息').waitFor();
    await picture(zh, 'webhooks-zh');
    await leave(zh);
  });
});
