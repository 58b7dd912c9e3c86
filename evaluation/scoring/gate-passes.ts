/** Trucks that went through a gate: which there were (from the true boxes), and what the line made of each. */
import type { BoxXywh, Point, Segment } from '../../contracts/geometry.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Observation } from '../../edge/domain/rule.ts';
import { footPoint, iou } from '../../edge/geometry/box.ts';
import { greedyPairs } from '../../edge/geometry/greedy-pairs.ts';
import { crossing } from '../../edge/geometry/polygon.ts';
import type { BedPair, BedState } from '../metrics/confusion.ts';
import type { Truth, TruthFrame } from '../truth/truth.ts';
import { MIN_VISIBLE } from './box-score.ts';
import type { MatchOutcome } from './event-match.ts';

type GateZone = Extract<ZoneConfig, { readonly gateLine: Segment }>;
type GateObservation = Extract<Observation, { readonly kind: GateZone['kind'] }>;

/** Violations whose unit is one pass through a gate: their zones have a gate line. */
export const isOfGate = (kind: ViolationKind): boolean => 'gateLine' in violations[kind].geometry.properties;
type TrueObject = TruthFrame['objects'][number];

/** One truck through one gate; `at` is the second of the clip in which its foot point crossed the line. */
export type GatePass = {
  readonly zone: string;
  readonly direction: 'outbound' | 'inbound';
  readonly at: number;
  readonly bed: BedState;
};

/** A truck is followed from frame to frame by its box; it may be out of sight for so many seconds. */
const LINK_SECONDS = 1.5;
const LINK_IOU = 0.1;
/** The line is drawn from post to post, and the middle of a box may pass beside them. */
const OVERHANG = 0.25;
/** Frames that must show a state before the pass counts as one whose bed can be seen (the rule's `minBedFrames`). */
const BED_FRAMES = 3;
/** A pass that was seen and a pass that was are the same within this time. */
const SAME_SECONDS = 8;

type Sight = { readonly t: number; readonly object: TrueObject };
type Chain = { readonly sights: Sight[] };

const known = (word: string | undefined): string | null => (word === undefined || word === 'unknown' ? null : word);

/** Two states that cannot be of one truck. */
function contradict(a: TrueObject, b: TrueObject): boolean {
  const differ = (x: string | null, y: string | null) => x !== null && y !== null && x !== y;
  return differ(known(a.load), known(b.load)) || differ(known(a.cover), known(b.cover));
}

function chainsOf(frames: readonly TruthFrame[]): Chain[] {
  const chains: Chain[] = [];
  for (const { t, objects } of frames) {
    const trucks = objects.filter((object) => object.class === 'muck_truck');
    const pairs = trucks
      .flatMap((object) =>
        chains.map((chain) => {
          const last = chain.sights.at(-1) as Sight;
          const stated = [...chain.sights]
            .reverse()
            .find((sight) => known(sight.object.load) ?? known(sight.object.cover));
          const possible = t - last.t <= LINK_SECONDS && t > last.t && !contradict((stated ?? last).object, object);
          return { known: chain, seen: object, overlap: possible ? iou(last.object.box, object.box) : 0 };
        }),
      )
      .filter(({ overlap }) => overlap >= LINK_IOU)
      .sort((a, b) => b.overlap - a.overlap);
    const linked = greedyPairs(pairs);
    for (const [chain, object] of linked) chain.sights.push({ t, object });
    const followed = new Set(linked.values());
    for (const object of trucks) if (!followed.has(object)) chains.push({ sights: [{ t, object }] });
  }
  return chains;
}

function longer([a, b]: readonly [Point, Point]): readonly [Point, Point] {
  const [dx, dy] = [(b[0] - a[0]) * OVERHANG, (b[1] - a[1]) * OVERHANG];
  return [
    [a[0] - dx, a[1] - dy],
    [b[0] + dx, b[1] + dy],
  ];
}

