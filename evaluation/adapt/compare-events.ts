/** The shadow run: events of a clip with the present and with the proposed settings, paired; what is left was gained or lost. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import { iou } from '../../edge/geometry/box.ts';

/** What is compared of an event. */
export type ShadowEvent = {
  readonly kind: string;
  readonly zone: string;
  readonly startedAt: string;
  readonly score: number;
  readonly box: BoxXywh | null;
};

export type ShadowDifference = {
  readonly kept: number;
  /** Told with the proposed settings alone. */
  readonly gained: readonly ShadowEvent[];
  /** Told with the present settings alone. */
  readonly lost: readonly ShadowEvent[];
};

/** One thing told a little sooner or later stays one thing. */
const MAX_APART_MS = 10 * 60_000;
const MIN_IOU = 0.3;

function isSame(a: ShadowEvent, b: ShadowEvent): boolean {
  if (a.kind !== b.kind || a.zone !== b.zone) return false;
  if (Math.abs(Date.parse(a.startedAt) - Date.parse(b.startedAt)) > MAX_APART_MS) return false;
  return a.box === null || b.box === null || iou(a.box, b.box) >= MIN_IOU;
}

/** Each event of one side stands for one of the other at most, the first that fits. */
export function compareEvents(present: readonly ShadowEvent[], proposed: readonly ShadowEvent[]): ShadowDifference {
  const free = [...proposed];
  const lost: ShadowEvent[] = [];
  for (const event of present) {
    const at = free.findIndex((other) => isSame(event, other));
    if (at < 0) lost.push(event);
    else free.splice(at, 1);
  }
  return { kept: present.length - lost.length, gained: free, lost };
}
