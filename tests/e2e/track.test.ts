/** `kerbwatch track` as it is used and published: the cameras' own tracker against SORT's table, and clumsy files. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../edge/tracker/index.ts';
import { calibrateScores } from '../../evaluation/metrics/score-calibration.ts';
import { byFrame, parseMot } from '../../evaluation/truth/mot-file.ts';
import { scoreTracks } from '../edge/clear-mot.ts';
import { needs, sharedFile } from '../needs.ts';
import { cli, kerbwatch, temporaryFolder } from './stage.ts';

const folder = temporaryFolder('track');
afterAll(() => folder.remove());

function read(path: string | null) {
  const parsed = parseMot(readFileSync(path ?? 'missing', 'utf8'));
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  return parsed.rows;
}

function write(name: string, text: string): string {
  const file = join(folder.path, name);
  writeFileSync(file, text);
  return file;
}

describe.skipIf(!needs('shared'))('with SORT’s own detections', () => {
  /** SORT's table for the same detections, and the frames a second of the sequence. */
  const sort = {
    'TUD-Campus': { fps: 25, mota: 62.7, idSwitches: 6 },
    'KITTI-17': { fps: 10, mota: 60.2, idSwitches: 9 },
  };
  const cases = Object.entries(sort).flatMap(([name, peer]) => [
    [name, peer, ['--fps', String(peer.fps)]] as const,
    [name, peer, []] as const,
  ]);

  test.each(cases)('%s: MOTA and identity switches no worse than %o with %o', (name, peer, more) => {
    const detections = sharedFile(`mot/${name}/det-sort/det.txt`) ?? '';
    const out = join(folder.path, `${name}.txt`);
    expect(kerbwatch(['track', '--detections', detections, '--out', out, ...more]).status).toBe(0);
    const truth = read(sharedFile(`mot/${name}/gt/gt.txt`)).filter(({ score }) => score === 1);
    const score = scoreTracks(truth, read(out));
    expect(score.mota).toBeGreaterThanOrEqual(peer.mota);
    expect(score.idSwitches).toBeLessThanOrEqual(peer.idSwitches);
  });

  test.each(Object.entries(sort))('%s: the identities are those that a camera would give', (name, { fps }) => {
    const file = sharedFile(`mot/${name}/det-sort/det.txt`);
    const detections = read(file);
    const worthOf = calibrateScores(detections);
    let state = initTracker();
    const ids = [...byFrame(detections)].flatMap(([frame, rows]) => {
      const seen = rows.map(({ box, score }) => ({ concept: 'other' as const, label: '', score: worthOf(score), box }));
      const step = stepTracker(state, seen, (frame * 1000) / fps);
      state = step.state;
      return step.tracks.map(({ id }) => [frame, id]);
    });
    const { stdout } = kerbwatch(['track', '--detections', file ?? '', '--fps', String(fps)]);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(',').slice(0, 2).map(Number)),
    ).toEqual(ids);
    expect(ids.length).toBeGreaterThan(200);
  });
});

test('the tracker takes no options, from nobody: there is no second set to measure with', () => {
  expect(stepTracker).toHaveLength(3);
  const { stdout } = kerbwatch(['track', '--help']);
  expect([...stdout.matchAll(/--([a-z-]+)/g)].map(([, name]) => name)).toEqual([
    ...['detections', 'out', 'fps', 'json', 'help'],
  ]);
});

const line = (frame: number, x: number) => `${frame},-1,${x},10,20,40,0.9`;
const walk = Array.from({ length: 10 }, (_, i) => line(i + 1, 10 + i));

test('frames out of order, line ends of another system and trailing commas change nothing', () => {
  const tidy = kerbwatch(['track', '--detections', write('tidy.txt', walk.join('\n'))]);
  const untidy = walk.toReversed().map((text) => `${text.replaceAll(',', ' , ')},,\r\n\r\n`);
  const other = kerbwatch(['track', '--detections', write('untidy.txt', untidy.join(''))]);
  expect(other).toEqual(tidy);
  expect(tidy.stdout.trim().split('\n')).toHaveLength(10);
});

test.each([
  ['a negative width', `${line(1, 1)}\n2,-1,3,4,-5,6,0.9`, 'TRACK_FORMAT', 'line 2', 'negative'],
  ['not a number', `${line(1, 1)}\n2,-1,3,4,5,NaN,0.9`, 'TRACK_FORMAT', 'line 2', 'column 6'],
  ['a missing column', `${line(1, 1)}\n2,-1,3,4,5,6`, 'TRACK_FORMAT', 'line 2', '6 columns'],
])('%s: one line that says what and where', (name, text, code, ...words) => {
  const { status, stdout, stderr } = kerbwatch(['track', '--detections', write(`${name}.txt`, text)]);
  expect([status, stdout]).toEqual([1, '']);
  for (const word of [code, name, ...words]) expect(stderr.split('\n')[0]).toContain(word);
});

test('a result is never written over its detections, nor lost without a word', () => {
  const file = write('own.txt', walk.join('\n'));
  const over = kerbwatch(['track', '--detections', file, '--out', join(folder.path, '.', 'own.txt')]);
  expect([over.status, over.stderr.includes('CLI_WRITE')]).toEqual([1, true]);
  expect(readFileSync(file, 'utf8')).toBe(walk.join('\n'));
  const nowhere = kerbwatch(['track', '--detections', file, '--out', join(folder.path, 'no', 'such', 'out.txt')]);
  expect([nowhere.status, nowhere.stderr.includes('CLI_WRITE')]).toEqual([1, true]);
});

test('a reader who stops after the first line is no fault', () => {
  // More than a pipe holds.
  const file = write('long.txt', Array.from({ length: 8000 }, (_, i) => line(i + 1, 10 + (i % 300))).join('\n'));
  const command = `"${process.execPath}" "${cli}" track --detections "${file}" | head -n 1`;
  const { stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], { encoding: 'utf8' });
  expect([stdout.split('\n').length, stderr]).toEqual([2, '']);
});

test.each(['0', '-5', 'Infinity', '', 'fast', '1e9'])('--fps %j is refused', (fps) => {
  const { status, stderr } = kerbwatch(['track', '--detections', write('fps.txt', walk.join('\n')), '--fps', fps]);
  expect([status, stderr.includes('CFG_INVALID')]).toEqual([2, true]);
});
