/** What nodes send and who may send it: directory of nodes, ingest, broker and the hub's connection to it, put together. */
import { randomBytes } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Command } from '../contracts/command.ts';
import { topic } from '../contracts/topics.ts';
import type { Clock } from '../platform/clock.ts';
import type { Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import type { EmbeddedBroker } from './broker/embedded.ts';
import { startLinkFinder } from './cases/link-finder.ts';
import { countUnlinked } from './cases/metrics.ts';
import type { CaseSettings } from './cases/settings.ts';
import type { Changes } from './changes.ts';
import type { HubConfig } from './config.ts';
import { createIngest, type Ingest } from './ingest/index.ts';
import type { Link } from './ingest/link.ts';
import { createIngestMetrics } from './ingest/metrics.ts';
import { createMemoryOrders, type MemoryOrders } from './memory/orders.ts';
import { connectBroker, openBroker } from './message-broker.ts';
import { createCredentialLimiter } from './registry/credential-limiter.ts';
import { createNodeCheck, type NodeCheck } from './registry/node-credentials.ts';
import { type NodeDirectory, openNodeDirectory } from './registry/node-directory.ts';
import { nodesWithRefusals } from './storage/quarantine.ts';
import type { Store } from './storage/store.ts';

export type Messaging = {
  readonly directory: NodeDirectory;
  readonly checkNode: NodeCheck;
  readonly ingest: Ingest;
  /** null where another broker is configured. */
  readonly broker: EmbeddedBroker | null;
  readonly link: Link;
  readonly memoryOrders: MemoryOrders;
  /** Tells a node to send what was refused again. */
  askResend(node: string): void;
  /** Why nothing can come in; null when all is well. */
  unready(): string | null;
  /** Everything that has come in is committed, and its links were looked for. */
  idle(): Promise<void>;
};

export const NOT_CONNECTED = 'starting or stopping, or the broker is away';
const STOPPED = 'ingest has stopped on an error of the program; the log says which: start the hub again';

/** @throws HUB_BROKER, HUB_TLS, CFG_SECRET; what was opened by then is with the disposer */
export async function openMessaging(
  config: HubConfig,
  parts: {
    readonly store: Store;
    readonly settings: CaseSettings;
    readonly clock: Clock;
    readonly changes: Changes;
    readonly metrics: Registry;
    /** To a node's topic, QoS 1. */
    readonly publish: (topic: string, payload: string) => void;
    readonly configDir?: string;
    readonly log: Log;
  },
  disposer: Disposer,
): Promise<Messaging> {
  const { store, changes, log } = parts;
  const directory = await openNodeDirectory({ store, log });
  disposer.add('directory of nodes', () => directory.close());
  const checkNode = createNodeCheck({ store, limiter: createCredentialLimiter(), directory });
  const memoryOrders = createMemoryOrders({ ...parts, onSettled: (node) => changes.emit({ type: 'node', node }) });
  const linkFinder = startLinkFinder({ ...parts, dropped: countUnlinked(parts.metrics) });
  disposer.add('links of cases', () => linkFinder.close());
  const ingest = createIngest({
    ...parts,
    onStored: linkFinder.look,
    onReply: memoryOrders.answered,
    onOnline: (node) => void memoryOrders.send(node),
    metrics: createIngestMetrics(parts.metrics),
    access: { refusalOf: directory.refusal, refresh: directory.refresh },
  });
  disposer.add('ingest', () => ingest.close());
  const broker = await openBroker(config, { ...parts, checkNode, onRefused: ingest.quarantine }, disposer);
  directory.onChange((node) => {
    broker?.cut(node);
    changes.emit({ type: 'node', node });
  });
  const link = await connectBroker(config, broker, ingest.take, parts);
  disposer.add('broker connection', () => link.close());
  const askResend = (node: string) => {
    const order: Command = { requestId: randomBytes(8).toString('hex'), command: 'resend' };
    link.publish(topic(node, 'commands'), JSON.stringify(order));
  };
  // Another version or a clock set right may be what they wait for.
  for (const node of await nodesWithRefusals(store.db)) askResend(node);
  const unready = () => (ingest.working() ? (link.connected() ? null : NOT_CONNECTED) : STOPPED);
  async function idle(): Promise<void> {
    await ingest.idle();
    await linkFinder.idle();
  }
  return { directory, checkNode, ingest, broker, link, memoryOrders, askResend, unready, idle };
}
