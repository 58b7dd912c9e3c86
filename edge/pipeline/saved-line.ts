/** What a line remembers over a restart: one JSON text a camera, saved with the findings that it led to. */
import type { Detection } from '../domain/detection.ts';
import type { TrackerState } from '../tracker/index.ts';
import type { SavedZones } from './zone-rules.ts';

const VERSION = 1;

export type SavedLine = {
  readonly version: typeof VERSION;
  /** Camera time of the last frame that is in here, ms. */
  readonly at: number;
  readonly tracker: TrackerState;
  readonly zones: SavedZones;
  /** What the model saw last; stands for the frames in which nothing changes. */
  readonly seen: readonly Detection[] | null;
};

/** Under which the outbox saves a camera's line. */
export const stateName = (camera: string): string => `line/${camera}`;

/** JSON that `readSavedLine` reads. */
export function writeSavedLine(line: Omit<SavedLine, 'version'>): string {
  return JSON.stringify({ version: VERSION, ...line });
}

/** Camera time of the last frame that was saved, ms, or null. */
export const savedAt = (json: string | null): number | null => readSavedLine(json)?.at ?? null;

/** Null for nothing saved, or a form that this program does not know: the line begins anew then. */
export function readSavedLine(json: string | null): SavedLine | null {
  if (json === null) return null;
  const saved = JSON.parse(json) as SavedLine;
  return saved.version === VERSION ? saved : null;
}
