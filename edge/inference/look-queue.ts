/**
 * Looks that wait for a thread: urgent cameras first, so that under overload slow rules wait; but no camera longer
 * than its revisit time, as long as that much (Σ service time / revisit time) is at most half of what the threads can
 * do. Looks at far zones go last and are given up once they would come too late. Pure: time is an argument, ms.
 */
import type { LookOrder, LookWaits } from '../domain/look-order.ts';
import { createLookWaits } from './look-waits.ts';

type Waiting<T> = {
  readonly item: T;
  readonly order: LookOrder | null;
  readonly askedAt: number;
  /** Should have begun by then. */
  readonly deadline: number;
  /** Must begin by then, to be sure of the camera's revisit time. */
  readonly due: number;
};

/** Looks without an order (a tool's, a replay's) come in the order of their asking. */
const NO_ORDER: Omit<LookOrder, 'camera'> = { lookMs: 2000, revisitMs: 10_000 };
/**
 * Looks that will be asked for in the meantime come before some that wait already: the rest of the time is theirs. At
 * 0.7 the demand of half the threads' time becomes 0.71 of it, and three fleets in a thousand were late; from 0.76 to
 * 0.84 none of thousands was.
 */
const OWN_SHARE = 0.8;
const MOST_RESERVED = 0.75;
/** What a look takes until the first was measured, ms. */
const FIRST_GUESS_MS = 10;
const GAIN = 0.1;

const urgencyOf = <T>({ order }: Waiting<T>): number => (order ?? NO_ORDER).lookMs;

export type LookQueue<T> = {
  /** False when this camera has a look of this kind waiting already. */
  readonly add: (item: T, order: LookOrder | null, kind: 'whole' | 'far', now: number) => boolean;
  /** The look to begin now; null only when none waits. */
  readonly next: (now: number) => T | null;
  /** Looks at far zones for which it is too late: they are no longer in the queue. */
  readonly tooLate: (now: number) => T[];
  /** A look has ended that took so long, ms. */
  readonly took: (ms: number, now: number) => void;
  readonly size: () => number;
  readonly waits: (camera: string, now: number) => LookWaits;
  /** Share of the threads' time that looks took within about the last minute, 0..1. */
  readonly load: (now: number) => number;
  /** Takes out everything. */
  readonly drain: () => T[];
};

export function createLookQueue<T>(options: { readonly threads: number }): LookQueue<T> {
  /** By `due`, the first first. */
  const whole: Waiting<T>[] = [];
  const far: Waiting<T>[] = [];
  const lastLook = new Map<string, number>();
  const waits = createLookWaits();
  /** Σ 1 / revisit time of all cameras. */
  let looksPerMs = 0;
  let serviceMs = FIRST_GUESS_MS;

  function insert(entry: Waiting<T>): void {
    let at = whole.length;
    while (at > 0 && (whole[at - 1] as Waiting<T>).due > entry.due) at--;
    whole.splice(at, 0, entry);
  }

  /**
   * The first that would miss its moment if one more look came before it. Those before it can spare that much, so it
   * is taken out of turn; -1 when nobody is pressed. Looks that are not asked for yet, but will be due in between, take
   * their part of the time.
   */
  function firstPressed(now: number): number {
    const part = Math.min(MOST_RESERVED, (looksPerMs * serviceMs) / options.threads);
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

  function begin({ item, order, askedAt, deadline }: Waiting<T>, now: number): T {
    if (order) {
      if (!lastLook.has(order.camera)) looksPerMs += 1 / order.revisitMs;
      lastLook.set(order.camera, now);
      waits.began(order.camera, now - askedAt, now > deadline, now);
    }
    return item;
  }

  return {
    add(item, order, kind, now) {
      const list = kind === 'far' ? far : whole;
      if (order && list.some((entry) => entry.order?.camera === order.camera)) return false;
      const { lookMs, revisitMs } = order ?? NO_ORDER;
      const deadline = now + lookMs;
      const last = (order && lastLook.get(order.camera)) ?? now;
      // Who did not ask for long, because nothing changed, was not kept waiting.
      const due = OWN_SHARE * revisitMs + Math.max(last, now - (OWN_SHARE * revisitMs) / 2);
      const entry = { item, order, askedAt: now, deadline, due };
      if (kind === 'far') far.push(entry);
      else insert(entry);
      return true;
    },
    next(now) {
      if (whole.length === 0) return far.shift()?.item ?? null;
      const pressed = firstPressed(now);
      return begin(whole.splice(pressed < 0 ? mostUrgent() : pressed, 1)[0] as Waiting<T>, now);
    },
    tooLate(now) {
      if (far.length === 0) return [];
      const late = far.filter((entry) => entry.order !== null && now > entry.deadline);
      for (const entry of late) far.splice(far.indexOf(entry), 1);
      return late.map(({ item }) => item);
    },
    took(ms, now) {
      waits.took(ms, now);
      serviceMs += GAIN * (ms - serviceMs);
    },
    size: () => whole.length + far.length,
    waits: waits.read,
    load: (now) => Math.min(1, waits.load(now) / options.threads),
    drain: () => [...whole.splice(0), ...far.splice(0)].map(({ item }) => item),
  };
}
