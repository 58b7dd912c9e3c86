/** An operator in a real browser before a hub of their own, for each test of a file. */
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { FourEyesConfig } from '../../hub/four-eyes-config.ts';
import { chromium } from '../needs.ts';
import { buildConsole } from './build.ts';
import type { Finding } from './city.ts';
import { type ConsoleHub, PASSWORD, startConsoleHub } from './console-hub.ts';

/** A loaded machine is slow, not wrong. */
export const eventually = <T>(fact: () => T) => expect.poll(fact, { timeout: 20_000 });
export const viewer = { name: 'wu', role: 'viewer' } as const;
/** What was shown for less than 300 ms is not decided on (`GLANCE_MS` of the review page): a robot must wait that out. */
export const glance = (page: Page): Promise<void> => page.waitForTimeout(350);
export const leave = (page: Page): Promise<void> => page.context().close();

/** Starts the browser once, and an empty hub before each test: what is open decides where keys go. */
export function useOperator(fourEyes?: FourEyesConfig) {
  let hub: ConsoleHub;
  let browser: Browser;
  beforeAll(async () => {
    await buildConsole();
    browser = await playwright.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    hub = await startConsoleHub(false, fourEyes);
    return () => hub.close();
  });

  /** A page that nobody has logged in to. */
  async function visit(
    path: string,
    language: 'zh' | 'en' = 'zh',
    theme = 'light',
    viewport = { width: 1366, height: 768 },
  ): Promise<Page> {
    const colorScheme = theme === 'dark' ? 'dark' : 'light';
    const context = await browser.newContext({ viewport, colorScheme });
    await context.addInitScript(
      `localStorage.setItem('kerbwatch.language','${language}');localStorage.setItem('kerbwatch.theme','${theme}')`,
    );
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(`${hub.url}${path}`);
    return page;
  }

  async function logIn(
    name: string,
    path = '/review',
    language: 'zh' | 'en' = 'zh',
    theme = 'light',
    viewport = { width: 1366, height: 768 },
  ): Promise<Page> {
    const page = await visit(path, language, theme, viewport);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[autocomplete=current-password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('nav.nav').waitFor();
    return page;
  }
  async function openCase(page: Page, id: string): Promise<void> {
    await page.goto(`${hub.url}/review?case=${id}`);
    await page.getByText('我正在审核').waitFor();
    await glance(page);
    await page.locator('.pane img').first().waitFor();
  }
  async function report(...findings: Finding[]): Promise<string[]> {
    const ids: string[] = [];
    for (const [i, finding] of findings.entries()) {
      await hub.tell({ ...finding, late: [] }, Date.now() - 400_000 + i * 1000);
      ids.push((await hub.caseOf(finding)).id);
    }
    return ids;
  }
  const stateOf = async (id: string) => (await hub.hub.caseReads.get(id, viewer)).case.state;
  return { hub: () => hub, visit, logIn, openCase, report, stateOf };
}
