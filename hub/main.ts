/** The hub put together: database, broker, ingest, desk, API and sweeps. The only file that knows them all. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LoginBody } from '../contracts/api/session.ts';
import type { Command } from '../contracts/command.ts';
import { type TopicName, topic, topicOfAllNodes } from '../contracts/topics.ts';
import { AppError } from '../platform/app-error.ts';
import { readCalendar } from '../platform/calendar.ts';
import { type Clock, systemElapsed } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { readSecret } from '../platform/secret.ts';
import { writeOnce } from '../platform/write-once.ts';
import { createApi } from './api/app.ts';
import { type EmbeddedBroker, startBroker } from './broker/embedded.ts';
import { watchCalendar } from './calendar-watch.ts';
import { type CaseDesk, createCaseDesk } from './cases/desk.ts';
import { caseSettings, hubCalendar } from './cases/settings.ts';
import { type Changes, createChanges } from './changes.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import type { HubConfig } from './config.ts';
import { openEvidence } from './evidence/open.ts';
import { createIngest, type Ingest } from './ingest/index.ts';
import { type Link, openLink } from './ingest/link.ts';
import { createIngestMetrics } from './ingest/metrics.ts';
import { reinstateNotices, startHandOver, withdrawNotices } from './notices/hand-over.ts';
import { issueNotice } from './notices/issue.ts';
import { createCredentialGate } from './registry/credential-gate.ts';
import { createNodeCheck } from './registry/node-credentials.ts';
import { openNodeDirectory } from './registry/node-directory.ts';
import { openRootKey } from './registry/root-key.ts';
import { lockDatabase } from './storage/hub-lock.ts';
import { latestEventAt } from './storage/nodes.ts';
import { nodesWithRefusals } from './storage/quarantine.ts';
import { openStore, type Store } from './storage/store.ts';
import { startSweeps } from './sweeps.ts';
import { readTls, renewTls, type TlsFiles, type TlsPaths } from './tls.ts';

export type HubOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** A clock that only goes forward, ms; the system's by default. */
  readonly elapsed?: () => number;
  /** Folder that relative `file:` secrets count from. */
  readonly configDir?: string;
  /** Log-ins that a demo's log-in page offers to everybody; the hub itself knows no passwords. */
  readonly demoLogins?: readonly LoginBody[];
};

export type Hub = {
  /** Address of the HTTP API on this machine. */
  readonly url: string;
  /** Address of the embedded broker on this machine, or null with another broker. */
  readonly mqttUrl: string | null;
  readonly store: Store;
  readonly desk: CaseDesk;
  readonly changes: Changes;
  /** What is done each minute, now. */
  sweep(): Promise<void>;
  /** A round of looking at stored evidence, now. */
  scrub(): Promise<void>;
  /** Everything that has come in is committed. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

const HOUR = 3_600_000;
const NODE_TOPICS = ['events', 'status', 'health', 'applied', 'replies'] as const;
/** One member of a shared group takes each of these. */
const DEALT: readonly TopicName[] = ['events', 'health'];

const LOOPBACK = '127.0.0.1';
const PLAIN = 'open to the network without TLS: passwords and pictures can be read on the way; set tls, or 127.0.0.1';
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

const renewal = (server: TlsServer, files: TlsFiles, paths: TlsPaths, { configDir = '.', log }: HubOptions) => {
  const end = renewTls(server, files, paths, configDir, log);
  return async () => end();
};

const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

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

/** Closes what was opened, last first, even when one of them fails. */
function createClosing(log: Log) {
  const steps: { readonly name: string; readonly close: () => Promise<unknown> }[] = [];
  return {
    later(name: string, close: () => Promise<unknown>) {
      steps.push({ name, close });
    },
    async run() {
      for (const { name, close } of steps.splice(0).reverse()) {
        await close().catch((error: unknown) => log.error({ err: error }, `${name} did not close`));
      }
    },
  };
}

/** @throws HUB_BROKER */
function readAuthority(file: string, configDir = '.'): Promise<Buffer> {
  return readFile(resolve(configDir, file)).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('HUB_BROKER', `mqttCa ${file}: ${cause.code ?? cause.message}`, { cause });
  });
}

