/** What nodes say about themselves (status, health, applied configuration, replies): the newest of each is kept. */
import type { TSchema } from '@sinclair/typebox';
import { AppliedConfig, Reply } from '../../contracts/command.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { ObservationBatch } from '../../contracts/observations.ts';
import { NodeHealth, NodeStatus, watchingNothing } from '../../contracts/status.ts';
import type { TopicName } from '../../contracts/topics.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import { faultsOf, isValid } from '../../platform/validate.ts';
import { nodeStatus, writeNodeReport } from '../storage/nodes.ts';
import type { Store } from '../storage/store.ts';
import { printable, readExactJson } from './message.ts';

export type ReportName = Exclude<TopicName, 'events' | 'acks' | 'config' | 'commands'>;

const schemas: Readonly<Record<ReportName, TSchema>> = {
  status: NodeStatus,
  health: NodeHealth,
  applied: AppliedConfig,
  replies: Reply,
  observations: ObservationBatch,
};

/** A status names each camera; no report of a real node comes near this. */
const MAX_REPORT_BYTES = 256 * 1024;

/** Whether a topic carries what a node says of itself. */
export const isReport = (name: TopicName): name is ReportName => Object.hasOwn(schemas, name);

export type Report = { readonly node: string; readonly name: ReportName; readonly value: unknown };
type Refused = { readonly code: ErrorCode; readonly reason: string };

/** Size, JSON and schema of a report; why it is refused, else. */
export function readReport(name: ReportName, payload: Uint8Array): { readonly value: unknown } | Refused {
  if (payload.length > MAX_REPORT_BYTES) return { code: 'ING_TOO_LARGE', reason: `${name}: ${payload.length} bytes` };
  const read = readExactJson(payload);
  if ('code' in read) return { code: read.code, reason: printable(`${name}: ${read.reason}`, 400) };
  const { value } = read;
  if (isValid(schemas[name], value)) return { value };
  const faults = faultsOf(schemas[name], value, 3).map((fault) => `${fault.path || '(root)'}: ${fault.message}`);
  return { code: 'ING_SCHEMA', reason: printable(`${name}: ${faults.join('; ')}`, 400) };
}

/**
 * What is known of a node after a status came. A last will was made when the node connected: its cameras and its time
 * are of then, so a node that was online is gone from the moment at which the hub learns of it. Pure.
 */
export function statusAfter(known: NodeStatus | null, came: NodeStatus, now: number): NodeStatus {
  if (came.state === 'online') return came;
  const stale = known !== null && came.at <= known.at;
  if (stale && known.state === 'offline') return known;
  return watchingNothing(stale ? { ...came, at: timestamp(now) } : came);
}

export type ReportStore = {
  /** Resolves when it is written, or not worth writing any more. */
  write(report: Report): Promise<void>;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

export type ReportStoreOptions = {
  readonly store: Store;
  readonly onKept: (report: Report) => void;
  readonly onUnknown: (report: Report) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
};

const LIMITS = { minMs: 200, maxMs: 10_000 };

/** One write at a time for each node and kind of report; a newer one replaces one that waits. */
export function createReportStore({ store, onKept, onUnknown, clock, random, log }: ReportStoreOptions): ReportStore {
  const waiting = new Map<string, Report>();
  const running = new Map<string, Promise<void>>();
  const stop = new AbortController();

  const writeHealth = (node: string, value: unknown) =>
    writeNodeReport(store.db, node, { health: JSON.stringify(value) });

  async function writeStatus(node: string, came: NodeStatus): Promise<boolean> {
    const before = await nodeStatus(store.db, node);
    const known = before ? (JSON.parse(before) as NodeStatus) : null;
    return writeNodeReport(store.db, node, { status: JSON.stringify(statusAfter(known, came, clock.now())) });
  }

  async function writeNow(report: Report): Promise<void> {
    const { node, name, value } = report;
    if (name !== 'status' && name !== 'health') return onKept(report);
    const known = name === 'status' ? await writeStatus(node, value as NodeStatus) : await writeHealth(node, value);
    if (known) onKept(report);
    else onUnknown(report);
  }

  async function drain(key: string): Promise<void> {
    for (let attempt = 0; !stop.signal.aborted; ) {
      const report = waiting.get(key);
      if (!report) return;
      try {
        await writeNow(report);
        if (waiting.get(key) === report) waiting.delete(key);
        attempt = 0;
      } catch (error) {
        const wait = backOffMs(attempt++, random, LIMITS);
        log.warn({ node: report.node, err: error }, 'report of a node could not be written; trying again');
        await sleep(wait, stop.signal);
      }
    }
  }

  return {
    write(report) {
      // Replies are answers to single questions: each is passed on, none replaces another.
      if (report.name === 'replies') return writeNow(report);
      const key = `${report.node} ${report.name}`;
      waiting.set(key, report);
      let run = running.get(key);
      if (!run) {
        run = drain(key).finally(() => running.delete(key));
        running.set(key, run);
      }
      return run;
    },
    async close() {
      stop.abort();
      await Promise.all(running.values());
    },
  };
}
