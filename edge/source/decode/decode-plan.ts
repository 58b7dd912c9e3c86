/**
 * Decides, packet by packet, what must be decoded: keyframes alone while that is enough, everything from the last
 * keyframe on where something moves at a gate or keyframes do not come. Pure; goes by stream time alone, so a
 * recording is decoded the same way each time.
 */
import type { SourceConfig } from '../../config.ts';
import { createKeyRhythm } from './key-rhythm.ts';
import { createQuietSizes } from './quiet-sizes.ts';

/** An intra-only stream has keyframes only: more than this a second are never taken as such. */
const MAX_KEYFRAMES = 5;
/** Without keyframes for so long, or so far apart, they cannot be what is analysed. */
const NO_KEY_MS = 15_000;
const SELDOM_KEYS_MS = 12_000;
/** What rules that work in minutes need when everything must be decoded for it, frames a second. */
const SLOW_CADENCE = 0.5;
/** A gate rests on keyframes only where they are this close: the longest that an arrival may wait to be seen. */
const RESTING_KEYS_MS = 4000;
/** A gate is decoded fully for so long after the last thing that moved. */
const HOLD_MS = 10_000;
/** FFmpeg's `select` of the same cadence: a timestamp a hair before its slot still belongs to it. */
const SLOT_EDGE = 0.001;

/**
 * - `skip`: not decoded, unless another step asks for it later (the ring has it).
 * - `alone`: decoded without what follows: drain what the decoder holds, then key, end, frame, flush.
 * - `follow`: goes into the decoder after the packet before it.
 * - `catch-up`: flush; decode from the ring's last key up to this packet, or this packet where the ring has no key.
 */
export type DecodeStep = 'skip' | 'alone' | 'follow' | 'catch-up';

/** `no-keyframes`: they do not come, everything is decoded; `keyframes`: they come again. Reported once each. */
export type PlanNote = 'no-keyframes' | 'keyframes';

export type DecodePlan = {
  /** A packet as it comes; `atMs` is stream time. Every packet of the stream must pass here, in order. */
  readonly packet: (key: boolean, bytes: number, atMs: number) => DecodeStep;
  /** True when a decoded frame of this stream time is to be analysed; it then counts as taken. */
  readonly wanted: (atMs: number) => boolean;
  /** What the line made of the frame of `atMs`. `active`: something is there whose course must be followed. */
  readonly analysed: (atMs: number, fact: { readonly changed: boolean; readonly active: boolean }) => void;
  /** A gate on keyframes because nothing moves: how seldom frames come says nothing then. */
  readonly resting: () => boolean;
  /** What was called a keyframe could not be decoded by itself: where more than keyframes is wanted, they are no ground. */
  readonly keysDepend: () => void;
  /** Another connection: its packets follow none of the last one's. */
  readonly reconnected: () => void;
  /** What has changed since the last call, for log and health. */
  readonly takeNote: () => PlanNote | null;
};

/** One frame for each slot of the cadence, as FFmpeg's `select` takes them, and none twice. */
function createSlots() {
  let cadence = MAX_KEYFRAMES;
  let slot = Number.NaN;
  let takenAt = Number.NEGATIVE_INFINITY;
  let [skipFrom, skipTo] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const slotOf = (atMs: number): number => Math.floor((atMs / 1000) * cadence + SLOT_EDGE);

  return {
    setCadence(next: number): void {
      if (next === cadence) return;
      cadence = next;
      slot = Number.NaN;
    },
    /** Frames from one moment to the other come out of the decoder without being wanted. */
    pass(fromMs: number, toMs: number): void {
      [skipFrom, skipTo] = [fromMs, toMs];
    },
    takenAt: () => takenAt,
    isOpen: (atMs: number): boolean => slotOf(atMs) !== slot && (atMs < skipFrom || atMs > skipTo),
    take(atMs: number): void {
      slot = slotOf(atMs);
      takenAt = atMs;
      // Past them, the same moments are others: the stream's time may begin anew.
      if (atMs > skipTo) [skipFrom, skipTo] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    },
  };
}

