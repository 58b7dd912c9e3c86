/**
 * From the wire to committed cases: a bounded queue, checked and committed in batches. A message is acknowledged, to
 * the node and to the broker, after its commit and never before.
 */
import type { AckBatch } from '../../contracts/ack.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ObservationBatch } from '../../contracts/observations.ts';
import type { NodeStatus } from '../../contracts/status.ts';
import { parseTopic, topic } from '../../contracts/topics.ts';
import { backOffMs } from '../../platform/back-off.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { CaseSettings } from '../cases/settings.ts';
import { toCaseSummary } from '../cases/summary.ts';
import type { Changes } from '../changes.ts';
import type { Store } from '../storage/store.ts';
import { createOldNodes, isOld, toAcks } from './acks.ts';
import { createChecker, type NodeAccess } from './check.ts';
import { type Checked, type Committed, commitBatch } from './commit.ts';
import type { Received } from './link.ts';
import type { IngestMetrics } from './metrics.ts';
import { createObservationKeeper } from './observations.ts';
import { createRefusalKeeper } from './refusal-keeper.ts';
import { createReportKeeper, type Report, readReport } from './reports.ts';
import { commitForSure } from './retry.ts';

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
  /** A node said what it applied, or answered a command. */
  readonly onReport?: (report: Report) => void;
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

/** Messages in one transaction. */
const BATCH = 128;
/** Messages that may wait; beyond this the broker has to hold them. */
const QUEUE = 1024;
const QUEUE_BYTES = 64 * 1024 * 1024;
const LOOK_UP = { minMs: 100, maxMs: 5000 };

type Waiting = { readonly node: string; readonly payload: Uint8Array; readonly settle: () => void };

