/** What nodes counted, into the database: each hour checked by itself, answered once it is committed. */
import type { ObservationAck } from '../../contracts/ack.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { HOUR_MS, type ObservationBatch, type ObservationHour, statisticsOf } from '../../contracts/observations.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { nodeStatus } from '../storage/nodes.ts';
import { putObservationHours } from '../storage/observation-hours.ts';
import type { Store } from '../storage/store.ts';
import { printable } from './message.ts';
import type { IngestMetrics } from './metrics.ts';
import { instantFault } from './time-bounds.ts';

type Refused = { readonly code: ErrorCode; readonly reason: string };

/** Why an hour cannot be taken, or null. Pure: `now` is the hub's. */
function hourFault({ kind, hour, statistics }: ObservationHour, now: number): Refused | null {
  const known = statisticsOf(kind);
  if (!known) return { code: 'ING_SCHEMA', reason: printable(`observations: kind ${kind} is not known`, 400) };
  const unknown = Object.keys(statistics).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) return { code: 'ING_SCHEMA', reason: `observations: ${kind} has no ${unknown}` };
  const fault = instantFault('hour', hour, now);
  if (fault !== null) return { code: 'ING_TIME', reason: `observations: ${fault}` };
  if (Date.parse(hour) % HOUR_MS === 0) return null;
  return { code: 'ING_TIME', reason: `observations: ${hour} is no start of an hour` };
}

/** Messages that may wait for the database; what comes beyond is put off: its node sends it again. */
const MAX_WAITING = 64;

/** One message after the other; at most 64 wait. */
export function createObservationStore(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Pick<IngestMetrics, 'observations'>;
  readonly quarantine: (node: string, code: ErrorCode, reason: string, payload?: Uint8Array) => void;
  /** After the commit. */
  readonly onStored: (node: string, ack: ObservationAck) => void;
  readonly log: Log;
}) {
  const { store, clock, metrics, quarantine, log } = parts;
  let waiting = 0;
  let running: Promise<void> = Promise.resolve();

  async function commit(node: string, { id, hours }: ObservationBatch): Promise<void> {
    const faults = hours.map((hour) => hourFault(hour, clock.now()));
    const rows = hours.flatMap(({ watchedSeconds, statistics, ...hour }, i) =>
      faults[i] ? [] : [{ ...hour, node, watched_seconds: watchedSeconds, statistics: JSON.stringify(statistics) }],
    );
    const known = await store.transaction(async (trx) => {
      if ((await nodeStatus(trx, node)) === undefined) return false;
      await putObservationHours(trx, store.dialect, rows);
      return true;
    });
    if (!known) return quarantine(node, 'ING_UNKNOWN_NODE', `observations of node ${node}`);
    const refused = faults.flatMap((fault, i) => (fault ? [i] : []));
    // The hour alone, which is the same each time that it comes: repetitions are counted and not kept.
    for (const i of refused) {
      const { code, reason } = faults[i] as Refused;
      quarantine(node, code, reason, Buffer.from(JSON.stringify(hours[i])));
    }
    metrics.observations.inc({ status: 'stored' }, rows.length);
    metrics.observations.inc({ status: 'refused' }, refused.length);
    parts.onStored(node, { id, ...(refused.length > 0 ? { refused } : {}) });
  }

  return {
    /** Settles when the message is stored, refused or put off. */
    write(node: string, batch: ObservationBatch): Promise<void> {
      if (waiting >= MAX_WAITING) {
        metrics.observations.inc({ status: 'put-off' }, batch.hours.length);
        return Promise.resolve();
      }
      waiting++;
      running = running
        .then(() => commit(node, batch))
        .catch((error: unknown) => {
          metrics.observations.inc({ status: 'put-off' }, batch.hours.length);
          log.warn({ node, err: error }, 'counts of a node could not be stored; it sends them again');
        })
        .finally(() => {
          waiting--;
        });
      return running;
    },
  };
}
