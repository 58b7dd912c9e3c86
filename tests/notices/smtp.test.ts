/** Notices by mail, against a real mail server: what arrives, what is tried again, what is refused, what never leaves in clear. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hubReferences } from '../../hub/config-references.ts';
import { openChannels } from '../../hub/notices/channels/index.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { writeSite } from '../../hub/storage/sites.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAuthority } from '../certificates.ts';
import { type NoticeStage, openNoticeStage, stageSite } from '../hub/notice-stage.ts';
import { type TestDatabase, testDatabases } from '../hub/stores.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

const HOUR = 3_600_000;
const sqlite = testDatabases()[0] as TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-smtp-'));
const authority = createAuthority(folder);
const tls = authority.issue('mail');
const login = { user: 'kerbwatch', password: 'a secret of the mail server' };
writeFileSync(join(folder, 'mail-password'), `${login.password}\n`, { mode: 0o600 });
const email = 'chen@site.example';

let stage: NoticeStage;
let mailbox: Mailbox;
beforeAll(() => sqlite.start());
afterAll(async () => {
  await sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  mailbox = await openMailbox({ tls, login });
  stage = await openNoticeStage(sqlite, ['smtp']);
  await writeSite(stage.store.db, { ...stageSite, manager: { name: '陈志强', email } });
  await stage.confirm();
  await stage.handOver();
});
afterEach(async () => {
  await stage.store.close();
  await mailbox.close();
});

function worker(settings: Record<string, unknown> = {}, at = mailbox) {
  const smtp = {
    ...{ host: '127.0.0.1', port: at.port, from: 'notice@city.example', ca: 'ca.crt' },
    ...{ user: login.user, password: 'file:mail-password', ...settings },
  };
  return stage.worker(Object.fromEntries(openChannels({ smtp }, { configDir: folder, clock: systemClock })));
}
const delivery = async () => (await stage.deliveries())[0];
const notice = () => stage.store.db.selectFrom('notices').selectAll().executeTakeFirstOrThrow();

test('a notice arrives once, over TLS, in both languages, with its document and its link; it is sent, not delivered', async () => {
  await worker().round();
  expect(mailbox.arrived).toHaveLength(1);
  const [{ mail, to, user, secure } = {}] = mailbox.arrived;
  const row = await notice();
  expect({ to, user, secure }).toEqual({ to: [email], user: 'kerbwatch', secure: true });
  expect(mail?.messageId).toBe(`<${row.id}@city.example>`);
  expect(mail?.subject).toBe(`整改提醒（违规告知） ${row.number} · 工地`);
  expect(mail?.from?.text).toBe('"城市管理局" <notice@city.example>');
  for (const text of [mail?.text, mail?.html]) {
    for (const part of ['陈志强', 'Correct by', '整改期限', row.number]) expect(text).toContain(part);
    expect(String(text).match(/http:\/\/hub\/n\/[\w-]{43}/g)?.length).toBe(2);
  }
  const [file] = mail?.attachments ?? [];
  expect([file?.filename, file?.contentType, file?.content.subarray(0, 5).toString()]).toEqual([
    `${row.number}.pdf`,
    'application/pdf',
    '%PDF-',
  ]);
  expect(row.state).toBe('sent');
  expect(row.sent_at).not.toBeNull();
  expect(await delivery()).toMatchObject({
    state: 'delivered',
    sent_to: 'c***@site.example',
    receipt: expect.stringMatching(/^250/),
  });
  const trail = await historyOf(stage.store.db, row.case_id);
  const entry = trail.at(-1);
  expect([entry?.action, entry?.at]).toEqual(['notice-channel-sent', row.sent_at]);
  expect(JSON.parse(entry?.data ?? '{}')).toMatchObject({ channel: 'smtp', to: 'c***@site.example' });
});

test('what the server defers is tried again later, under the same id', async () => {
  mailbox.refuse(451, 'try again later');
  const mails = worker();
  await mails.round();
  expect(await delivery()).toMatchObject({
    state: 'queued',
    attempts: 1,
    reason: expect.stringMatching(/451.*try again later/),
  });
  expect(await notice()).toMatchObject({ state: 'ready', sent_at: null });
  stage.advance(HOUR);
  await mails.round();
  expect(mailbox.arrived.map(({ mail }) => mail.messageId)).toEqual([`<${(await notice()).id}@city.example>`]);
  expect((await notice()).state).toBe('sent');
});

test.each([
  ['recipient', 550, 'no such user'],
  ['data', 554, 'looks like spam'],
] as const)('what the server refuses for good at %s is tried no more', async (at, code, text) => {
  mailbox.refuse(code, text, at);
  const mails = worker();
  await mails.round();
  expect(await delivery()).toMatchObject({ state: 'refused', reason: expect.stringMatching(`${code}.*${text}`) });
  stage.advance(HOUR);
  expect(await mails.round()).toBe(0);
  expect(await notice()).toMatchObject({ state: 'ready', sent_at: null });
  expect(await mails.metrics.metrics()).toContain('kerbwatch_notice_dead_letters 1');
});

test.each([
  [undefined, 'no mail address of its manager is on record for site s'],
  ['  ', 'no mail address of its manager is on record for site s'],
  ['chen@site.example, all@city.example', 'no mail address'],
  ['chen@site.example\nBcc: all@city.example', 'no mail address'],
])('a manager whose address is %j gets no mail, and the reason says so', async (address, reason) => {
  const manager = { name: '陈志强', ...(address === undefined ? {} : { email: address }) };
  await writeSite(stage.store.db, { ...stageSite, manager });
  await worker().round();
  expect(mailbox.commands()).toBe('');
  expect(await delivery()).toMatchObject({ state: 'refused', reason: expect.stringContaining(reason) });
});

test('a server that offers no TLS is given nothing at all', async () => {
  const open = await openMailbox();
  try {
    await worker({}, open).round();
    expect(open.commands()).toBe('');
    expect(open.arrived).toEqual([]);
    expect(await delivery()).toMatchObject({ state: 'queued', attempts: 1, reason: expect.stringMatching(/TLS/) });
  } finally {
    await open.close();
  }
});

test('a certificate that nobody vouches for is given nothing either', async () => {
  const stranger = { ca: 'stranger.crt' };
  const other = mkdtempSync(join(folder, 'other-'));
  createAuthority(other);
  await worker({ ...stranger, ca: join(other, 'ca.crt') }).round();
  expect(mailbox.commands()).toBe('');
  expect(await delivery()).toMatchObject({ state: 'queued', attempts: 1 });
});

test('a relay in clear is used only where that is said', async () => {
  const open = await openMailbox();
  try {
    const inClear = { host: '127.0.0.1', port: open.port, from: 'notice@city.example', encryption: 'none' };
    const channels = openChannels({ smtp: inClear });
    await stage.worker(Object.fromEntries(channels)).round();
    expect(open.arrived.map(({ secure }) => secure)).toEqual([false]);
  } finally {
    await open.close();
  }
});

test('a wrong password is the office’s to put right: tried again, and never in a reason', async () => {
  writeFileSync(join(folder, 'wrong'), 'not the password');
  await worker({ password: 'file:wrong' }).round();
  const row = await delivery();
  expect(row).toMatchObject({ state: 'queued', reason: expect.stringMatching(/535/) });
  expect(JSON.stringify(row)).not.toContain('not the password');
});

test('faults of its configuration are found before the hub starts', async () => {
  const smtp = { host: 'mail.city.example', encryption: 'none', user: 'a', password: 'file:nowhere', ca: 'gone.crt' };
  const { faults } = await hubReferences({ notices: { channels: { smtp } } }, folder);
  expect(faults.map(({ path }) => path).sort()).toEqual([
    'notices.channels.smtp.ca',
    'notices.channels.smtp.encryption',
    'notices.channels.smtp.password',
  ]);
});
