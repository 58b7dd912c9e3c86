/** What needs a second person, and what became of it. */

export type ApprovalsTable = {
  id: string;
  /** `export` or `delete`. */
  action: string;
  thing: string;
  /** `*`: all of them. */
  thing_id: string;
  reason: string;
  requested_by: string;
  requested_at: string;
  /** Until when it may be decided; once approved, until when it may be used. */
  expires_at: string;
  /** `waiting`, then `approved` or `refused`; `used` once it has been. */
  state: string;
  decided_by: string | null;
  decided_at: string | null;
  used_at: string | null;
};
