/**
 * Inferences that wait for a thread: urgent cameras first, so that under overload slow rules wait; but no camera
 * longer than its revisit time, as long as that much (Σ service time / revisit time) is at most half of what the
 * threads can do. Those on regions go last and are dropped once they would come too late. Pure: time is an argument, ms.
 */
import type { InferenceRequest, InferenceUrgency, InferenceWaits } from '../domain/inference-request.ts';
import { createInferenceWaits } from './inference-waits.ts';

type Waiting<T> = {
  readonly item: T;
  readonly request: InferenceRequest | null;
  readonly askedAt: number;
  /** Should have begun by then. */
  readonly deadline: number;
  /** Must begin by then, to be sure of the camera's revisit time. */
  readonly due: number;
};

/** Without a request (a tool's, a replay's) they come in the order of their asking. */
const DEFAULT_URGENCY: InferenceUrgency = { startWithinMs: 2000, revisitMs: 10_000 };
/**
 * Inferences that will be asked for in the meantime come before some that wait already: the rest of the time is theirs. At
 * 0.7 the demand of half the threads' time becomes 0.71 of it, and three fleets in a thousand were late; from 0.76 to
 * 0.84 none of thousands was.
 */
const OWN_SHARE = 0.8;
const MAX_RESERVED = 0.75;
/** What an inference takes until the first was measured, ms. */
const FIRST_GUESS_MS = 10;
const GAIN = 0.1;

const urgencyOf = <T>({ request }: Waiting<T>): number => (request ?? DEFAULT_URGENCY).startWithinMs;

/** The whole picture, or one of its far regions. */
export type PicturePart = 'whole' | 'region';

export type InferenceQueue<T> = {
  /** False when this camera has one of this kind waiting already. */
  readonly add: (item: T, request: InferenceRequest | null, part: PicturePart, now: number) => boolean;
  /** The inference to begin now; null only when none waits. */
  readonly next: (now: number) => T | null;
  /** Those on regions for which it is too late: they are no longer in the queue. */
  readonly tooLate: (now: number) => T[];
  /** An inference has ended that took so long, ms. */
  readonly took: (ms: number, now: number) => void;
  readonly size: () => number;
  readonly waits: (camera: string, now: number) => InferenceWaits;
  /** Share of the threads' time that inferences took within about the last minute, 0..1. */
  readonly load: (now: number) => number;
  /** Takes out everything. */
  readonly drain: () => T[];
};

/** @param options.threads inferences that run beside each other */
export function createInferenceQueue<T>(options: { readonly threads: number }): InferenceQueue<T> {
  /** By `due`, the first first. */
  const whole: Waiting<T>[] = [];
  const regions: Waiting<T>[] = [];
  const lastBegun = new Map<string, number>();
  const waits = createInferenceWaits();
  /** Σ 1 / revisit time of all cameras. */
  let inferencesPerMs = 0;
  let serviceMs = FIRST_GUESS_MS;

  function insert(entry: Waiting<T>): void {
    let at = whole.length;
    while (at > 0 && (whole[at - 1] as Waiting<T>).due > entry.due) at--;
    whole.splice(at, 0, entry);
  }

  /**
   * The first that would miss its moment if one more came before it. Those before it can spare that much, so it
   * is taken out of turn; -1 when nobody is pressed. Inferences that are not asked for yet, but will be due in between,
   * take their part of the time.
   */
  function firstPressed(now: number): number {
    const part = Math.min(MAX_RESERVED, (inferencesPerMs * serviceMs) / options.threads);
    const stepMs = serviceMs / options.threads / (1 - part);
    return whole.findIndex(({ due }, before) => now + (before + 1) * stepMs > due);
  }

  /** The most urgent kind of camera, and of these the one that asked first. */
  function mostUrgent(): number {
    let best = 0;
    for (let i = 1; i < whole.length; i++) {
      const [one, other] = [whole[i] as Waiting<T>, whole[best] as Waiting<T>];
      const sooner = urgencyOf(one) - urgencyOf(other) || one.askedAt - other.askedAt;
      if (sooner < 0) best = i;
    }
    return best;
  }

  function begin({ item, request, askedAt, deadline }: Waiting<T>, now: number): T {
    if (request) {
      if (!lastBegun.has(request.camera)) inferencesPerMs += 1 / request.revisitMs;
      lastBegun.set(request.camera, now);
      waits.began(request.camera, now - askedAt, now > deadline, now);
    }
    return item;
  }

  return {
    add(item, request, part, now) {
      const list = part === 'region' ? regions : whole;
      if (request && list.some((entry) => entry.request?.camera === request.camera)) return false;
      const { startWithinMs, revisitMs } = request ?? DEFAULT_URGENCY;
      const deadline = now + startWithinMs;
      const last = (request && lastBegun.get(request.camera)) ?? now;
      // Who did not ask for long, because nothing changed, was not kept waiting.
      const due = OWN_SHARE * revisitMs + Math.max(last, now - (OWN_SHARE * revisitMs) / 2);
      const entry = { item, request, askedAt: now, deadline, due };
      if (part === 'region') regions.push(entry);
      else insert(entry);
      return true;
    },
    next(now) {
      if (whole.length === 0) return regions.shift()?.item ?? null;
      const pressed = firstPressed(now);
      return begin(whole.splice(pressed < 0 ? mostUrgent() : pressed, 1)[0] as Waiting<T>, now);
    },
    tooLate(now) {
      if (regions.length === 0) return [];
      const late = regions.filter((entry) => entry.request !== null && now > entry.deadline);
      for (const entry of late) regions.splice(regions.indexOf(entry), 1);
      return late.map(({ item }) => item);
    },
    took(ms, now) {
      waits.took(ms, now);
      serviceMs += GAIN * (ms - serviceMs);
    },
    size: () => whole.length + regions.length,
    waits: waits.read,
    load: (now) => Math.min(1, waits.load(now) / options.threads),
    drain: () => [...whole.splice(0), ...regions.splice(0)].map(({ item }) => item),
  };
}
