/** What the uplink needs of the outbox; the two rooms meet in edge/main only. */
import type { Ack } from '../../contracts/ack.ts';

export type QueuedMessage = { readonly seq: number; readonly body: string };

export type MessageQueue = {
  pending(limit: number, afterSeq: number): readonly QueuedMessage[];
  row(seq: number): QueuedMessage | null;
  settle(acks: readonly Ack[]): { readonly settled: readonly number[]; readonly strange: number };
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
