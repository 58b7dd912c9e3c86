/** The bulletin on the screen: a supervisor signs a month whose figures the test works out itself. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { Role } from '../../contracts/api/session.ts';
import { createAfterPhotos } from '../../hub/cases/after-photos.ts';
import { putObservationHours } from '../../hub/storage/observation-hours.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { needs } from '../needs.ts';
import { NODE, stallFinding, truckFinding } from './city.ts';
import { UNIT } from './console-hub.ts';
import { FAINT } from './contrast.ts';
import { eventually, leave, useOperator } from './operator.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Seven findings are drawn, sent and worked on before anybody looks. */
const PATIENCE_MS = 240_000;
const localMonth = (at: number) => new Date(at + 8 * HOUR).toISOString().slice(0, 7);

const wide = async (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

describe.skipIf(!needs('chromium'))('the bulletin', () => {
  const { hub, logIn, report } = useOperator();

  /** Seven findings: four confirmed, two rejected, one left alone; one handled and closed. */
  async function live(): Promise<string> {
    const now = Date.now();
    const findings = ['a', 'b', 'c', 'd', 'e'].map((key, i) => ({
      ...stallFinding(key),
      boxes: [[0.02 + 0.19 * i, 0.4, 0.1, 0.3] as const],
    }));
    const ids = await report(...(findings as never[]), truckFinding, { ...truckFinding, key: 'second' } as never);
    const give = async (n: number, name: string, role: Role, command: CaseCommand) => {
      const id = ids[n] ?? '';
      const { version } = (await hub().hub.caseReads.get(id, { name, role })).case;
      await hub().hub.caseCommands.apply(id, command, { name, role }, version);
    };
    for (const n of [0, 1, 2, 5]) await give(n, 'lin', 'operator', { command: 'confirm' });
    for (const n of [3, 6]) await give(n, 'hong', 'operator', { command: 'reject', reason: 'parked-vehicle' });
    await give(0, 'chen', 'supervisor', { command: 'dispatch', unit: UNIT.id });
    await give(0, 'hong', 'operator', { command: 'handle' });
    const { store, changes } = hub().hub;
    const photo = { sha256: '1'.repeat(64), mime: 'image/jpeg', bytes: 1 };
    await createAfterPhotos({ store, clock: systemClock, changes }).add(ids[0] ?? '', photo, {
      ...{ name: 'hong', role: 'operator' },
    });
    await give(0, 'hong', 'operator', { command: 'feedback', note: '已劝离' });
    await give(0, 'chen', 'supervisor', { command: 'recheck', result: 'start' });
    await give(0, 'chen', 'supervisor', { command: 'recheck', result: 'pass' });
    await give(0, 'chen', 'supervisor', { command: 'close', outcome: 'service' });
    const start = now - (now % HOUR) - 2 * HOUR;
    await putObservationHours(hub().hub.store.db, 'sqlite', [
      {
        ...{ hour: timestamp(start), node: NODE, camera: 'fz-gate-17a', zone: 'gate-a', kind: 'muck-truck', rev: 1 },
        ...{ watched_seconds: 3600, statistics: JSON.stringify({ passes: 41, outbound: 20, loadedOut: 9 }) },
      },
    ]);
    return localMonth(now);
  }
  const tile = (page: Page, name: string) =>
    page
      .locator('.tile')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('dd');

  test(
    'a supervisor looks at a month, goes to the cases behind a figure, signs it, and takes its files along',
    async () => {
      const month = await live();
      hub().advance(40 * DAY);
      const page = await logIn('chen', `/reports?month=${month}`);
      await page.getByText('未签发。').waitFor();
      // What the test did: seven came in, four were confirmed, two rejected.
      await eventually(() => tile(page, '受理').textContent()).toMatch(/^7/);
      expect(await tile(page, '发现准确率').textContent()).toMatch(/^66\.7%4\/6/);
      expect(await tile(page, '立案率').textContent()).toMatch(/^57\.1%4\/7/);
      expect(await tile(page, '处置').textContent()).toMatch(/^1/);
      expect(await tile(page, '累计未处置').textContent()).toMatch(/^3/);
      expect(await tile(page, '结案').textContent()).toMatch(/^1/);
      const sites = page.locator('#chart-sites .bulletin-table tbody tr').first();
      expect(await sites.textContent()).toMatch(/^东海湾17号地块4120902/);
      await page
        .getByRole('img', { name: /图表：时段热力/ })
        .locator('svg')
        .waitFor();
      if (process.env.KERBWATCH_PICTURES)
        await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/bulletin.png` });
      await tile(page, '受理').getByRole('link').click();
      await page.getByText('符合条件 7 件').waitFor();
      await page.goBack();
      await page.getByRole('button', { name: '签发' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('备注').fill('十一月通报');
      await dialog.getByRole('button', { name: '签发' }).click();
      await page.getByText('第 1 版，陈敏 于').waitFor();
      // The dialog takes a moment to go.
      await eventually(() => page.getByRole('button', { name: '签发' }).count()).toBe(0);
      const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bulletin-'));
      for (const [format, magic] of [
        ['XLSX', 'PK'],
        ['PDF', '%PDF'],
        ['CSV', 'month,state'],
      ] as const) {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('link', { name: format }).click(),
        ]);
        expect(download.suggestedFilename()).toBe(`kerbwatch-${month}-v1.${format.toLowerCase()}`);
        const file = join(folder, format);
        await download.saveAs(file);
        expect(readFileSync(file, 'utf8').slice(0, 40)).toContain(magic);
      }
      rmSync(folder, { recursive: true, force: true });
      await leave(page);
    },
    PATIENCE_MS,
  );

  test(
    'a correction needs its reason and stands beside what was signed',
    async () => {
      const month = await live();
      hub().advance(40 * DAY);
      const page = await logIn('chen', `/reports?month=${month}`, 'en');
      const signNow = async (note: string) => {
        await page.getByRole('button', { name: 'Sign off' }).click();
        const dialog = page.getByRole('dialog');
        const ok = dialog.getByRole('button', { name: 'Sign off' });
        if (note !== '') {
          expect(await ok.isDisabled()).toBe(true);
          await dialog.getByLabel('Reason of the correction').fill(note);
        }
        await ok.click();
        await dialog.waitFor({ state: 'detached' });
      };
      await signNow('');
      await page.getByText('Version 1, signed by 陈敏').waitFor();
      await page.goto(`${hub().url}/reports?month=${month}&version=0`);
      await page.getByText('Not signed.').waitFor();
      await signNow('a rejection was wrong');
      await page.getByText('Version 2, signed by 陈敏').waitFor();
      await page.getByText('a rejection was wrong').waitFor();
      await leave(page);
      const viewer = await logIn('wu', `/reports?month=${month}&version=1`, 'en');
      await viewer.getByText('Version 1, signed by').waitFor();
      expect(await viewer.locator('#chart-operators').count()).toBe(0);
      expect(await viewer.getByRole('button', { name: 'Sign off' }).count()).toBe(0);
      await leave(viewer);
    },
    PATIENCE_MS,
  );

  test(
    'both languages and themes, desk and phone: letters stand out, nothing runs over, charts say what they are',
    async () => {
      const month = await live();
      for (const [language, theme] of [
        ['zh', 'light'],
        ['en', 'dark'],
      ] as const) {
        const page = await logIn('chen', `/reports?month=${month}`, language, theme);
        await page.locator('.chart svg').nth(9).waitFor();
        expect(await page.locator('.chart svg').count()).toBe(10);
        const labels = await page
          .locator('.chart')
          .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
        expect(labels.every((label) => label?.startsWith(language === 'zh' ? '图表：' : 'Chart:'))).toBe(true);
        for (const [width, height] of [
          [1366, 768],
          [390, 844],
        ] as const) {
          await page.setViewportSize({ width, height });
          await eventually(() => wide(page)).toBeLessThanOrEqual(0);
          expect(await page.evaluate<string[]>(FAINT), `${language} ${width}`).toEqual([]);
          if (process.env.KERBWATCH_PICTURES) {
            const tall = await page.evaluate<number>('document.querySelector(".bulletin").scrollHeight + 60');
            await page.setViewportSize({ width, height: tall });
            await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/reports-${language}-${width}.png` });
          }
        }
        await leave(page);
      }
    },
    PATIENCE_MS,
  );
});
