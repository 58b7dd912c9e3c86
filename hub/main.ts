/** The hub put together: database, broker, ingest, cases, API and sweeps. The only file that knows them all. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LoginBody } from '../contracts/api/session.ts';
import { AppError } from '../platform/app-error.ts';
import { readCalendar } from '../platform/calendar.ts';
import { type Clock, systemElapsed } from '../platform/clock.ts';
import { createDisposer, type Disposer } from '../platform/disposer.ts';
import type { Log } from '../platform/log.ts';
import { readSecret } from '../platform/secret.ts';
import { createApi } from './api/app.ts';
import type { ApiDeps } from './api/deps.ts';
import { createApprovals } from './approvals.ts';
import { createAuditQueue } from './audit-queue.ts';
import { watchCalendar } from './calendar-watch.ts';
import { type CaseCommands, type CaseCommandsOptions, createCaseCommands } from './cases/commands.ts';
import { countEscalations } from './cases/metrics.ts';
import { type CaseReads, createCaseReads } from './cases/reads.ts';
import { caseSettings, hubCalendar } from './cases/settings.ts';
import { type Changes, createChanges } from './changes.ts';
import type { HubConfig } from './config.ts';
import { type Evidence, openEvidence } from './evidence/open.ts';
import { createHubClock, type HubClock } from './hub-clock.ts';
import { LOOPBACK, openCertificate, reachable, warnIfOpen } from './listening.ts';
import { createCameraMemories } from './memory/camera-memory.ts';
import { queueCaseWord } from './memory/case-words.ts';
import { brokerUrl } from './message-broker.ts';
import { NOT_CONNECTED, openMessaging } from './messaging.ts';
import { openChannels, remindingChannels } from './notices/channels/index.ts';
import { startDeliveries } from './notices/deliveries.ts';
import { reinstateNotices, startHandOver, withdrawNotices } from './notices/hand-over.ts';
import { issueNotice } from './notices/issue.ts';
import { sealTokens } from './notices/link.ts';
import { createLinkTokens, type LinkTokens } from './notices/link-token.ts';
import { createNoticePrinter } from './notices/printing.ts';
import { createNoticeReads } from './notices/reads.ts';
import { startReminders } from './notices/reminders.ts';
import { noticeSettings, reminderSettings } from './notices/settings.ts';
import { readTemplates } from './notices/templates/read.ts';
import { openDatabase } from './open-database.ts';
import { createOutgoing } from './outgoing.ts';
import { createCredentialLimiter } from './registry/credential-limiter.ts';
import { createSeal } from './seal.ts';
import { latestEventAt } from './storage/nodes.ts';
import type { NoticeRow } from './storage/notices.ts';
import type { Store } from './storage/store.ts';
import { type SweepParts, startSweeps } from './sweeps.ts';
import { startWebhooks } from './webhooks/deliveries.ts';

export type HubOptions = {
  readonly log: Log;
  readonly clock: Clock;
  /** A clock that only goes forward, ms; the system's by default. */
  readonly elapsed?: () => number;
  /** Folder that relative `file:` secrets count from. */
  readonly configDir?: string;
  /** Log-ins that a demo's log-in page offers to everybody; the hub itself knows no passwords. */
  readonly demoLogins?: readonly LoginBody[];
  /** How long a connection may say nothing, ms. */
  readonly idleMs?: number;
};

export type Hub = {
  /** Address of the HTTP API on this machine. */
  readonly url: string;
  /** Address of the embedded broker on this machine, or null with another broker. */
  readonly mqttUrl: string | null;
  readonly store: Store;
  readonly caseReads: CaseReads;
  readonly caseCommands: CaseCommands;
  readonly changes: Changes;
  /** What is done each minute, now. */
  sweep(): Promise<void>;
  /** A round of checking stored evidence, now. */
  scrub(): Promise<void>;
  /** Everything that has come in is committed. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

const HOUR = 3_600_000;
/** Who looks at stills, as the access log has it, when a notice is printed to be sent. */
const DELIVERY_READER = 'delivery';
/** Commands that say of a case what its camera may learn from. */
const deciding: ReadonlySet<string> = new Set(['confirm', 'reject', 'undo', 'void', 'reopen']);

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
  const disposer = createDisposer((name, err) => options.log.error({ err }, `${name} did not close`));
  try {
    return await start(config, options, disposer);
  } catch (error) {
    await disposer.dispose();
    throw error;
  }
}

