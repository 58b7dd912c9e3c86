/** A detector with the faults of real ones, for the rules' tests: it misses, jitters, doubles and sees ghosts. Seeded. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { GroundPlane } from '../../contracts/ground-plane.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { Concept, Detection } from '../../edge/domain/detection.ts';
import type { Finding, Observation, Rule, RuleContext, SlotUpdate } from '../../edge/domain/rule.ts';
import type { Scene } from '../../edge/domain/scene.ts';
import { initTracker, stepTracker } from '../../edge/tracker/index.ts';

/** Seen from straight above: the frame is 16 m wide and 9 m high, so that metres can be told in the head. */
export const seenFromAbove: GroundPlane = {
  points: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  sidesM: [16, 9, 16, 9],
  diagonalM: Math.hypot(16, 9),
};

/** Something in the world: its true box at a second of the clip, null while it is not there. */
export type Actor = { readonly concept: Concept; readonly boxAt: (second: number) => BoxXywh | null };

export type Noise = {
  readonly recall: number;
  /** Standard deviation of each side of a box, as a share of the box's size. */
  readonly jitter: number;
  /** Chance of a second box over a thing, and of a box over nothing, in a frame. */
  readonly doubles: number;
  readonly ghosts: number;
};
export const perfect: Noise = { recall: 1, jitter: 0, doubles: 0, ghosts: 0 };
export const poor: Noise = { recall: 0.8, jitter: 0.04, doubles: 0.05, ghosts: 0.05 };

/** mulberry32: small, seeded, good enough to draw faults with. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function jittered([x, y, w, h]: BoxXywh, jitter: number, random: () => number): BoxXywh {
  const off = (size: number) => jitter * size * normal(random);
  return [x + off(w), y + off(h), Math.max(0.2 * w, w + off(w)), Math.max(0.2 * h, h + off(h))];
}

function look(actors: readonly Actor[], second: number, noise: Noise, random: () => number): Detection[] {
  const seen: Detection[] = [];
  const add = (concept: Concept, box: BoxXywh, score: number) => seen.push({ concept, label: concept, score, box });
  for (const { concept, boxAt } of actors) {
    const box = boxAt(second);
    if (box === null || random() >= noise.recall) continue;
    add(concept, jittered(box, noise.jitter, random), 0.55 + 0.4 * random());
    if (random() < noise.doubles) add(concept, jittered(box, 2 * noise.jitter, random), 0.5);
  }
  if (random() < noise.ghosts) {
    const concept = actors[Math.floor(random() * actors.length)]?.concept ?? 'stall';
    add(concept, [random() * 0.8, 0.3 + random() * 0.4, 0.06 + 0.08 * random(), 0.1 + 0.15 * random()], 0.6);
  }
  return seen;
}

export type Play<S> = {
  readonly seconds: number;
  readonly fps?: number;
  readonly startAt?: number;
  readonly noise?: Noise;
  readonly seed?: number;
  readonly aspect?: number;
  /** What happens to the state between two steps, e.g. save and restore. */
  readonly between?: (state: S, frame: number) => S;
  /** What happens to a scene on its way to the rule; null = it never comes. */
  readonly scene?: (scene: Scene, second: number) => Scene | null;
};
export type Played<K extends ViolationKind> = {
  readonly findings: readonly Finding<K>[];
  readonly observations: readonly Observation<K>[];
  readonly slots: readonly { readonly at: number; readonly update: SlotUpdate }[];
  /** Processor time of one step, ms, the mean of all: other programs that want the machine do not count. */
  readonly stepMs: number;
};

function scenesOf<S>(actors: readonly Actor[], options: Play<S>): { readonly scene: Scene; readonly frame: number }[] {
  const { seconds, fps = 5, startAt = 0, noise = perfect, seed = 1, aspect = 16 / 9 } = options;
  const random = randomOf(seed);
  let tracker = initTracker();
  const scenes: { scene: Scene; frame: number }[] = [];
  for (let frame = 0; frame <= seconds * fps; frame++) {
    const second = frame / fps;
    const at = startAt + Math.round(second * 1000);
    const tracked = stepTracker(tracker, look(actors, second, noise, random), at);
    tracker = tracked.state;
    const plain: Scene = { at, tracks: tracked.tracks, view: 'watched', viewReasons: [], aspect };
    const scene = options.scene ? options.scene(plain, second) : plain;
    if (scene) scenes.push({ scene, frame });
  }
  return scenes;
}

/** Actors through a poor detector, the tracker and one rule. */
export function playRule<K extends ViolationKind, S>(
  rule: Rule<K, S>,
  context: RuleContext<K>,
  actors: readonly Actor[],
  options: Play<S>,
): Played<K> {
  const scenes = scenesOf(actors, options);
  let state = rule.init();
  const findings: Finding<K>[] = [];
  const observations: Observation<K>[] = [];
  const slots: { at: number; update: SlotUpdate }[] = [];
  const before = process.cpuUsage();
  for (const { scene, frame } of scenes) {
    if (options.between) state = options.between(state, frame);
    const step = rule.step(state, scene, context);
    state = step.state;
    findings.push(...step.findings);
    observations.push(...step.observations);
    for (const update of step.slots) slots.push({ at: scene.at, update });
  }
  const used = process.cpuUsage(before);
  return { findings, observations, slots, stepMs: (used.user + used.system) / 1000 / Math.max(1, scenes.length) };
}
