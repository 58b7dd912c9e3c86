/** Hours of counts as rows: added to with the state that they were counted from, sent until the hub has stored them. */
import type { SqliteFile } from '../../platform/sqlite.ts';
import { foldTallies, type HourTally } from '../domain/hour-tally.ts';

export type HourRow = {
  readonly n: number;
  readonly rev: number;
  readonly camera: string;
  readonly zone: string;
  readonly kind: string;
  /** ms since the epoch. */
  readonly hour: number;
  readonly watchedMs: number;
  /** JSON object: value by name. */
  readonly statistics: string;
};

/** Two weeks of 300 zones: what a hub that stays away costs this node, some 20 MB. */
const MAX_HOURS = 100_000;

/** To be called within the transaction that saves the state: an observation counts once, whatever is killed when. */
export function createHourAdder(db: SqliteFile): (tallies: readonly HourTally[], now: number) => void {
  const find = db.prepare<[string, string, string, number], Pick<HourRow, 'rev' | 'watchedMs' | 'statistics'>>(
    `SELECT rev, watched_ms AS watchedMs, statistics FROM observation_hours
     WHERE camera = ? AND zone = ? AND kind = ? AND hour = ?`,
  );
  const put = db.prepare<[string, string, string, number, number, string, number, number]>(
    `INSERT INTO observation_hours (camera, zone, kind, hour, watched_ms, statistics, rev, acked_rev, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT (camera, zone, kind, hour) DO UPDATE SET watched_ms = excluded.watched_ms,
       statistics = excluded.statistics, rev = excluded.rev, changed_at = excluded.changed_at`,
  );
  return (tallies, now) => {
    for (const tally of tallies) {
      const { camera, zone, kind, hour } = tally;
      const known = find.get(camera, zone, kind, hour);
      const sum = known
        ? foldTallies(
            { ...tally, ...known, statistics: JSON.parse(known.statistics) as HourTally['statistics'] },
            tally,
          )
        : tally;
      const rev = Math.max((known?.rev ?? 0) + 1, now);
      put.run(camera, zone, kind, hour, Math.round(sum.watchedMs), JSON.stringify(sum.statistics), rev, now);
    }
  };
}

/** On an open outbox file; throws what SQLite throws. */
export function createHourRows(db: SqliteFile) {
  const pending = db.prepare<[number, number], HourRow>(
    `SELECT n, rev, camera, zone, kind, hour, watched_ms AS watchedMs, statistics FROM observation_hours
     WHERE rev > acked_rev AND n > ? ORDER BY n LIMIT ?`,
  );
  const stored = db.prepare<[number, number]>('UPDATE observation_hours SET acked_rev = ? WHERE n = ?');
  // What no hub has taken goes by number and not by age: a clock that was set wrong must not take it.
  const forget = db.prepare<[number, number]>(
    `DELETE FROM observation_hours WHERE (changed_at < ? AND rev <= acked_rev)
     OR n <= (SELECT MAX(n) FROM observation_hours) - ?`,
  );
  return {
    /** Hours that the hub has not stored as they are now, with `n` above `afterN`, in order. */
    hoursPending: (limit: number, afterN: number): HourRow[] => pending.all(afterN, limit),
    /** The hub has stored them as they were at `rev`. */
    hoursStored: db.transaction((hours: readonly Pick<HourRow, 'n' | 'rev'>[]): void => {
      for (const { n, rev } of hours) stored.run(rev, n);
    }),
    /** Forgets stored hours that nothing was added to since `before`, ms, and the oldest of too many. */
    forgetHours: (before: number, most = MAX_HOURS): void => void forget.run(before, most),
  };
}
