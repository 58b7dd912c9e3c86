/** Runs the tracker over a MOTChallenge detections file. */
import { crowdTrackerOptions, initTracker, stepTracker } from '../edge/tracker/index.ts';
import type { MotBox } from './clear-mot.ts';
import type { MotRow } from './mot-file.ts';

/**
 * Tracks of all frames, in the file's pixels. `fps` gives frames their time. Files without scores hold 1 or -1 in each
 * row; then every box counts.
 */
export function trackRows(rows: readonly MotRow[], fps: number): MotBox[] {
  const scored = rows.some((row) => row.score !== rows[0]?.score);
  const frames = new Map<number, MotRow[]>();
  for (const row of rows) {
    const list = frames.get(row.frame);
    if (list) list.push(row);
    else frames.set(row.frame, [row]);
  }
  let state = initTracker();
  const result: MotBox[] = [];
  for (const [frame, list] of [...frames].sort(([a], [b]) => a - b)) {
    const detections = list.map(({ box, score }) => ({
      concept: 'other' as const,
      label: '',
      score: scored ? score : 1,
      box,
    }));
    const step = stepTracker(state, detections, (frame * 1000) / fps, crowdTrackerOptions);
    state = step.state;
    for (const track of step.tracks) result.push({ frame, id: track.id, box: track.box });
  }
  return result;
}
