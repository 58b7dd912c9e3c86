/** What the ingest counts, for /metrics. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type IngestMetrics = {
  readonly messages: Counter<'status'>;
  readonly quarantined: Counter<'code'>;
  readonly forks: Counter<'node'>;
  readonly opened: Counter<'kind'>;
  readonly observations: Counter<'status'>;
  readonly batch: Histogram;
  readonly commit: Histogram;
  readonly retries: Counter;
  readonly waiting: Gauge;
};

/** Registers all of them. */
export function createIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  return {
    messages: new Counter({
      name: 'kerbwatch_events_total',
      help: 'Event messages settled, by status',
      labelNames: ['status'],
      registers,
    }),
    quarantined: new Counter({
      name: 'kerbwatch_quarantined_total',
      help: 'Payloads put into quarantine, by code',
      labelNames: ['code'],
      registers,
    }),
    forks: new Counter({
      name: 'kerbwatch_chain_forks_total',
      help: 'Places where the chain of a node does not go on from what the hub has, by node',
      labelNames: ['node'],
      registers,
    }),
    opened: new Counter({
      name: 'kerbwatch_cases_opened_total',
      help: 'Cases opened, by kind',
      labelNames: ['kind'],
      registers,
    }),
    observations: new Counter({
      name: 'kerbwatch_observation_hours_total',
      help: 'Hours of counts that nodes sent, by status; what was put off comes again',
      labelNames: ['status'],
      registers,
    }),
    batch: new Histogram({
      name: 'kerbwatch_ingest_batch_messages',
      help: 'Messages committed in one transaction',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
      registers,
    }),
    commit: new Histogram({
      name: 'kerbwatch_ingest_commit_seconds',
      help: 'Time of one transaction',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    }),
    retries: new Counter({ name: 'kerbwatch_ingest_retries_total', help: 'Transactions tried again', registers }),
    waiting: new Gauge({ name: 'kerbwatch_ingest_waiting', help: 'Messages not committed yet', registers }),
  };
}
