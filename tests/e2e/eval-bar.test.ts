/** The accuracy that CI holds: the shipped model on the shipped clips, through the whole edge line, against the bar. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium as launcher } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { findModelDir } from '../../edge/models/load-model.ts';
import { describeFault, faultsUnderBar, parseBar } from '../../evaluation/report/bar.ts';
import { type Evaluation, evaluateMedia } from '../../evaluation/run/evaluate-media.ts';
import { writeReport } from '../../evaluation/run/write-report.ts';
import type { Failure } from '../../evaluation/scoring/score-clip.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { chromium, needs } from '../needs.ts';
import { temporaryFolder } from './stage.ts';

const media = join(packageRoot(), 'test-media', 'clips');
const barFile = join(packageRoot(), 'evaluation', 'bar.json');
const bar = parseBar(readFileSync(barFile, 'utf8'), barFile);

describe('the shipped model on the shipped clips', () => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    const log = createLog({ level: 'warn' });
    evaluation = await evaluateMedia({ media, modelDir: findModelDir('kerb-s'), log, jobs: 2 });
  }, 900_000);

  test('no figure falls under the recorded bar', () => {
    // Recorded anew with: kerbwatch eval --media test-media/clips --record-bar evaluation/bar.json
    const { recordedWith } = bar;
    const { model, clips } = evaluation.report;
    const changed = recordedWith.model.sha256 === model.sha256 ? '' : ' (the bar was recorded with another model)';
    expect(clips.length).toBeGreaterThan(0);
    expect(faultsUnderBar(evaluation.report, bar).map(describeFault), `under the bar${changed}`).toEqual([]);
  });

  test('says what was run on what', () => {
    const { model, program, media: files, wallSeconds } = evaluation.report;
    expect(model).toMatchObject({ name: 'kerb-s', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(program).toMatchObject({ name: 'kerbwatch' });
    expect(wallSeconds).toBeGreaterThan(0);
    expect(files.map(({ clip }) => clip)).toEqual(evaluation.report.clips.map(({ clip }) => clip));
    for (const { sha256 } of files) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  /** A miss with two pictures, the second past the clip's end as a due time can be: the last frame is shown. */
  function withMiss(): Evaluation {
    const [clip] = evaluation.report.clips;
    if (!clip) throw new Error('no clip');
    const moments = [2, clip.seconds + 0.1].map((seconds) => ({
      what: 'due' as const,
      seconds,
      truths: [{ class: 'stall', box: [0.1, 0.1, 0.2, 0.2] as [number, number, number, number], visible: 1 }],
      detections: [],
    }));
    const truth = { kind: 'road-stall' as const, zone: 'z', from: 0, to: 9, dueAt: 2 };
    const outcome = { verdict: 'missed' as const, kind: 'road-stall' as const, truth };
    const failure: Failure = { clip: clip.clip, outcome, zone: undefined, others: [], moments };
    return { report: evaluation.report, failures: [failure] };
  }

  test('the page shows a frame of each failure, in one file or with its pictures beside it', async () => {
    const folder = temporaryFolder('eval');
    const options = { media, ffmpeg: await findFfmpeg() };
    try {
      const one = readFileSync(await writeReport(join(folder.path, 'one.html'), withMiss(), options), 'utf8');
      const pictures = [...one.matchAll(/src="data:image\/jpeg;base64,([^"]+)"/g)].map(([, data]) =>
        Buffer.from(data ?? '', 'base64'),
      );
      expect(pictures).toHaveLength(2);
      for (const picture of pictures) expect(picture.subarray(0, 2).toString('hex')).toBe('ffd8');
      const file = await writeReport(join(folder.path, 'many'), withMiss(), options);
      expect(readFileSync(file, 'utf8')).toContain('src="pictures/001.jpg"');
      expect(readFileSync(join(folder.path, 'many', 'pictures', '001.jpg'))).toEqual(pictures[0]);
    } finally {
      folder.remove();
    }
  });

  test.skipIf(!needs('chromium'))(
    'on a phone it is Chinese, one switch makes it English, and nothing sticks out',
    async () => {
      const folder = temporaryFolder('eval');
      const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
      const browser = await launcher.launch({ executablePath: chromium, args });
      try {
        const options = { media, ffmpeg: await findFfmpeg() };
        const file = await writeReport(join(folder.path, 'page'), withMiss(), options);
        const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
        const wrong: string[] = [];
        page.on('pageerror', (error) => wrong.push(String(error)));
        page.on('requestfailed', (request) => wrong.push(request.url()));
        await page.goto(pathToFileURL(file).href);
        const heading = () => page.evaluate("document.querySelector('h1').innerText");
        expect(await heading()).toBe('Kerbwatch 评测报告');
        await page.getByRole('button', { name: 'English' }).click();
        expect(await heading()).toBe('Kerbwatch evaluation');
        await page.getByRole('button', { name: '中文' }).click();
        expect(await heading()).toBe('Kerbwatch 评测报告');
        for (const picture of await page.locator('article img').all()) {
          await picture.scrollIntoViewIfNeeded();
          await expect
            .poll(() => picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
            .toBeGreaterThan(300);
        }
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
        expect(wrong).toEqual([]);
      } finally {
        await browser.close();
        folder.remove();
      }
    },
  );
});
