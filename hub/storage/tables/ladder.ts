/** What followed a site's notices, and what it has signed. */

export type SiteStepsTable = {
  id: string;
  site: string;
  /** `bulletin`, `summons` or `credit`. */
  step: string;
  at: string;
  /** User who took it. */
  actor: string;
  note: string;
  carrier: string | null;
};

export type ResponsibilityLettersTable = {
  id: string;
  site: string;
  number: string;
  /** Local date. */
  signed_on: string;
  signatory: string;
  /** Of the signed letter as a file; null where only the paper is kept. */
  sha256: string | null;
  recorded_by: string;
  recorded_at: string;
};
