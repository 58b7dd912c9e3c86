/** What the uplink needs of the outbox; the two rooms meet in edge/main only. */
import type { Ack } from '../../contracts/ack.ts';

export type OutgoingMessage = { readonly seq: number; readonly body: string };

export type SettledSeqs = {
  readonly settled: readonly number[];
  readonly refused: readonly { readonly seq: number }[];
  readonly again?: readonly number[];
};

export type OutgoingQueue = {
  pending(limit: number, afterSeq: number): readonly OutgoingMessage[];
  row(seq: number): OutgoingMessage | null;
  settle(acks: readonly Ack[]): SettledSeqs;
  refusedDue(now: number, limit: number): readonly OutgoingMessage[];
  resendRefused(): void;
  onAppend(listener: () => void): () => void;
};

export type QueuedFile = {
  readonly sha256: string;
  readonly bytes: number;
  readonly mime: string;
  readonly path: string;
  readonly uploadedBytes: number;
};

export type FileQueue = {
  evidencePending(limit: number): readonly QueuedFile[];
  evidenceProgress(sha256: string, uploadedBytes: number): void;
  evidenceDelivered(sha256: string, now: number): void;
};

export type QueuedHour = {
  /** Place in the order in which hours are sent. */
  readonly n: number;
  readonly rev: number;
  readonly camera: string;
  readonly zone: string;
  readonly kind: string;
  /** Start of the hour, ms since the epoch. */
  readonly hour: number;
  readonly watchedMs: number;
  /** JSON object: value by name. */
  readonly statistics: string;
};

export type ObservationQueue = {
  hoursPending(limit: number, afterN: number): readonly QueuedHour[];
  hoursStored(hours: readonly Pick<QueuedHour, 'n' | 'rev'>[]): void;
};
