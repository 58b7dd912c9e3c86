/** A batch against what is stored: which messages are new, which case each event belongs to, what the trails say. */
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { violations } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { withEvents } from '../cases/summary.ts';
import { foldSightings, type Sighting, sightingOf } from '../dedupe/sighting.ts';
import { thumbnailOf } from '../dedupe/thumbnail.ts';
import type { HistoryRow } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { EventFactsRow, EventRow } from '../storage/events.ts';
import { rememberSighting, revKey, seqKey, sightingOfRow } from './batch-state.ts';
import { contentOf, type Fork, forksOfLinks } from './chain.ts';
import type { ValidMessage } from './message.ts';
import { placeEvent } from './plan-cases.ts';
import { createPlanDraft, type PlanContext, type PlanDraft } from './plan-draft.ts';
import { newEventRow } from './rows.ts';

export type MessageDecision =
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
  take(message: ValidMessage): MessageDecision;
  /** Of what was taken so far, refused messages too. */
  forks(): readonly Fork[];
  finish(): Plan;
};

/** Works through one batch; all of its state dies with the batch. */
export function createPlanner(context: PlanContext): Planner {
  const draft = createPlanDraft(context);
  return {
    take: (message) => conflict(draft, message) ?? store(draft, message),
    forks: () => draft.forks,
    finish: () => finishPlan(draft),
  };
}

function clash(taken: 'seq' | 'rev' | null, reason: string): MessageDecision {
  return { status: 'quarantined', code: 'ING_CONFLICT', reason, taken };
}

/** Why the message is not stored: it is here, or one of its numbers is another message's. */
function conflict({ state, forks }: PlanDraft, { event, hash, text }: ValidMessage): MessageDecision | null {
  const sameSeq = state.messages.get(seqKey(event.node, event.seq));
  if (sameSeq?.hash === hash) return { status: 'duplicate' };
  const sameRev = state.messages.get(revKey(event.id, event.rev));
  const before = sameRev && state.texts.get(revKey(event.id, event.rev));
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
  const known = state.events.get(event.id);
  const same =
    !known ||
    (known.node === event.node &&
      known.camera === event.camera &&
      known.zone === event.zone &&
      known.kind === event.kind &&
      known.started_at === event.startedAt);
  return same ? null : clash(null, 'node, camera, zone, kind or startedAt differ from an earlier revision');
}

function rememberMessage({ state, forks }: PlanDraft, { event, hash, text }: ValidMessage): void {
  const { node, seq, id, rev, chain } = event;
  const key = { node, seq, hash, prev: chain.prev, event_id: id, rev };
  forks.push(...forksOfLinks(event, hash, (other) => state.messages.get(seqKey(node, other))));
  state.messages.set(seqKey(node, seq), key);
  state.messages.set(revKey(id, rev), key);
  state.texts.set(revKey(id, rev), text);
}

/** A revision below the highest only widens what is known of place and time. */
function widenEvent({ state, bodies, changed }: PlanDraft, known: EventFactsRow, sighting: Sighting, caseId: string) {
  const widened = {
    ...known,
    case_id: caseId,
    places: JSON.stringify(sighting.places),
    until: timestamp(sighting.until),
  };
  state.events.set(known.id, widened);
  const body = bodies.get(known.id);
  if (body) bodies.set(known.id, { ...body, case_id: caseId, places: widened.places, until: widened.until });
  else changed.set(known.id, widened);
}

function store(draft: PlanDraft, message: ValidMessage): MessageDecision {
  rememberMessage(draft, message);
  const { state, bodies, changed, touched, at } = draft;
  const { event, text } = message;
  const known = state.events.get(event.id);
  const seen = sightingOf(event);
  const sighting = known ? foldSightings(sightingOfRow(known), seen) : seen;
  const caseId = placeEvent(draft, event, sighting, known);
  if (!known || event.rev > known.rev) {
    const thumbnail = thumbnailOf(event.kind, event.evidence, known?.thumbnail ?? null);
    const row = { ...newEventRow(event, text, sighting, caseId, at), thumbnail };
    bodies.set(event.id, row);
    changed.delete(event.id);
    state.events.set(event.id, row);
  } else widenEvent(draft, known, sighting, caseId);
  if (violations[event.kind].joins !== 'event') rememberSighting(state, sighting);
  touched.add(caseId);
  return { status: 'stored', behind: known !== undefined && event.rev < known.rev && event.at > known.at };
}

/** Cases as their events now tell them. */
function finishPlan({ state, members, touched, bodies, changed, opened, history }: PlanDraft): Plan {
  const cases: CaseRow[] = [];
  const stale: { caseId: string; event: string }[] = [];
  for (const id of touched) {
    const row = state.cases.get(id);
    if (!row) continue;
    const events = [...(members.get(id) ?? [])].flatMap((event) => state.events.get(event) ?? []);
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