async function openHubClock(
  config: HubConfig,
  options: HubOptions,
  store: Store,
  metrics: Registry,
): Promise<HubClock> {
  const { clock, elapsed = systemElapsed, log } = options;
  const confirmMs = (config.clock?.confirmHours ?? 24) * HOUR;
  const file = join(config.dataDir, 'clock.json');
  const watch = await createHubClock({
    ...{ clock, elapsed, file, confirmMs, log },
    latestCommit: () => latestEventAt(store),
  });
  new Gauge({
    name: 'kerbwatch_clock_ahead_seconds',
    help: 'Unconfirmed step of the clock; expiry and removal wait while it is above 0',
    registers: [metrics],
    collect() {
      this.set(watch.state().aheadMs / 1000);
    },
  });
  return watch;
}

/** Commands on cases, with a notice for each that is confirmed. */
function openCaseCommands(
  config: HubConfig,
  parts: Required<Pick<CaseCommandsOptions, 'store' | 'clock' | 'changes' | 'settings'>>,
  links: LinkTokens,
  channels: readonly string[],
  metrics: Registry,
) {
  const { undoMs: holdMs, calendar } = parts.settings;
  const notices = noticeSettings(config.notices, { holdMs, calendar, links, channels });
  return createCaseCommands({
    ...parts,
    async onConfirmed(trx, caseRow, actor, now, plate) {
      await issueNotice(trx, caseRow, { actor, now, plate }, notices);
    },
    onCommand: queueCaseWord,
    onEscalated: countEscalations(metrics),
    onTakenBack: withdrawNotices,
    onReinstated: reinstateNotices,
  });
}

type ApiParts = Omit<ApiDeps, 'config' | 'clock' | 'log' | 'limiter' | 'tls' | 'demoLogins' | 'oidcSecret'>;

/** @returns its address on this machine */
async function openApi(config: HubConfig, options: HubOptions, parts: ApiParts, disposer: Disposer): Promise<string> {
  const { log, clock, configDir, demoLogins, idleMs } = options;
  const secret = config.oidc?.clientSecret;
  const { host = LOOPBACK, port = 8080, trustProxy } = config.http ?? {};
  const certificate = await openCertificate(config.http?.tls, options);
  const api = await createApi({
    ...{ ...parts, config, clock, log },
    // Apart from that of the nodes: who floods the one does not hold up the other.
    limiter: createCredentialLimiter(),
    ...(certificate ? { tls: certificate.files } : {}),
    ...(secret ? { oidcSecret: await readSecret(secret, configDir) } : {}),
    ...(demoLogins ? { demoLogins } : {}),
    ...(idleMs ? { idleMs } : {}),
  });
  disposer.add('API', () => api.close());
  const address = await listen(api, { host, port, scheme: certificate ? 'https' : 'http', log });
  certificate?.keepFresh(api.server as unknown as TlsServer, disposer);
  // With a proxy in front it is the proxy that speaks https.
  if (!certificate && !trustProxy) warnIfOpen('http.host', { host, port }, log);
  return address;
}

/** The working calendar that deadlines count by, with its end announced in time. */
async function openCalendar(config: HubConfig, options: HubOptions, metrics: Registry, disposer: Disposer) {
  const { clock, log, configDir } = options;
  const calendar = await readCalendar(hubCalendar(config), configDir);
  const watch = watchCalendar({ calendar, clock, metrics, log });
  disposer.add('calendar', () => watch.close());
  return { calendar, settings: caseSettings(config, calendar) };
}

/** What runs by the clock, beside requests and messages. */
function startUpkeep(
  config: HubConfig,
  { clock, log }: HubOptions,
  parts: Omit<SweepParts, 'clock' | 'log' | 'uploadMs'> & { readonly evidence: Evidence; readonly changes: Changes },
  disposer: Disposer,
) {
  const { store, changes, evidence } = parts;
  const uploadMs = (config.evidence?.uploadHours ?? 48) * HOUR;
  const sweeps = startSweeps({ ...parts, clock, uploadMs, log });
  disposer.add('sweeps', () => sweeps.close());
  const scrub = evidence.startScrub();
  disposer.add('check of stored evidence', () => scrub.close());
  const handOver = startHandOver({ store, clock, changes, log });
  disposer.add('notices', () => handOver.close());
  return { sweeps, scrub };
}

