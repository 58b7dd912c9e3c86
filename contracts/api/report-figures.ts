/** Figures of the monthly bulletin (通报), each share with its denominator. Names and formulas: domain brief §2, §5. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Bilingual } from '../text.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A share with what it is a share of; `value` null = of nothing. */
export const RatedCount = Type.Object({ count: Count, of: Count, value: nullable(Type.Number()) }, closed);
export type RatedCount = Static<typeof RatedCount>;

/** A name with its number, e.g. cases by kind; `key` null = not known of these. */
export const Tally = Type.Object({ key: nullable(Type.String()), count: Count }, closed);
export type Tally = Static<typeof Tally>;
const Tallies = Type.Array(Tally);

export const ReceivedFigures = Type.Object(
  {
    total: { ...Count, description: 'Incidents opened in the month, duplicates and unconfirmed proposals left out' },
    byKind: Tallies,
    byReason: Type.Array(Type.Object({ kind: Type.String(), reason: nullable(Type.String()), count: Count }, closed), {
      description: 'A case with several reasons counts under each',
    }),
    byDistrict: Tallies,
    byStreet: Type.Array(Tally, { description: 'First nine digits of the camera’s grid cell' }),
    bySource: Tallies,
    videoShare: RatedCount,
    bySensitivePlace: Tallies,
    outsidePermit: { ...Count, description: 'Stalls that hold a permit and left its hours, area or capacity' },
    proposals: { ...Count, description: 'Proposed as fixtures: neither violations nor false alarms' },
    recurrences: Count,
  },
  closed,
);
export type ReceivedFigures = Static<typeof ReceivedFigures>;

export const ReviewFigures = Type.Object(
  {
    reported: { ...Count, description: 'Events that nodes reported for the first time' },
    joined: { ...Count, description: 'Of these, joined to a case that was there' },
    merged: { ...Count, description: 'Cases opened in the month that turned out to be another one' },
    suppressedByPermit: Type.Null({ description: 'Not known: nodes do not report what a permit allows' }),
    confirmed: Count,
    rejected: Count,
    rejectedByReason: Tallies,
    precision: { ...RatedCount, description: 'Confirmed of confirmed and rejected' },
    decided: Count,
    medianSeconds: nullable(Type.Number({ description: 'From the report to the decision, nearest rank' })),
    p95Seconds: nullable(Type.Number()),
    expired: Count,
    voided: Count,
  },
  closed,
);
export type ReviewFigures = Static<typeof ReviewFigures>;

export const HandlingFigures = Type.Object(
  {
    filed: Count,
    filingRate: { ...RatedCount, description: 'Filed of received' },
    dispatched: Count,
    returned: Count,
    due: { ...Count, description: 'Cases whose handling limit ended in the month' },
    handlingRate: { ...RatedCount, description: 'Of these, handled by the end of the month' },
    onTimeRate: { ...RatedCount, description: 'Of these, handled within the limit' },
    handled: { ...Count, description: 'Cases of which a unit fed back in the month' },
    reworked: Count,
    reworkRate: { ...RatedCount, description: 'Of what: `settings.reworkOf`' },
    deferred: { ...Count, description: 'Due cases with an extension; out of the rates with `settings.deferredLeave`' },
    appealed: { ...Count, description: 'Cases with an open objection: they are in no denominator of due cases' },
    outstanding: { ...Count, description: 'Filed and neither handled nor ended when the month ended' },
    outstandingByState: Tallies,
    closed: Count,
    closingDue: { ...Count, description: 'Cases whose limits of handling and of inspection ended in the month' },
    closingRate: RatedCount,
    closedOnTimeRate: RatedCount,
  },
  closed,
);
export type HandlingFigures = Static<typeof HandlingFigures>;

export const NoticeFigures = Type.Object(
  { made: Count, sent: Count, acknowledged: Count, corrected: Count, overdue: Count },
  closed,
);
export type NoticeFigures = Static<typeof NoticeFigures>;

export const CountedStatistic = Type.Object(
  { name: Type.String(), title: Bilingual, fold: Type.String(), value: nullable(Type.Number()) },
  closed,
);
export type CountedStatistic = Static<typeof CountedStatistic>;

export const SiteFigures = Type.Object(
  {
    site: Type.String(),
    counted: Type.Array(CountedStatistic, {
      description: 'What its gates counted, violation or not; empty = no count',
    }),
    received: Count,
    reasons: Tallies,
    notices: NoticeFigures,
    letter: Type.Boolean({ description: 'A responsibility letter is on record' }),
    watched: Type.Boolean({ description: 'A camera of it was watched in the month' }),
  },
  closed,
);
export type SiteFigures = Static<typeof SiteFigures>;

export const CarrierFigures = Type.Object(
  { carrier: Type.String(), received: Count, reasons: Tallies },
  { ...closed, description: 'By the haulage permits that name the plate' },
);
export type CarrierFigures = Static<typeof CarrierFigures>;

