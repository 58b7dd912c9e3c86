/** What a notice channel is: a way for a notice to reach its site. A new one is a folder here and a line in the list. */
import type { Static, TSchema } from '@sinclair/typebox';
import type { NoticeContent } from '../content.ts';

export type DeliverableNotice = {
  /** The same each time that a delivery is tried again: what a receiver may tell repetitions by. */
  readonly id: string;
  readonly content: NoticeContent;
  /** The manager's page; null while nobody can open it. */
  readonly link: string | null;
};

/** `refused` is for good: trying again would change nothing. */
export type DeliveryResult = { readonly state: 'delivered' } | { readonly state: 'refused'; readonly reason: string };

/**
 * Comes back when the notice is delivered or refused; whatever it throws is tried again later, so that a notice may
 * arrive more than once. It ends when the signal aborts.
 */
export type Deliver = (notice: DeliverableNotice, signal: AbortSignal) => Promise<DeliveryResult>;

export type Channel<C extends TSchema = TSchema> = {
  /** Its key under `notices.channels` of the hub's configuration, kept with each delivery. */
  readonly kind: string;
  readonly config: C;
  open(config: Static<C>): Deliver;
};
