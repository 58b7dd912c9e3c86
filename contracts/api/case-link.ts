/** Links: two cases, of two cameras, that are likely the same; merged or refused by a person, never by the hub. */
import { type Static, Type } from '@sinclair/typebox';
import { Timestamp } from '../time.ts';
import { CaseSummary } from './case.ts';

const linkStates = ['proposed', 'merged', 'refused'] as const;
export const CaseLinkState = Type.Unsafe<(typeof linkStates)[number]>(
  Type.Union(linkStates.map((state) => Type.Literal(state))),
);
export type CaseLinkState = (typeof linkStates)[number];

/** Why they are likely the same, in figures. */
export const CaseLinkReason = Type.Object(
  {
    by: Type.Union([Type.Literal('plate'), Type.Literal('pass'), Type.Literal('ground')], {
      description:
        '`plate`: both plates are the same; `pass`: one site, and the time that a drive takes; `ground`: one spot of the ground',
    }),
    plate: Type.Union([Type.String(), Type.Null()]),
    metres: Type.Union([Type.Number(), Type.Null()], {
      description: 'Between the cameras, or between the two places on the ground, m; null: not known',
    }),
    seconds: Type.Integer({ minimum: 0, description: 'Between the two passes or sightings, s; 0: at once' }),
    kmh: Type.Union([Type.Number(), Type.Null()], { description: 'Speed that the way between would have taken, km/h' }),
  },
  { additionalProperties: false },
);
export type CaseLinkReason = Static<typeof CaseLinkReason>;

/** What may be done about a link, by the command's name. */
const linkSteps = ['link-merge', 'link-refuse', 'link-split', 'link-restore'] as const;
export type CaseLinkStep = (typeof linkSteps)[number];

export const CaseLink = Type.Object(
  {
    other: { ...CaseSummary, description: 'The other case as it is now' },
    state: CaseLinkState,
    reason: CaseLinkReason,
    proposedAt: Timestamp,
    decidedBy: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([Timestamp, Type.Null()]),
    steps: Type.Array(Type.Unsafe<CaseLinkStep>(Type.Union(linkSteps.map((step) => Type.Literal(step)))), {
      description: 'What this user may do about it now',
    }),
    giveTo: Type.Union([Type.Literal('this'), Type.Literal('other')], {
      description: 'Which case takes the command: of a merged pair, the one that was merged into the other',
    }),
  },
  { additionalProperties: false },
);
export type CaseLink = Static<typeof CaseLink>;