export function createIngest(options: IngestOptions): Ingest {
  const { store, settings, clock, changes, metrics, publish, log } = options;
  const random = options.random ?? Math.random;
  const checker = createChecker(store, clock, options.access);
  const closing = new AbortController();
  const oldNodes = createOldNodes();
  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let wake: (() => void) | null = null;
  let room: { readonly promise: Promise<void>; readonly open: () => void } | null = null;
  let quiet: (() => void)[] = [];
  let busy = false;
  const side = new Set<Promise<unknown>>();

  function aside(work: Promise<unknown>, what: string): void {
    const settled = work.catch((error: unknown) => log.error({ err: error }, what));
    side.add(settled);
    void settled.finally(() => side.delete(settled));
  }

  function quarantine(node: string, code: ErrorCode, reason: string, payload: Uint8Array = Buffer.alloc(0)): void {
    metrics.quarantined.inc({ code });
    refusals.keep({ node, code, reason, payload, id: '', seq: 0 });
  }

  const answer = (node: string, observations: AckBatch['observations']) =>
    publish(topic(node, 'acks'), JSON.stringify({ acks: [], observations }));

  /** Tells a node that is there what this hub takes beyond events. */
  function greet(node: string, { state, version }: NodeStatus): void {
    if (state === 'online' && !isOld(version)) answer(node, []);
  }

  const refusals = createRefusalKeeper({ store, clock, log });
  const reports = createReportKeeper({
    store,
    clock,
    random,
    log,
    onKept(report) {
      if (report.name !== 'health') changes.emit({ type: 'node', node: report.node });
      if (report.name === 'status') greet(report.node, report.value as NodeStatus);
      options.onReport?.(report);
    },
    onUnknown: ({ node, name }) => quarantine(node, 'ING_UNKNOWN_NODE', `${name} of node ${node}`),
  });

  const observations = createObservationKeeper({
    ...{ store, clock, metrics, quarantine, log },
    onStored: (node, ack) => answer(node, [ack]),
  });

  function takeBatch(): Waiting[] {
    const batch = queue.splice(0, BATCH);
    for (const { payload } of batch) queuedBytes -= payload.length;
    if (room && queue.length < QUEUE / 2 && queuedBytes < QUEUE_BYTES / 2) {
      room.open();
      room = null;
    }
    metrics.waiting.set(queue.length);
    return batch;
  }

  /** Signatures of the next batch are checked in the thread pool while this one is being committed. */
  type Prepared = { readonly batch: readonly Waiting[]; readonly checked: Promise<readonly Checked[] | null> };
  function prepare(): Prepared {
    const batch = takeBatch();
    const checked = tryCheck(batch);
    return { batch, checked };
  }

  async function tryCheck(batch: readonly Waiting[]): Promise<readonly Checked[] | null> {
    for (let attempt = 0; !closing.signal.aborted; attempt += 1) {
      try {
        return await checker.check(batch);
      } catch (error) {
        // Only the look-up of keys can fail: the database is away. The commit would wait for it all the same.
        log.error({ err: error, messages: batch.length }, 'nodes could not be looked up; trying again');
        metrics.retries.inc();
        await sleep(backOffMs(attempt, random, LOOK_UP), closing.signal);
      }
    }
    return null;
  }

  function settleBatch(batch: readonly Waiting[], { outcomes, cases, forks }: Committed): void {
    for (const outcome of outcomes) {
      metrics.messages.inc({ status: outcome.status });
      if (outcome.code) metrics.quarantined.inc({ code: outcome.code });
    }
    const addressed = outcomes.map((outcome, i) => ({ ...outcome, node: batch[i]?.node ?? '' }));
    for (const { node, code, reason } of addressed) if (code) refusals.tell({ node, code, reason: reason ?? '' });
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
  }

  const retrying = {
    commit: (batch: readonly Checked[]) => commitBatch(store, batch, settings, clock.now()),
    onRetry: () => metrics.retries.inc(),
    random,
    signal: closing.signal,
    log,
  };

  async function run(): Promise<void> {
    let next: Prepared | null = null;
    while (!closing.signal.aborted) {
      if (!next && queue.length === 0) {
        busy = false;
        for (const tell of quiet.splice(0)) tell();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
        continue;
      }
      busy = true;
      const current: Prepared = next ?? prepare();
      const checked: readonly Checked[] | null = await current.checked;
      next = queue.length > 0 ? prepare() : null;
      if (!checked) return;
      const end = metrics.commit.startTimer();
      const committed = await commitForSure(checked, retrying);
      end();
      metrics.batch.observe(checked.length);
      if (!committed) return;
      settleBatch(current.batch, committed);
    }
  }
  let broken = false;
  const running = run().catch((error: unknown) => {
    broken = true;
    // A mistake of ours: going on would acknowledge what was not stored.
    log.fatal({ err: error }, 'ingest stopped');
    throw error;
  });
  running.catch(() => {});

  function takeEvent(node: string, { payload, settle }: Received): Promise<void> | null {
    queue.push({ node, payload, settle });
    queuedBytes += payload.length;
    metrics.waiting.set(queue.length);
    busy = true;
    wake?.();
    if (queue.length < QUEUE && queuedBytes < QUEUE_BYTES) return null;
    if (!room) {
      let open = () => {};
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      room = { promise, open };
    }
    return room.promise;
  }

  return {
    quarantine,
    forgetKeys: checker.forgetKeys,
    working: () => !broken,
    take(message) {
      const parsed = parseTopic(message.topic);
      if (parsed?.name === 'events') return takeEvent(parsed.node, message);
      if (!parsed || parsed.name === 'acks' || parsed.name === 'config' || parsed.name === 'commands') {
        message.settle();
        return null;
      }
      const { node, name } = parsed;
      const read = readReport(name, message.payload);
      // Of one that is cut off too: let in again, it says nothing new and goes on with its events.
      if (name === 'status' && 'value' in read) oldNodes.heard(node, (read.value as NodeStatus).version);
      const cutOff = options.access?.refusalOf(node);
      if (cutOff) {
        // Counted and not kept: a box that was cut off goes on talking for as long as it runs.
        metrics.quarantined.inc({ code: cutOff.code });
        message.settle();
        return null;
      }
      if ('code' in read) {
        quarantine(node, read.code, read.reason, message.payload);
        message.settle();
      } else if (name === 'observations') {
        aside(observations.keep(node, read.value as ObservationBatch).then(message.settle), 'counts could not be kept');
      } else aside(reports.keep({ node, name, value: read.value }).then(message.settle), 'report could not be kept');
      return null;
    },
    async idle() {
      if (busy || queue.length > 0) await new Promise<void>((resolve) => quiet.push(resolve));
      await Promise.all(side);
      await refusals.idle();
    },
    async close() {
      closing.abort();
      wake?.();
      room?.open();
      await running.catch(() => {});
      await reports.close();
      await Promise.all(side);
      await refusals.close();
      for (const tell of quiet.splice(0)) tell();
      quiet = [];
    },
  };
}
