/** How long a truck stood in the wash box before it left: surely, and at most. */
import type { Point } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { smoothingGain } from '../../geometry/numbers.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import { homeward } from './gate-line.ts';
import { WASH_BLINK_MS, WASH_SLACK_MS, WASH_SMOOTH_S } from './tuning.ts';

type Context = RuleContext<'muck-truck'>;
export type Wash = {
  /** Smoothed foot: a truck by the box's edge must not flicker in and out. */
  readonly foot: Point;
  readonly inBox: boolean;
  readonly sureMs: number;
  /** Unseen, or seen by nobody: it may have stood in the box then. */
  readonly maybeMs: number;
  /** First seen in the box or nearer to the gate than the box: nobody knows how long it had been washed. */
  readonly late: boolean;
};

/** The wash of a truck at its first sight: what was before it is unknown where the truck is at the box or beyond. */
export function beginWash(foot: Point, context: Context, aspect: number): Wash {
  const { washBox } = context.zone;
  const inBox = washBox !== undefined && inPolygon(foot, washBox);
  const near = washBox ? Math.min(...washBox.map((corner) => homeward(corner, context, aspect))) : 0;
  return { foot, inBox, sureMs: 0, maybeMs: 0, late: inBox || homeward(foot, context, aspect) < near };
}

/** `certain`: the time since the last sight was watched. */
export function followWash(before: Wash, foot: Point, ms: number, certain: boolean, context: Context): Wash {
  const { washBox } = context.zone;
  if (!washBox) return before;
  const gain = smoothingGain(Math.max(1, ms), WASH_SMOOTH_S);
  const mix = (from: number, to: number) => from + gain * (to - from);
  const smooth: Point = [mix(before.foot[0], foot[0]), mix(before.foot[1], foot[1])];
  const inBox = inPolygon(smooth, washBox);
  const add = (sure: number, maybe: number): Wash => ({
    ...before,
    ...{ foot: smooth, inBox, sureMs: before.sureMs + sure, maybeMs: before.maybeMs + maybe },
  });
  if (!certain) return add(0, ms);
  if (before.inBox && inBox) return add(ms, 0);
  if (before.inBox || inBox) return ms <= WASH_BLINK_MS ? add(ms / 2, 0) : add(0, ms);
  return add(0, ms <= WASH_BLINK_MS ? 0 : ms);
}

/** Surely less than was asked for. */
export function isUnwashed(wash: Wash, context: Context): boolean {
  if (!context.zone.washBox || wash.late) return false;
  return wash.sureMs + wash.maybeMs + WASH_SLACK_MS < context.params.washSeconds * 1000;
}

/** Seconds in the box; null where no box is drawn, or where nobody knows. */
export function washSeconds(wash: Wash, context: Context): number | null {
  if (!context.zone.washBox) return null;
  const known = isUnwashed(wash, context) || wash.sureMs + WASH_SLACK_MS >= context.params.washSeconds * 1000;
  return known ? Math.round(wash.sureMs / 100) / 10 : null;
}
