/** A camera's memory on the screen: heat map and table say the same, a supervisor has it forget, in both languages. */
import { describe, expect, test } from 'vitest';
import type { MemoryMap } from '../../contracts/camera-memory.ts';
import { putCameraMemory } from '../../hub/storage/camera-memory.ts';
import { timestamp } from '../../platform/clock.ts';
import { needs } from '../needs.ts';
import { NODE, stallFinding } from './city.ts';
import { FAINT } from './contrast.ts';
import { eventually, leave, useOperator } from './operator.ts';

const CAMERA = 'fz-dongtu-03';
const cell = (row: number, col: number, share: number, more: object = {}) => ({
  ...{ cell: (row - 1) * 32 + col - 1, share, days: 0, dwells: 2, events: 0, rejected: 0, confirmed: 0, bar: 0 },
  ...more,
});
const map = (now: number): MemoryMap => ({
  ...{ enabled: true, at: timestamp(now), since: timestamp(now - 12 * 86_400_000), minDays: 3, sureScore: 0.85 },
  ...{ raised: 2, heldBack: 3, forgotten: { at: timestamp(now - 86_400_000), cells: 4 } },
  layers: [
    {
      ...{ light: 'day', thing: 'stall', watchedHours: 118.4 },
      cells: [
        cell(13, 18, 0.92, { days: 8.2, events: 1.4, rejected: 1, bar: 0.85 }),
        cell(13, 19, 0.81, { days: 7.9, bar: 0.84 }),
        cell(12, 12, 0.22, { dwells: 9.1, confirmed: 0.9 }),
        ...[20, 21, 22, 23].map((col) => cell(14, col, 0.06)),
      ],
    },
    {
      ...{ light: 'night', thing: 'bicycle', watchedHours: 96 },
      cells: [9, 10, 11].map((col) => cell(13, col, 0.97, { days: 9 })),
    },
  ],
});

describe.skipIf(!needs('chromium'))('the memory of a camera', () => {
  const { hub, logIn, report } = useOperator();
  const remember = (now = Date.now()) =>
    putCameraMemory(hub().hub.store.db, {
      ...{ camera: CAMERA, node: NODE, body: JSON.stringify(map(now)), received_at: timestamp(now) },
    });
  const orders = () => hub().hub.store.db.selectFrom('memory_orders').selectAll().execute();

  test('map and table show the same cells, day and night apart, over the latest still', async () => {
    await report(stallFinding('still'));
    await remember();
    const page = await logIn('wu', '/nodes');
    await page.locator('.camera-row', { hasText: '东涂街口' }).getByRole('link', { name: '摄像机记忆' }).click();
    await page.getByRole('heading', { name: /摄像机记忆 · 东涂街口 3 号/ }).waitFor();
    await page.getByRole('img', { name: '热力图：白天，摊位' }).waitFor();
    const rows = page.locator('.cell-table tbody tr');
    await eventually(() => rows.count()).toBe(7);
    expect(await page.locator('.heat-cell').count()).toBe(7);
    expect(await page.locator('.heat-raised').count()).toBe(2);
    expect(await rows.first().textContent()).toContain('第 13 行 第 18 列');
    expect(await rows.first().textContent()).toContain('北侧人行道');
    await eventually(() =>
      page.locator('.heat-picture img').evaluate((image) => (image as HTMLImageElement).naturalWidth),
    ).toBe(1280);
    await page.getByText('夜间', { exact: true }).click();
    await page.getByText('此光照下没有记下任何位置').waitFor();
    await page.getByText('两轮车', { exact: true }).click();
    await eventually(() => rows.count()).toBe(3);
    // A viewer looks, and has nothing to choose.
    expect(await page.locator('.cell-table input').count()).toBe(0);
    expect(await page.getByRole('button', { name: /遗忘/ }).count()).toBe(0);
    await leave(page);
  });

  test('a supervisor chooses cells by keyboard, has them forgotten, and sees the order with their name', async () => {
    await remember();
    const page = await logIn('chen', `/cameras/${CAMERA}/memory`, 'en');
    const forget = page.getByRole('button', { name: /selected cells/ });
    expect(await forget.isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Select row 13, column 18' }).press('Space');
    await page.locator('.heat-raised').last().click();
    expect(await page.locator('.heat-selected').count()).toBe(2);
    await forget.click();
    await page.locator('.memory-orders li').getByText('Forget: 2 cells').waitFor();
    expect(await page.locator('.memory-orders li').textContent()).toContain('chen');
    await page.getByRole('button', { name: 'Forget everything' }).click();
    await page.getByRole('button', { name: 'Forget', exact: true }).click();
    await page.locator('.memory-orders li').getByText('Forget: everything').waitFor();
    await page.getByRole('button', { name: /Bring back the 4 cells/ }).click();
    await eventually(async () => (await page.locator('.memory-orders li').allTextContents()).length).toBe(3);
    const bodies = (await orders()).filter(({ case_id }) => case_id === null).map(({ body }) => JSON.parse(body));
    expect(bodies).toEqual(
      expect.arrayContaining([
        { command: 'memory-reset', camera: CAMERA, cells: [401, 402] },
        { command: 'memory-reset', camera: CAMERA },
        { command: 'memory-restore', camera: CAMERA },
      ]),
    );
    await leave(page);
  });

  test('before its node has said anything that is said, and letters stand out in both themes and languages', async () => {
    const empty = await logIn('wu', '/cameras/lc-xijie-11/memory');
    await empty.getByText('节点尚未发来这台摄像机的记忆').waitFor();
    await leave(empty);
    await report(stallFinding('still'));
    await remember();
    for (const [language, theme] of [
      ['zh', 'light'],
      ['en', 'dark'],
    ] as const) {
      const page = await logIn('chen', `/cameras/${CAMERA}/memory`, language, theme);
      await page.locator('.cell-table tbody tr').first().waitFor();
      expect(await page.evaluate(FAINT)).toEqual([]);
      if (process.env.KERBWATCH_PICTURES) {
        await page.setViewportSize({ width: 1366, height: 1500 });
        await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/memory-${language}.png` });
      }
      await leave(page);
    }
  });
});
