/**
 * The figures of a month worked out by hand: from the events that were published and the rows of the trails alone, by loops
 * that share nothing with the product.
 */
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Db } from '../../hub/storage/store.ts';
import { cameras, HOUR, MINUTE } from './city.ts';

type Line = {
  at: number;
  actor: string;
  action: string;
  from: string | null;
  to: string;
  data: Record<string, unknown>;
};

const local = (at: number) => new Date(at + 8 * HOUR);
const inOffice = (at: number) => {
  const day = local(at).getUTCDay();
  const hour = local(at).getUTCHours();
  return day >= 1 && day <= 5 && ((hour >= 8 && hour < 12) || (hour >= 14 && hour < 18));
};

/** Working time walked minute by minute; November and December 2026 have no holidays. */
function afterWorkingHours(from: number, hours: number): number {
  let left = hours * HOUR;
  for (let at = from; ; ) {
    const edge = Math.floor(at / MINUTE) * MINUTE + MINUTE;
    if (inOffice(at)) {
      if (left <= edge - at) return at + left;
      left -= edge - at;
    }
    at = edge;
  }
}

export type Story = {
  id: string;
  event: ViolationEvent;
  last: ViolationEvent;
  lines: Line[];
  openedAt: number;
  confirmedAt: number | null;
  end: string;
};

/** Every case as its trail tells it, to the end of what is known. */
export async function stories(db: Db): Promise<Story[]> {
  const events = await db.selectFrom('events').select(['id', 'body', 'case_id', 'started_at', 'at']).execute();
  const bodies = new Map(events.map(({ id, body }) => [id, JSON.parse(body) as ViolationEvent]));
  const rows = await db.selectFrom('case_history').selectAll().orderBy('case_id').orderBy('n').execute();
  const byCase = new Map<string, Line[]>();
  for (const row of rows) {
    const line = {
      ...{ at: Date.parse(row.at), actor: row.actor, action: row.action, from: row.from_state, to: row.to_state },
      data: JSON.parse(row.data) as Record<string, unknown>,
    };
    byCase.set(row.case_id, [...(byCase.get(row.case_id) ?? []), line]);
  }
  return [...byCase].map(([id, lines]) => {
    const members = events.filter((event) => event.case_id === id).sort((a, b) => (a.at < b.at ? -1 : 1));
    const event = bodies.get(String(lines[0]?.data.event)) as ViolationEvent;
    let confirmedAt: number | null = null;
    let latest = 0;
    for (const { at, action, from } of lines) {
      if (action === 'confirm') {
        latest = at;
        confirmedAt ??= at;
      }
      if (action === 'undo' && from === 'filed' && confirmedAt === latest) confirmedAt = null;
    }
    const last = bodies.get(members.at(-1)?.id ?? event.id) ?? event;
    return { id, event, last, lines, openedAt: lines[0]?.at ?? 0, confirmedAt, end: lines.at(-1)?.to ?? '' };
  });
}

export const districtOf = (camera: string) => {
  const known = cameras.find(({ id }) => id === camera);
  return known?.district ?? known?.grid?.slice(0, 6) ?? null;
};

const isProposal = ({ event }: Story) => (event.detail as { presentSinceStart?: boolean }).presentSinceStart === true;
const rate = (count: number, of: number) => ({ count, of, value: of === 0 ? null : count / of });
const nearestRank = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;

/** What a unit owed and did, as far as it was known when the month ended. */
function work(story: Story, to: number) {
  const lines = story.lines.filter(({ at }) => at < to);
  const moved = lines.filter(({ from, to: state }) => from !== null && from !== state);
  const times = (state: string) => moved.filter((line) => line.to === state).map(({ at }) => at);
  const handledAt = times('feedback')[0] ?? Number.POSITIVE_INFINITY;
  const since = times('dispatched')
    .filter((at) => at <= handledAt)
    .at(-1);
  const truck = story.event.kind === 'muck-truck';
  // 占道经营 2 紧急工作时; 未密闭 2 工作日 of 8 hours; a look afterwards 4 工作时.
  const due = since === undefined ? null : truck ? afterWorkingHours(since, 16) : since + 2 * HOUR;
  const state = lines.at(-1)?.to ?? '';
  return {
    ...{ story, due, handledAt, state },
    closeDue: due === null ? null : afterWorkingHours(due, 4),
    dispatched: times('dispatched'),
    returned: times('returned'),
    feedbacks: times('feedback'),
    failed: moved
      .filter(
        ({ from, to: next, action }) =>
          (from === 'inspecting' && next === 'handling') || (action === 'reopen' && from === 'closed'),
      )
      .map(({ at }) => at),
    closedAt: state === 'closed' ? (times('closed').at(-1) ?? null) : null,
  };
}

