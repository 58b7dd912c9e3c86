/**
 * From the wire to committed cases: a bounded queue, checked and committed in batches. A message is acknowledged, to
 * the node and to the broker, after its commit and never before.
 */
import type { AckBatch } from '../../contracts/ack.ts';
import type { Reply } from '../../contracts/command.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ObservationBatch } from '../../contracts/observations.ts';
import type { NodeStatus } from '../../contracts/status.ts';
import { parseTopic, topic } from '../../contracts/topics.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { CaseSettings } from '../cases/settings.ts';
import { toCaseSummary } from '../cases/summary.ts';
import type { Changes } from '../changes.ts';
import type { Store } from '../storage/store.ts';
import { createOldNodes, isOld, type OldNodes, toAcks } from './acks.ts';
import { startBatchLoop } from './batch-loop.ts';
import { createChecker, type NodeAccess } from './check.ts';
import { type Committed, commitBatch } from './commit.ts';
import type { Received } from './link.ts';
import type { IngestMetrics } from './metrics.ts';
import { createObservationStore } from './observations.ts';
import { createMessageQueue, type QueuedMessage } from './queue.ts';
import { createRefusalStore, type RefusalStore } from './refusal-store.ts';
import { createReportStore, isReport, type Report, type ReportName, readReport } from './reports.ts';

export type IngestOptions = {
  readonly store: Store;
  readonly settings: CaseSettings;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly metrics: IngestMetrics;
  /** To a node's topic, QoS 1. */
  readonly publish: (topic: string, payload: string) => void;
  /** Why nothing is taken from a node that is cut off; left out = none is. */
  readonly access?: NodeAccess;
  /** A node has answered a command. */
  readonly onReply?: (node: string, reply: Reply) => Promise<void>;
  /** Events that a batch has stored, by id, after everybody has been told. */
  readonly onStored?: (events: readonly string[]) => void;
  /** A node says that it is there. */
  readonly onOnline?: (node: string) => void;
  readonly random?: () => number;
  readonly log: Log;
};

export type Ingest = {
  /** @returns a promise while there is no room for more, else null */
  take(message: Received): Promise<void> | null;
  /** A key of this node was revoked. */
  forgetKeys(node: string): void;
  /** Something that was refused before it was a message. */
  quarantine(node: string, code: ErrorCode, reason: string, payload?: Uint8Array): void;
  /** False once a mistake of ours has ended it: nothing more is committed until the hub is started again. */
  working(): boolean;
  /** Resolves when everything taken so far is settled. */
  idle(): Promise<void>;
  /** Ends after the transaction that runs; what waits is not acknowledged and comes again. */
  close(): Promise<void>;
};

type Announcing = Pick<IngestOptions, 'clock' | 'changes' | 'metrics' | 'publish' | 'onStored' | 'log'> & {
  readonly refusals: RefusalStore;
  readonly oldNodes: OldNodes;
};

/** After a commit: acks to the nodes, PUBACK to the broker, then metrics, log and the console's event stream. */
function announce(parts: Announcing, batch: readonly QueuedMessage[], { outcomes, cases, forks }: Committed): void {
  const { clock, changes, metrics, publish, log, refusals, oldNodes } = parts;
  for (const outcome of outcomes) {
    metrics.messages.inc({ status: outcome.status });
    if (outcome.code) metrics.quarantined.inc({ code: outcome.code });
  }
  const addressed = outcomes.map((outcome, i) => ({ ...outcome, node: batch[i]?.node ?? '' }));
  for (const { node, code, reason } of addressed) if (code) refusals.log({ node, code, reason: reason ?? '' });
  for (const { node, batch: acks } of toAcks(addressed, oldNodes)) publish(topic(node, 'acks'), JSON.stringify(acks));
  for (const message of batch) message.settle();
  for (const { body: _body, ...fork } of forks) {
    metrics.forks.inc({ node: fork.node });
    log.error(fork, 'the chain of a node forks');
    changes.emit({ type: 'node', node: fork.node });
  }
  for (const { row, action } of cases) {
    if (action === 'opened') metrics.opened.inc({ kind: row.kind });
    changes.emit({ type: 'case', case: toCaseSummary(row, clock.now()), action });
  }
  parts.onStored?.(outcomes.filter(({ status }) => status === 'stored').map(({ id }) => id));
}

