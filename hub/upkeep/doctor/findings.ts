/** What an examination found: each finding with its code, where it is and how to mend it. */
import { type ErrorCode, errors } from '../../../contracts/errors.ts';

export type HubFinding = {
  readonly code: ErrorCode;
  /** What is wrong, in one line. */
  readonly what: string;
  /** Which row, file or table. */
  readonly where: string;
  readonly mend: string;
};

/** A disk that is gone loses everything: so many of a code are told, the others are counted. */
const TOLD = 50;

export type Findings = ReturnType<typeof createFindings>;

/** Collects them. */
export function createFindings() {
  const told: HubFinding[] = [];
  const counts = new Map<ErrorCode, number>();
  return {
    told,
    /** @param detail what is wrong in this place, behind the code's own words */
    add(code: ErrorCode, where: string, detail = ''): void {
      const count = (counts.get(code) ?? 0) + 1;
      counts.set(code, count);
      if (count > TOLD) return;
      const { message, fix } = errors[code];
      told.push({ code, what: detail ? `${message}: ${detail}` : message, where, mend: fix });
    },
    /** How many of each code there are, told or not. */
    counts: (): Record<string, number> => Object.fromEntries(counts),
  };
}
