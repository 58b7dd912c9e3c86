/** Cases: what an operator sees, and the commands that move a case (states and limits: GB/T 30428.8 as cities use it). */
import { type Static, Type } from '@sinclair/typebox';
import { EventObject } from '../event.ts';
import { ActualFile, EvidenceRef, EvidenceState } from '../evidence.ts';
import { Location } from '../geometry.ts';
import { Bilingual, words } from '../text.ts';
import { Timestamp } from '../time.ts';
import { ViolationKindSchema } from '../violations/index.ts';
import { CaseAppeal, CaseClosure, CaseExtension, CasePhoto, roundCommands } from './case-round.ts';
import { CaseSource } from './case-source.ts';
import { CaseReport } from './citizen-report.ts';

/** Review states come first (the event is a lead); from `filed` on it is a case in the city's sense. */
export const caseStates = [
  'pending-review',
  // Has stood since the camera's first look: a proposal to call it a fixture, and no violation until a person says so.
  'proposed',
  'field-check',
  'rejected',
  'expired',
  'filed',
  'dispatched',
  'returned',
  'handling',
  'feedback',
  'inspecting',
  'closed',
  'voided',
  'merged',
] as const;
export const CaseState = Type.Unsafe<(typeof caseStates)[number]>(
  Type.Union(caseStates.map((state) => Type.Literal(state))),
);
export type CaseState = (typeof caseStates)[number];

export const rejectReasons = [
  'permitted',
  'parked-vehicle',
  'pedestrians',
  'glare-or-rain',
  'wrong-class',
  'too-unclear',
  'other',
  'fixture',
] as const;
export const RejectReason = Type.Unsafe<(typeof rejectReasons)[number]>(
  Type.Union(rejectReasons.map((reason) => Type.Literal(reason))),
);
export type RejectReason = (typeof rejectReasons)[number];

/** 721: persuasion first. */
export const Outcome = Type.Union([Type.Literal('service'), Type.Literal('management'), Type.Literal('enforcement')]);
export type Outcome = Static<typeof Outcome>;

const note = Type.Optional(Type.String({ maxLength: 2000 }));
const requiredNote = words(2000);
const linked = { other: words(64, 'Id of the other case of the link'), note };
function command<const N extends string, P extends Record<string, import('@sinclair/typebox').TSchema>>(
  name: N,
  fields: P,
) {
  return Type.Object({ command: Type.Literal(name), ...fields }, { additionalProperties: false });
}

export const CaseCommand = Type.Union([
  command('claim', {}),
  command('release', {}),
  command('confirm', {
    note,
    plate: Type.Optional(Type.String({ maxLength: 16, description: 'Plate typed by the operator' })),
  }),
  command('reject', { reason: RejectReason, note }),
  command('field-check', { note }),
  command('dispatch', {
    unit: words(120, 'Id of a unit of the registry; any name while no unit is registered'),
    override: Type.Optional(words(500, 'Why it goes to a unit that is not on duty now')),
    note,
  }),
  command('return', { note: requiredNote }),
  command('handle', { note }),
  command('feedback', { note: requiredNote }),
  command('recheck', { note, result: Type.Union([Type.Literal('start'), Type.Literal('pass'), Type.Literal('fail')]) }),
  command('close', {
    outcome: Outcome,
    closure: Type.Optional(
      Type.String({ maxLength: 40, description: 'Code of the list of closure codes that holds now' }),
    ),
    note,
  }),
  command('reopen', { note: requiredNote }),
  command('undo', {}),
  command('merge', {
    into: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S', description: 'Number or id of the other case' }),
    note,
  }),
  command('split', { events: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 500 }), note }),
  command('link-merge', linked),
  command('link-split', linked),
  command('link-refuse', linked),
  command('link-restore', linked),
  command('void', { note: requiredNote }),
  command('comment', { note: requiredNote }),
  command('extend', roundCommands.extend),
  command('grant-extension', roundCommands['grant-extension']),
  command('refuse-extension', roundCommands['refuse-extension']),
  command('appeal', roundCommands.appeal),
  command('answer-appeal', roundCommands['answer-appeal']),
]);
export type CaseCommand = Static<typeof CaseCommand>;
export type CaseCommandName = CaseCommand['command'];

