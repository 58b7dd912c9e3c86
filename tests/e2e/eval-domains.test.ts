/** Labelled pictures of several folders, each a domain with its own labelled classes, with a real model. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluatePictures } from '../../evaluation/run/evaluate.ts';
import { readMedia } from '../../evaluation/run/read-media.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { packageRoot } from '../../platform/paths.ts';
import { temporaryFolder } from './stage.ts';

const clips = join(packageRoot(), 'test-media', 'clips');
const folder = temporaryFolder('eval-domains');
const streets = join(folder.path, 'streets');
const people = join(folder.path, 'people');
const classes = ['person', 'stall', 'bicycle', 'ignore'];
afterAll(() => folder.remove());

/** One frame a clip; only objects of these classes are written down. */
async function layOut(into: string, known: readonly string[], labelled: string | null): Promise<void> {
  const { path: ffmpeg } = await findFfmpeg();
  mkdirSync(into);
  for (const { file, truth, frames } of readMedia(clips).filter(({ truth: { camera } }) => camera.kind !== 'gate')) {
    const [fullest] = frames.toSorted((a, b) => b.objects.length - a.objects.length);
    if (!fullest) continue;
    const target = join(into, truth.clip.replace('.mp4', '.jpg'));
    execFileSync(ffmpeg, ['-v', 'error', '-ss', String(fullest.t), '-i', file, '-frames:v', '1', '-q:v', '2', target]);
    const rows = fullest.objects
      .filter((object) => known.includes(object.class) && object.visible >= 0.3)
      .map(({ class: label, box: [x, y, w, h] }) => [classes.indexOf(label), x + w / 2, y + h / 2, w, h].join(' '));
    writeFileSync(target.replace('.jpg', '.txt'), rows.join('\n'));
  }
  writeFileSync(join(into, 'classes.txt'), classes.join('\n'));
  if (labelled !== null) writeFileSync(join(into, 'labelled.txt'), labelled);
}

beforeAll(async () => {
  await layOut(streets, classes, null);
  await layOut(people, ['person'], 'person\n');
}, 300_000);

const lines: string[] = [];
const evaluate = (folders: readonly string[], more: object = {}) =>
  evaluatePictures(folders, { models: ['kerb-s'], progress: (line) => void lines.push(line), ...more });

describe('domains', { timeout: 300_000 }, () => {
  test('each has a table of its own labelled classes, and the page shows them', async () => {
    const page = join(folder.path, 'page');
    const { images, domains } = await evaluate([streets, people], { report: page });
    expect(images).toBeNull();
    expect(domains?.domains.map(({ domain }) => domain)).toEqual(['streets', 'people']);
    const [wide, narrow] = domains?.domains.map(({ models: [own] }) => own) ?? [];
    expect(wide?.rows.map(({ label }) => label).sort()).toEqual(['bicycle', 'person', 'stall']);
    expect(narrow?.rows.map(({ label }) => label)).toEqual(['person']);
    // The same pictures and the same persons: what else is labelled changes nothing.
    const personOf = (own: typeof wide) => own?.rows.find(({ label }) => label === 'person');
    expect(personOf(narrow)).toEqual(personOf(wide));
    expect(personOf(wide)?.truths).toBeGreaterThan(5);
    expect(personOf(wide)?.ap50).toBeGreaterThan(0.3);
    const html = readFileSync(join(page, 'index.html'), 'utf8');
    for (const words of ['streets', 'people', '可靠性曲线', '误检/图']) expect(html).toContain(words);
  });

  test('one folder keeps the figures that it had; what it labels is said beside them', async () => {
    const plain = await evaluate([streets]);
    expect(plain).toMatchObject({ images: { format: 'yolo' }, domains: null });
    const told = await evaluate([people]);
    expect(told.images?.boxes.byClass.map(({ label }) => label)).toEqual(['person']);
    expect(told.domains?.domains).toMatchObject([{ domain: 'people', labelled: ['person'] }]);
    const row = told.domains?.domains[0]?.models[0]?.rows[0];
    expect(row?.ap50).toBeCloseTo(told.images?.boxes.ap50 ?? 0, 6);
  });

  test('a class that labels do not know cannot be labelled', async () => {
    writeFileSync(join(people, 'labelled.txt'), 'person\nhawker\n');
    const refused = await evaluate([people]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'EVAL_TRUTH', message: expect.stringContaining('hawker') });
  });
});
