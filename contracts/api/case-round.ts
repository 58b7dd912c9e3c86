/** What a unit and a dispatcher say to each other about a case on its way: photographs, more time, an objection. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../ids.ts';
import { words } from '../text.ts';
import { Timestamp } from '../time.ts';

/** What somebody asks for with a reason, and a second person decides. */
const petition = {
  reason: Type.String(),
  by: Type.String(),
  at: Timestamp,
  decidedBy: Type.Union([Type.String(), Type.Null()]),
  decidedAt: Type.Union([Timestamp, Type.Null()]),
};

/** More time asked for (延期): who asks does not grant. */
export const CaseExtension = Type.Object(
  {
    state: Type.Union([Type.Literal('asked'), Type.Literal('granted'), Type.Literal('refused')]),
    until: Timestamp,
    ...petition,
  },
  { additionalProperties: false },
);
export type CaseExtension = Static<typeof CaseExtension>;

/** An objection (申诉): while it is open the case does not count in scores; handling goes on. */
export const CaseAppeal = Type.Object(
  {
    state: Type.Union([Type.Literal('open'), Type.Literal('upheld'), Type.Literal('dismissed')]),
    ...petition,
  },
  { additionalProperties: false },
);
export type CaseAppeal = Static<typeof CaseAppeal>;

/** A closure code means what its version of the list says. */
export const CaseClosure = Type.Object(
  { version: Type.Integer({ minimum: 1 }), code: Type.String() },
  { additionalProperties: false },
);
export type CaseClosure = Static<typeof CaseClosure>;

/** A photograph of the place after handling. */
export const CasePhoto = Type.Object(
  {
    sha256: Sha256,
    mime: Type.String(),
    bytes: Type.Integer(),
    at: Timestamp,
    by: Type.String({ description: 'User name' }),
    round: Type.Integer({ minimum: 0, description: 'How often the case had been sent back for rework by then' }),
  },
  { additionalProperties: false },
);
export type CasePhoto = Static<typeof CasePhoto>;

/** Fields of the commands about time and objections, by command. */
export const roundCommands = {
  extend: {
    until: { ...Timestamp, description: 'The new limit' },
    note: words(2000, 'Why more time is needed'),
  },
  'grant-extension': { note: Type.Optional(Type.String({ maxLength: 2000 })) },
  'refuse-extension': { note: words(2000) },
  appeal: { note: words(2000, 'What is objected to') },
  'answer-appeal': {
    result: Type.Union([Type.Literal('upheld'), Type.Literal('dismissed')]),
    note: words(2000),
  },
} as const;