export const CaseSummary = Type.Object(
  {
    id: Type.String(),
    number: Type.String({ description: 'district6 + yyyymmdd + seq5' }),
    kind: ViolationKindSchema,
    state: CaseState,
    version: Type.Integer(),
    node: Type.String({ description: 'Empty, as camera and zone are, of what was reported and no camera has seen' }),
    camera: Type.String(),
    zone: Type.String(),
    location: Type.Union([Location, Type.Null()]),
    startedAt: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    openedAt: Timestamp,
    lastSeenAt: Timestamp,
    sightings: Type.Integer({ minimum: 0, description: 'Events joined in this case; 0: only reported' }),
    score: Type.Number(),
    detail: Type.Unknown({ description: 'Detail of the latest event, by kind' }),
    claimedBy: Type.Union([Type.String(), Type.Null()]),
    claimedAt: Type.Optional(Type.Union([Timestamp, Type.Null()])),
    claimedUntil: Type.Optional(
      Type.Union([Timestamp, Type.Null()], { description: 'Then others may take it, unless the claim is renewed' }),
    ),
    dueAt: Type.Union([Timestamp, Type.Null()]),
    site: Type.Union([Type.String(), Type.Null()]),
    recurrenceOf: Type.Union([Type.String(), Type.Null()]),
    mergedInto: Type.Union([Type.String(), Type.Null()]),
    thumbnail: Type.Union([Type.String({ description: 'sha256 of the still that shows it best' }), Type.Null()]),
    unit: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description:
          'The unit that it was dispatched to last: an id of the registry, or the name that was typed before',
      }),
    ),
    rework: Type.Optional(Type.Integer({ minimum: 0, description: 'How often it was sent back to be handled again' })),
    extension: Type.Optional(Type.Union([CaseExtension, Type.Null()])),
    appeal: Type.Optional(Type.Union([CaseAppeal, Type.Null()])),
    escalation: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Level that the case has reached before or after its limit; 0: none' }),
    ),
    closure: Type.Optional(
      Type.Union([CaseClosure, Type.Null()], { description: 'How it ended, by the list of closure codes of then' }),
    ),
    source: Type.Optional(CaseSource),
    district: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'Six digits, of a case that a report opened; null: its place says none',
      }),
    ),
  },
  { additionalProperties: false, $id: 'CaseSummary' },
);
export type CaseSummary = Static<typeof CaseSummary>;

export const CaseEvent = Type.Object(
  {
    id: Type.String(),
    rev: Type.Integer(),
    seq: Type.Integer(),
    phase: Type.String(),
    camera: Type.String(),
    zone: Type.String(),
    startedAt: Timestamp,
    at: Timestamp,
    endedAt: Type.Union([Timestamp, Type.Null()]),
    score: Type.Number(),
    objects: Type.Array(EventObject),
    detail: Type.Unknown(),
    evidence: Type.Array(
      // One closed object: an intersection with a closed one would refuse `stored`.
      Type.Composite(
        [
          EvidenceRef,
          Type.Object({
            stored: Type.Boolean({ description: 'The file is here, whole and sound' }),
            state: EvidenceState,
            actual: Type.Optional(ActualFile),
          }),
        ],
        { additionalProperties: false },
      ),
    ),
    model: Type.Object({ name: Type.String(), version: Type.String(), sha256: Type.String() }),
    rule: Type.Object({ version: Type.String(), params: Type.String() }),
    receivedAt: Timestamp,
  },
  { additionalProperties: false },
);
export type CaseEvent = Static<typeof CaseEvent>;

export const HistoryEntry = Type.Object(
  {
    at: Timestamp,
    actor: Type.String({ description: 'User name, or "system"' }),
    action: Type.String({ description: 'One of `historyActions`; what an earlier version wrote stays as it was' }),
    from: Type.Union([CaseState, Type.Null()]),
    to: CaseState,
    note: Type.Union([Type.String(), Type.Null()]),
    data: Type.Unknown(),
    hash: Type.String({ description: 'SHA-256 over the previous hash and this entry: a broken link shows' }),
  },
  { additionalProperties: false },
);
export type HistoryEntry = Static<typeof HistoryEntry>;

