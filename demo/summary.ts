/** What one run of the demo found, scored against the clips' truth and counted for losses. */
import type { ViolationEvent } from '../contracts/event.ts';
import { type ViolationKind, violationKinds } from '../contracts/violations/index.ts';
import { scoreEvents } from '../evaluation/scoring/event-match.ts';
import type { Hub } from '../hub/main.ts';
import { countCases } from '../hub/storage/cases.ts';
import { latestEvents } from '../hub/storage/events.ts';
import { countEvidence } from '../hub/storage/evidence.ts';
import { countMessages } from '../hub/storage/messages.ts';
import type { DemoClip } from './clips.ts';

export type DemoSummary = {
  readonly events: number;
  readonly cases: number;
  readonly byKind: Readonly<Record<ViolationKind, { truth: number; detected: number; falseAlarms: number }>>;
  readonly evidence: { readonly files: number; readonly bytes: number };
  /** Messages that the node numbered and the hub does not have. */
  readonly lost: number;
  readonly wallSeconds: number;
};

type Run = {
  readonly hub: Hub;
  readonly clips: readonly DemoClip[];
  readonly startAt: number;
  readonly lastSeq: number;
  readonly wallSeconds: () => number;
};

/** Scores all that the hub has against the truth of the clips, and counts what is missing. */
export async function summarize(run: Run): Promise<DemoSummary> {
  const events: readonly ViolationEvent[] = await latestEvents(run.hub.store);
  const byKind = Object.fromEntries(
    violationKinds.map((kind) => [kind, { truth: 0, detected: 0, falseAlarms: 0 }]),
  ) as Record<ViolationKind, { truth: number; detected: number; falseAlarms: number }>;
  for (const { truth } of run.clips) {
    const seen = events.filter((event) => event.camera === truth.camera.id);
    const score = scoreEvents(truth, seen, run.startAt);
    for (const kind of violationKinds) {
      byKind[kind].truth += score[kind].truth;
      byKind[kind].detected += score[kind].detected;
      byKind[kind].falseAlarms += score[kind].falseAlarms;
    }
  }
  return {
    events: events.length,
    cases: await countCases(run.hub.store),
    byKind,
    evidence: await countEvidence(run.hub.store),
    lost: run.lastSeq - (await countMessages(run.hub.store)),
    wallSeconds: Math.round(run.wallSeconds() * 10) / 10,
  };
}
