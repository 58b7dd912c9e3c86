/** Who may write and read which topic: a node its own, and only in its own direction. Mosquitto's ACL says the same. */
import { nodeReads, nodeWrites, parseTopic } from '../../contracts/topics.ts';

/** What a node may leave behind on the broker (RETAIN): the newest of each. */
const RETAINED = ['status', 'applied'] as const;

export type PublishRule =
  | { readonly allowed: false; readonly why: string }
  | { readonly allowed: true; readonly mayRetain: boolean };

/**
 * Whether a node may publish on a topic, and leave the message behind (RETAIN, MQTT 3.1.1 §3.3.1.3).
 * @example mayPublish('a', 'kerbwatch/v1/b/events') // { allowed: false, why: 'topic of b' }
 */
export function mayPublish(node: string, topic: string): PublishRule {
  const parsed = parseTopic(topic);
  if (!parsed) return { allowed: false, why: 'not a topic of ours' };
  if (parsed.node !== node) return { allowed: false, why: `topic of ${parsed.node}` };
  if (!nodeWrites.includes(parsed.name)) return { allowed: false, why: `${parsed.name} is written by the hub` };
  return { allowed: true, mayRetain: (RETAINED as readonly string[]).includes(parsed.name) };
}

/** Wildcards are refused with the rest: `+` is no node's name. */
export function maySubscribe(node: string, topic: string): boolean {
  const parsed = parseTopic(topic);
  return parsed !== null && parsed.node === node && nodeReads.includes(parsed.name);
}
