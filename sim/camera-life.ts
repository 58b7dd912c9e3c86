/** What one camera tells from a moment on, for ever: beginnings, news and ends of violations, by seed alone. Pure. */
import { GENESIS } from '../contracts/event.ts';
import type { EvidenceRef } from '../contracts/evidence.ts';
import { violations } from '../contracts/violations/index.ts';
import type { EventDraft } from '../edge/outbox/append.ts';
import { eventId } from '../platform/event-id.ts';
import type { SimCamera } from './fleet.ts';
import { createRandom } from './random.ts';
import { nextBeginning, type Rhythm, rhythms } from './rhythm.ts';

/** A message to come: `stills` are to be made and named in its evidence. */
export type Telling = {
  /** ms since the epoch, of the simulated day. */
  readonly at: number;
  readonly draft: Omit<EventDraft, 'evidence'>;
  readonly stills: readonly EvidenceRef['role'][];
};

const MINUTE_MS = 60_000;
/** A node sends what has changed so often while a violation goes on. */
const NEWS_MS = 20 * MINUTE_MS;
const CENTRE = { lon: 118.6, lat: 24.9 } as const;

const iso = (ms: number) => new Date(ms).toISOString();
const share = (random: () => number, digits = 3) => Number(random().toFixed(digits));

function between(random: () => number, [least, most]: readonly [number, number]): number {
  return least + random() * (most - least);
}

type One = {
  readonly camera: SimCamera;
  readonly rhythm: Rhythm;
  readonly startedAt: number;
  readonly score: number;
  readonly box: [number, number, number, number];
  readonly location: { readonly lon: number; readonly lat: number };
};

function draftOf({ camera, rhythm, startedAt, ...one }: One, at: number, phase: 'start' | 'update' | 'end') {
  const { kind } = rhythm;
  const zone = `zone-${kind}`;
  return {
    ...{ id: eventId(camera.node, camera.id, zone, kind, iso(startedAt)), camera: camera.id, zone, kind, phase },
    ...{ startedAt: iso(startedAt), at: iso(at), endedAt: phase === 'end' ? iso(at) : null, score: one.score },
    objects: [{ track: 1, class: kind, score: one.score, box: one.box }],
    ...{ detail: violations[kind].sample.detail, location: one.location },
    ...{ model: { name: 'sim', version: '1', sha256: GENESIS }, rule: { version: '1', params: GENESIS } },
    clock: { offsetMs: 0, source: 'ntp' },
  } as unknown as Telling['draft'];
}

function* tellOne(one: One, random: () => number): Generator<Telling> {
  const { rhythm, startedAt } = one;
  const order = violations[rhythm.kind].stillOrder;
  const [first = 'during', second = 'after'] = order;
  // A pass through a gate is told once, when it is over.
  if (rhythm.lasts[1] === 0) {
    yield { at: startedAt, draft: draftOf(one, startedAt, 'end'), stills: [first, second] };
    return;
  }
  yield { at: startedAt, draft: draftOf(one, startedAt, 'start'), stills: [first] };
  const end = startedAt + Math.round(between(random, rhythm.lasts) * MINUTE_MS);
  for (let at = startedAt + NEWS_MS; at < end; at += NEWS_MS)
    yield { at, draft: draftOf(one, at, 'update'), stills: [] };
  yield { at: end, draft: draftOf(one, end, 'end'), stills: [second] };
}

/** Of one kind of violation, one after the other. */
function* tellOf(camera: SimCamera, rhythm: Rhythm, seed: string, from: number): Generator<Telling> {
  const random = createRandom(`${seed} ${camera.id} ${rhythm.kind}`);
  const location = { lon: CENTRE.lon + share(random, 4) / 10, lat: CENTRE.lat + share(random, 4) / 10 };
  for (let at = from; ; ) {
    const startedAt = nextBeginning(rhythm, at, random);
    const box: One['box'] = [share(random) * 0.7, share(random) * 0.7, 0.1, 0.2];
    at = startedAt;
    for (const telling of tellOne(
      { camera, rhythm, startedAt, score: 0.5 + share(random) / 2, box, location },
      random,
    )) {
      yield telling;
      ({ at } = telling);
    }
  }
}

/**
 * Everything that a camera tells, in the order of its times.
 * @param from ms since the epoch; the same seed and moment give the same messages
 */
export function* lifeOf(camera: SimCamera, seed: string, from: number): Generator<Telling> {
  const lives = rhythms[camera.kind].map((rhythm) => tellOf(camera, rhythm, seed, from));
  const next = lives.map((life) => life.next().value as Telling);
  for (;;) {
    const first = next.reduce((best, telling, i) => (telling.at < (next[best]?.at ?? 0) ? i : best), 0);
    yield next[first] as Telling;
    next[first] = lives[first]?.next().value as Telling;
  }
}
