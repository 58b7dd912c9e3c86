/** A merged notice on a site manager's phone: acknowledged at once, corrected case by case, told what was withdrawn. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { startSeededHub } from '../api/seeded-hub.ts';
import { chromium, needs } from '../needs.ts';
import { until } from '../processes.ts';
import { axeFaults } from './axe.ts';

const HOUR = 3_600_000;
let browser: Browser;
let seeded: Awaited<ReturnType<typeof startSeededHub>>;
let notices: NoticeView[];
const shots = process.env.KERBWATCH_SHOTS;

const list = async () => {
  const admin = await seeded.again('admin');
  const all = (await (await admin.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  return all.sort((a, b) => (a.number < b.number ? -1 : 1));
};

async function open(options: BrowserContextOptions = {}, query = ''): Promise<Page> {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const context = await browser.newContext({ ...phone, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${notices[0]?.link}${query}`);
  return page;
}

async function shoot(page: Page, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

describe.skipIf(!needs('chromium'))('a merged notice on a phone', () => {
  beforeAll(async () => {
    seeded = await startSeededHub({ notices: { merge: 'shift' } });
    // The shift in which both were confirmed is over.
    seeded.advance(13 * HOUR);
    await until('both are handed over', async () => {
      notices = await list();
      return notices.length === 2 && notices.every(({ state }) => state === 'ready');
    });
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await seeded?.close();
  });

  test('axe finds nothing, light and dark, in both languages, and nothing overflows', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const lang of ['zh', 'en']) {
        const page = await open({ colorScheme }, `?lang=${lang}`);
        await shoot(page, `merged-${lang}-${colorScheme}`);
        expect(await axeFaults(page), `${lang} ${colorScheme}`).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
        await page.goto(`${notices[0]?.link}/notice.html?lang=${lang}`);
        expect(await axeFaults(page), `document ${lang} ${colorScheme}`).toEqual([]);
        await page.context().close();
      }
    }
  });

  test('lists both cases, takes one receipt for all, and a correction of each for itself', async () => {
    const [first, second] = notices as [NoticeView, NoticeView];
    expect(first.link).toBe(second.link);
    expect(first.merged?.number).toMatch(/^KWM-\d{8}-0001$/);
    const page = await open();
    for (const { number } of notices) expect(await page.locator('h2', { hasText: number }).count()).toBe(1);
    expect(await page.locator('section:has(h2) img').count()).toBeGreaterThanOrEqual(2);
    await page.locator('#acknowledge-name').fill('陈志强');
    await page.locator('form[data-kind=acknowledge] button').tap();
    await page.getByText('已收到，谢谢。').waitFor();
    expect((await list()).map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged']);

    const form = page.locator(`form[data-key="${second.number}-correction"]`);
    await page.locator(`details:has(form[data-key="${second.number}-correction"]) summary`).tap();
    await form.locator('textarea').fill('已改');
    await form.locator('button').tap();
    // Refused, and what was typed stands in the same form, in no other.
    await form.locator('.note.bad:not([hidden])').waitFor();
    expect(await form.locator('textarea').inputValue()).toBe('已改');
    await form.locator('textarea').fill('已安排专人在东门苫盖检查，当天完成。');
    await form.locator('button').tap();
    await page.getByText('已收到，谢谢。').waitFor();
    expect((await list()).map(({ state, replies }) => [state, replies.length])).toEqual([
      ['acknowledged', 1],
      ['corrected', 2],
    ]);
    await page.context().close();
  });

  test('without a script an answer that names no case is refused, and one that was withdrawn is told as such', async () => {
    const [first, second] = notices as [NoticeView, NoticeView];
    const body = new FormData();
    for (const [name, value] of Object.entries({ kind: 'correction', name: '陈', text: '已安排专人检查，当天完成。' }))
      body.append(name, value);
    expect((await fetch(first.link ?? '', { method: 'POST', body })).status).toBe(422);

    const supervisor = await seeded.again('supervisor');
    const { case: row } = (await (await supervisor.call('GET', `/api/v1/cases/${second.case}`)).json()) as {
      case: { version: number };
    };
    const voided = await supervisor.call('POST', `/api/v1/cases/${second.case}/commands`, {
      body: { command: 'void', note: '不属于该工地' },
      headers: { 'if-match': String(row.version) },
    });
    expect(voided.status).toBe(200);
    const page = await open({ javaScriptEnabled: false });
    await page.getByText('本起已由管理部门撤回').waitFor();
    expect(await page.locator(`form[data-key="${second.number}-correction"]`).count()).toBe(0);
    expect(await page.locator(`form[data-key="${first.number}-correction"]`).count()).toBe(1);
    await shoot(page, 'merged-withdrawn');
    await page.context().close();
  });
});
