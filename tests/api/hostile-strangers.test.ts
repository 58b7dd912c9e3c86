/** People who mean harm, with or without rights: connections, streams and answers that would never end. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NoticeView } from '../../contracts/api/notice.ts';
import { startHub } from '../../hub/main.ts';
import { addNoticeReply } from '../../hub/storage/notices.ts';
import { systemClock } from '../../platform/clock.ts';
import { quiet } from '../hub/stores.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

test.each([
  ['says nothing', ''],
  ['stops within its headers', 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\n'],
  [
    'announces a body and does not bring it',
    'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"name"',
  ],
])('a connection that %s is closed', async (_what, said) => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-idle-'));
  const hub = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      http: { host: '127.0.0.1', port: 0 },
      broker: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet, clock: systemClock, idleMs: 300 },
  );
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  try {
    socket.on('error', () => {});
    socket.write(said);
    socket.resume();
    await once(socket, 'close');
  } finally {
    socket.destroy();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('one user opens so many streams and no more; others open theirs, and one that ends makes room', async () => {
  const { viewer, operator } = seeded.people;
  const open: Response[] = [];
  const stream = async () => {
    const answer = await viewer.call('GET', '/api/v1/stream');
    if (answer.status === 200) open.push(answer);
    return answer.status;
  };
  try {
    for (let i = 0; i < 64; i += 1) expect(await stream()).toBe(200);
    expect(await stream()).toBe(429);
    const other = await operator.call('GET', '/api/v1/stream');
    expect(other.status).toBe(200);
    await other.body?.cancel();
    await open.pop()?.body?.cancel();
    await expect.poll(stream).toBe(200);
  } finally {
    await Promise.all(open.map((answer) => answer.body?.cancel()));
  }
});

test('a stream has no head to wait for', async () => {
  expect((await seeded.people.viewer.call('HEAD', '/api/v1/stream')).status).toBe(404);
});

test('whoever holds a link cannot fill the disk with answers; the office records what comes after', async () => {
  const { operator } = seeded.people;
  const [notice] = (await (await operator.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  if (!notice) throw new Error('a notice was expected');
  for (let i = 0; i < 50; i += 1) {
    const said = { kind: 'statement', name: '陈', text: `第 ${i} 次`, photo: null, photos: null };
    await addNoticeReply(seeded.hub.store.db, { notice_id: notice.id, at: '2026-11-23T02:00:00.000Z', ...said });
  }
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'statement', name: '陈', text: '再来一次' }))
    form.set(name, value);
  const page = `${seeded.hub.url}${new URL(notice.link ?? '').pathname}`;
  const refused = await fetch(page, { method: 'POST', body: form });
  expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('本提醒已有 50 条答复')]);
  const body = { kind: 'statement', name: '陈', text: '书面提交' };
  expect((await operator.call('POST', `/api/v1/notices/${notice.id}/replies`, { body })).status).toBe(200);
});
