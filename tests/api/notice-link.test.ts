/** Links of notices: closed with their case or by a supervisor; documents of stills that are none; photos of managers. */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseSummary } from '../../contracts/api/case.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import type { NoticeContent } from '../../hub/notices/content.ts';
import { renderNotice } from '../../hub/notices/document.ts';
import { printableStill } from '../../hub/notices/stills.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

async function notices(): Promise<NoticeView[]> {
  return (await (await seeded.people.supervisor.call('GET', '/api/v1/notices')).json()) as NoticeView[];
}
const pageOf = ({ link }: NoticeView) => `${seeded.hub.url}${new URL(link ?? '').pathname}`;

async function answer(page: string, fields: Record<string, string | Blob>): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return fetch(page, { method: 'POST', body: form });
}

const blob = (bytes: Buffer, type = 'image/jpeg') => new Blob([new Uint8Array(bytes)], { type });

async function photoOf(page: string, photo: Blob, text: string): Promise<string | null> {
  expect((await answer(page, { kind: 'correction', name: '陈志强', text, photo })).status).toBe(200);
  const replies = (await notices()).find((notice) => pageOf(notice) === page)?.replies ?? [];
  return replies.at(-1)?.photo ?? null;
}

test('a manager’s photo that a camera had shown before is taken and can be looked at', async () => {
  const [notice] = await notices();
  if (!notice) throw new Error('a notice was expected');
  const jpeg = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#123' } })
    .jpeg()
    .toBuffer();
  const sha256 = sha256Hex(jpeg);
  const file = { sha256, mime: 'video/mp4', bytes: 3, width: 1, height: 1, node: 'fz-edge-01', received: 0 };
  await seeded.hub.store.db.insertInto('evidence').values(file).execute();
  expect(await photoOf(pageOf(notice), blob(jpeg), '已经苫盖完毕，请查看照片')).toBe(sha256);
  const seen = await seeded.people.viewer.call('GET', `/api/v1/evidence/${sha256}`);
  expect([seen.status, seen.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  expect(Buffer.from(await seen.arrayBuffer()).equals(jpeg)).toBe(true);
});

test('a photo loses its place and its device, stands upright, and must be a picture to its end', async () => {
  const [notice] = await notices();
  if (!notice) throw new Error('a notice was expected');
  const page = pageOf(notice);
  const exif = { IFD0: { Make: 'SomePhone', Model: 'X' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '24/1 54/1 0/1' } };
  const told = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#987' } })
    .withExif(exif)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  expect(told.includes('SomePhone')).toBe(true);
  const sha256 = await photoOf(page, blob(told), '路面已经清理干净，见照片');
  const kept = Buffer.from(await (await seeded.people.viewer.call('GET', `/api/v1/evidence/${sha256}`)).arrayBuffer());
  expect(kept.includes('SomePhone')).toBe(false);
  const after = await sharp(kept).metadata();
  expect([after.exif, after.orientation, after.width, after.height]).toEqual([undefined, undefined, 30, 60]);

  const whole = await sharp({
    create: {
      width: 800,
      height: 600,
      channels: 3,
      background: '#987',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  const before = (await notices())[0]?.replies.length;
  for (const bad of [whole.subarray(0, whole.length / 2), Buffer.concat([whole.subarray(0, 3), randomBytes(500)])]) {
    const text = '路面已经清理干净，见照片';
    expect((await answer(page, { kind: 'correction', name: '陈', text, photo: blob(bad) })).status).toBe(422);
  }
  expect((await notices())[0]?.replies.length).toBe(before);
});

test('the document comes whatever the stills are: none, broken, missing, changed or huge', async () => {
  const [notice] = await notices();
  if (!notice) throw new Error('a notice was expected');
  const { db } = seeded.hub.store;
  const row = await db.selectFrom('notices').selectAll().where('id', '=', notice.id).executeTakeFirstOrThrow();
  const content = JSON.parse(row.body) as NoticeContent;
  const [one, two, three] = content.evidence;
  if (!one || !two || !three) throw new Error('three stills were expected');
  const { folder } = seeded;
  const fileOf = (sha256: string) => join(folder, 'evidence', 'blobs', sha256.slice(0, 2), sha256);
  rmSync(fileOf(one.sha256));
  writeFileSync(fileOf(two.sha256), 'rotten');
  const pdf = async () => {
    const made = await seeded.people.operator.call('GET', `/api/v1/notices/${notice.id}.pdf`);
    expect(made.status).toBe(200);
    return Buffer.from(await made.arrayBuffer());
  };
  const images = (bytes: Buffer) => bytes.toString('latin1').match(/\/Subtype \/Image/g)?.length ?? 0;
  expect(images(await pdf())).toBe(1);
  const huge = await sharp({ create: { width: 9000, height: 6000, channels: 3, background: '#357' } })
    .jpeg()
    .toBuffer();
  const small = await printableStill(huge);
  expect((await sharp(small ?? Buffer.alloc(0)).metadata()).width).toBe(1600);
  const cmyk = await sharp(huge.length > 0 ? await sharp(huge).resize(50).toBuffer() : huge)
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
  expect((await sharp((await printableStill(cmyk)) ?? Buffer.alloc(0)).metadata()).space).toBe('srgb');
  const bad = [
    Buffer.from('GIF89a'),
    Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1]),
    Buffer.alloc(0),
    randomBytes(900),
  ];
  for (const bytes of bad) expect(await printableStill(bytes)).toBeNull();
  // What the document's own library chokes on is said in its place too.
  const still = (jpeg: Buffer | null) => content.evidence.map(({ sha256 }) => ({ sha256, jpeg }));
  for (const jpeg of [...bad, null]) expect(images(await renderNotice(content, 'x', still(jpeg)))).toBe(0);
});

test('a link is closed and given anew by a supervisor; each step stands in the trail', async () => {
  const [notice] = await notices();
  if (!notice) throw new Error('a notice was expected');
  const page = pageOf(notice);
  const path = `/api/v1/notices/${notice.id}/link`;
  expect((await seeded.people.operator.call('DELETE', path)).status).toBe(403);
  const closed = await seeded.people.supervisor.call('DELETE', path);
  expect(((await closed.json()) as NoticeView).link).toBeNull();
  const seen = await fetch(page);
  expect([seen.status, (await seen.text()).includes('本提醒已撤回')]).toEqual([410, true]);
  expect(await (await fetch(`${page}?lang=en`)).text()).toContain('This notice was withdrawn');
  expect((await answer(page, { kind: 'acknowledge', name: '陈' })).status).toBe(410);
  for (const more of ['/notice.pdf', `/evidence/${'0'.repeat(64)}`])
    expect((await fetch(`${page}${more}`)).status).toBe(410);
  const opened = (await (await seeded.people.supervisor.call('POST', path)).json()) as NoticeView;
  expect(pageOf(opened)).not.toBe(page);
  expect((await fetch(page)).status).toBe(404);
  expect((await fetch(pageOf(opened))).status).toBe(200);
  expect((await seeded.people.supervisor.call('POST', '/api/v1/notices/none/link')).status).toBe(404);
  const trail = await seeded.hub.store.db
    .selectFrom('case_history')
    .select('action')
    .where('case_id', '=', notice.case)
    .orderBy('n')
    .execute();
  expect(trail.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['notice-link-closed', 'notice-link-renewed']),
  );
});

test('a case that is voided takes its link with it, and gives it back when that is undone', async () => {
  const notice = (await notices())[0];
  if (!notice) throw new Error('a notice was expected');
  const page = pageOf(notice);
  const command = async (body: unknown) => {
    const at = await seeded.people.supervisor.call('GET', `/api/v1/cases/${notice.case}`);
    const { case: row } = (await at.json()) as { case: CaseSummary };
    const headers = { 'if-match': String(row.version) };
    return seeded.people.supervisor.call('POST', `/api/v1/cases/${notice.case}/commands`, { body, headers });
  };
  expect((await fetch(page)).status).toBe(200);
  const replies = (await notices())[0]?.replies.length;
  expect((await command({ command: 'void', note: '识别有误' })).status).toBe(200);
  const seen = await fetch(page);
  expect([seen.status, (await seen.text()).includes('本提醒已撤回')]).toEqual([410, true]);
  expect((await answer(page, { kind: 'statement', name: '陈', text: '我没有看到这个' })).status).toBe(410);
  expect((await notices())[0]?.replies.length).toBe(replies);
  expect((await seeded.people.supervisor.call('POST', `/api/v1/notices/${notice.id}/link`)).status).toBe(410);
  expect((await command({ command: 'reopen', note: '复核后恢复' })).status).toBe(200);
  expect((await fetch(page)).status).toBe(200);
});