async function connectBroker(
  config: HubConfig,
  broker: EmbeddedBroker | null,
  ingest: () => Ingest,
  { log, configDir }: HubOptions,
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
    onMessage: (message) => ingest().take(message),
    log,
  });
}

type Listening = { readonly host: string; readonly port: number; readonly scheme: 'http' | 'https'; readonly log: Log };

async function listen(api: FastifyInstance, { host, port, scheme, log }: Listening): Promise<string> {
  await api.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError('HUB_PORT', `${host}:${port}: ${cause.code ?? cause.message}`, { cause });
  });
  // Taking a connection can fail later, as when this process has no file descriptor left.
  api.server.on('error', (error) => log.error({ err: error }, 'API could not take a connection'));
  const address = api.server.address();
  const opened = typeof address === 'object' && address ? address.port : port;
  return `${scheme}://${reachable(host)}:${opened}`;
}

/** @throws HUB_DATABASE, HUB_DATABASE_IN_USE, HUB_BROKER, HUB_PORT, HUB_TLS, HUB_ROOT_KEY, HUB_ROOT_OTHER, CFG_SECRET */
export async function startHub(config: HubConfig, options: HubOptions): Promise<Hub> {
  const closing = createClosing(options.log);
  try {
    return await start(config, options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

function watchClock(config: HubConfig, options: HubOptions, store: Store, metrics: Registry): Promise<ClockWatch> {
  const { clock, elapsed = systemElapsed, log } = options;
  const confirmMs = (config.clock?.confirmHours ?? 24) * HOUR;
  const file = join(config.dataDir, 'clock.json');
  const watching = createClockWatch({ clock, elapsed, file, latestCommit: () => latestEventAt(store), confirmMs, log });
  return watching.then((watch) => {
    new Gauge({
      name: 'kerbwatch_clock_ahead_seconds',
      help: 'Unconfirmed step of the clock; expiry and removal wait while it is above 0',
      registers: [metrics],
      collect() {
        this.set(watch.state().aheadMs / 1000);
      },
    });
    return watch;
  });
}

async function start(config: HubConfig, options: HubOptions, closing: ReturnType<typeof createClosing>): Promise<Hub> {
  const { log, clock, configDir } = options;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const password = config.databasePassword ? await readSecret(config.databasePassword, configDir) : undefined;
  const url = config.database ?? 'sqlite:data/hub.db';
  const unlock = await lockDatabase(url);
  closing.later('lock', async () => unlock());
  const store = await openStore(url, { log, ...(password === undefined ? {} : { password }) });
  closing.later('database', () => store.close());
  const place = { dataDir: config.dataDir, secret: config.trust?.key, ...(configDir ? { configDir } : {}) };
  const root = await openRootKey(store, place, clock.now());
  log.info({ fingerprint: root.fingerprint }, 'root of trust: give this fingerprint to whoever checks evidence');

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const calendar = await readCalendar(hubCalendar(config), configDir);
  const settings = caseSettings(config, calendar);
  const calendarWatch = watchCalendar({ calendar, clock, metrics, log });
  closing.later('calendar', () => calendarWatch.close());
  const changes = createChanges();
  const watch = await watchClock(config, options, store, metrics);
  const evidence = await openEvidence({
    ...{ dir: join(config.dataDir, 'evidence'), config, store, clock, metrics, log },
    publish: (to, payload) => publish(to, payload),
  });
  const { blobs } = evidence;
  const notices = {
    issuer: config.notices?.issuer ?? '城市管理局',
    contact: config.notices?.contact ?? '12319',
    correctWithinHours: config.notices?.correctWithinHours ?? 24,
    linkDays: config.notices?.linkDays ?? 30,
    holdMs: settings.undoMs,
    calendar,
  };
  const onConfirmed: Parameters<typeof createCaseDesk>[0]['onConfirmed'] = async (trx, caseRow, actor, now, plate) => {
    await issueNotice(trx, caseRow, { actor, now, plate }, notices);
  };
  const taking = { onTakenBack: withdrawNotices, onReinstated: reinstateNotices };
  const desk = createCaseDesk({ store, clock, changes, settings, onConfirmed, ...taking });
  const directory = await openNodeDirectory({ store, log });
  closing.later('directory of nodes', () => directory.close());
  const checkNode = createNodeCheck({ store, gate: createCredentialGate(), directory });

  let link: Link | null = null;
  let stopping = false;
  const publish = (to: string, payload: string) => link?.publish(to, payload);
  const ingestMetrics = createIngestMetrics(metrics);
  const access = { refusalOf: directory.refusal, refresh: directory.refresh };
  const ingest = createIngest({ store, settings, clock, changes, metrics: ingestMetrics, publish, access, log });
  closing.later('ingest', () => ingest.close());

  let broker: EmbeddedBroker | null = null;
  if ((config.mqtt ?? 'embedded') === 'embedded') {
    const onRefused: Parameters<typeof startBroker>[0]['onRefused'] = (node, code, reason) =>
      ingest.quarantine(node, code, reason);
    const { host = LOOPBACK, port = 1883, tls: paths } = config.broker ?? {};
    const tls = paths && (await readTls(paths, configDir));
    const opened = await startBroker({ host, port, checkNode, onRefused, log, ...(tls ? { tls } : {}) });
    broker = opened;
    closing.later('broker', () => opened.close());
    if (opened.tlsServer && tls && paths)
      closing.later('its certificate', renewal(opened.tlsServer, tls, paths, options));
    if (!tls && !isLoopback(host)) log.warn({ host, port: opened.port }, `broker.host: ${PLAIN}`);
  }
  directory.onChange((node) => {
    broker?.cut(node);
    changes.emit({ type: 'node', node });
  });
  const opened = await connectBroker(config, broker, () => ingest, options);
  link = opened;
  closing.later('broker connection', () => opened.close());

  const askResend = (node: string) => {
    const order: Command = { requestId: randomBytes(8).toString('hex'), command: 'resend' };
    publish(topic(node, 'commands'), JSON.stringify(order));
  };
  // Another version or a clock set right may be what they wait for.
  for (const node of await nodesWithRefusals(store.db)) askResend(node);
  const unready = () => {
    if (!ingest.working())
      return 'ingest has stopped on an error of the program; the log says which: start the hub again';
    return stopping || !opened.connected() ? 'starting or stopping, or the broker is away' : null;
  };
  const { host = LOOPBACK, port = 8080, tls: paths, trustProxy } = config.http ?? {};
  const tls = paths && (await readTls(paths, configDir));
  const api = await createApi({
    ...{ store, root, desk, blobs, changes, config, calendar, clock, log, metrics, checkNode, unready },
    // Apart from that of the nodes: who floods the one does not hold up the other.
    gate: createCredentialGate(),
    clockWatch: watch,
    nodesChanged: directory.refresh,
    keysRevoked: ingest.forgetKeys,
    askResend,
    ...(tls ? { tls } : {}),
    ...(options.demoLogins ? { demoLogins: options.demoLogins } : {}),
  });
  closing.later('API', () => api.close());
  const address = await listen(api, { host, port, scheme: tls ? 'https' : 'http', log });
  if (tls && paths) closing.later('its certificate', renewal(api.server as unknown as TlsServer, tls, paths, options));
  // With a proxy in front it is the proxy that speaks https.
  if (!tls && !isLoopback(host) && !trustProxy) log.warn({ host, port }, `http.host: ${PLAIN}`);
  const uploadMs = (config.evidence?.uploadHours ?? 48) * HOUR;
  const sweeps = startSweeps({ store, desk, blobs, clock, watch, uploadMs, log });
  closing.later('sweeps', () => sweeps.close());
  const scrub = evidence.startScrub();
  closing.later('check of stored evidence', () => scrub.close());
  const handOver = startHandOver({ store, clock, changes, log });
  closing.later('notices', () => handOver.close());
  const scheme = broker?.tlsServer ? 'mqtts' : 'mqtt';
  const mqttUrl = broker ? `${scheme}://${reachable(config.broker?.host ?? LOOPBACK)}:${broker.port}` : null;
  log.info({ address, broker: mqttUrl ?? 'external' }, 'hub is ready');

  return {
    url: address,
    mqttUrl,
    store,
    desk,
    changes,
    sweep: () => sweeps.sweep(),
    scrub: async () => void (await scrub.round()),
    idle: () => ingest.idle(),
    close() {
      stopping = true;
      return closing.run();
    },
  };
}