/** The figures that the bulletin must show for [from, to). */
export function byHand(all: readonly Story[], from: number, to: number) {
  const within = (at: number | null) => at !== null && at >= from && at < to;
  const received = all.filter(
    (s) => within(s.openedAt) && s.end !== 'merged' && !(isProposal(s) && s.confirmedAt === null),
  );
  const judged = all.filter((s) => !isProposal(s));
  const confirmed = judged.filter((s) => within(s.confirmedAt));
  const rejectionOf = (s: Story) => s.lines.filter(({ action }) => action === 'reject').at(-1);
  const rejected = judged.filter(
    (s) => s.end === 'rejected' && s.confirmedAt === null && within(rejectionOf(s)?.at ?? null),
  );
  const spans = [
    ...confirmed.map((s) => (s.confirmedAt as number) - s.openedAt),
    ...rejected.map((s) => (rejectionOf(s)?.at as number) - s.openedAt),
  ].map((ms) => ms / 1000);
  const filed = all.filter((s) => s.confirmedAt !== null && s.confirmedAt < to).map((s) => work(s, to));
  const due = filed.filter((w) => within(w.due) && !['voided', 'merged'].includes(w.state));
  const toClose = filed.filter((w) => within(w.closeDue) && !['voided', 'merged'].includes(w.state));
  const some = (times: number[]) => times.some((at) => within(at));
  const closed = filed.filter((w) => within(w.closedAt));
  const handled = filed.filter((w) => some(w.feedbacks)).length;
  const reworked = filed.filter((w) => some(w.failed)).length;
  const count = <T>(items: readonly T[], key: (item: T) => string | null) => {
    const counts = new Map<string | null, number>();
    for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
    return counts;
  };
  const lines = all.flatMap((s) => s.lines);
  const began = (s: Story) => Math.min(Date.parse(s.event.startedAt), Date.parse(s.last.startedAt));
  const weekHours = Array.from({ length: 7 }, () => new Array<number>(24).fill(0));
  for (const s of received) {
    const at = local(began(s));
    const row = weekHours[(at.getUTCDay() + 6) % 7] as number[];
    row[at.getUTCHours()] = (row[at.getUTCHours()] ?? 0) + 1;
  }
  const back = received.filter((s) => s.lines[0]?.data.recurrenceOf !== undefined);
  return {
    received: received.length,
    byKind: count(received, (s) => s.event.kind),
    byDistrict: count(received, (s) => districtOf(s.event.camera)),
    byStreet: count(received, (s) => cameras.find(({ id }) => id === s.event.camera)?.grid?.slice(0, 9) ?? null),
    nearSensitive: new Map(
      (['heritage', 'school'] as const).map((place) => [
        place,
        received.filter((s) => s.event.camera === (place === 'school' ? 'school' : 'temple')).length,
      ]),
    ),
    recurrences: back.length,
    recurrencePlaces: count(back, (s) => s.event.camera),
    proposals: lines.filter((l) => within(l.at) && l.action === 'opened' && l.to === 'proposed').length,
    joined: lines.filter((l) => within(l.at) && l.action === 'sighting' && l.to !== 'proposed').length,
    reported: lines.filter((l) => within(l.at) && ['opened', 'sighting'].includes(l.action) && l.to !== 'proposed')
      .length,
    confirmed: confirmed.length,
    rejected: rejected.length,
    rejectedByReason: count(rejected, (s) => String(rejectionOf(s)?.data.reason)),
    precision: rate(confirmed.length, confirmed.length + rejected.length),
    median: nearestRank(spans, 0.5),
    p95: nearestRank(spans, 0.95),
    expired: judged.filter((s) => s.end === 'expired' && within(s.lines.at(-1)?.at ?? null)).length,
    voided: judged.filter((s) => s.end === 'voided' && within(s.lines.at(-1)?.at ?? null)).length,
    filed: filed.filter((w) => within(w.story.confirmedAt)).length,
    filingRate: rate(filed.filter((w) => within(w.story.confirmedAt)).length, received.length),
    dispatched: filed.filter((w) => within(w.dispatched[0] ?? null)).length,
    returned: filed.filter((w) => some(w.returned)).length,
    due: due.length,
    handlingRate: rate(due.filter((w) => w.handledAt < to).length, due.length),
    onTimeRate: rate(due.filter((w) => w.handledAt <= (w.due as number)).length, due.length),
    handled,
    reworked,
    reworkRate: rate(reworked, handled),
    outstanding: filed.filter((w) => ['filed', 'dispatched', 'returned', 'handling'].includes(w.state)).length,
    closed: closed.length,
    closingRate: rate(toClose.filter((w) => w.closedAt !== null).length, toClose.length),
    closedOnTimeRate: rate(
      toClose.filter((w) => w.closedAt !== null && w.closedAt <= (w.closeDue as number)).length,
      toClose.length,
    ),
    outcomes: (['service', 'management', 'enforcement'] as const).map((outcome) =>
      rate(
        closed.filter((w) => w.story.lines.filter(({ action }) => action === 'close').at(-1)?.data.outcome === outcome)
          .length,
        closed.length,
      ),
    ),
    weekHours,
    precisionBy: new Map(
      [...count([...confirmed, ...rejected], (s) => `${s.event.camera} ${s.event.kind}`)].map(([key, of]) => [
        key,
        rate(confirmed.filter((s) => `${s.event.camera} ${s.event.kind}` === key).length, of),
      ]),
    ),
    load: count(
      lines.filter((l) => within(l.at) && ['confirm', 'reject', 'field-check', 'undo'].includes(l.action)),
      (l) => `${l.actor} ${l.action}`,
    ),
    filedByDistrict: count(
      filed.filter((w) => within(w.story.confirmedAt)),
      (w) => districtOf(w.story.event.camera),
    ),
    handledByDistrict: count(
      filed.filter((w) => some(w.feedbacks)),
      (w) => districtOf(w.story.event.camera),
    ),
    days: count(received, (s) => local(s.openedAt).toISOString().slice(0, 10)),
  };
}