/** The state in most of the frames in which it can be seen; `unknown` where too few agree. */
function stateOf(chain: Chain, part: 'load' | 'cover'): string {
  const counts = new Map<string, number>();
  for (const { object } of chain.sights) {
    const word = object.visible >= MIN_VISIBLE ? known(object[part]) : null;
    if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best && best[1] >= BED_FRAMES ? best[0] : 'unknown';
}

/** A truck that trembles on the line crosses it often; what counts is whether it ended on the other side. */
function passOf(chain: Chain, zone: GateZone): GatePass | null {
  const line = longer(zone.gateLine);
  let net = 0;
  let at = 0;
  for (let i = 1; i < chain.sights.length; i++) {
    const [before, now] = [chain.sights[i - 1] as Sight, chain.sights[i] as Sight];
    const way = crossing(footPoint(before.object.box), footPoint(now.object.box), line, zone.inside);
    if (way === null) continue;
    net += way === 'outbound' ? 1 : -1;
    at = now.t;
  }
  if (net === 0) return null;
  const bed = { load: stateOf(chain, 'load'), cover: stateOf(chain, 'cover') };
  return { zone: zone.id, direction: net > 0 ? 'outbound' : 'inbound', at, bed };
}

const gatesOf = (truth: Truth): GateZone[] =>
  truth.camera.zones.filter((zone): zone is GateZone => isOfGate(zone.kind));

/** Load and cover of a violation's detail, where it has them. */
function statedBed(detail: Readonly<Record<string, unknown>> | undefined): BedState {
  const word = (value: unknown) => (typeof value === 'string' ? value : 'unknown');
  return { load: word(detail?.load), cover: word(detail?.cover) };
}

/**
 * Passes that there were: from the true boxes; where a violation of the truth tells a truck's state, that is it. A
 * violation without a pass among the boxes (no boxes file) is one by itself.
 */
export function truePasses(truth: Truth, frames: readonly TruthFrame[]): GatePass[] {
  const passes = gatesOf(truth).flatMap((zone) => chainsOf(frames).flatMap((chain) => passOf(chain, zone) ?? []));
  const stated = truth.violations.filter(({ kind, detail }) => isOfGate(kind) && typeof detail?.load === 'string');
  for (const { zone, from, dueAt, detail } of stated) {
    const direction = detail?.direction === 'inbound' ? 'inbound' : 'outbound';
    const own = passes
      .filter(
        (pass) => pass.zone === zone && pass.direction === direction && pass.at >= from - 1 && pass.at <= dueAt + 1,
      )
      .sort((a, b) => a.at - b.at)[0];
    if (own) passes[passes.indexOf(own)] = { ...own, bed: statedBed(detail) };
    else passes.push({ zone, direction, at: (from + dueAt) / 2, bed: statedBed(detail) });
  }
  return passes.sort((a, b) => a.at - b.at);
}

/** What a rule of the line observed in a zone. */
export type SeenObservation = { readonly zone: string; readonly observation: Observation };

/** Passes as the line observed them, with a finding or without. @param startAt the clip's first instant, ms */
export function seenPasses(observations: readonly SeenObservation[], startAt: number): GatePass[] {
  return observations.flatMap(({ zone, observation }) => {
    if (!isOfGate(observation.kind)) return [];
    const { direction, load, cover } = (observation as GateObservation).observed;
    return { zone, direction, at: (observation.at - startAt) / 1000, bed: { load, cover } };
  });
}

const UNKNOWN: BedState = { load: 'unknown', cover: 'unknown' };

/**
 * Each true pass beside what was reported of it: by its event where there is one, else by the votes of the pass that was
 * seen in the same direction at the same time; a truck that nobody saw is `unknown`.
 */
export function pairPasses(
  passes: readonly GatePass[],
  seen: readonly GatePass[],
  outcomes: readonly MatchOutcome[],
): { readonly pass: GatePass; readonly said: BedState }[] {
  const free = new Set(seen);
  const events = outcomes.filter((outcome) => outcome.verdict === 'found' && isOfGate(outcome.kind));
  return passes.map((pass) => {
    const own = [...free]
      .filter(({ zone, direction }) => zone === pass.zone && direction === pass.direction)
      .sort((a, b) => Math.abs(a.at - pass.at) - Math.abs(b.at - pass.at))[0];
    const close = own && Math.abs(own.at - pass.at) <= SAME_SECONDS ? own : undefined;
    if (close) free.delete(close);
    const event = events.find((outcome) => outcome.verdict === 'found' && isOf(outcome, pass));
    const said = event?.verdict === 'found' ? statedBed(event.seen.detail) : (close?.bed ?? UNKNOWN);
    return { pass, said };
  });
}

function isOf(outcome: MatchOutcome & { readonly verdict: 'found' }, pass: GatePass): boolean {
  const { truth, seen } = outcome;
  const direction = seen.detail?.direction ?? 'outbound';
  return (
    truth.zone === pass.zone && direction === pass.direction && pass.at >= truth.from - 1 && pass.at <= truth.dueAt + 1
  );
}

type BedObject = { readonly class: string; readonly box: BoxXywh } & Partial<BedState>;

/** True beds of one frame beside what was detected of them: best boxes first, each takes the truck it overlaps most. */
export function pairBeds(
  frame: { readonly objects: readonly BedObject[] },
  detections: readonly Detection[],
): BedPair[] {
  const free = new Set(frame.objects.filter((object) => object.class === 'muck_truck'));
  const trucks = detections.filter(({ concept }) => concept === 'muck_truck').sort((a, b) => b.score - a.score);
  return trucks.flatMap(({ box, load, cover }): BedPair[] => {
    const [best] = [...free].sort((a, b) => iou(b.box, box) - iou(a.box, box));
    if (!best || iou(best.box, box) < 0.5) return [];
    free.delete(best);
    const truth = { load: best.load ?? 'unknown', cover: best.cover ?? 'unknown' };
    return [{ truth, said: { load: load ?? 'unknown', cover: cover ?? 'unknown' } }];
  });
}
