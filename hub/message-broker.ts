/** The broker that nodes talk to, the embedded or another one, and the hub's own connection to it. */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nodeWrites, type TopicName, topicOfAllNodes } from '../contracts/topics.ts';
import { AppError } from '../platform/app-error.ts';
import type { Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import { readSecret } from '../platform/secret.ts';
import { writeOnce } from '../platform/write-once.ts';
import { type BrokerOptions, type EmbeddedBroker, startBroker } from './broker/embedded.ts';
import type { HubConfig } from './config.ts';
import { type Link, type LinkOptions, openLink } from './ingest/link.ts';
import { LOOPBACK, openCertificate, reachable, warnIfOpen } from './listening.ts';

type Surroundings = { readonly configDir?: string; readonly log: Log };

const NODE_TOPICS = nodeWrites;
/** One member of a shared group takes each of these. */
const DEALT: readonly TopicName[] = ['events', 'health', 'observations'];

/** @returns null where another broker is configured @throws HUB_BROKER, HUB_TLS */
export async function openBroker(
  config: HubConfig,
  parts: Pick<BrokerOptions, 'checkNode' | 'onRefused'> & Surroundings,
  disposer: Disposer,
): Promise<EmbeddedBroker | null> {
  if ((config.mqtt ?? 'embedded') !== 'embedded') return null;
  const { checkNode, onRefused, log } = parts;
  const { host = LOOPBACK, port = 1883 } = config.broker ?? {};
  const certificate = await openCertificate(config.broker?.tls, parts);
  const tls = certificate ? { tls: certificate.files } : {};
  const broker = await startBroker({ host, port, checkNode, onRefused, log, ...tls });
  disposer.add('broker', () => broker.close());
  if (broker.tlsServer) certificate?.keepFresh(broker.tlsServer, disposer);
  else warnIfOpen('broker.host', { host, port: broker.port }, log);
  return broker;
}

/** Address of the embedded broker on this machine. */
export function brokerUrl(config: HubConfig, { tlsServer, port }: EmbeddedBroker): string {
  return `${tlsServer ? 'mqtts' : 'mqtt'}://${reachable(config.broker?.host ?? LOOPBACK)}:${port}`;
}

const newHubId = () => `kerbwatch-hub-${randomBytes(6).toString('hex')}`;

/** A name for the session at the broker; it must outlive a restart and differ from another hub's. */
async function hubId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'hub-id');
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (known?.trim()) return known.trim();
  // Left empty by an earlier version on a full disk.
  if (known !== null) await rm(file);
  const id = newHubId();
  await writeOnce(file, id);
  return id;
}

function readAuthority(file: string, configDir = '.'): Promise<Buffer> {
  return readFile(resolve(configDir, file)).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('HUB_BROKER', `mqttCa ${file}: ${cause.code ?? cause.message}`, { cause });
  });
}

/** @throws HUB_BROKER, CFG_SECRET */
export async function connectBroker(
  config: HubConfig,
  broker: EmbeddedBroker | null,
  onMessage: LinkOptions['onMessage'],
  { log, configDir }: Surroundings,
): Promise<Link> {
  const shared = config.sharedGroup && !broker ? `$share/${config.sharedGroup}/` : '';
  const password = config.mqttPassword ? await readSecret(config.mqttPassword, configDir) : undefined;
  return openLink({
    to: broker ? { stream: () => broker.connectHub() } : { url: config.mqtt ?? '' },
    // Without a session the name is this process's own: hubs that share a data folder would put each other out.
    clientId: broker ? 'hub' : shared === '' ? await hubId(config.dataDir) : newHubId(),
    // A broker goes on dealing to a member whose session outlives it; without one the outboxes repeat what it had.
    session: broker === null && shared === '',
    ...(config.mqttUser === undefined ? {} : { user: config.mqttUser }),
    ...(password === undefined ? {} : { password }),
    ...(config.mqttCa === undefined ? {} : { ca: await readAuthority(config.mqttCa, configDir) }),
    // What is retained, and answers to one hub's questions, come to every hub: a share gets nothing retained.
    topics: NODE_TOPICS.map((name) => `${DEALT.includes(name) ? shared : ''}${topicOfAllNodes(name)}`),
    onMessage,
    log,
  });
}