/** @param options.gate a site's gate: decoded whole while something moves there */
export function createDecodePlan(options: {
  readonly cadence: NonNullable<SourceConfig['cadence']>;
  readonly gate: boolean;
}): DecodePlan {
  const { cadence, gate } = options;
  const rhythm = createKeyRhythm();
  const sizes = createQuietSizes();
  const slots = createSlots();
  const rests = gate && typeof cadence === 'number';
  let busyUntil = Number.NEGATIVE_INFINITY;
  let started = false;
  /** The decoder has everything since the last key. */
  let following = false;
  /** Some packet needs another: the stream is not intra-only. */
  let dependent = false;
  let noKeys = false;
  let note: PlanNote | null = null;

  function stir(atMs: number): void {
    busyUntil = Math.max(busyUntil, atMs + HOLD_MS);
  }

  /** Full decoding of a camera on keyframes is the answer to keyframes that do not come. */
  function checkKeys(key: boolean): void {
    const none = rhythm.sinceKeyMs() > NO_KEY_MS && (cadence === 'keyframes' || rhythm.lastKeyAt() === null);
    const seldom = key && cadence === 'keyframes' && rhythm.lastMs() > SELDOM_KEYS_MS;
    if (!noKeys && (none || seldom)) {
      noKeys = true;
      note = 'no-keyframes';
    } else if (noKeys && key && (cadence !== 'keyframes' || rhythm.lastTwoMs() <= SELDOM_KEYS_MS)) {
      noKeys = false;
      note = 'keyframes';
    }
  }

  function needsAll(atMs: number): boolean {
    if (cadence === 'keyframes') return noKeys;
    if (!rests) return true;
    // A stream whose time fell back must not stay busy until it has caught up.
    busyUntil = Math.min(busyUntil, atMs + HOLD_MS);
    return atMs < busyUntil || !sizes.tells() || rhythm.longestMs() > RESTING_KEYS_MS;
  }

  /** What comes out of the decoder on the way, and was taken or is too old to help, is not wanted. */
  function catchUp(atMs: number): DecodeStep {
    following = true;
    const keyAt = rhythm.lastKeyAt() ?? atMs;
    slots.pass(keyAt, cadence === 'keyframes' ? atMs - 1000 / SLOW_CADENCE : Math.min(atMs, slots.takenAt()));
    return 'catch-up';
  }

  return {
    packet(key, bytes, atMs) {
      if (!started && rests) stir(atMs);
      started = true;
      if (!key) dependent = true;
      rhythm.packet(key, atMs);
      if (rests && sizes.packet(key, bytes, atMs)) stir(atMs);
      checkKeys(key);
      const all = needsAll(atMs);
      slots.setCadence(cadence !== 'keyframes' ? cadence : noKeys ? SLOW_CADENCE : MAX_KEYFRAMES);
      if (all && dependent) {
        if (following) return 'follow';
        return rhythm.lastKeyAt() === null && !noKeys ? 'skip' : catchUp(atMs);
      }
      // From everything to keyframes alone at a key only: so nothing that was taken lies after it.
      if (!key) return following ? 'follow' : 'skip';
      following = false;
      return slots.isOpen(atMs) ? 'alone' : 'skip';
    },
    wanted(atMs) {
      if (!slots.isOpen(atMs)) return false;
      slots.take(atMs);
      return true;
    },
    analysed(atMs, { changed, active }) {
      if (!rests) return;
      if (changed || active) stir(atMs);
      sizes.analysed(atMs, !changed && !active);
    },
    resting: () => rests && dependent && !following,
    keysDepend() {
      dependent = true;
    },
    reconnected() {
      rhythm.reconnected();
      following = false;
    },
    takeNote() {
      const taken = note;
      note = null;
      return taken;
    },
  };
}
