/** What has stood since the camera's first look: a lane of its own, and one key says that it is a fixture. */
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { type Finding, stallFinding } from './city.ts';
import { eventually, glance, leave, useOperator } from './operator.ts';

const cabinet = {
  ...stallFinding('cabinet'),
  detail: { ...stallFinding('cabinet').detail, presentSinceStart: true },
} as Finding;

describe.skipIf(!needs('chromium'))('a proposal', () => {
  const { logIn, report, stateOf } = useOperator();

  test('waits in its lane, says what it is, and X calls it a fixture', async () => {
    const [id = ''] = await report(cabinet);
    const page = await logIn('lin');
    const lane = page.getByRole('button', { name: /疑似固定物|固定物？/ });
    await eventually(() => lane.locator('.num').textContent()).toBe('1');
    // Three lanes stand in one row, whatever they are called.
    const tops = await page.locator('.lane').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(1);
    await lane.click();
    await page.locator(`.waiting-row[data-case="${id}"]`).click();
    await page.getByText('自摄像机首次观看起就在此处').waitFor();
    expect(await page.locator('.fact', { hasText: '自首次观看起就在' }).locator('dd').textContent()).toBe('是');
    await page.getByText('我正在审核').waitFor();
    await glance(page);
    await page.keyboard.press('x');
    await eventually(() => stateOf(id)).toBe('rejected');
    await leave(page);
  });

  test('what came while the camera looked says nothing of a first look', async () => {
    await report(stallFinding('came'));
    const page = await logIn('lin', '/review', 'en');
    await page.locator('.fact').first().waitFor();
    expect(await page.locator('.fact', { hasText: 'There since the first look' }).count()).toBe(0);
    await leave(page);
  });
});
