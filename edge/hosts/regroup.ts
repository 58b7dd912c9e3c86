/**
 * Who goes on together after a host has died: once is chance, and all begin anew in one; again, and the group is halved
 * until whoever kills its hosts is alone. Pure: time is an argument.
 */
import { type Loaded, spread } from './spread.ts';

export type HostDeath = {
  /** ms on a clock that only goes forward. */
  readonly at: number;
  /** `failed`: ended itself, crashed or hung. `killed`: SIGKILL from outside, as the kernel does when memory runs out. */
  readonly cause: 'failed' | 'killed';
  /** It had been running cameras; a host that dies before is at fault itself. */
  readonly running: boolean;
  /** The camera whose stream was being decoded at that moment, where it is known. */
  readonly suspect: string | null;
};

export type Regroup = {
  readonly cameras: readonly string[];
  readonly waitMs: number;
  /** One camera, alone because its hosts keep dying. */
  readonly quarantined: boolean;
};

type History = { deaths: number; kills: number; suspected: number; lastAt: number };

/** Nothing for so long, and a death is forgotten, ms. */
export const STEADY_MS = 600_000;
/** A kill from outside says little of a camera, unless they come this soon after each other, ms. */
const BRISK_MS = 60_000;
/** A host is some 60 MB: a node that fails altogether must not be split into one for each camera. */
const MAX_EXTRA = 8;
const WAIT = { minMs: 1000, maxMs: 300_000 };

const waitFor = (attempts: number): number =>
  attempts <= 0 ? 0 : Math.min(WAIT.maxMs, WAIT.minMs * 2 ** (attempts - 1));

/**
 * @param hosts that the node began with
 * @param steadyMs without a death for so long, and what was is forgotten
 */
export function createRegroup(hosts: number, steadyMs = STEADY_MS) {
  const histories = new Map<string, History>();
  /** Cameras that were put alone stay so: what kills once an hour would be forgotten in between. */
  const isolated = new Set<string>();

  function note(camera: string, death: HostDeath): History {
    const before = histories.get(camera);
    const fresh = !before || death.at - before.lastAt > (death.cause === 'killed' ? BRISK_MS : steadyMs);
    const history = fresh ? { deaths: 0, kills: 0, suspected: 0, lastAt: death.at } : before;
    history.lastAt = death.at;
    if (death.cause === 'failed') history.deaths++;
    else history.kills++;
    if (death.suspect === camera) history.suspected++;
    histories.set(camera, history);
    return history;
  }

  /** Fewest deaths that all of the group have seen: who came to it later brings its own past. */
  const shared = (noted: readonly History[], of: (history: History) => number) => Math.min(...noted.map(of));

  const isSteady = (camera: string, now: number): boolean =>
    now - (histories.get(camera)?.lastAt ?? Number.NEGATIVE_INFINITY) > steadyMs;

  function divide(group: readonly Loaded[], death: HostDeath, live: number): Regroup[] {
    const noted = group.map(({ id }) => note(id, death));
    const ids = group.map(({ id }) => id);
    const deaths = shared(noted, (history) => history.deaths);
    const kills = shared(noted, (history) => history.kills);
    const whole = { cameras: ids, waitMs: waitFor(deaths + kills - 1), quarantined: false };
    if (!death.running) return [whole];
    // A kill may be an operator's, or for memory that others took: it takes one more to suspect a camera.
    const suspicious = deaths > 1 || deaths + kills > 2;
    if (group.length === 1) return [{ ...whole, quarantined: suspicious }];
    const culprit = noted.findIndex((history) => history.suspected > 1);
    if (culprit >= 0) {
      const alone = ids[culprit] as string;
      return [
        { cameras: ids.filter((id) => id !== alone), waitMs: 0, quarantined: false },
        { cameras: [alone], waitMs: waitFor(1), quarantined: true },
      ];
    }
    if (!suspicious || live + 2 > hosts + MAX_EXTRA) return [whole];
    return spread(group, 2).map((cameras) => ({ cameras, waitMs: 0, quarantined: false }));
  }

  return {
    /** `live`: other hosts that are up. */
    after(group: readonly Loaded[], death: HostDeath, live: number): Regroup[] {
      const next = divide(group, death, live);
      for (const { cameras, quarantined } of next) if (quarantined) for (const camera of cameras) isolated.add(camera);
      return next;
    },
    /** Nothing has happened to this camera's hosts for long. */
    isSteady,
    /** Two groups to be put together again, once those that a search has divided have been steady for long; or null. */
    fold<T extends { readonly cameras: readonly string[] }>(groups: readonly T[], now: number): readonly [T, T] | null {
      const [a, b, ...others] = groups
        .filter(({ cameras }) => !cameras.some((camera) => isolated.has(camera)))
        .sort((x, y) => x.cameras.length - y.cameras.length);
      if (!a || !b || others.length + 2 <= hosts) return null;
      return [...a.cameras, ...b.cameras].every((camera) => isSteady(camera, now)) ? [a, b] : null;
    },
  };
}
