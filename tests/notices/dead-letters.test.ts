/** What did not get there: seen in the API, tried again by a supervisor once the cause is put right, or given up with a reason. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDetail } from '../../contracts/api/case.ts';
import type { DeadLetter, NoticeDelivery } from '../../contracts/api/delivery.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { findSite, writeSite } from '../../hub/storage/sites.ts';
import { startSeededHub } from '../api/seeded-hub.ts';
import { createAuthority } from '../certificates.ts';
import { until } from '../processes.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-dead-'));
let mailbox: Mailbox;
let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  const authority = createAuthority(folder);
  mailbox = await openMailbox({ tls: authority.issue('mail') });
  const smtp = { host: '127.0.0.1', port: mailbox.port, from: 'notice@city.example', ca: authority.ca };
  seeded = await startSeededHub({ channels: { portal: {}, smtp } });
});
afterAll(async () => {
  await seeded.close();
  await mailbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function letters(): Promise<DeadLetter[]> {
  return (await (await seeded.people.supervisor.call('GET', '/api/v1/dead-letters')).json()) as DeadLetter[];
}
const settle = (letter: DeadLetter | undefined, body: unknown, who: 'supervisor' | 'operator' = 'supervisor') =>
  seeded.people[who].call('POST', `/api/v1/notices/${letter?.notice}/deliveries/${letter?.channel}`, { body });

test('seen, tried again, given up; each by a name that the trail keeps', async () => {
  await until('both mails are refused', async () => (await letters()).length === 2);
  const [first, second] = await letters();
  expect(first).toMatchObject({ channel: 'smtp', state: 'refused', site: 'donghai', attempts: 1 });
  expect(first?.reason).toContain('no mail address of its manager is on record');
  const seen = await seeded.people.operator.call('GET', `/api/v1/notices/${first?.notice}/deliveries`);
  expect(((await seen.json()) as NoticeDelivery[]).map(({ channel, state }) => [channel, state])).toEqual([
    ['portal', 'delivered'],
    ['smtp', 'refused'],
  ]);
  expect(await (await fetch(`${seeded.hub.url}/metrics`)).text()).toContain('kerbwatch_notice_dead_letters 2');

  const site = await findSite(seeded.hub.store.db, 'donghai');
  if (!site) throw new Error('the site is registered');
  await writeSite(seeded.hub.store.db, { ...site, manager: { ...site.manager, email: 'chen@site.example' } });
  expect((await settle(first, { command: 'retry' }, 'operator')).status).toBe(403);
  expect((await settle(first, { command: 'retry' })).status).toBe(200);
  await until('it arrives', async () => mailbox.arrived.length === 1);
  const sent = async () =>
    (await (await seeded.people.viewer.call('GET', `/api/v1/notices/${first?.notice}`)).json()) as NoticeView;
  await until('it is sent', async () => (await sent()).state === 'sent');
  expect((await sent()).sentAt).not.toBeNull();
  expect((await settle(first, { command: 'retry' })).status).toBe(409);

  expect((await settle(second, { command: 'give-up' })).status).toBe(400);
  const note = '已电话告知陈工';
  const given = (await (await settle(second, { command: 'give-up', note })).json()) as NoticeDelivery;
  expect(given).toMatchObject({ state: 'given-up', settledBy: 'supervisor' });
  expect(await letters()).toEqual([]);
  const trail = async (id: string | undefined) =>
    ((await (await seeded.people.viewer.call('GET', `/api/v1/cases/${id}`)).json()) as CaseDetail).history
      .slice(-2)
      .map(({ action, actor, note: why }) => [action, actor, why]);
  expect(await trail(first?.case)).toEqual([
    ['notice-delivery-retried', 'supervisor', null],
    ['notice-channel-sent', 'system', null],
  ]);
  expect((await trail(second?.case)).at(-1)).toEqual(['notice-delivery-given-up', 'supervisor', note]);
});
