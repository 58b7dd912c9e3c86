/** Calibration and a camera's own scores through real sessions: a card's curves, thresholds of one camera, one file for all. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeReferences } from '../../edge/config-references.ts';
import type { CameraScores } from '../../edge/domain/camera-scores.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import { readScoreCurve, type ScoreCurve } from '../../edge/domain/score-curve.ts';
import { createInference, type Inference } from '../../edge/inference/index.ts';
import { labelsOf, readCard } from '../../edge/models/read-card.ts';
import type { AppError } from '../../platform/app-error.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';

const log = createLog({ level: 'silent' });
const own = join(packageRoot(), 'models', 'kerb-n');
const frame = { width: 1920, height: 1080 };
const curve: ScoreCurve = { a: 1.4, b: -0.6 };
let folder: string;
let inference: Inference;

/** Our model that says whatever it sees; labels do not suppress each other, so that each can be followed. */
function sensitive(name: string, more = ''): string {
  const dir = join(folder, name, 'kerb-n');
  cpSync(own, dir, { recursive: true });
  const text = readFileSync(join(dir, 'model.yaml'), 'utf8')
    .replace(/ {2}score: [\d.]+/, '  score: 0.004')
    .replace(/ {2}(byLabel|compete): .*\n/g, '')
    .replace(/^labels:/m, `${more}labels:`);
  writeFileSync(join(dir, 'model.yaml'), text);
  return dir;
}

/** A card's `calibration` with one curve for every label. */
async function curvesFor(one: ScoreCurve): Promise<string> {
  const labels = labelsOf(await readCard(own));
  return `calibration: ${JSON.stringify(Object.fromEntries(labels.map(({ name }) => [name, one])))}\n`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-scores-'));
  inference = createInference({ workers: 2, log });
});
afterAll(async () => {
  await inference.close();
  rmSync(folder, { recursive: true, force: true });
});

async function detect(dir: string, scores?: CameraScores, by = inference): Promise<Detection[]> {
  const detector = await by.loadDetector(dir, scores);
  const { width, height } = detector.input;
  const pixels = new Uint8Array(3 * width * height).map((_, i) => (((i * 77) >> 5) ^ (i >> 9)) & 255);
  try {
    return await detector.detect(pixels, frame);
  } finally {
    await detector.close();
  }
}

/** The label that the model says most of there. */
const commonest = (found: readonly Detection[]): string => {
  const count = (label: string) => found.filter((one) => one.label === label).length;
  return found.map(({ label }) => label).sort((a, b) => count(b) - count(a))[0] ?? '';
};

describe('a card with curves', () => {
  it('gives the same boxes with chances for scores, and cuts at the chance', async () => {
    const plain = await detect(sensitive('plain'));
    const { chanceOf } = readScoreCurve(curve);
    // One curve for all, so that the labels of a box stay in their order.
    const made = await detect(sensitive('curved', await curvesFor({ b: -0.6, a: 1.4 })));
    const told = plain.map((one) => ({ ...one, score: chanceOf(one.score) })).filter(({ score }) => score >= 0.004);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(plain.length);
    expect(made.map(({ score, ...rest }) => ({ ...rest, score: expect.closeTo(score, 6) as number }))).toEqual(told);
  });

  it('for scoring the graph’s own scores say which boxes are there, whatever the curve', async () => {
    const scoring = createInference({ workers: 1, log, scoring: { minScore: 0.004, maxBoxes: 500 } });
    const count = async (dir: string) => (await detect(dir, undefined, scoring)).length;
    const all = '[person, bicycle, car, bus, truck, stall, cart, umbrella]';
    const curves = all
      .slice(1, -1)
      .split(', ')
      .map((name) => `${name}: { b: -3 }`);
    expect(await count(sensitive('deep', `calibration: { ${curves.join(', ')} }\n`))).toBe(
      await count(sensitive('shallow')),
    );
    await scoring.close();
  });
});

describe('a camera’s own scores', () => {
  it('hold for that camera alone, on the same session', async () => {
    const dir = sensitive('cameras');
    const plain = await detect(dir);
    const label = commonest(plain);
    const cut = plain.find((one) => one.label === label)?.score ?? 0;
    // Upwards: the weak boxes of a picture of nothing must stay above the floor.
    const raised: ScoreCurve = { a: 1, b: 1 };
    const [strict, others, curved] = await Promise.all([
      detect(dir, { thresholds: { [label]: Math.min(1, cut + 1e-6) } }),
      detect(dir),
      detect(dir, { calibration: { [label]: raised } }),
    ]);
    expect(strict.filter((one) => one.label === label)).toEqual([]);
    expect(strict.filter((one) => one.label !== label).length).toBeGreaterThan(0);
    expect(others).toEqual(plain);
    expect(curved.find((one) => one.label === label)?.score).toBeCloseTo(readScoreCurve(raised).chanceOf(cut), 9);
  });

  it('the model stays loaded while one of its cameras is there', async () => {
    const dir = sensitive('stays');
    const [first, second] = [await inference.loadDetector(dir), await inference.loadDetector(dir, { thresholds: {} })];
    const pixels = new Uint8Array(3 * first.input.width * first.input.height).fill(90);
    const before = await second.detect(pixels, frame);
    await first.close();
    expect(await second.detect(pixels, frame)).toEqual(before);
    await second.close();
    expect(await detect(dir)).toEqual(await detect(dir));
  });

  it('fitted to another model they are left out; fitted to its 8-bit form they hold', async () => {
    const dir = sensitive('fitted');
    const card = await readCard(dir);
    const { version } = card;
    const plain = await detect(dir);
    const thresholds = Object.fromEntries(labelsOf(card).map(({ name }) => [name, 1]));
    const fitted = (model: string, at: string) => detect(dir, { thresholds, fittedTo: { model, version: at } });
    expect(await fitted('kerb-n', `${version}-other`)).toEqual(plain);
    expect(await fitted('kerb-s', version)).toEqual(plain);
    expect(await fitted('kerb-n-int8', version)).toEqual([]);
  });

  it('of labels that the model does not have are refused, by the node and by `check`', async () => {
    const scores = {
      thresholds: { tent: 0.4 },
      calibration: { stall: { a: 1, points: [[0.5, 0.5]] } },
    } as CameraScores;
    const fault = await inference.loadDetector(own, scores).catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'CFG_INVALID' });
    expect((fault as AppError).faults.map(({ path }) => path)).toEqual([
      'scores.thresholds.tent',
      'scores.calibration.stall',
    ]);
    const config = {
      model: 'kerb-n',
      cameras: [
        { id: 'a', scores },
        { id: 'b', scores: { fittedTo: { model: 'kerb-n', version: '0.0.1' } } },
      ],
    };
    const { faults, notes } = await edgeReferences(config, folder, { sources: false });
    expect(faults.map(({ path }) => path)).toEqual([
      'cameras[0].scores.thresholds.tent',
      'cameras[0].scores.calibration.stall',
    ]);
    expect(notes.map(({ path }) => path)).toContain('cameras[1].scores.fittedTo');
  });
});