function ackObservations(publish: IngestOptions['publish'], node: string, stored: AckBatch['observations']): void {
  publish(topic(node, 'acks'), JSON.stringify({ acks: [], observations: stored }));
}

/** Tells a node that is there what this hub takes beyond events. */
function greet(publish: IngestOptions['publish'], node: string, { state, version }: NodeStatus): void {
  if (state === 'online' && !isOld(version)) ackObservations(publish, node, []);
}

/** Takes what nodes publish; starts to commit at once. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, settings, clock, changes, metrics, publish, access, log } = options;
  const random = options.random ?? Math.random;
  const checker = createChecker(store, clock, access);
  const oldNodes = createOldNodes();
  const refusals = createRefusalStore({ store, clock, log });
  const reports = createReportStore({
    ...{ store, clock, random, log },
    onKept({ node, name, value }) {
      if (name !== 'health') changes.emit({ type: 'node', node });
      if (name !== 'status') return;
      greet(publish, node, value as NodeStatus);
      if ((value as NodeStatus).state === 'online') options.onOnline?.(node);
    },
    onUnknown: ({ node, name }) => quarantine(node, 'ING_UNKNOWN_NODE', `${name} of node ${node}`),
  });
  const observations = createObservationStore({
    ...{ store, clock, metrics, quarantine, log },
    onStored: (node, ack) => ackObservations(publish, node, [ack]),
  });
  const writes = new Set<Promise<unknown>>();
  const queue = createMessageQueue((messages) => metrics.waiting.set(messages));
  const batches = startBatchLoop({
    ...{ queue, checker, metrics, random, log },
    commit: (batch) => commitBatch(store, batch, settings, clock.now()),
    settle: (batch, committed) => announce({ ...options, refusals, oldNodes }, batch, committed),
  });

  function quarantine(node: string, code: ErrorCode, reason: string, payload: Uint8Array = Buffer.alloc(0)): void {
    metrics.quarantined.inc({ code });
    refusals.add({ node, code, reason, payload, id: '', seq: 0 });
  }

  function write({ node, name, value }: Report): Promise<void> {
    if (name === 'observations') return observations.write(node, value as ObservationBatch);
    if (name === 'replies' && options.onReply) return options.onReply(node, value as Reply);
    return reports.write({ node, name, value });
  }

  function writeReport(report: Report, settle: () => void): void {
    const failed = (error: unknown) => log.error({ name: report.name, err: error }, 'report could not be kept');
    const written = write(report).then(settle).catch(failed);
    writes.add(written);
    void written.finally(() => writes.delete(written));
  }

  function takeReport(node: string, name: ReportName, { payload, settle }: Received): void {
    const read = readReport(name, payload);
    // Of one that is cut off too: let in again, it says nothing new and goes on with its events.
    if (name === 'status' && 'value' in read) oldNodes.heard(node, (read.value as NodeStatus).version);
    const cutOff = access?.refusalOf(node);
    if (!cutOff && 'value' in read) {
      writeReport({ node, name, value: read.value }, settle);
      return;
    }
    // Of one that is cut off counted and not kept: it goes on talking for as long as it runs.
    if (cutOff) metrics.quarantined.inc({ code: cutOff.code });
    else if ('code' in read) quarantine(node, read.code, read.reason, payload);
    settle();
  }

  return {
    quarantine,
    forgetKeys: checker.forgetKeys,
    working: batches.working,
    take(message) {
      const parsed = parseTopic(message.topic);
      if (parsed?.name === 'events') return queue.push({ ...message, node: parsed.node });
      if (parsed && isReport(parsed.name)) takeReport(parsed.node, parsed.name, message);
      else message.settle();
      return null;
    },
    async idle() {
      await batches.idle();
      await Promise.all(writes);
      await refusals.idle();
    },
    async close() {
      await batches.close();
      await reports.close();
      await Promise.all(writes);
      await refusals.idle();
    },
  };
}
