/** What cameras remember of their streets, and what was ordered of it. */

export type CameraMemoryTable = {
  camera: string;
  node: string;
  /** MemoryMap as JSON, the newest that came. */
  body: string;
  received_at: string;
};

/** An order on its way to a node, and what became of it. */
export type MemoryOrdersTable = {
  /** The command's `requestId`. */
  id: string;
  node: string;
  camera: string;
  /** Whose decision it carries, or null. */
  case_id: string | null;
  /** MemoryOrder as JSON. */
  body: string;
  created_at: string;
  created_by: string;
  /** `queued`, then `done` or `refused`. */
  state: string;
  tries: number;
  sent_at: string | null;
  settled_at: string | null;
  /** Why it was refused, or could not be carried out the last time. */
  reason: string | null;
};