function createMetrics(): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return metrics;
}

async function start(config: HubConfig, options: HubOptions, disposer: Disposer): Promise<Hub> {
  const { log, clock } = options;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const { store, root } = await openDatabase(config, options, disposer);
  const metrics = createMetrics();
  const { calendar, settings } = await openCalendar(config, options, metrics, disposer);
  const changes = createChanges();
  const hubClock = await openHubClock(config, options, store, metrics);

  const outgoing = createOutgoing();
  let stopping = false;
  const { publish } = outgoing;
  const dir = join(config.dataDir, 'evidence');
  const auditQueue = createAuditQueue({ store, log });
  disposer.add('audit log', () => auditQueue.close());
  const evidence = await openEvidence({ dir, config, store, clock, metrics, auditQueue, log, publish });
  const { blobs } = evidence;
  const links = createLinkTokens(root.privateKey);
  await sealTokens(store, links);
  const templates = await readTemplates(config.notices?.templates, options.configDir ?? '.');
  const channels = openChannels(config.notices?.channels, { clock, configDir: options.configDir ?? '.' });
  const caseReads = createCaseReads({ store, clock, settings });
  const caseCommands = openCaseCommands(
    config,
    { store, clock, changes, settings },
    links,
    [...channels.keys()],
    metrics,
  );
  const messaging = await openMessaging(config, { ...options, store, settings, changes, metrics, publish }, disposer);
  const { ingest, directory, broker, checkNode, memoryOrders, askResend } = messaging;
  outgoing.connect(messaging.link);

  // A decision goes to its camera at once; the next sweep sends what this did not.
  const words = changes.subscribe((message) => {
    if (message.type === 'case' && deciding.has(message.action)) void memoryOrders.send();
  });
  disposer.add('words on cases', words);

  const unready = () => messaging.unready() ?? (stopping ? NOT_CONNECTED : null);
  const shared = { store, caseCommands, blobs, changes, hubClock };
  const approvals = createApprovals(store, config.fourEyes);
  const webhookSeal = createSeal(root.privateKey, 'kerbwatch webhook secrets');
  const apiParts = {
    ...{ auditQueue, approvals, webhookSeal },
    caseSettings: settings,
    ...{ ...shared, root, links, templates, caseReads, calendar, metrics, checkNode, askResend, unready },
    memories: createCameraMemories({ store, clock, orders: memoryOrders }),
    nodesChanged: directory.refresh,
    keysRevoked: ingest.forgetKeys,
  };
  const address = await openApi(config, options, apiParts, disposer);
  const { sweeps, scrub } = startUpkeep(config, options, { ...shared, evidence, memoryOrders }, disposer);
  const publicUrl = () => config.http?.publicUrl ?? address;
  const { linkOf } = createNoticeReads({ store, clock, publicUrl, links });
  const printer = createNoticePrinter({ store, read: blobs.read, templates });
  const print = (row: NoticeRow, open: string | null) => printer.pdf(row, open, DELIVERY_READER);
  const deliveries = startDeliveries({ store, clock, changes, channels, linkOf, print, log, metrics });
  disposer.add('deliveries of notices', () => deliveries.close());
  const reminders = startReminders({
    ...{ store, clock, log, channels: remindingChannels(config.notices?.channels) },
    settings: reminderSettings(config.notices),
  });
  disposer.add('reminders of notices', () => reminders.close());
  const webhooks = startWebhooks({
    ...{ store, clock, log, metrics, seal: webhookSeal },
    allowPrivate: config.webhooks?.privateTargets === true,
  });
  disposer.add('webhooks', () => webhooks.close());
  const mqttUrl = broker && brokerUrl(config, broker);
  log.info({ address, broker: mqttUrl ?? 'external' }, 'hub is ready');

  return {
    url: address,
    mqttUrl,
    store,
    caseReads,
    caseCommands,
    changes,
    sweep: () => sweeps.sweep(),
    scrub: async () => void (await scrub.round()),
    idle: messaging.idle,
    close() {
      stopping = true;
      return disposer.dispose();
    },
  };
}
