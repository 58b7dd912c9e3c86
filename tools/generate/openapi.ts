/** docs/openapi.json: the HTTP API as the running hub describes itself. */
import { Registry } from 'prom-client';
import { createApi } from '../../hub/api/app.ts';
import type { ApiDeps } from '../../hub/api/deps.ts';
import { createApprovals } from '../../hub/approvals.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createCredentialLimiter } from '../../hub/registry/credential-limiter.ts';
import { openStore } from '../../hub/storage/store.ts';
import { calendarOf } from '../../platform/calendar.ts';
import { createLog } from '../../platform/log.ts';

/** docs/openapi.json, as the hub itself describes its routes. */
export async function openApiDocument(): Promise<unknown> {
  const log = createLog({ level: 'silent' });
  const store = await openStore('sqlite::memory:', { log });
  // Nothing is asked of these: the routes are only registered.
  const absent = {} as unknown;
  const api = await createApi({
    store,
    auditQueue: absent as ApiDeps['auditQueue'],
    approvals: createApprovals(store),
    root: absent as ApiDeps['root'],
    links: absent as ApiDeps['links'],
    keysRevoked: () => {},
    caseReads: absent as ApiDeps['caseReads'],
    memories: {} as ApiDeps['memories'],
    caseCommands: absent as ApiDeps['caseCommands'],
    blobs: absent as ApiDeps['blobs'],
    hubClock: absent as ApiDeps['hubClock'],
    changes: { emit: () => {}, subscribe: () => () => {} },
    config: { dataDir: '.' },
    caseSettings: caseSettings(),
    webhookSeal: absent as ApiDeps['webhookSeal'],
    calendar: calendarOf(),
    clock: { now: () => 0 },
    log,
    metrics: new Registry(),
    checkNode: async () => 'wrong',
    limiter: createCredentialLimiter(),
    nodesChanged: async () => {},
    unready: () => null,
    askResend: () => {},
  });
  try {
    await api.ready();
    return JSON.parse(JSON.stringify(api.swagger())) as unknown;
  } finally {
    await api.close();
    await store.close();
  }
}
