/** A batch against what is stored: which messages are new, which case each event belongs to, what the trails say. */
import type { CaseState, HistoryAction } from '../../contracts/api/case.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { violations } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { extendHistory, SYSTEM } from '../cases/history.ts';
import { noClaim } from '../cases/lifecycle/claim.ts';
import { confirmed, undecided } from '../cases/lifecycle/transitions.ts';
import type { CaseSettings } from '../cases/settings.ts';
import { withEvents } from '../cases/summary.ts';
import { assign, type CaseFacts } from '../dedupe/assign.ts';
import { foldSightings, onSameSpot, type Sighting, sightingOf, spotOf } from '../dedupe/sighting.ts';
import { thumbnailOf } from '../dedupe/thumbnail.ts';
import type { HistoryRow } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { EventFactsRow, EventRow } from '../storage/events.ts';
import { contentOf, type Fork, forksOfLinks } from './chain.ts';
import type { ValidMessage } from './message.ts';
import { newCaseRow, newEventRow } from './rows.ts';
import { rememberSighting, revKey, seqKey, sightingOfRow, type World } from './world.ts';

export type Verdict =
  | { readonly status: 'duplicate' }
  /** `behind`: later in time than the highest revision, under a lower one, so that nobody would see it. */
  | { readonly status: 'stored'; readonly behind: boolean }
  | {
      readonly status: 'quarantined';
      readonly code: ErrorCode;
      readonly reason: string;
      /** The number that is another message's; null = giving it another one would not help. */
      readonly taken: 'seq' | 'rev' | null;
    };

export type Plan = {
  /** Events with a new highest revision, whole. */
  readonly events: readonly EventRow[];
  /** Events that moved to another case, or whose place or time was widened by an older revision. */
  readonly changed: readonly EventFactsRow[];
  readonly cases: readonly CaseRow[];
  /** Cases whose shown detail is that of an event outside of the batch. */
  readonly stale: readonly { readonly caseId: string; readonly event: string }[];
  /** New cases: they have no number yet. */
  readonly opened: ReadonlySet<string>;
  readonly history: readonly HistoryRow[];
};

export type Planner = {
  take(message: ValidMessage): Verdict;
  /** Of what was taken so far, refused messages too. */
  forks(): readonly Fork[];
  finish(): Plan;
};

export type PlanContext = { readonly world: World; readonly settings: CaseSettings; readonly now: number };

