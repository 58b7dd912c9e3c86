/** The queue of one lane: what waits, which one is open, and moving between them. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import { useCasePage } from '../api/reads.ts';

export const lanes = ['pending-review', 'field-check', 'proposed'] as const;
export type Lane = (typeof lanes)[number];
/** As many as one may ask for at once; a shift that falls further behind sees the oldest. */
const MAX_ROWS = 200;

function byDue(a: CaseSummary, b: CaseSummary): number {
  const left = a.dueAt ?? a.openedAt;
  const right = b.dueAt ?? b.openedAt;
  return left === right ? a.number.localeCompare(b.number) : left < right ? -1 : 1;
}

/** The queue of the lane in the address. @param me user name: cases that colleagues have claimed are passed over */
export function useQueue(me: string) {
  const [search, setSearch] = useSearchParams();
  const lane = lanes.find((name) => name === search.get('lane')) ?? 'pending-review';
  const page = useCasePage({ state: lane, order: 'oldest', limit: MAX_ROWS });
  /** Decided here, perhaps not yet answered: version at the decision. */
  const [gone, setGone] = useState<ReadonlyMap<string, number>>(new Map());
  const rows = useMemo(() => {
    const waiting = page.data?.cases.filter((row) => row.state === lane && row.version > (gone.get(row.id) ?? -1));
    return waiting?.sort(byDue) ?? [];
  }, [page.data, lane, gone]);
  const wanted = search.get('case');
  const free = rows.find((row) => row.claimedBy === null || row.claimedBy === me);
  const selected = wanted ?? (free ?? rows[0])?.id ?? null;

  const select = useCallback(
    (id: string | null) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (id === null) next.delete('case');
          else next.set('case', id);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  // What was chosen for the operator stays chosen when something older arrives.
  useEffect(() => {
    if (wanted === null && selected !== null) select(selected);
  }, [wanted, selected, select]);

  const setLane = (next: Lane) => setSearch(next === 'pending-review' ? {} : { lane: next }, { replace: true });
  const at = rows.findIndex((row) => row.id === selected);
  const neighbour = (by: 1 | -1): string | null => (at < 0 ? rows[0]?.id : rows[at + by]?.id) ?? null;
  /** Where to go after a decision: the next that no colleague has, else the nearest before. */
  const afterDecision = (): string | null => {
    const open = (row: CaseSummary) => row.id !== selected && (row.claimedBy === null || row.claimedBy === me);
    return (rows.slice(at + 1).find(open) ?? rows.slice(0, Math.max(0, at)).findLast(open))?.id ?? null;
  };
  const step = (by: 1 | -1) => {
    const id = neighbour(by);
    if (id !== null) select(id);
  };
  /** Takes a case off the list; with `null` it comes back. */
  const setAside = (id: string, version: number | null) =>
    setGone((before) => {
      const next = new Map(before);
      if (version === null) next.delete(id);
      else next.set(id, version);
      return next;
    });
  const isGone = (id: string) => gone.has(id);
  return { lane, setLane, page, rows, selected, select, step, neighbour, afterDecision, setAside, isGone };
}
export type Queue = ReturnType<typeof useQueue>;
