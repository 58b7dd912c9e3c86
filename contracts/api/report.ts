/** The monthly bulletin (通报) as a document: figures, the tables that people read, sign-off and versions. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Bilingual } from '../text.ts';
import { Timestamp } from '../time.ts';
import { CountedStatistic, MonthFigures, RatedCount } from './report-figures.ts';
import { UserScope } from './scope.ts';

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const MONTH_PATTERN = '^[12]\\d{3}-(0[1-9]|1[0-2])$';
export const reportFormats = ['json', 'csv', 'xlsx', 'pdf'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const CaseFilter = Type.Object(
  {
    kind: Type.Optional(Type.String()),
    camera: Type.Optional(Type.String()),
    site: Type.Optional(Type.String()),
  },
  closed,
);
export type CaseFilter = Static<typeof CaseFilter>;

export const columnUnits = ['text', 'count', 'rate', 'hours', 'seconds', 'change'] as const;
export type ColumnUnit = (typeof columnUnits)[number];

/** A text, a number, a share; null = not known, or for people to fill in. */
export const ReportCell = Type.Union([Type.String(), Type.Number(), Type.Null(), Bilingual, RatedCount]);
export type ReportCell = Static<typeof ReportCell>;

export const ReportTable = Type.Object(
  {
    id: Type.String(),
    title: Bilingual,
    note: nullable(Bilingual),
    columns: Type.Array(
      Type.Object(
        {
          title: Bilingual,
          unit: Type.Unsafe<ColumnUnit>(Type.Union(columnUnits.map((unit) => Type.Literal(unit)))),
          cases: Type.Optional(
            Type.Boolean({ description: 'Counts cases opened in the month: the row’s filter finds them in the list' }),
          ),
        },
        closed,
      ),
    ),
    rows: Type.Array(Type.Object({ cells: Type.Array(ReportCell), filter: Type.Optional(CaseFilter) }, closed)),
  },
  closed,
);
export type ReportTable = Static<typeof ReportTable>;

export const ReportSignature = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    by: Type.String(),
    name: Type.String({ description: 'Display name when it was signed' }),
    at: Timestamp,
    note: nullable(Type.String()),
    digest: Type.String({ description: 'SHA-256 of the RFC 8785 form of `figures`' }),
    hash: Type.String({ description: 'SHA-256 over this entry and the hash of the one signed before it' }),
  },
  closed,
);
export type ReportSignature = Static<typeof ReportSignature>;

export const reworkDenominators = ['handled', 'dispatched', 'closed'] as const;
export type ReworkDenominator = (typeof reworkDenominators)[number];

export const MonthlyReport = Type.Object(
  {
    month: Type.String({ pattern: MONTH_PATTERN }),
    scope: Type.Optional({
      ...UserScope,
      description: 'Figures of these places alone: whoever asked is confined to them; never signed',
    }),
    from: Timestamp,
    to: Timestamp,
    utcOffsetMinutes: Type.Integer(),
    madeAt: Timestamp,
    complete: Type.Boolean({ description: 'The month was over when this was made' }),
    state: Type.Union([Type.Literal('provisional'), Type.Literal('signed')]),
    signature: nullable(ReportSignature),
    digest: Type.String(),
    settings: Type.Object(
      { reworkOf: Type.String(), deferredLeave: Type.Boolean(), assessment: Type.String() },
      closed,
    ),
    figures: MonthFigures,
    missing: Type.Array(Type.Object({ figure: Bilingual, why: Bilingual }, closed), {
      description: 'Fields of the bulletin that the hub cannot know, with the reason',
    }),
    tables: Type.Array(ReportTable),
    rows: Type.Array(
      Type.Object({ kind: Type.String(), state: Type.String(), camera: Type.String(), cases: Count }, closed),
      { description: 'Cases opened in the month as they are now, or were when it was signed' },
    ),
    observations: Type.Array(
      Type.Object(
        { kind: Type.String(), hours: Count, watchedSeconds: Count, statistics: Type.Array(CountedStatistic) },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'MonthlyReport' },
);
export type MonthlyReport = Static<typeof MonthlyReport>;

export const MonthlyQuery = Type.Object(
  {
    month: Type.String({ pattern: MONTH_PATTERN, description: 'Local month, YYYY-MM' }),
    format: Type.Optional(Type.String({ enum: [...reportFormats], default: 'json' })),
    version: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'A signed version; 0 = as known now; unset = the latest signed one, else as known now',
      }),
    ),
    lang: Type.Optional(Type.String({ enum: ['zh', 'en'], default: 'zh', description: 'Of csv, xlsx and pdf' })),
  },
  closed,
);
export type MonthlyQuery = Static<typeof MonthlyQuery>;

export const SignBody = Type.Object(
  {
    month: Type.String({ pattern: MONTH_PATTERN }),
    digest: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the figures that were looked at' }),
    note: Type.Optional(Type.String({ maxLength: 500, description: 'Why; needed from the second version on' })),
  },
  closed,
);
export type SignBody = Static<typeof SignBody>;

export const ReportVersions = Type.Array(ReportSignature, { description: 'Oldest first' });