/** Works through one batch; all of its state dies with the batch. */
export function createPlanner({ world, settings, now }: PlanContext): Planner {
  const at = timestamp(now);
  const dedupe = { joinMs: settings.expireMs, recurrenceMs: settings.recurrenceMs };
  const members = new Map<string, Set<string>>();
  for (const event of world.events.values()) membersOf(event.case_id).add(event.id);
  const bodies = new Map<string, EventRow>();
  const changed = new Map<string, EventFactsRow>();
  const touched = new Set<string>();
  const opened = new Set<string>();
  const history: HistoryRow[] = [];
  const forks: Fork[] = [];

  function membersOf(caseId: string): Set<string> {
    let set = members.get(caseId);
    if (!set) {
      set = new Set();
      members.set(caseId, set);
    }
    return set;
  }

  function tell(caseId: string, action: HistoryAction, data: Record<string, unknown>, to?: CaseState) {
    const row = world.cases.get(caseId) as CaseRow;
    const from = action === 'opened' ? null : (row.state as CaseState);
    const step = { at, actor: SYSTEM, action, from, to: to ?? (row.state as CaseState), data };
    const { caseRow, entry } = extendHistory(row, step);
    world.cases.set(caseId, caseRow);
    history.push(entry);
  }

  function factsOfCase(row: CaseRow): CaseFacts {
    const state = row.state as CaseState;
    const starts = [...membersOf(row.id)].map((id) => world.events.get(id)?.started_at ?? row.started_at);
    const phase = undecided.includes(state) ? 'undecided' : confirmed.includes(state) ? 'open' : 'over';
    return {
      id: row.id,
      phase,
      startedAt: Math.min(Date.parse(row.started_at), ...starts.map((start) => Date.parse(start))),
      closedAt: row.closed_at === null ? null : Date.parse(row.closed_at),
      handled: state === 'closed',
      touched: row.claimed_by !== null || state === 'field-check' || row.pinned === 1,
    };
  }

  function clash(taken: 'seq' | 'rev' | null, reason: string): Verdict {
    return { status: 'quarantined', code: 'ING_CONFLICT', reason, taken };
  }

  function conflict({ event, hash, text }: ValidMessage): Verdict | null {
    const sameSeq = world.messages.get(seqKey(event.node, event.seq));
    if (sameSeq?.hash === hash) return { status: 'duplicate' };
    const sameRev = world.messages.get(revKey(event.id, event.rev));
    const before = sameRev && world.texts.get(revKey(event.id, event.rev));
    const twice = before !== undefined && contentOf(before) === contentOf(text);
    if (sameSeq) {
      // The node gave the event another number before it was restored from a copy: the hub has it.
      if (twice) return { status: 'duplicate' };
      forks.push({ node: event.node, seq: event.seq, kind: 'seq', expected: sameSeq.hash, got: hash, body: text });
      return clash('seq', `seq ${event.seq} came before with other content`);
    }
    if (sameRev && !twice && sameRev.node === event.node) {
      forks.push({ node: event.node, seq: event.seq, kind: 'rev', expected: sameRev.hash, got: hash, body: text });
      return clash('rev', `id and rev ${event.rev} came before under another seq`);
    }
    const known = world.events.get(event.id);
    const same =
      !known ||
      (known.node === event.node &&
        known.camera === event.camera &&
        known.zone === event.zone &&
        known.kind === event.kind &&
        known.started_at === event.startedAt);
    return same ? null : clash(null, 'node, camera, zone, kind or startedAt differ from an earlier revision');
  }

  function openCase(event: ViolationEvent, recurrenceOf: string | null): string {
    const row = newCaseRow(event, world.cameras.get(event.camera), settings, now);
    world.cases.set(row.id, { ...row, recurrence_of: recurrenceOf });
    opened.add(row.id);
    tell(row.id, 'opened', { event: event.id, ...(recurrenceOf ? { recurrenceOf } : {}) });
    return row.id;
  }

  function moveMembers(from: string, to: string) {
    for (const id of membersOf(from)) {
      membersOf(to).add(id);
      const facts = world.events.get(id);
      if (!facts) continue;
      world.events.set(id, { ...facts, case_id: to });
      const body = bodies.get(id);
      if (body) bodies.set(id, { ...body, case_id: to });
      else changed.set(id, { ...facts, case_id: to });
    }
    membersOf(from).clear();
  }

  /** A case that no other process has seen yet leaves no trace; one that was there stays to be read, as merged. */
  function absorb(from: string, into: string) {
    const row = world.cases.get(from) as CaseRow;
    const events = [...membersOf(from)];
    moveMembers(from, into);
    if (opened.has(from)) {
      opened.delete(from);
      touched.delete(from);
      world.cases.delete(from);
      for (let i = history.length - 1; i >= 0; i--) if (history[i]?.case_id === from) history.splice(i, 1);
      for (const id of events) tell(into, 'sighting', { event: id });
      return;
    }
    const ended = { ...noClaim, due_at: null, closed_at: at, merged_into: into };
    tell(from, 'merged', { into, events }, 'merged');
    const told = world.cases.get(from) as CaseRow;
    world.cases.set(from, { ...told, ...ended, state: 'merged', version: row.version + 1 });
    touched.add(from);
    tell(into, 'merged-in', { case: from, number: row.number, events });
    const survivor = world.cases.get(into) as CaseRow;
    world.cases.set(into, { ...survivor, version: survivor.version + 1 });
  }

  function factsOfSpot(spot: readonly Sighting[]): Map<string, CaseFacts> {
    const facts = new Map<string, CaseFacts>();
    for (const other of spot) {
      const row = world.cases.get(world.events.get(other.id)?.case_id ?? '');
      if (row && !facts.has(row.id)) facts.set(row.id, factsOfCase(row));
    }
    return facts;
  }

  function place(event: ViolationEvent, sighting: Sighting, known: EventFactsRow | undefined): string {
    const spot = [...(world.spots.get(spotOf(sighting))?.values() ?? [])].filter((other) =>
      onSameSpot(other, sighting),
    );
    const neighbours = spot.map((other) => ({ sighting: other, caseId: world.events.get(other.id)?.case_id ?? '' }));
    const current = known ? world.cases.get(known.case_id) : undefined;
    // A person who split a case apart has the last word: its events stay where they were put.
    if (current?.pinned === 1) return current.id;
    const facts = current ? factsOfCase(current) : null;
    const result = assign(sighting, facts, neighbours, factsOfSpot(spot), dedupe);
    const caseId = result.caseId ?? openCase(event, result.recurrenceOf);
    if (!known && result.caseId !== null) tell(caseId, 'sighting', { event: event.id });
    membersOf(caseId).add(event.id);
    for (const id of result.absorbs) if (world.cases.get(id)?.pinned !== 1) absorb(id, caseId);
    return caseId;
  }

  function remember({ event, hash, text }: ValidMessage): void {
    const { node, seq, id, rev, chain } = event;
    const key = { node, seq, hash, prev: chain.prev, event_id: id, rev };
    forks.push(...forksOfLinks(event, hash, (other) => world.messages.get(seqKey(node, other))));
    world.messages.set(seqKey(node, seq), key);
    world.messages.set(revKey(id, rev), key);
    world.texts.set(revKey(id, rev), text);
  }

  function take(message: ValidMessage): Verdict {
    const refused = conflict(message);
    if (refused) return refused;
    remember(message);
    const { event, text } = message;
    const known = world.events.get(event.id);
    const seen = sightingOf(event);
    const sighting = known ? foldSightings(sightingOfRow(known), seen) : seen;
    const caseId = place(event, sighting, known);
    const latest = !known || event.rev > known.rev;
    if (latest) {
      const row = {
        ...newEventRow(event, text, sighting, caseId, at),
        thumbnail: thumbnailOf(event.kind, event.evidence, known?.thumbnail ?? null),
      };
      bodies.set(event.id, row);
      changed.delete(event.id);
      world.events.set(event.id, row);
    } else {
      const widened = {
        ...known,
        case_id: caseId,
        places: JSON.stringify(sighting.places),
        until: timestamp(sighting.until),
      };
      world.events.set(event.id, widened);
      const body = bodies.get(event.id);
      if (body) bodies.set(event.id, { ...body, case_id: caseId, places: widened.places, until: widened.until });
      else changed.set(event.id, widened);
    }
    if (violations[event.kind].joins !== 'event') rememberSighting(world, sighting);
    touched.add(caseId);
    return { status: 'stored', behind: known !== undefined && event.rev < known.rev && event.at > known.at };
  }

  return {
    take,
    forks: () => forks,
    finish: () => finishPlan({ world, members, touched, bodies, changed, opened, history }),
  };
}

type Draft = {
  readonly world: World;
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly touched: ReadonlySet<string>;
  readonly bodies: ReadonlyMap<string, EventRow>;
  readonly changed: ReadonlyMap<string, EventFactsRow>;
  readonly opened: ReadonlySet<string>;
  readonly history: readonly HistoryRow[];
};

/** Cases as their events now tell them. */
function finishPlan({ world, members, touched, bodies, changed, opened, history }: Draft): Plan {
  const cases: CaseRow[] = [];
  const stale: { caseId: string; event: string }[] = [];
  for (const id of touched) {
    const row = world.cases.get(id);
    if (!row) continue;
    const events = [...(members.get(id) ?? [])].flatMap((event) => world.events.get(event) ?? []);
    if (events.length === 0) {
      cases.push(row);
      continue;
    }
    const { caseRow, latest } = withEvents(row, events);
    const event = bodies.get(latest);
    if (event) cases.push({ ...caseRow, detail: JSON.stringify((JSON.parse(event.body) as ViolationEvent).detail) });
    else {
      cases.push(caseRow);
      stale.push({ caseId: id, event: latest });
    }
  }
  return { events: [...bodies.values()], changed: [...changed.values()], cases, stale, opened, history };
}
