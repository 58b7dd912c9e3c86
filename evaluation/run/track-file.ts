/** Runs the tracker of the cameras over a MOTChallenge detections file. */
import { initTracker, outlinesOf, stepTracker } from '../../edge/tracker/index.ts';
import { calibrateScores } from '../metrics/score-calibration.ts';
import { byFrame, type MotBox, type MotRow } from '../truth/mot-file.ts';

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
