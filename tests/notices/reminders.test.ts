/** Reminders: once before the limit, once when it is reached, never once it is corrected, by a real mail server. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openChannels } from '../../hub/notices/channels/index.ts';
import { queueReminders, reminderDue } from '../../hub/notices/reminders.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { updateNotice } from '../../hub/storage/notices.ts';
import { writeSite } from '../../hub/storage/sites.ts';
import { type NoticeStage, openNoticeStage, stageSite } from '../hub/notice-stage.ts';
import { type TestDatabase, testDatabases } from '../hub/stores.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

const HOUR = 3_600_000;
const settings = { beforeMs: 4 * HOUR, atLimit: true };
const at = (hours: number) => new Date(Date.UTC(2026, 10, 23, 2) + hours * HOUR).toISOString();

test.each([
  ['long before', 24, 19, settings, null],
  ['four hours before', 24, 20, settings, 'before'],
  ['just before', 24, 23.9, settings, 'before'],
  ['when it is reached', 24, 24, settings, 'limit'],
  ['a day late, as after an outage', 24, 48, settings, null],
  ['a limit that was near from the start', 6, 3, settings, null],
  ['not before, where that is off', 24, 21, { ...settings, beforeMs: 0 }, null],
  ['not at it, where that is off', 24, 25, { ...settings, atLimit: false }, null],
] as const)('%s', (_, limit, now, own, mark) => {
  expect(reminderDue({ created_at: at(0), correct_by: at(limit) }, own, Date.parse(at(now)))).toBe(mark);
});

const sqlite = testDatabases()[0] as TestDatabase;
let stage: NoticeStage;
let mailbox: Mailbox;
beforeAll(() => sqlite.start());
afterAll(() => sqlite.close());
beforeEach(async () => {
  mailbox = await openMailbox();
  stage = await openNoticeStage(sqlite, ['smtp']);
  await writeSite(stage.store.db, { ...stageSite, manager: { name: '陈志强', email: 'chen@site.example' } });
  await stage.confirm();
  await stage.handOver();
});
afterEach(async () => {
  await stage.store.close();
  await mailbox.close();
});

const mails = () => {
  const smtp = { host: '127.0.0.1', port: mailbox.port, from: 'notice@city.example', encryption: 'none' };
  return stage.worker(Object.fromEntries(openChannels({ smtp })));
};
const queue = () => queueReminders({ store: stage.store, clock: { now: stage.now }, channels: ['smtp'], settings });
const notice = () => stage.store.db.selectFrom('notices').selectAll().executeTakeFirstOrThrow();

test('each goes out once, told apart from the notice and from each other, and stands in the trail', async () => {
  const worker = mails();
  await worker.round();
  const { id, case_id, correct_by } = await notice();
  expect(await queue()).toBe(0);
  stage.advance(Date.parse(correct_by) - stage.now() - 2 * HOUR);
  expect([await queue(), await queue()]).toEqual([1, 0]);
  await worker.round();
  stage.advance(2 * HOUR);
  expect([await queue(), await queue()]).toEqual([1, 0]);
  await worker.round();
  expect(mailbox.arrived.map(({ mail }) => mail.messageId)).toEqual([
    `<${id}@city.example>`,
    `<before.${id}@city.example>`,
    `<limit.${id}@city.example>`,
  ]);
  expect(mailbox.arrived.map(({ mail }) => mail.subject?.slice(0, 4))).toEqual(['整改提醒', '【临期】', '【到期】']);
  expect((await historyOf(stage.store.db, case_id)).slice(-3).map(({ action }) => action)).toEqual([
    'notice-channel-sent',
    'notice-reminder-sent',
    'notice-reminder-sent',
  ]);
});

test('a case that is closed asks for nothing any more', async () => {
  const { correct_by } = await notice();
  stage.advance(Date.parse(correct_by) - stage.now());
  await stage.store.db.updateTable('cases').set({ state: 'closed' }).execute();
  expect(await queue()).toBe(0);
});

test('who has corrected is not reminded, not even by what waited in the queue', async () => {
  const { id, correct_by } = await notice();
  stage.advance(Date.parse(correct_by) - stage.now());
  expect(await queue()).toBe(1);
  await updateNotice(stage.store.db, id, { state: 'corrected' });
  await mails().round();
  expect(mailbox.arrived.map(({ mail }) => mail.messageId)).toEqual([`<${id}@city.example>`]);
  expect((await stage.deliveries()).map(({ channel, state }) => [channel, state])).toEqual([
    ['smtp', 'delivered'],
    ['smtp+limit', 'given-up'],
  ]);
  expect(await queue()).toBe(0);
});
