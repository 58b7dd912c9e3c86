/** Footage without truth: every event is a false alarm with its still, and a run that was cut goes on where it was. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { runFootage } from '../../evaluation/run/run-footage.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { temporaryFolder } from './stage.ts';

const clips = join(packageRoot(), 'test-media', 'clips');
const SHOWN = 'stall-day';
const ready = needs('ffmpeg');
const folder = temporaryFolder('eval-footage');
const footage = join(folder.path, 'footage');
const zones = join(folder.path, 'zones.yaml');
afterAll(() => folder.remove());

beforeAll(() => {
  if (!ready) return;
  mkdirSync(join(footage, 'grey'), { recursive: true });
  // A clip in which there is something to report, without its truth.
  const truth = JSON.parse(readFileSync(join(clips, `${SHOWN}.truth.json`), 'utf8'));
  copyFileSync(join(clips, truth.clip), join(footage, 'shown.mp4'));
  writeFileSync(zones, stringify({ kind: truth.camera.kind, zones: truth.camera.zones }));
  const grey = 'color=gray:size=320x180:rate=5:duration=4';
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', grey, join(footage, 'grey', 'nothing.mp4')]);
  // It has a truth: `--media` is there for it.
  copyFileSync(join(footage, 'grey', 'nothing.mp4'), join(footage, 'told.mp4'));
  writeFileSync(join(footage, 'told.truth.json'), '{}');
});

const run = (more: object = {}) => {
  const lines: string[] = [];
  const progress = (line: string) => void lines.push(line);
  return runFootage(footage, { models: ['kerb-s'], jobs: 1, progress, ...more }).then((report) => ({ report, lines }));
};

test.skipIf(!ready)('events are false alarms, a day and with an exact interval', { timeout: 300_000 }, async () => {
  const page = join(folder.path, 'page');
  const { report, lines } = await run({ zones, report: page });
  expect(report).toMatchObject({ clips: 2, withTruth: ['told.mp4'], repeatToSeconds: null, wholePicture: false });
  const [figures] = report.models;
  expect(figures?.all.count).toBeGreaterThan(0);
  expect(figures?.byKind['muck-truck']).toEqual({ count: 0, hours: 0, perDay: null, interval95: null });
  const rows = new Map(figures?.byFolder.map((row) => [row.folder, row.all]));
  expect([...rows.keys()]).toEqual(['.', 'grey']);
  // Nothing in four seconds: under 3.689 in that time (Garwood).
  expect(rows.get('grey')).toMatchObject({ count: 0, perDay: 0 });
  expect(rows.get('grey')?.interval95?.high).toBeCloseTo((3.689 * 86_400) / 4, -2);
  const alarm = figures?.clips.flatMap(({ alarms }) => alarms)[0];
  expect(alarm).toMatchObject({ clip: 'shown.mp4', kind: 'road-stall' });
  expect(alarm?.objects.length).toBeGreaterThan(0);
  const { width } = await sharp(join(page, 'pictures', alarm?.picture?.name ?? '')).metadata();
  expect(width).toBe(alarm?.picture?.width);
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  expect(html).toContain(`pictures/${alarm?.picture?.name}`);
  expect(html).toContain('误报');
  expect(lines.filter((line) => line.startsWith('['))).toHaveLength(2);
});

test.skipIf(!ready)(
  'a repeated clip is watched so long, and inferred no more often',
  { timeout: 300_000 },
  async () => {
    const { report } = await run({ repeatTo: 40, zones });
    const grey = report.models[0]?.clips.find(({ clip }) => clip === 'grey/nothing.mp4');
    expect(grey).toMatchObject({ streamSeconds: 40, frames: 200, alarms: [] });
    expect(grey?.boxFrames).toBeLessThanOrEqual(20);
  },
);

test.skipIf(!ready)('what an earlier run kept is taken up, the rest is played', { timeout: 300_000 }, async () => {
  const resume = join(folder.path, 'kept');
  const first = await run({ zones, resume });
  expect(first.report.resumed).toBe(0);
  const [lost] = readdirSync(resume).filter((name) => name.endsWith('.json'));
  rmSync(join(resume, lost ?? ''));
  const page = join(folder.path, 'one.html');
  const second = await run({ zones, resume, report: page });
  expect(second.report.resumed).toBe(1);
  expect(second.report.models).toEqual(first.report.models);
  expect(readFileSync(page, 'utf8')).toContain('data:image/jpeg;base64,');
  // Other zones, another result.
  expect((await run({ resume, repeatTo: 5 })).report.resumed).toBe(0);
});

test('a folder without a clip is refused', async () => {
  const empty = join(folder.path, 'empty');
  mkdirSync(empty);
  const refused = await runFootage(empty, { models: ['kerb-s'], jobs: 1, progress: () => {} }).catch((e: unknown) => e);
  expect(refused).toMatchObject({ code: 'EVAL_TRUTH', message: expect.stringContaining(empty) });
  expect(existsSync(empty)).toBe(true);
});
