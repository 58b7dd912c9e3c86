/** What the API is given; it makes nothing of its own. */
import type { Registry } from 'prom-client';
import type { LoginBody } from '../../contracts/api/session.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Approvals } from '../approvals.ts';
import type { AuditQueue } from '../audit-queue.ts';
import type { CaseCommands } from '../cases/commands.ts';
import type { CaseReads } from '../cases/reads.ts';
import type { CaseSettings } from '../cases/settings.ts';
import type { Changes } from '../changes.ts';
import type { HubConfig } from '../config.ts';
import type { BlobStore } from '../evidence/blobs.ts';
import type { HubClock } from '../hub-clock.ts';
import type { CameraMemories } from '../memory/camera-memory.ts';
import type { LinkTokens } from '../notices/link-token.ts';
import type { NoticeTemplates } from '../notices/templates/read.ts';
import type { CredentialLimiter } from '../registry/credential-limiter.ts';
import type { NodeCheck } from '../registry/node-credentials.ts';
import type { RootKey } from '../registry/root-key.ts';
import type { Seal } from '../seal.ts';
import type { Store } from '../storage/store.ts';
import type { TlsFiles } from '../tls.ts';

export type ApiDeps = {
  readonly store: Store;
  /** What is logged behind the answer. */
  readonly auditQueue: AuditQueue;
  readonly approvals: Approvals;
  /** Signs what is exported. */
  readonly root: RootKey;
  /** Secrets of the notices' links. */
  readonly links: LinkTokens;
  /** An office's own documents; the shipped ones if left out. */
  readonly templates?: NoticeTemplates;
  /** Tells ingest, which keeps the keys of nodes for a while. */
  readonly keysRevoked: (node: string) => void;
  readonly caseReads: CaseReads;
  readonly caseCommands: CaseCommands;
  readonly blobs: BlobStore;
  readonly changes: Changes;
  readonly memories: CameraMemories;
  readonly hubClock: Pick<HubClock, 'state' | 'confirm'>;
  readonly config: HubConfig;
  readonly caseSettings: CaseSettings;
  /** Opens the secrets of webhooks. */
  readonly webhookSeal: Seal;
  /** As read with its file: what deadlines count by. */
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Registry;
  readonly checkNode: NodeCheck;
  /** Where the log-ins of people wait for their turn. */
  readonly limiter: CredentialLimiter;
  /** Credentials or state of a node were changed: cut off who must be, now. */
  readonly nodesChanged: () => Promise<void>;
  /** Certificate and key, where the hub itself speaks https. */
  readonly tls?: TlsFiles;
  /** The client's secret at the identity provider, where the configuration has one. */
  readonly oidcSecret?: string;
  /** Log-ins of the demo, for its log-in page to offer; left unsaid where `config.demo` is not true. */
  readonly demoLogins?: readonly LoginBody[];
  /** How long a connection may say nothing, ms, where another time than usual fits. */
  readonly idleMs?: number;
  /** Why nothing can come in: the hub stops, its broker is away or ingest has ended; null when all is well. */
  readonly unready: () => string | null;
  /** Tells a node to send what was refused again: the cause may be fixed. */
  readonly askResend: (node: string) => void;
};
