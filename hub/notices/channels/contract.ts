/** What a notice channel is: a way for a notice to reach its site. A new one is a folder here and a line in the list. */
import type { Static, TSchema } from '@sinclair/typebox';
import type { SiteBody } from '../../../contracts/api/registry.ts';
import type { Fault } from '../../../platform/app-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { NoticeContent } from '../content.ts';

export type DeliverableNotice = {
  /** The same each time that a delivery is tried again: what a receiver may tell repetitions by. */
  readonly id: string;
  /** What it says of its first case, under the number that it goes out with. */
  readonly content: NoticeContent;
  /** Every case that it is of: several where the notices of a shift go out as one. */
  readonly cases: readonly NoticeContent[];
  /** Null for the notice itself; else it reminds of it, before its limit or when that is reached. */
  readonly reminder: 'before' | 'limit' | null;
  /** The manager's page; null while nobody can open it. */
  readonly link: string | null;
  /** Whom the registry names now: an address may have been put right since the notice was issued. */
  readonly recipient: SiteBody['manager'];
  /** The document as a PDF, drawn when it is asked for. */
  readonly document: () => Promise<Buffer>;
};

/** Whether it is of one case under that case's own number; a reminder may be of one case of several. */
export const isAlone = ({ content, cases }: Pick<DeliverableNotice, 'content' | 'cases'>): boolean =>
  cases.length === 1 && cases[0]?.number === content.number;

/** Whom a notice was sent to, as people may read it, and what the receiving side answered. */
export type SentTo = { readonly to: string; readonly receipt: string | null };

/**
 * `refused` is for good: trying again would change nothing. `sent` is there where the notice has left this house for its
 * site; a channel that only shows it here has sent nothing.
 */
export type DeliveryResult =
  | { readonly state: 'delivered'; readonly sent?: SentTo }
  | { readonly state: 'refused'; readonly reason: string };

/**
 * Comes back when the notice is delivered or refused; whatever it throws is tried again later, so that a notice may
 * arrive more than once. It ends when the signal aborts.
 */
export type Deliver = (notice: DeliverableNotice, signal: AbortSignal) => Promise<DeliveryResult>;

/** What a channel is opened with, beside its configuration. */
export type ChannelParts = {
  /** Folder that relative references count from. */
  readonly configDir: string;
  readonly clock: Clock;
};

/** What a channel's configuration points at, by the path of its key, and what its keys have against each other. */
export type ChannelReferences = {
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly Fault[];
};

export type Channel<C extends TSchema = TSchema> = {
  /** Its key under `notices.channels` of the hub's configuration, kept with each delivery. */
  readonly kind: string;
  readonly config: C;
  /** Whether it reaches out, so that a reminder by it means something. */
  readonly reminds?: boolean;
  open(config: Static<C>, parts: ChannelParts): Deliver;
  /** @param config as it was written: it may still have other faults */
  references?(config: unknown): ChannelReferences;
};
