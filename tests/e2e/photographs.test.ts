/**
 * Real pixels, as a user would: two photographs as four-minute camera streams over RTSP, a COCO model with a composite
 * stall, default parameters; the edge finds each, the hub opens one case each, an operator confirms both in the browser.
 */
import { join } from 'node:path';
import { type Browser, chromium as launcher, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CasePage } from '../../contracts/api/case.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { upsertNode } from '../../hub/registry/nodes.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { loadOrCreateKey } from '../../platform/signing.ts';
import { chromium, needs, sharedFile } from '../needs.ts';
import { type Running, run, until } from '../processes.ts';
import { cli, cocoModels, photographClip, photographZone, temporaryFolder, writeConfig } from './stage.ts';

const ready = needs('shared') && needs('ffmpeg') && needs('rtsp') && needs('chromium');
const photographs = { 'food-trucks': '000000000257', umbrellas: '000000000315' } as const;
const zone = photographZone;
const login = { name: 'zhang', displayName: '张三', role: 'operator' as const, password: 'a-long-test-password' };

describe.skipIf(!ready)('two photographs over RTSP', () => {
  const folder = temporaryFolder('photographs');
  const running: Running[] = [];
  let hub: Hub;
  let browser: Browser;

  beforeAll(async () => {
    const log = createLog({ level: 'error' });
    hub = await startHub(
      {
        database: `sqlite:${join(folder.path, 'hub.db')}`,
        dataDir: join(folder.path, 'hub'),
        broker: { host: '127.0.0.1', port: 0 },
        http: { host: '127.0.0.1', port: 0 },
      },
      { log, clock: systemClock },
    );
    await upsertUser(hub.store, login);
    const dataDir = join(folder.path, 'edge');
    const key = await loadOrCreateKey(join(dataDir, 'node-key.pem'));
    await upsertNode(hub.store, { id: 'photo-edge', publicKey: key.publicKeyPem, password: 'photo-edge-password' });
    const cameras = [];
    for (const [id, photo] of Object.entries(photographs)) {
      const clip = photographClip(
        sharedFile(`images/coco128-train/images/${photo}.jpg`) ?? '',
        join(folder.path, `${id}.mp4`),
      );
      const server = run('/usr/bin/python3', [join(packageRoot(), 'tests', 'rtsp-server.py'), clip]);
      running.push(server);
      const url = await until(`RTSP server of ${id}`, () => /rtsp:\/\/\S+/.exec(server.output())?.[0] ?? null);
      cameras.push({ id, kind: 'street' as const, source: { url, cadence: 2 }, zones: [zone] });
      await upsertCamera(hub.store, {
        id,
        node: 'photo-edge',
        name: { zh: id, en: id },
        kind: 'street',
        location: null,
        zones: [zone],
      });
    }
    const config = writeConfig(join(folder.path, 'edge.yaml'), {
      node: 'photo-edge',
      dataDir,
      modelsDir: cocoModels(folder.path, 'picodet-s'),
      model: 'picodet-s',
      uplink: { mqtt: hub.mqttUrl, password: 'env:PHOTO_EDGE', evidence: hub.url },
      cameras,
    });
    running.push(run(process.execPath, [cli, 'edge', '--config', config], { PHOTO_EDGE: 'photo-edge-password' }));
    browser = await launcher.launch({
      executablePath: chromium,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all(running.map((program) => program.kill('SIGKILL')));
    await hub?.close();
    folder.remove();
  });

  const casesSeenBy = (page: Page): Promise<CasePage> =>
    page.evaluate(async () => (await fetch('/api/v1/cases?limit=50')).json() as Promise<CasePage>);

  test('the edge finds each, one case each, and an operator confirms them by keyboard', {
    timeout: 420_000,
  }, async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    await page.goto(hub.url);
    await page.locator('input[autocomplete="username"]').fill(login.name);
    await page.locator('input[type="password"]').fill(login.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/review**');
    const found = await until(
      'both photographs are cases',
      async () => {
        const { cases } = await casesSeenBy(page);
        return new Set(cases.map((item) => item.camera)).size === 2 ? cases : null;
      },
      // 180 s of dwell by default, and the composite must have stood still before that.
      330_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${running.at(-1)?.output().slice(-4000)}`);
    });
    expect(found.map((item) => item.camera).sort()).toEqual(Object.keys(photographs).sort());
    expect(found.every((item) => item.kind === 'road-stall')).toBe(true);
    const shown = page.locator('.case-head-marks .num');
    let decided: string | null = null;
    for (let left = 2; left > 0; left--) {
      // Opening a case claims it; only then does the desk take a decision, and the one before must be off the desk.
      await until('the next case', async () => (await shown.textContent()) !== decided, 20_000);
      await page.getByText('我正在审核').waitFor();
      decided = await shown.textContent();
      await page.keyboard.press('c');
      await until(
        'the case is filed',
        async () => (await casesSeenBy(page)).cases.filter((item) => item.state === 'filed').length === 3 - left,
        20_000,
      ).catch(async (error: unknown) => {
        throw new Error(
          `${String(error)}\nthe desk shows: ${await page.textContent('body')}\n${JSON.stringify(await casesSeenBy(page))}`,
        );
      });
    }
    const { cases } = await casesSeenBy(page);
    expect(cases.map((item) => item.state)).toEqual(['filed', 'filed']);
  });
});
