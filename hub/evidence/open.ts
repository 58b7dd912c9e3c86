/** The hub's evidence put together: the store of files, what asks for lost ones, and what looks for them. */
import { mkdir } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { AuditQueue } from '../audit-queue.ts';
import type { HubConfig } from '../config.ts';
import { countFaulty } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import { createAskAgain } from './ask-again.ts';
import { type BlobStore, createBlobStore } from './blobs.ts';
import { createEvidenceMetrics } from './metrics.ts';
import { type Scrub, startScrub } from './scrub.ts';

const MEGABYTE = 1_000_000;
const DAY = 86_400_000;

export type EvidenceOptions = {
  readonly dir: string;
  readonly config: Pick<HubConfig, 'evidence' | 'retention'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** To a node's topic. */
  readonly publish: (topic: string, payload: string) => void;
  readonly auditQueue: AuditQueue;
  readonly log: Log;
};

export type Evidence = { readonly blobs: BlobStore; startScrub(): Scrub };

/** Makes the folder where it is not there; the scrub starts when it is told to. */
export async function openEvidence(options: EvidenceOptions): Promise<Evidence> {
  const { dir, config, store, clock, log } = options;
  const { freeMegabytes = 200, scrubDays = 30, scrubMegabytesPerSecond = 4 } = config.evidence ?? {};
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const askAgain = createAskAgain(store, clock, options.publish);
  const metrics = createEvidenceMetrics(options.metrics, {
    lost: () => countFaulty(store),
    freeBytes: async () => (await blobs.space()).free,
  });
  const blobs = createBlobStore({
    ...{ dir, store, clock, log, auditQueue: options.auditQueue },
    keepMs: (config.retention?.unconfirmedDays ?? 30) * DAY,
    freeBytes: freeMegabytes * MEGABYTE,
    onFault(sha256, fault) {
      metrics.onFault(fault);
      // A question that did not go out is asked again by the scrub.
      askAgain([sha256]).catch((error: unknown) => log.warn({ err: error, sha256 }, 'lost evidence not asked for yet'));
    },
  });
  return {
    blobs,
    startScrub: () =>
      startScrub({
        ...{ store, blobs, clock, askAgain, log },
        everyMs: scrubDays * DAY,
        bytesPerSecond: scrubMegabytesPerSecond * MEGABYTE,
        onChecked: metrics.onChecked,
      }),
  };
}