export const CaseNotice = Type.Object(
  {
    id: Type.String(),
    number: Type.String(),
    state: Type.String(),
    site: Type.String(),
    sentAt: Type.Union([Timestamp, Type.Null()]),
  },
  { additionalProperties: false },
);

/** What the site's haulage permits say of a truck's plate at the time of its pass. */
export const HaulageCheck = Type.Object(
  {
    plate: Type.String({ description: 'As it stands on permits: capitals, without dots and blanks' }),
    state: Type.Union(
      [
        Type.Literal('found'),
        Type.Literal('expired'),
        Type.Literal('off-hours'),
        Type.Literal('none'),
        Type.Literal('unreadable'),
      ],
      { description: 'found: a permit holds; expired: outside its dates; none: no permit of the site names the plate' },
    ),
    permit: Type.Union([Type.String({ description: 'Placard number' }), Type.Null()]),
  },
  { additionalProperties: false },
);
export type HaulageCheck = Static<typeof HaulageCheck>;

export const CaseDetail = Type.Object(
  {
    case: CaseSummary,
    events: Type.Array(CaseEvent),
    history: Type.Array(HistoryEntry),
    notices: Type.Array(CaseNotice),
    steps: Type.Array(Type.String(), { description: 'Commands that this user may give now' }),
    dueNote: Type.Union([Bilingual, Type.Null()], {
      description: 'What keeps the deadline from being sure: it lies after the last day whose holidays are known',
    }),
    undoUntil: Type.Optional(
      Type.Union([Timestamp, Type.Null()], { description: 'Until when this user may take the last decision back' }),
    ),
    photos: Type.Optional(Type.Array(CasePhoto, { description: 'Photographs after handling, oldest first' })),
    reports: Type.Optional(Type.Array(CaseReport, { description: 'What citizens reported of it, oldest first' })),
    haulage: Type.Union([HaulageCheck, Type.Null()], {
      description: 'Null without a plate, and where the site has no permits on record',
    }),
  },
  { additionalProperties: false },
);
export type CaseDetail = Static<typeof CaseDetail>;

export const CaseQuery = Type.Object(
  {
    state: Type.Optional(Type.String({ description: 'One state or several, comma-separated' })),
    kind: Type.Optional(Type.String({ description: 'One kind or several, comma-separated' })),
    source: Type.Optional(Type.String({ description: 'One source or several, comma-separated' })),
    camera: Type.Optional(Type.String()),
    site: Type.Optional(Type.String()),
    from: Type.Optional(Timestamp),
    to: Type.Optional(Timestamp),
    claimedBy: Type.Optional(Type.String()),
    unit: Type.Optional(Type.String({ maxLength: 120, description: 'The unit that it was dispatched to last, by id' })),
    overdue: Type.Optional(
      Type.Boolean({ description: 'true: what should have been moved on by now; false: the rest' }),
    ),
    mine: Type.Optional(Type.Boolean({ description: 'true: what I have claimed; not together with `claimedBy`' })),
    q: Type.Optional(
      Type.String({
        maxLength: 100,
        description:
          'Part of a case number, a plate, or the name or id of a camera, zone or site; large or small letters, full or half width',
      }),
    ),
    order: Type.Optional(Type.Union([Type.Literal('newest'), Type.Literal('oldest')])),
    cursor: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);
export type CaseQuery = Static<typeof CaseQuery>;

export const CasePage = Type.Object(
  {
    cases: Type.Array(CaseSummary),
    next: Type.Union([Type.String(), Type.Null()]),
    counts: Type.Record(Type.String(), Type.Integer(), {
      description: 'Cases by state under the same filters but the state',
    }),
    countsExact: Type.Boolean({ description: 'false: too many to count; there are at least so many' }),
  },
  { additionalProperties: false },
);
export type CasePage = Static<typeof CasePage>;
