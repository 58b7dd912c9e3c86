/** What the hub says to nodes. Retained messages come with the subscription itself, and their answers before a start is over: they wait. */
import type { Link } from './ingest/link.ts';

export type Outgoing = {
  /** To a node's topic, QoS 1. */
  publish(topic: string, payload: string): void;
  /** From now on it goes out; what waited first. */
  connect(link: Pick<Link, 'publish'>): void;
};

/** Nothing is connected yet. */
export function createOutgoing(): Outgoing {
  let link: Pick<Link, 'publish'> | null = null;
  const early: (readonly [topic: string, payload: string])[] = [];
  return {
    publish(topic, payload) {
      if (link) link.publish(topic, payload);
      else early.push([topic, payload]);
    },
    connect(to) {
      link = to;
      for (const [topic, payload] of early.splice(0)) to.publish(topic, payload);
    },
  };
}
