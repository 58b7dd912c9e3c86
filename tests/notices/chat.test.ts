/** Notices to chat groups: each product's message and signature, its refusals, its secrets kept. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hubReferences } from '../../hub/config-references.ts';
import { openChannels } from '../../hub/notices/channels/index.ts';
import { type NoticeStage, openNoticeStage } from '../hub/notice-stage.ts';
import { type TestDatabase, testDatabases } from '../hub/stores.ts';
import { openRobot, type RobotServer } from './robot.ts';

const sqlite = testDatabases()[0] as TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-chat-'));
const SECRET = 'SEC of the group';
writeFileSync(join(folder, 'secret'), SECRET, { mode: 0o600 });

let stage: NoticeStage;
let robot: RobotServer;
beforeAll(() => sqlite.start());
afterAll(async () => {
  await sqlite.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  robot = await openRobot();
  writeFileSync(join(folder, 'url'), robot.url, { mode: 0o600 });
});
afterEach(async () => {
  await stage.store.close();
  await robot.close();
});

async function deliver(kind: string, robots: readonly Record<string, unknown>[]) {
  stage = await openNoticeStage(sqlite, [kind]);
  await stage.confirm();
  await stage.handOver();
  const channels = openChannels({ [kind]: { robots } }, { configDir: folder, clock: { now: stage.now } });
  await stage.worker(Object.fromEntries(channels)).round();
  const [row] = await stage.deliveries();
  const notice = await stage.store.db.selectFrom('notices').selectAll().executeTakeFirstOrThrow();
  return { row, notice };
}
/** The first message that the robot was given. */
function firstMessage() {
  const [message] = robot.posted;
  if (!message) throw new Error('nothing was posted');
  return message;
}
const group = { url: 'file:url', sites: ['s'] };

const LINK = /http:\/\/hub\/n\/[\w-]{43}/;

test('WeCom is given markdown with the link', async () => {
  const { row, notice } = await deliver('wecom', [group]);
  const message = firstMessage();
  const { content } = message.body.markdown as { content: string };
  expect(message.body.msgtype).toBe('markdown');
  expect(message.url.searchParams.get('key')).toBe('secret-key-of-the-group');
  expect(content).toContain(`### 整改提醒 ${notice.number}`);
  expect(content).toMatch(new RegExp(`\\[打开并答复 Open and answer\\]\\(${LINK.source}\\)`));
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096);
  expect(row).toMatchObject({ state: 'delivered', sent_to: 'wecom: s' });
  expect(notice.state).toBe('sent');
});

test('DingTalk is given a card, signed in the address', async () => {
  await deliver('dingtalk', [{ ...group, secret: 'file:secret' }]);
  const message = firstMessage();
  const at = message.url.searchParams.get('timestamp');
  expect(at).toBe(String(stage.now()));
  const sign = createHmac('sha256', SECRET).update(`${at}\n${SECRET}`).digest('base64');
  expect(message.url.searchParams.get('sign')).toBe(sign);
  expect(message.body).toMatchObject({
    msgtype: 'actionCard',
    actionCard: { title: expect.stringContaining('整改提醒'), singleURL: expect.stringMatching(LINK) },
  });
});

test('Feishu is given an interactive card, signed in the body', async () => {
  await deliver('feishu', [{ ...group, secret: 'file:secret' }]);
  const message = firstMessage();
  const timestamp = String(Math.floor(stage.now() / 1000));
  const sign = createHmac('sha256', `${timestamp}\n${SECRET}`).digest('base64');
  expect(message.body).toMatchObject({ timestamp, sign, msg_type: 'interactive' });
  const { elements } = message.body.card as { elements: readonly Record<string, unknown>[] };
  expect(elements[1]).toMatchObject({ tag: 'action', actions: [{ url: expect.stringMatching(LINK) }] });
});

describe.each([
  ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'errcode 93000: invalid webhook url'],
  ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, 'errcode 310000: sign not match'],
  ['feishu', { code: 19021, msg: 'sign match fail' }, 'code 19021: sign match fail'],
])('%s', (kind, answer, reason) => {
  test('an answer that says it failed is a failure, tried again, its address in no reason', async () => {
    robot.answers(answer);
    const { row, notice } = await deliver(kind, [group]);
    expect(row).toMatchObject({ state: 'queued', attempts: 1, reason: `127.0.0.1: ${reason}`, sent_to: null });
    expect(notice).toMatchObject({ state: 'ready', sent_at: null });
  });
});

test.each([
  [{}, 200, 'errcode missing'],
  ['<html>', 200, 'no JSON'],
  [{ errcode: 0 }, 500, 'answers 500'],
  ['x'.repeat(70_000), 200, 'more than a robot'],
])('what is no answer of a robot is a failure: %#', async (body, status, reason) => {
  robot.answers(body, status);
  const { row } = await deliver('wecom', [group]);
  expect(row).toMatchObject({ state: 'queued', reason: expect.stringContaining(reason) });
  expect(row?.reason).not.toContain('secret-key');
});

test('a redirect is not followed: another host is given nothing', async () => {
  const other = await openRobot();
  try {
    robot.answers('', 307, { location: other.url });
    const { row } = await deliver('wecom', [group]);
    expect(row).toMatchObject({ state: 'queued', reason: expect.stringContaining('redirects (307)') });
    expect(other.posted).toEqual([]);
  } finally {
    await other.close();
  }
});

test('no other site’s group hears of it, and a group that others read is not given the link', async () => {
  const { row } = await deliver('wecom', [{ url: 'file:url', sites: ['another'] }]);
  expect(row).toMatchObject({ state: 'refused', reason: expect.stringContaining('no group is configured for site s') });
  expect(robot.posted).toEqual([]);
  await stage.store.close();

  const announced = await deliver('wecom', [{ url: 'file:url', link: false }]);
  const { content } = firstMessage().body.markdown as { content: string };
  expect(content).not.toContain('http');
  expect(announced.row).toMatchObject({ state: 'delivered', sent_to: null });
  expect(announced.notice).toMatchObject({ state: 'ready', sent_at: null });
});

test.each(['http://robot.example/send?key=k', 'no address, key=k'])('%s is no robot’s address', async (url) => {
  writeFileSync(join(folder, 'url'), url);
  const { row } = await deliver('feishu', [group]);
  expect(row).toMatchObject({ state: 'queued', reason: expect.stringContaining('no https:// address') });
});

test('a secret that is not there is found before the hub starts', async () => {
  const robots = [{ url: 'file:url' }, { url: 'file:gone', secret: 'file:secret' }];
  const { faults } = await hubReferences({ notices: { channels: { dingtalk: { robots } } } }, folder);
  expect(faults.map(({ path }) => path)).toEqual(['notices.channels.dingtalk.robots[1].url']);
});
