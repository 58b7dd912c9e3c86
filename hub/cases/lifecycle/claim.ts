/** Who holds a case: a claim lasts as long as its holder's browser gives signs of life. Pure. */

export type Claim = { readonly by: string; readonly since: string; readonly until: string };
/** A claim as a case's row has it; instants RFC 3339. */
type ClaimColumns = {
  readonly claimed_by: string | null;
  readonly claimed_at: string | null;
  readonly claim_until: string | null;
};

/** A claim longer than any that is given comes from a clock that has been set back since: it does not hold. */
const MAX_CLAIM_MS = 4 * 3_600_000;

/** The claim that holds at `now`, ms since the epoch; null where there is none or it has lapsed. */
export function claimOf(row: ClaimColumns, now: number): Claim | null {
  if (row.claimed_by === null || row.claimed_at === null || row.claim_until === null) return null;
  const left = Date.parse(row.claim_until) - now;
  if (left <= 0 || left > MAX_CLAIM_MS) return null;
  return { by: row.claimed_by, since: row.claimed_at, until: row.claim_until };
}

export const noClaim = { claimed_by: null, claimed_at: null, claim_until: null } as const;
