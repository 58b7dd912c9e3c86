/** The only place where an MQTT topic is spelled. */
export const TOPIC_PREFIX = 'kerbwatch/v1';

const leaves = {
  events: 'events',
  acks: 'acks',
  status: 'status',
  health: 'health',
  config: 'config',
  applied: 'config/applied',
  commands: 'commands',
  replies: 'replies',
  observations: 'observations',
} as const;
export type TopicName = keyof typeof leaves;
export const topicNames = Object.keys(leaves) as TopicName[];

/** What an edge node writes; everything else under its name is the hub's. */
export const nodeWrites: readonly TopicName[] = ['events', 'status', 'health', 'applied', 'replies', 'observations'];
/** What an edge node reads. */
export const nodeReads: readonly TopicName[] = ['acks', 'config', 'commands'];

/** @example topic('fz-edge-01', 'events') // 'kerbwatch/v1/fz-edge-01/events' */
export function topic(node: string, name: TopicName): string {
  return `${TOPIC_PREFIX}/${node}/${leaves[name]}`;
}

/** Subscription for one leaf of every node. */
export function topicOfAllNodes(name: TopicName): string {
  return `${TOPIC_PREFIX}/+/${leaves[name]}`;
}

/** `{ node, name }` of a topic of ours, else null. */
export function parseTopic(text: string): { readonly node: string; readonly name: TopicName } | null {
  if (!text.startsWith(`${TOPIC_PREFIX}/`)) return null;
  const rest = text.slice(TOPIC_PREFIX.length + 1);
  const slash = rest.indexOf('/');
  if (slash < 1) return null;
  const leaf = rest.slice(slash + 1);
  const name = topicNames.find((candidate) => leaves[candidate] === leaf);
  return name ? { node: rest.slice(0, slash), name } : null;
}
