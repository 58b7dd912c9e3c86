/** The ladder of a site (通报、约谈、信用): what followed its notices, each step taken by a named person; and its responsibility letters. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../ids.ts';
import { LocalDate } from '../schedule.ts';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';

/** In their order. The first rung, the notice, is a notice itself and is never recorded apart. */
export const ladderSteps = ['bulletin', 'summons', 'credit'] as const;
export const LadderStepName = Type.Unsafe<(typeof ladderSteps)[number]>(
  Type.Union(ladderSteps.map((step) => Type.Literal(step))),
);
export type LadderStepName = (typeof ladderSteps)[number];

export const LadderStepBody = Type.Object(
  {
    step: LadderStepName,
    note: words(1000, 'Why, and what was agreed'),
    carrier: Type.Optional(words(120, 'Where the step is for the carrier too')),
  },
  { additionalProperties: false },
);
export type LadderStepBody = Static<typeof LadderStepBody>;

export const LadderStep = Type.Object(
  {
    ...LadderStepBody.properties,
    carrier: Type.Union([Type.String(), Type.Null()]),
    at: Timestamp,
    by: Type.String({ description: 'User who took the step' }),
  },
  { additionalProperties: false },
);
export type LadderStep = Static<typeof LadderStep>;

export const SiteLadder = Type.Object(
  {
    site: Type.String(),
    notices: Type.Integer({ minimum: 0, description: 'Notices of the site that stand' }),
    overdue: Type.Integer({ minimum: 0, description: 'Those whose limit passed without a correction' }),
    steps: Type.Array(LadderStep),
    next: Type.Array(LadderStepName, { description: 'Steps that may be taken now; whether one is, a person decides' }),
  },
  { additionalProperties: false, $id: 'SiteLadder' },
);
export type SiteLadder = Static<typeof SiteLadder>;

export const ResponsibilityLetterBody = Type.Object(
  {
    number: words(64, 'Number of the letter (工程渣土与建筑垃圾清运处置责任书)'),
    signedOn: LocalDate,
    signatory: words(60, 'Who signed for the site'),
    file: Type.Optional(
      Type.String({
        maxLength: 12_000_000,
        description: 'The signed letter as data:application/pdf;base64, image/jpeg or image/png',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ResponsibilityLetterBody = Static<typeof ResponsibilityLetterBody>;

export const ResponsibilityLetter = Type.Object(
  {
    number: Type.String(),
    signedOn: LocalDate,
    signatory: Type.String(),
    sha256: Type.Union([Sha256, Type.Null()], { description: 'Hash of the file; null where only the paper is kept' }),
    recordedBy: Type.String(),
    recordedAt: Timestamp,
  },
  { additionalProperties: false },
);
export type ResponsibilityLetter = Static<typeof ResponsibilityLetter>;
