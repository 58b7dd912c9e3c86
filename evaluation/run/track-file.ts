/** Runs the tracker of the cameras over a MOTChallenge detections file. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { initTracker, outlinesOf, stepTracker } from '../../edge/tracker/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { writeResult } from '../../platform/write-result.ts';
import { calibrateScores } from '../metrics/score-calibration.ts';
import { byFrame, formatMot, type MotBox, type MotRow, parseMot } from '../truth/mot-file.ts';

const MAX_FPS = 1000;

/**
 * Tracks of all frames as the tracker sees their outlines, in the file's pixels. `fps` gives frames their time. Scores
 * are brought to one scale first, as a camera's model has a card with thresholds and a file has none.
 */
export function trackRows(rows: readonly MotRow[], fps: number): MotBox[] {
  const worthOf = calibrateScores(rows);
  const frames = byFrame(rows);
  let state = initTracker();
  const result: MotBox[] = [];
  for (const [frame, list] of [...frames].sort(([a], [b]) => a - b)) {
    const detections = list.map(({ box, score }) => ({
      concept: 'other' as const,
      label: '',
      score: worthOf(score),
      box,
    }));
    state = stepTracker(state, detections, (frame * 1000) / fps).state;
    for (const { id, box } of outlinesOf(state)) result.push({ frame, id, box });
  }
  return result;
}

/** `text` has a line a box; the counts are those of the summary. */
export type TrackedFile = {
  readonly detections: number;
  readonly boxes: number;
  readonly tracks: number;
  readonly text: string;
};

/**
 * @param out where the text is written, too: beside what it was made from, never over it
 * @throws CFG_INVALID for a rate outside 0 to 1000, TRACK_FORMAT, CLI_WRITE
 */
export async function trackFile(file: string, fps: number, out?: string): Promise<TrackedFile> {
  if (!(fps > 0 && fps <= MAX_FPS)) {
    throw new AppError('CFG_INVALID', `--fps ${fps} is not a number above 0, ${MAX_FPS} at most`);
  }
  const given = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('TRACK_FORMAT', `${file} cannot be read`, { cause });
  });
  const parsed = parseMot(given);
  if ('fault' in parsed)
    throw new AppError('TRACK_FORMAT', `${file}, line ${parsed.fault.line}: ${parsed.fault.message}`);
  const rows = trackRows(parsed.rows, fps);
  const text = rows.map((row) => `${formatMot(row)}\n`).join('');
  if (out) {
    if (resolve(out) === resolve(file)) throw new AppError('CLI_WRITE', `--out ${out} is the file of the detections`);
    await writeResult('--out', out, text);
  }
  return { detections: parsed.rows.length, boxes: rows.length, tracks: new Set(rows.map((row) => row.id)).size, text };
}
