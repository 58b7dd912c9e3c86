/** What the office edits about limits and ends of cases. */

/** `body` is the API's MatterBody as JSON; only what was edited or added stands here. */
export type MattersTable = { scheme: string; code: string; body: string; edited_at: string; edited_by: string };

/** A list is written once; the next one has the next version. */
export type ClosureListsTable = { version: number; body: string; since: string; by: string };
