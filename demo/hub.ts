/** A hub for the demo: embedded broker, SQLite in a folder of its own, demo users, one site, the demo's node. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { EdgeConfig } from '../edge/config.ts';
import { type Hub, startHub } from '../hub/main.ts';
import { upsertCamera } from '../hub/registry/cameras.ts';
import { upsertNode } from '../hub/registry/nodes.ts';
import { upsertPermit, upsertSite } from '../hub/registry/sites.ts';
import { upsertUnit } from '../hub/registry/units.ts';
import { upsertUser } from '../hub/registry/users.ts';
import { systemClock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { loadOrCreateKey } from '../platform/signing.ts';
import { DEMO_NODE, DEMO_PASSWORD_VARIABLE, DEMO_SITE } from './clips.ts';

export const demoLogins = [
  { name: 'operator', displayName: '值班员 Operator', role: 'operator' },
  { name: 'supervisor', displayName: '值班长 Supervisor', role: 'supervisor' },
  { name: 'viewer', displayName: '访客 Viewer', role: 'viewer' },
  { name: 'admin', displayName: '管理员 Administrator', role: 'admin' },
  { name: 'unit', displayName: '处置人员 Field worker', role: 'unit', unit: 'demo-team' },
] as const;
export const DEMO_LOGIN_PASSWORD = 'kerbwatch-demo';

/** A hub on this machine alone; its log-ins are shown on the log-in page. @throws HUB_PORT */
export async function startDemoHub(options: { dataDir: string; port: number; log: Log }): Promise<Hub> {
  return startHub(
    {
      database: `sqlite:${join(options.dataDir, 'hub', 'hub.db')}`,
      dataDir: join(options.dataDir, 'hub'),
      mqtt: 'embedded',
      // The demo is for this machine alone: its log-ins are printed in the open.
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: options.port },
      notices: { issuer: '演示城市管理局' },
      district: '350503',
      demo: true,
    },
    {
      log: options.log,
      clock: systemClock,
      demoLogins: demoLogins.map(({ name }) => ({ name, password: DEMO_LOGIN_PASSWORD })),
    },
  );
}

/** Users, the construction site, the node with its key and its cameras. */
export async function registerDemo(hub: Hub, edge: EdgeConfig): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  process.env[DEMO_PASSWORD_VARIABLE] = password;
  const everyDay = { days: [1, 2, 3, 4, 5, 6, 7], to: '24:00' };
  await upsertUnit(hub.store, {
    id: 'demo-team',
    name: { zh: '演示城管中队', en: 'Demo city management team' },
    kind: 'city-management',
    area: { city: '350500', county: '350503' },
    roster: [
      { name: '全天值班', windows: [{ ...everyDay, from: '00:00' }] },
      { name: '错时晚班', windows: [{ ...everyDay, from: '17:00' }] },
    ],
  });
  for (const login of demoLogins) await upsertUser(hub.store, { ...login, password: DEMO_LOGIN_PASSWORD });
  await upsertSite(hub.store, {
    id: DEMO_SITE,
    name: { zh: '东海安置房工地（演示）', en: 'Donghai housing site (demo)' },
    address: '泉州市丰泽区（演示地址）',
    permitNumber: '演示-2026-0718',
    developer: '演示开发公司',
    contractor: '演示建筑公司',
    manager: { name: '陈经理（演示）', phone: '000-0000-0000' },
    responsibilityLetter: '演示责任书 2026-01-15',
  });
  // Two plates to try: one may drive at any hour, the other no more.
  const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }];
  const permit = { site: DEMO_SITE, carrier: '演示运输公司', windows, validFrom: '2026-01-01' };
  await upsertPermit(hub.store, { ...permit, id: '演示路线牌-1', plates: ['闽C12345'], validTo: '2099-12-31' });
  await upsertPermit(hub.store, { ...permit, id: '演示路线牌-2', plates: ['闽C67890'], validTo: '2026-06-30' });
  const key = await loadOrCreateKey(join(edge.dataDir, 'node-key.pem'));
  await upsertNode(hub.store, {
    id: DEMO_NODE,
    name: { zh: '演示边缘节点', en: 'Demo edge node' },
    publicKey: key.publicKeyPem,
    password,
  });
  for (const camera of edge.cameras) {
    await upsertCamera(hub.store, {
      id: camera.id,
      node: DEMO_NODE,
      name: camera.name ?? { zh: camera.id, en: camera.id },
      kind: camera.kind,
      location: camera.location ?? null,
      district: '350503',
      ...(camera.kind === 'gate' ? { site: DEMO_SITE } : {}),
      zones: camera.zones,
    });
  }
}
