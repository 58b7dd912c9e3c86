/** Notices a step of the hub's clock, now or while the hub was off; until it is confirmed nothing expires or is deleted. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { type Static, Type } from '@sinclair/typebox';
import { type Clock, timestamp } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { isValid } from '../platform/validate.ts';

const SavedClock = Type.Object({ trustedMs: Type.Number(), leftMs: Type.Number({ minimum: 0 }) });
type SavedClock = Static<typeof SavedClock>;

export type HubClockState = {
  /** The clock has stepped forward and nobody has confirmed it: what goes by age stands still. */
  readonly held: boolean;
  /** How far the clock is ahead of what it should be, ms; negative = behind. */
  readonly aheadMs: number;
  /** Running time after which it is believed all the same, ms. */
  readonly leftMs: number;
};

export type HubClock = {
  /** Compares once more; to be called every minute or so. */
  check(): Promise<HubClockState>;
  state(): HubClockState;
  /** A person says that the clock is right now. */
  confirm(): Promise<void>;
};

export type HubClockOptions = {
  readonly clock: Clock;
  /** A clock that only goes forward, at the same pace, ms. */
  readonly elapsed: () => number;
  /** Keeps what is known over a restart. */
  readonly file: string;
  /** Latest moment that the database speaks of, ms; null for an empty one. */
  readonly latestCommit: () => Promise<number | null>;
  /** A clock that stays as it is for so long is believed, ms of running time. */
  readonly confirmMs: number;
  readonly log: Log;
};

/** Slewing and a machine's pauses stay below; a case waits for a day. */
const TOLERANCE_MS = 300_000;
/** A hub that was off for longer cannot tell a long night from a wrong clock. */
const ABSENCE_MS = 24 * 3_600_000;
/** Drift is followed at this pace, so that a year of it is no step. */
const FOLLOWED_MS = 1000;

/** Compares with what the file, else the database, knows of the last run. */
export async function createHubClock(options: HubClockOptions): Promise<HubClock> {
  const { clock, elapsed, file, confirmMs, log } = options;
  /** Wall time that is trusted, at a moment of the clock that only goes forward. */
  let base = { wall: clock.now(), at: elapsed() };
  let leftMs = 0;
  let heldStep = 0;
  let checkedAt = base.at;

  const stepNow = () => clock.now() - (base.wall + elapsed() - base.at);
  const trustNow = () => {
    base = { wall: clock.now(), at: elapsed() };
    leftMs = 0;
  };
  const state = (): HubClockState => ({ held: leftMs > 0 && heldStep > 0, aheadMs: leftMs > 0 ? heldStep : 0, leftMs });

  async function readSaved(): Promise<SavedClock | null> {
    const text = await readFile(file, 'utf8').catch(() => null);
    try {
      const value: unknown = JSON.parse(text ?? 'null');
      return isValid(SavedClock, value) ? value : null;
    } catch {
      // Half-written by a machine that lost its power: the database knows about when it was.
      return null;
    }
  }

  async function save(): Promise<void> {
    const saved: SavedClock = { trustedMs: base.wall + elapsed() - base.at, leftMs };
    await writeFile(`${file}.new`, JSON.stringify(saved), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** Without room for it a restart asks the database instead, and each minute tries again. */
  const saveIfPossible = () =>
    save().catch((error: unknown) => log.warn({ err: error }, 'state of the clock could not be kept'));

  function suspect(step: number): void {
    heldStep = step;
    leftMs = confirmMs;
    const facts = { now: timestamp(clock.now()), aheadSeconds: Math.round(step / 1000) };
    log.error(facts, 'the clock has stepped; nothing expires or is removed until it is right again or confirmed');
  }

  async function begin(): Promise<void> {
    const saved = await readSaved();
    const known = saved?.trustedMs ?? (await options.latestCommit());
    if (known === null) return;
    base = { wall: known, at: elapsed() };
    const step = stepNow();
    if (saved && saved.leftMs > 0 && Math.abs(step) > TOLERANCE_MS) {
      heldStep = step;
      leftMs = saved.leftMs;
    } else if (step > ABSENCE_MS || step < -TOLERANCE_MS) suspect(step);
    else trustNow();
  }

  function compare(ranMs: number): void {
    const step = stepNow();
    if (Math.abs(step) <= TOLERANCE_MS) {
      if (leftMs > 0) log.info('the clock agrees again');
      leftMs = 0;
      base = { ...base, wall: base.wall + Math.max(-FOLLOWED_MS, Math.min(FOLLOWED_MS, step)) };
      return;
    }
    if (leftMs <= 0 || Math.abs(step - heldStep) > TOLERANCE_MS) {
      suspect(step);
      return;
    }
    leftMs -= ranMs;
    if (leftMs > 0) return;
    log.warn({ now: timestamp(clock.now()) }, 'the clock has stayed as it is; it is believed from now on');
    trustNow();
  }

  await begin();
  return {
    state,
    async check() {
      const at = elapsed();
      compare(at - checkedAt);
      checkedAt = at;
      await saveIfPossible();
      return state();
    },
    async confirm() {
      log.warn({ now: timestamp(clock.now()) }, 'the clock was confirmed by a person');
      trustNow();
      await saveIfPossible();
    },
  };
}
