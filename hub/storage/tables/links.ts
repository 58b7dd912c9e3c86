/** Cases of several cameras that are likely the same, and what events are known by to find them. */

/** One row an event that could be known on another camera. */
export type EventMarksTable = {
  event_id: string;
  kind: string;
  camera: string;
  started_at: string;
  until: string;
  /** `pass` or `place`. */
  by: string;
  /** Capitals without dots and blanks. */
  plate: string | null;
  site: string | null;
  lon: number | null;
  lat: number | null;
  /** Kind and square of the ground, for what stands on a known place. */
  cell: string | null;
  /** Words that one thing has wherever it is seen, JSON. */
  traits: string;
};

/** Two cases, `a` before `b` in the order of their ids. */
export type CaseLinksTable = {
  a: string;
  b: string;
  /** `proposed`, `merged` or `refused`. */
  state: string;
  /** LinkReason as JSON. */
  reason: string;
  proposed_at: string;
  decided_by: string | null;
  decided_at: string | null;
};
