/** As a site manager on a phone: from the mail in a real mailbox to an uploaded proof, over a line that breaks. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../contracts/api/delivery.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { findSite, writeSite } from '../../hub/storage/sites.ts';
import { startSeededHub } from '../api/seeded-hub.ts';
import { createAuthority } from '../certificates.ts';
import { chromium, needs } from '../needs.ts';
import { type Mailbox, openMailbox } from '../notices/mailbox.ts';
import { until } from '../processes.ts';
import { axeFaults } from './axe.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-story-'));
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
let browser: Browser;
let mailbox: Mailbox;
let seeded: Awaited<ReturnType<typeof startSeededHub>>;

/** A picture as large as a phone's: more than is sent over a poor line. */
async function photo(name: string, background: string): Promise<string> {
  const noise = await sharp({
    create: { width: 3200, height: 2400, channels: 3, background, noise: { type: 'gaussian', mean: 120, sigma: 60 } },
  })
    .jpeg({ quality: 92 })
    .toBuffer();
  const file = join(folder, name);
  writeFileSync(file, noise);
  return file;
}

async function call<T>(path: string): Promise<T> {
  return (await (await seeded.people.supervisor.call('GET', `/api/v1${path}`)).json()) as T;
}

/** Opens the link of the mail, as a thumb would. */
async function openMail(n: number, options: BrowserContextOptions = {}): Promise<{ page: Page; id: string }> {
  const { mail } = mailbox.arrived[n] ?? {};
  const link = /href="(http:[^"]+\/n\/[\w-]{43})"/.exec(String(mail?.html))?.[1] ?? '';
  const context = await browser.newContext({ ...phone, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(link);
  return { page, id: mail?.messageId?.slice(1, 37) ?? '' };
}
const noticeOf = (id: string) => call<NoticeView>(`/notices/${id}`);

describe.skipIf(!needs('chromium'))('a site manager with a phone', () => {
  beforeAll(async () => {
    const authority = createAuthority(folder);
    mailbox = await openMailbox({ tls: authority.issue('mail') });
    const smtp = { host: '127.0.0.1', port: mailbox.port, from: 'notice@city.example', ca: authority.ca };
    seeded = await startSeededHub({ channels: { portal: {}, smtp } });
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
    // The registry had no address: a supervisor finds the notices among those that did not get there.
    const letters = () => call<DeadLetter[]>('/dead-letters');
    await until('the mails are refused', async () => (await letters()).length === 2);
    const site = await findSite(seeded.hub.store.db, 'donghai');
    if (!site) throw new Error('the site is registered');
    await writeSite(seeded.hub.store.db, { ...site, manager: { ...site.manager, email: 'chen@site.example' } });
    for (const { notice } of await letters()) {
      const path = `/api/v1/notices/${notice}/deliveries/smtp`;
      await seeded.people.supervisor.call('POST', path, { body: { command: 'retry' } });
    }
    await until('both mails are there', async () => mailbox.arrived.length === 2);
  });
  afterAll(async () => {
    await browser?.close();
    await seeded?.close();
    await mailbox?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('reads the mail, acknowledges, loses the line, and sends the proof with its photos', async () => {
    const { page, id } = await openMail(0);
    await until('it is sent', async () => (await noticeOf(id)).state === 'sent');
    expect(await page.locator('.due').textContent()).toContain('距期限还有');
    expect(await page.locator('.state').textContent()).toBe('待签收');
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    if (process.env.KERBWATCH_SHOTS) await shoot(page, 'notice-page');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page), colorScheme).toEqual([]);
    }

    await page.locator('#acknowledge-name').fill('陈志强');
    await page.locator('form[data-kind=acknowledge] button').tap();
    await page.getByText('已收到，谢谢。').waitFor();
    expect(await page.locator('.state').textContent()).toBe('已签收，待整改');
    expect((await noticeOf(id)).state).toBe('acknowledged');

    const text = '已安排专人在东门苫盖检查，当天完成。';
    const photos = [await photo('one.jpg', '#345'), await photo('two.jpg', '#543')];
    expect(await page.locator('#correction-name').inputValue()).toBe('陈志强');
    await page.locator('#correction-text').fill(text);
    await page.locator('#correction-photo').setInputFiles(photos);
    await page.context().setOffline(true);
    await page.locator('form[data-kind=correction] button').tap();
    await page.getByText('网络不通，尚未提交').waitFor();
    expect(await page.locator('#correction-text').inputValue()).toBe(text);
    expect((await noticeOf(id)).replies).toHaveLength(1);
    await page.context().setOffline(false);

    // The phone may even forget the page: what was written is there.
    await page.reload();
    expect(await page.locator('#correction-text').inputValue()).toBe(text);
    await page.locator('#correction-photo').setInputFiles(photos);
    await page.locator('.previews img').nth(1).waitFor();
    await page.locator('form[data-kind=correction] button').tap();
    await page.getByText('已收到，谢谢。').waitFor();
    expect(await page.locator('.state').textContent()).toBe('已提交整改，等待核查');
    expect(await page.locator('li img').count()).toBe(2);
    if (process.env.KERBWATCH_SHOTS) await shoot(page, 'notice-page-answered');

    const view = await noticeOf(id);
    expect(view).toMatchObject({
      state: 'corrected',
      replies: [{ kind: 'acknowledge' }, { kind: 'correction', text }],
    });
    for (const sha256 of view.replies[1]?.photos ?? []) {
      const kept = await seeded.people.operator.call('GET', `/api/v1/evidence/${sha256}`);
      const { width } = await sharp(Buffer.from(await kept.arrayBuffer())).metadata();
      expect(width).toBe(2000);
    }
    // What was sent is no draft any more.
    await page.reload();
    expect(await page.locator('#correction-text').inputValue()).toBe('');
    await page.context().close();
  });

  test('answers without scripts too, and gets back what was refused', async () => {
    const { page, id } = await openMail(1, { javaScriptEnabled: false });
    await page.locator('summary', { hasText: '提交整改结果' }).tap();
    await page.locator('#correction-name').fill('陈志强');
    await page.locator('#correction-text').fill('已改');
    await page.locator('form[data-kind=correction] button').tap();
    await page.locator('main > .note.bad').waitFor();
    expect(await page.locator('#correction-name').inputValue()).toBe('陈志强');
    expect(await page.locator('#correction-text').inputValue()).toBe('已改');
    await page.locator('#correction-photo').setInputFiles(await photo('three.jpg', '#453'));
    await page.locator('form[data-kind=correction] button').tap();
    await page.getByText('已收到，谢谢。').waitFor();
    expect((await noticeOf(id)).state).toBe('corrected');
    await page.context().close();
  });
});

async function shoot(page: Page, name: string): Promise<void> {
  const to = process.env.KERBWATCH_SHOTS ?? folder;
  mkdirSync(to, { recursive: true });
  await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
}
