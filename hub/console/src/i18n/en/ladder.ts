/** English words of a site's ladder and letters. */
import type { ladder as zh } from '../zh/ladder.ts';

export const ladder: typeof zh = {
  ladder_step: { bulletin: 'List in the bulletin', summons: 'Summons for talk', credit: 'Credit record' },
  ladder: {
    title: 'Site',
    counts: '{{notices}} notices, {{overdue}} not corrected in time',
    why: 'Why, and what was agreed (required)',
    letter: 'Responsibility letter',
    unsigned: 'No letter on record',
    record: 'Record a letter',
    letterNumber: 'Number of the letter',
    signatory: 'Signed by',
    signedOn: 'Day of signature',
    letterFile: 'The letter as a file',
  },
};
