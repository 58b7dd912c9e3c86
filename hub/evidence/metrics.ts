/** What is counted of evidence, for /metrics. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { EvidenceFault } from '../storage/evidence.ts';

/** @param read asked at each scrape */
export function createEvidenceMetrics(
  registry: Registry,
  read: { readonly lost: () => Promise<number>; readonly freeBytes: () => Promise<number> },
) {
  const registers = [registry];
  const faults = new Counter({
    name: 'kerbwatch_evidence_faults_total',
    help: 'Stored files found missing or damaged',
    labelNames: ['fault'],
    registers,
  });
  const checked = new Counter({
    name: 'kerbwatch_evidence_checked_total',
    help: 'Stored files whose bytes were read again',
    registers,
  });
  // A gauge that cannot be read now says nothing, and keeps no other metric from being told.
  const gauge = (name: string, help: string, value: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await value().catch(() => Number.NaN));
      },
    });
  gauge('kerbwatch_evidence_lost', 'Files that are missing or damaged now', read.lost);
  gauge('kerbwatch_data_free_bytes', 'Free bytes of the disk with the evidence', read.freeBytes);
  return {
    onFault: (fault: EvidenceFault) => faults.inc({ fault }),
    onChecked: (files: number) => checked.inc(files),
  };
}
