/** Handling units, and photographs that came after handling. */

/** `body` is the API's UnitBody as JSON. */
export type UnitsTable = { id: string; body: string };

/** A photograph counts for the unit and the round of handling that it was taken in. */
export type CasePhotosTable = {
  case_id: string;
  sha256: string;
  mime: string;
  bytes: number;
  at: string;
  actor: string;
  unit: string | null;
  /** `rework` of the case by then. */
  round: number;
};
