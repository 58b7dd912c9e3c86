/** What a month's figures are made of: cases that touched the month, their trails, first reports and decisions. */
import { type RawBuilder, sql } from 'kysely';
import { CAMERA_SOURCE } from '../../contracts/api/case-source.ts';
import { violationKinds, violations } from '../../contracts/violations/index.ts';
import type { Db, Store } from './store.ts';

/** Instants as text, [from, to). */
type MonthSpan = { readonly from: string; readonly to: string };

export type ReportCaseRow = {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly camera: string;
  readonly zone: string;
  readonly site: string | null;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly opened_at: string;
  readonly confirmed_at: string | null;
  readonly closed_at: string | null;
  readonly outcome: string | null;
  readonly recurrence_of: string | null;
  readonly proposal: string | number | null;
  /** One word, or several as JSON. */
  readonly reasons: string | null;
  readonly permit: string | null;
  readonly plate: string | null;
  readonly source: string;
  readonly district: string | null;
};

/** A case handled before a limit that ends in the month may be over by then: limits are days, not months. */
const LOOK_BACK_MS = 31 * 86_400_000;

/** Cases that were opened, ended or open in the month, and those that ended shortly before it. */
function touching({ from, to }: MonthSpan): RawBuilder<unknown> {
  const before = new Date(Date.parse(from) - LOOK_BACK_MS).toISOString();
  return sql`
    select id from cases where opened_at >= ${from} and opened_at < ${to}
    union select id from cases where confirmed_at is not null and confirmed_at < ${to} and closed_at is null
    union select id from cases where closed_at >= ${before}
      and (closed_at < ${to} or (confirmed_at is not null and confirmed_at < ${to}))`;
}

/** A field of the detail, by kind where kinds name it differently; `path` leads into it. */
function detailField(
  dialect: Store['dialect'],
  fieldOf: (kind: keyof typeof violations) => string | undefined,
  path: readonly string[] = [],
): RawBuilder<string | null> {
  const branches = violationKinds.flatMap((kind) => {
    const field = fieldOf(kind);
    if (field === undefined) return [];
    const steps = [field, ...path];
    const value =
      dialect === 'sqlite'
        ? sql`json_extract(detail, ${`$.${steps.join('.')}`})`
        : sql`detail::jsonb #>> ${steps}::text[]`;
    return [sql`when ${kind} then ${value}`];
  });
  return branches.length === 0 ? sql<null>`null` : sql<string | null>`case kind ${sql.join(branches, sql` `)} end`;
}

/** Kinds whose zones may hold permits of stalls. */
const holdsPermits = (kind: keyof typeof violations) => 'permits' in violations[kind].geometry.properties;

/** Every case that a month's figures may need, in no order. */
export async function reportCases({ db, dialect }: Store, span: MonthSpan): Promise<ReportCaseRow[]> {
  const reasons = detailField(dialect, (kind) => violations[kind].reasonField);
  const permit = detailField(dialect, (kind) => (holdsPermits(kind) ? 'permit' : undefined));
  const read = detailField(dialect, (kind) => (violations[kind] as { readonly plateField?: string }).plateField, [
    'text',
  ]);
  const proposal = detailField(dialect, () => 'presentSinceStart');
  const { rows } = await sql<ReportCaseRow>`
    select id, kind, state, camera, zone, site, started_at, ended_at, opened_at, confirmed_at, closed_at, outcome,
      recurrence_of, ${proposal} as proposal, ${reasons} as reasons, ${permit} as permit,
      coalesce(plate, ${read}) as plate, source, district
    from cases where id in (${touching(span)})`.execute(db);
  return rows;
}

export type ReportTrailRow = {
  readonly case_id: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly reason: string | null;
  readonly until: string | null;
};

/** Entries that move no case and yet change how it counts. */
const COUNTED_STEPS = ['extend', 'grant-extension', 'appeal', 'answer-appeal'];

/** Steps before the month's end that moved these cases, moved their limit or objected; oldest first within a case. */
export async function reportTrails({ db, dialect }: Store, span: MonthSpan): Promise<ReportTrailRow[]> {
  const field = (name: string) =>
    dialect === 'sqlite' ? sql`json_extract(data, ${`$.${name}`})` : sql`data::jsonb ->> ${name}::text`;
  const { rows } = await sql<ReportTrailRow>`
    select case_id, at, actor, action, from_state, to_state,
      case when action = 'reject' then ${field('reason')} end as reason,
      case when action = 'extend' then ${field('until')} end as until
    from case_history
    where case_id in (${touching(span)}) and at < ${span.to} and from_state is not null
      and (from_state <> to_state or action in (${sql.join(COUNTED_STEPS)}))
    order by case_id, n`.execute(db);
  return rows;
}

/** How events of cameras came in for the first time in [from, to): opening a case, joining one, or as a proposal. */
export async function firstReports(
  db: Db,
  { from, to }: MonthSpan,
): Promise<{ readonly opened: number; readonly joined: number; readonly proposed: number }> {
  const rows = await db
    .selectFrom('case_history')
    .innerJoin('cases', 'cases.id', 'case_history.case_id')
    .select(['action', (eb) => eb.fn.countAll<number>().as('n')])
    .select(sql<number>`case when to_state = 'proposed' then 1 else 0 end`.as('proposed'))
    .where('at', '>=', from)
    .where('at', '<', to)
    // What a report opened is no find of a camera; what then joined it is.
    .where((eb) =>
      eb.or([eb('action', '=', 'sighting'), eb.and([eb('action', '=', 'opened'), eb('source', '=', CAMERA_SOURCE)])]),
    )
    .groupBy(['action', sql`case when to_state = 'proposed' then 1 else 0 end`])
    .execute();
  const count = (action: string, proposed: boolean) =>
    Number(rows.find((row) => row.action === action && Boolean(Number(row.proposed)) === proposed)?.n ?? 0);
  return { opened: count('opened', false), joined: count('sighting', false), proposed: count('opened', true) };
}

/** Decisions taken in [from, to) by person and action, whether or not they still stand. */
export async function decisionsByActor(
  db: Db,
  { from, to }: MonthSpan,
): Promise<{ readonly actor: string; readonly action: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('case_history')
    .select(['actor', 'action', (eb) => eb.fn.countAll<number>().as('n')])
    .where('at', '>=', from)
    .where('at', '<', to)
    .where('action', 'in', ['confirm', 'reject', 'field-check', 'undo'])
    .groupBy(['actor', 'action'])
    .orderBy('actor')
    .execute();
  return rows.map(({ actor, action, n }) => ({ actor, action, count: Number(n) }));
}

/** Notices made in [from, to) and not withdrawn. */
export function reportNotices(db: Db, { from, to }: MonthSpan) {
  return db
    .selectFrom('notices')
    .select(['site', 'state', 'sent_at', 'acknowledged_at', 'correct_by'])
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .where('state', '!=', 'withdrawn')
    .execute();
}
