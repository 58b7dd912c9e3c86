/** Who is on duty now, by the units' rosters, and which unit a case goes to by default. Pure. */
import type { UnitBody } from '../../../contracts/api/unit.ts';
import { depthHolding, type GridArea } from '../../../contracts/grid.ts';
import type { Calendar, WeeklyWindow } from '../../../contracts/schedule.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import type { ViolationKind } from '../../../contracts/violations/index.ts';
import { localDay, windowSpan } from '../../../contracts/weekly-windows.ts';

/** How far ahead the next shift is looked for, days: longer than any run of holidays. */
const AHEAD_DAYS = 14;

type Span = { readonly start: number; readonly end: number };

/** Spans of these windows that begin on the local days from yesterday to so many days ahead. */
function spansNear(windows: readonly WeeklyWindow[], calendar: Calendar, at: number, ahead: number): Span[] {
  const today = localDay(at, calendar);
  const days = Array.from({ length: ahead + 2 }, (_, i) => today - 1 + i);
  return days.flatMap((day) => windows.flatMap((window) => windowSpan(window, day, calendar) ?? []));
}

/** What the roster says at an instant; instants in ms since the epoch. */
export type Duty = {
  readonly onDuty: boolean;
  readonly shift: string | null;
  readonly contact: string | null;
  readonly until: number | null;
  readonly next: number | null;
};

/**
 * Of several shifts that are on duty, the one that stays longest answers: it is still there when the others go home.
 * @param at ms since the epoch
 */
export function dutyAt({ roster }: Pick<UnitBody, 'roster'>, calendar: Calendar, at: number): Duty {
  const now = roster
    .flatMap((shift) =>
      spansNear(shift.windows, calendar, at, 0)
        .filter(({ start, end }) => at >= start && at < end)
        .map(({ end }) => ({ shift, end })),
    )
    .sort((a, b) => b.end - a.end)[0];
  if (now) {
    const { name, contact = null } = now.shift;
    return { onDuty: true, shift: name, contact, until: now.end, next: null };
  }
  const starts = roster
    .flatMap((shift) => spansNear(shift.windows, calendar, at, AHEAD_DAYS))
    .map(({ start }) => start)
    .filter((start) => start > at);
  const next = starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
  return { onDuty: false, shift: null, contact: null, until: null, next };
}

/** A case as a target is looked for: what it is, and where its camera lies. */
type Wanted = { readonly kind: ViolationKind; readonly area: GridArea | null };

type RankedUnit = {
  readonly unit: UnitBody;
  readonly duty: Duty;
  readonly handlesKind: boolean;
  readonly depth: number;
  readonly suggested: boolean;
};

/**
 * Units in the order in which a dispatcher should see them: who handles the kind here and is on duty comes first, and
 * of those the one whose area is smallest, a unit for this kind before one for every kind. One of them is suggested, or
 * none: where no unit fits, a person chooses.
 */
export function rankUnits(units: readonly UnitBody[], wanted: Wanted, calendar: Calendar, at: number): RankedUnit[] {
  const ranked = units
    .filter(({ disabled }) => disabled !== true)
    .map((unit) => ({
      unit,
      duty: dutyAt(unit, calendar, at),
      handlesKind: unit.handles === undefined || unit.handles.includes(wanted.kind),
      depth: depthHolding(unit.area, wanted.area),
      special: unit.handles !== undefined,
    }))
    .sort(
      (a, b) =>
        Number(b.duty.onDuty) - Number(a.duty.onDuty) ||
        Number(b.handlesKind) - Number(a.handlesKind) ||
        b.depth - a.depth ||
        Number(b.special) - Number(a.special) ||
        (a.unit.id < b.unit.id ? -1 : 1),
    );
  const [first] = ranked;
  const fits = first?.duty.onDuty === true && first.handlesKind && first.depth > 0;
  return ranked.map(({ special: _, ...one }, i) => ({ ...one, suggested: fits && i === 0 }));
}

/**
 * Why a case cannot be dispatched to this unit now; null where it can.
 * @param override reason of a dispatcher who sends it to a unit off duty
 */
export function dispatchObjection(
  unit: UnitBody | null,
  named: string,
  override: string | undefined,
  duty: Duty | null,
): { readonly path: 'unit' | 'override'; readonly why: Bilingual } | null {
  if (unit === null)
    return { path: 'unit', why: { en: `no unit ${named} is registered`, zh: `没有登记的处置单位 ${named}` } };
  if (unit.disabled === true)
    return {
      path: 'unit',
      why: { en: `${unit.name.en} takes no cases any more`, zh: `${unit.name.zh} 已停用，不再接收案件` },
    };
  if (duty?.onDuty === true || override !== undefined) return null;
  return {
    path: 'override',
    why: {
      en: `${unit.name.en} is not on duty now: choose a unit that is, or say why it goes there all the same`,
      zh: `${unit.name.zh} 当前不在岗：请改派在岗单位，或填写仍派往该单位的理由`,
    },
  };
}