export const CameraMonth = Type.Object(
  {
    camera: Type.String(),
    watchedHours: Type.Number(),
    blindHours: Type.Number(),
    online: { ...RatedCount, description: 'Seconds' },
    received: Count,
  },
  closed,
);
export type CameraMonth = Static<typeof CameraMonth>;

export const CoverageFigures = Type.Object(
  {
    cameras: Count,
    watched: { ...Count, description: 'Cameras of which anything was watched in the month' },
    hoursPossible: { ...Type.Number(), description: 'Hours of the month so far, for every registered camera' },
    hoursWatched: Type.Number(),
    hoursBlind: Type.Number(),
    online: { ...RatedCount, description: 'Seconds' },
    byDistrict: Type.Array(
      Type.Object(
        {
          district: nullable(Type.String()),
          cameras: Count,
          watched: Count,
          hoursWatched: Type.Number(),
          online: RatedCount,
        },
        closed,
      ),
    ),
    grids: { ...Count, description: 'Grid cells with a camera' },
    sites: { ...RatedCount, description: 'Sites whose gate video was watched, of all sites' },
  },
  closed,
);
export type CoverageFigures = Static<typeof CoverageFigures>;

export const PrecisionRow = Type.Object({ camera: Type.String(), kind: Type.String(), precision: RatedCount }, closed);
export type PrecisionRow = Static<typeof PrecisionRow>;

export const OperatorLoad = Type.Object(
  {
    operator: Type.String(),
    confirmed: Count,
    rejected: Count,
    fieldChecks: Count,
    undone: Count,
    medianSeconds: nullable(Type.Number()),
  },
  closed,
);
export type OperatorLoad = Static<typeof OperatorLoad>;

export const PlaceHours = Type.Object(
  { camera: Type.String(), total: Count, hours: Type.Array(Count, { minItems: 24, maxItems: 24 }) },
  closed,
);
export type PlaceHours = Static<typeof PlaceHours>;

export const DistrictAssessment = Type.Object(
  { district: nullable(Type.String()), received: Count, handling: HandlingFigures },
  { ...closed, description: 'Score, rank and award are given by people and left empty' },
);
export type DistrictAssessment = Static<typeof DistrictAssessment>;

/** What stands on the first page, and is compared with the month before. */
export const Headline = Type.Object(
  {
    received: Count,
    confirmed: Count,
    precision: RatedCount,
    filed: Count,
    filingRate: RatedCount,
    handled: Count,
    handlingRate: RatedCount,
    onTimeRate: RatedCount,
    reworkRate: RatedCount,
    outstanding: Count,
    closed: Count,
    medianSeconds: nullable(Type.Number()),
  },
  closed,
);
export type Headline = Static<typeof Headline>;

export const MonthFigures = Type.Object(
  {
    headline: Headline,
    previous: Type.Object(
      {
        month: Type.String(),
        version: nullable(Type.Integer({ description: 'The signed version it is taken from; null = as known now' })),
        headline: Headline,
      },
      closed,
    ),
    received: ReceivedFigures,
    review: ReviewFigures,
    handling: HandlingFigures,
    outcomes: Type.Object(
      { service: RatedCount, management: RatedCount, enforcement: RatedCount },
      { ...closed, description: '721: of the cases closed in the month' },
    ),
    days: Type.Array(
      Type.Object({ day: Type.String(), received: Count, filed: Count, handled: Count, closed: Count }, closed),
    ),
    weekHours: Type.Array(Type.Array(Count, { minItems: 24, maxItems: 24 }), {
      minItems: 7,
      maxItems: 7,
      description: 'Received by local weekday (Monday first) and hour in which it began',
    }),
    hotSpots: Type.Array(PlaceHours),
    recurrencePlaces: Type.Array(Type.Object({ camera: Type.String(), zone: Type.String(), count: Count }, closed)),
    clearing: Type.Array(
      Type.Object({ kind: Type.String(), cases: Count, meanSeconds: nullable(Type.Number()) }, closed),
      { description: 'From the start to the end of what ended in the month' },
    ),
    counted: Type.Array(
      Type.Object(
        { kind: Type.String(), hours: Count, watchedSeconds: Count, statistics: Type.Array(CountedStatistic) },
        closed,
      ),
      { description: 'What rules counted, violation or not' },
    ),
    sites: Type.Array(SiteFigures),
    carriers: Type.Array(CarrierFigures),
    notices: NoticeFigures,
    coverage: CoverageFigures,
    cameras: Type.Array(CameraMonth),
    precision: Type.Array(PrecisionRow),
    operators: nullable(Type.Array(OperatorLoad, { description: 'Null for whose role may not see it' })),
    districts: Type.Array(DistrictAssessment),
  },
  closed,
);
export type MonthFigures = Static<typeof MonthFigures>;
