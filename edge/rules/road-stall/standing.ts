/**
 * Things that look like a stall and have stood since the first look: counted, and proposed as fixtures after a time, once.
 * A person says at the hub what they are (decision 32).
 */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Finding, RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { iou, mixBoxes } from '../../geometry/box.ts';
import { isReplaced } from './arrival.ts';
import { proposalOf } from './finding.ts';
import type { Permission } from './permission.ts';
import type { Place } from './place.ts';
import { BOX_GAIN, MAX_STANDING_THINGS, MIN_STANDING_IOU, STANDING_MEMORY_MS } from './tuning.ts';

type Context = RuleContext<'road-stall'>;

/** By spot and not by place: a place ends when its thing is not seen for a while, at night for example. */
export type StandingThing = {
  readonly box: BoxXywh;
  /** First and last sight, ms. */
  readonly since: number;
  readonly seenAt: number;
  readonly proposed: boolean;
};

export type StandingStep = {
  readonly things: readonly StandingThing[];
  readonly findings: readonly Finding<'road-stall'>[];
};

/** What is known of standing things after a look at the places of now; once a minute is often enough. */
export function rememberStanding(
  known: readonly StandingThing[],
  places: readonly Place[],
  scene: Scene,
  context: Context,
  permission: Permission,
): StandingStep {
  const { at } = scene;
  const waitMs = context.params.standingHours * 3_600_000;
  const findings: Finding<'road-stall'>[] = [];
  const things = known.filter(({ seenAt }) => at - seenAt <= STANDING_MEMORY_MS);
  for (const place of places) {
    if (place.arrival !== 'standing' || place.seenAt !== at) continue;
    const index = things.findIndex(({ box }) => iou(box, place.box) >= MIN_STANDING_IOU);
    const thing = things[index] ?? { box: place.box, since: place.since, seenAt: at, proposed: false };
    const due = !thing.proposed && at - thing.since >= waitMs;
    if (due) findings.push(proposalOf(place, thing.since, context, permission, scene));
    const next = {
      ...thing,
      box: mixBoxes(thing.box, place.box, BOX_GAIN),
      seenAt: at,
      proposed: thing.proposed || due,
    };
    if (index >= 0) things[index] = next;
    else if (things.length < MAX_STANDING_THINGS) things.push(next);
  }
  return { things, findings };
}

/** Something else stands now where a standing thing was: its dwell begins, and whether it arrived is asked anew. */
export function renewReplaced(place: Place, scene: Scene): Place {
  if (!isReplaced(place, scene)) return place;
  const forbiddenSince = place.forbiddenSince === null ? null : scene.at;
  return {
    ...place,
    firstAt: scene.at,
    since: scene.at,
    forbiddenSince,
    ...{ presentMs: 0, forbiddenMs: 0, attendedMs: 0, unknownMs: 0, unseenMs: 0, hits: 1, looks: 1 },
    arrival: null,
    standingFrom: null,
  };
}
