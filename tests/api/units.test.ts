/** Handling units over real HTTP: what a unit sees and may do, what it never sees, photographs, more time, dispatch. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CaseDetail, type CasePage, type CaseSummary } from '../../contracts/api/case.ts';
import type { CasePhoto } from '../../contracts/api/case-round.ts';
import type { CameraBody } from '../../contracts/api/registry.ts';
import type { DutyOffer, UnitBody } from '../../contracts/api/unit.ts';
import { readPackage } from '../../platform/package/read-package.ts';
import { verifyPackage } from '../../platform/package/verify.ts';
import { faultsOf } from '../../platform/validate.ts';
import { logIn, PASSWORD, type Person, startSeededHub } from './seeded-hub.ts';

type Seeded = Awaited<ReturnType<typeof startSeededHub>>;
let seeded: Seeded;
let stranger: Person;
const api = (path: string) => `/api/v1${path}`;
/** A unit of the same district with nothing to do and nobody on duty. */
const other: UnitBody = {
  id: 'lj-team',
  name: { zh: '洛江区城管中队', en: 'Luojiang team' },
  kind: 'city-management',
  area: { city: '350500', county: '350504' },
  roster: [],
};

beforeAll(async () => {
  seeded = await startSeededHub();
  const { admin, supervisor } = seeded.people;
  expect((await supervisor.call('PUT', api('/units'), { body: other })).status).toBe(204);
  const user = { name: 'ye', displayName: '叶青', role: 'unit', unit: 'lj-team', password: PASSWORD };
  expect((await admin.call('PUT', api('/users'), { body: user })).status).toBe(204);
  stranger = await logIn(seeded.hub.url, 'ye');
});
afterAll(() => seeded.close());

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;
const list = (person: Person, query = '') => json<CasePage>(person.call('GET', api(`/cases?limit=200&${query}`)));
const detailOf = (person: Person, id: string) => json<CaseDetail>(person.call('GET', api(`/cases/${id}`)));
async function give(person: Person, id: string, command: object) {
  const { version } = (await detailOf(seeded.people.viewer, id)).case;
  return person.call('POST', api(`/cases/${id}/commands`), { body: command, headers: { 'if-match': String(version) } });
}
const problem = (answer: Response) =>
  answer.json() as Promise<{ code: string; errors?: { path: string; messageZh?: string }[] }>;

const jpeg = (colour = '#808080') =>
  sharp({ create: { width: 64, height: 48, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
function bring(person: Person, id: string, bytes: Uint8Array): Promise<Response> {
  return person.upload(api(`/cases/${id}/photos`), bytes);
}
async function oneIn(state: string): Promise<CaseSummary> {
  const [row] = (await list(seeded.people.viewer, `state=${state}`)).cases;
  if (!row) throw new Error(`no case is ${state}`);
  return row;
}

describe('what a unit sees', () => {
  test('its own cases in full, and of the others not even that they are there', async () => {
    const { unit, viewer } = seeded.people;
    const all = (await list(viewer)).cases;
    const own = all.filter((row) => row.unit === 'fz-team').map(({ id }) => id);
    expect(own.length).toBeGreaterThan(2);
    expect(own.length).toBeLessThan(all.length);
    const seen = await list(unit);
    expect(seen.cases.map(({ id }) => id)).toEqual(own);
    expect(Object.values(seen.counts).reduce((a, b) => a + b)).toBe(own.length);
    expect((await list(unit, 'unit=lj-team')).cases.map(({ id }) => id)).toEqual(own);
    for (const { id } of all) {
      expect((await unit.call('GET', api(`/cases/${id}`))).status).toBe(own.includes(id) ? 200 : 404);
      expect((await stranger.call('GET', api(`/cases/${id}`))).status).toBe(404);
    }
    expect(await list(stranger)).toMatchObject({ cases: [], counts: {} });
    const detail = await detailOf(unit, own[0] ?? '');
    expect(faultsOf(CaseDetail, detail)).toEqual([]);
  });

  test('a search finds nothing of others', async () => {
    const { unit, viewer } = seeded.people;
    const { number } = await oneIn('pending-review');
    expect((await list(viewer, `q=${number}`)).cases).toHaveLength(1);
    expect((await list(unit, `q=${number}`)).cases).toHaveLength(0);
    expect((await list(unit, 'mine=true')).cases).toHaveLength(0);
  });

  test('pictures of its own cases, and no others', async () => {
    const { unit, viewer } = seeded.people;
    for (const row of (await list(viewer)).cases) {
      const { events } = await detailOf(viewer, row.id);
      for (const { sha256 } of events.flatMap(({ evidence }) => evidence)) {
        const path = api(`/evidence/${sha256}`);
        expect((await unit.call('GET', path)).status).toBe(row.unit === 'fz-team' ? 200 : 404);
        expect((await stranger.call('GET', path)).status).toBe(404);
      }
    }
  });

  test('cameras of its cases, without what decides in them; its own roster', async () => {
    const { unit, viewer } = seeded.people;
    const cameras = await json<CameraBody[]>(unit.call('GET', api('/cameras')));
    const own = new Set((await list(unit)).cases.map(({ camera }) => camera));
    expect(new Set(cameras.map(({ id }) => id))).toEqual(own);
    expect(cameras.flatMap(({ zones }) => zones)).toEqual([]);
    expect(await json(stranger.call('GET', api('/cameras')))).toEqual([]);
    expect(await json(unit.call('GET', api('/units')))).toMatchObject([{ id: 'fz-team', duty: { onDuty: true } }]);
    expect(await json(stranger.call('GET', api('/units')))).toMatchObject([{ id: 'lj-team', duty: { onDuty: false } }]);
    expect(await json(viewer.call('GET', api('/units')))).toHaveLength(2);
  });

  test('the stream tells it of its own cases alone', async () => {
    const { unit, operator } = seeded.people;
    const answer = await unit.call('GET', api('/stream'));
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const foreign = await oneIn('pending-review');
    const own = await oneIn('handling');
    await give(operator, foreign.id, { command: 'comment', note: 'not for a unit' });
    await give(operator, own.id, { command: 'comment', note: 'for a unit' });
    let text = '';
    while (!text.includes('data: ')) text += Buffer.from((await reader.read()).value ?? []).toString('utf8');
    await reader.cancel();
    expect(text).toContain(own.id);
    expect(text).not.toContain(foreign.id);
  });

  test('a user who is moved to another unit sees that one’s cases', async () => {
    const { admin } = seeded.people;
    const user = { name: 'mo', displayName: '莫', role: 'unit', unit: 'lj-team' };
    await admin.call('PUT', api('/users'), { body: { ...user, password: PASSWORD } });
    const mo = await logIn(seeded.hub.url, 'mo');
    expect((await list(mo)).cases).toHaveLength(0);
    await admin.call('PUT', api('/users'), { body: { ...user, unit: 'fz-team' } });
    expect((await list(mo)).cases.length).toBeGreaterThan(0);
  });

  test.each([
    ['a unit that is not registered', { role: 'unit', unit: 'nobody' }],
    ['no unit', { role: 'unit' }],
    ['a unit, and a role of the office', { role: 'viewer', unit: 'fz-team' }],
  ])('no user has %s', async (_name, fields) => {
    const body = { name: 'odd', displayName: 'odd', password: PASSWORD, ...fields };
    const answer = await seeded.people.admin.call('PUT', api('/users'), { body });
    expect(answer.status).toBe(400);
    expect((await problem(answer)).errors?.[0]?.path).toBe('unit');
  });

  test('an area whose levels do not hang together is refused', async () => {
    const body = { ...other, area: { city: '350500', street: '350503001' } };
    const answer = await seeded.people.supervisor.call('PUT', api('/units'), { body });
    expect((await problem(answer)).errors?.[0]?.path).toBe('area.street');
  });
});

describe('what a unit does', () => {
  test('from dispatch to feedback with a photograph; another unit can do none of it', async () => {
    const { unit } = seeded.people;
    const { id } = await oneIn('dispatched');
    expect((await detailOf(unit, id)).steps.sort()).toEqual(['appeal', 'comment', 'extend', 'handle', 'return']);
    for (const command of [{ command: 'handle' }, { command: 'comment', note: 'x' }])
      expect((await give(stranger, id, command)).status).toBe(404);
    expect((await bring(stranger, id, await jpeg())).status).toBe(404);
    expect((await give(unit, id, { command: 'handle' })).status).toBe(200);
    const early = await give(unit, id, { command: 'feedback', note: '已劝离' });
    expect((await problem(early)).errors?.[0]?.messageZh).toContain('照片');
    const bytes = await jpeg('#446688');
    const photo = (await (await bring(unit, id, bytes)).json()) as CasePhoto;
    expect(photo).toMatchObject({ mime: 'image/jpeg', by: 'unit', round: 0 });
    // The same file again is the same photograph.
    expect((await bring(unit, id, bytes)).status).toBe(201);
    expect((await detailOf(unit, id)).photos).toHaveLength(1);
    expect((await unit.call('GET', api(`/evidence/${photo.sha256}`))).status).toBe(200);
    expect((await stranger.call('GET', api(`/evidence/${photo.sha256}`))).status).toBe(404);
    expect((await give(unit, id, { command: 'feedback', note: '已劝离' })).status).toBe(200);
    const detail = await detailOf(unit, id);
    expect(detail.case.state).toBe('feedback');
    expect(detail.history.filter(({ action }) => action === 'photo')).toHaveLength(1);
    expect((await give(unit, id, { command: 'recheck', result: 'start' })).status).toBe(403);
    expect((await bring(unit, id, await jpeg('#010101'))).status).toBe(409);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['a text', Buffer.from('GIF89a not a picture at all')],
    ['a head without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46])],
  ])('%s is no photograph', async (_name, bytes) => {
    const { id } = await oneIn('handling');
    const answer = await bring(seeded.people.unit, id, bytes);
    expect(answer.status).toBe(400);
    expect((await problem(answer)).errors?.[0]?.path).toBe('photo');
  });

  test('a photograph that is too large is refused, and one keeps no place and no device', async () => {
    const { unit } = seeded.people;
    const { id } = await oneIn('handling');
    expect((await bring(unit, id, new Uint8Array(9 * 1024 * 1024))).status).toBe(413);
    const withPlace = await sharp(await jpeg('#224422'))
      .withExif({ IFD0: { Make: 'A telephone' } })
      .jpeg()
      .toBuffer();
    const photo = (await (await bring(unit, id, withPlace)).json()) as CasePhoto;
    const kept = await unit.call('GET', api(`/evidence/${photo.sha256}`));
    expect((await sharp(Buffer.from(await kept.arrayBuffer())).metadata()).exif).toBeUndefined();
  });

  test('more time is asked for by the unit and granted by a supervisor', async () => {
    const { unit, supervisor, operator } = seeded.people;
    const { id, dueAt } = await oneIn('handling');
    const until = new Date(Date.parse(dueAt ?? '') + 26 * 3_600_000).toISOString();
    expect((await give(unit, id, { command: 'extend', until, note: '需要吊车' })).status).toBe(200);
    expect((await detailOf(operator, id)).case.extension).toMatchObject({ state: 'asked', until, by: 'unit' });
    expect((await give(unit, id, { command: 'grant-extension' })).status).toBe(403);
    expect((await give(operator, id, { command: 'grant-extension' })).status).toBe(403);
    expect((await give(supervisor, id, { command: 'grant-extension' })).status).toBe(200);
    const { case: row, history } = await detailOf(unit, id);
    expect(row).toMatchObject({ state: 'handling', dueAt: until });
    expect(row.extension).toMatchObject({ state: 'granted', decidedBy: 'supervisor' });
    expect(history.slice(-2).map(({ action }) => action)).toEqual(['extend', 'grant-extension']);
  });

  test('an appeal stays beside the handling until a second person answers it', async () => {
    const { unit, supervisor } = seeded.people;
    const { id, state } = await oneIn('handling');
    expect((await give(unit, id, { command: 'appeal', note: '不在辖区' })).status).toBe(200);
    const { case: open, steps } = await detailOf(unit, id);
    expect(open).toMatchObject({ state, appeal: { state: 'open', by: 'unit' } });
    expect(steps).toContain('feedback');
    const answer = { command: 'answer-appeal', result: 'dismissed', note: '图上在辖区内' };
    expect((await give(unit, id, answer)).status).toBe(403);
    expect((await give(supervisor, id, answer)).status).toBe(200);
    expect((await detailOf(unit, id)).case.appeal).toMatchObject({ state: 'dismissed', decidedBy: 'supervisor' });
  });
});

describe('a dispatch', () => {
  test('goes to who is on duty; elsewhere with a reason; to nobody never', async () => {
    const { supervisor, operator, unit } = seeded.people;
    const { id } = await oneIn('filed');
    const offers = await json<DutyOffer[]>(operator.call('GET', api(`/cases/${id}/duty`)));
    expect(offers.map(({ unit, suggested }) => [unit, suggested])).toEqual([
      ['fz-team', true],
      ['lj-team', false],
    ]);
    expect((await give(supervisor, id, { command: 'dispatch', unit: '三中队' })).status).toBe(400);
    const off = await give(supervisor, id, { command: 'dispatch', unit: 'lj-team' });
    expect(off.status).toBe(409);
    expect((await problem(off)).errors?.[0]).toMatchObject({
      path: 'override',
      messageZh: expect.stringContaining('不在岗'),
    });
    const command = { command: 'dispatch', unit: 'lj-team', override: '电话已联系' };
    expect((await give(supervisor, id, command)).status).toBe(200);
    const entry = (await detailOf(stranger, id)).history.at(-1);
    expect(entry).toMatchObject({
      action: 'dispatch',
      data: { unit: 'lj-team', override: '电话已联系', unitName: other.name },
    });
    expect((await unit.call('GET', api(`/cases/${id}`))).status).toBe(404);
  });

  test('returned and sent to another unit, it is no longer the first one’s', async () => {
    const { supervisor, unit } = seeded.people;
    const [row] = (await list(stranger)).cases;
    const id = row?.id ?? '';
    expect((await give(stranger, id, { command: 'return' })).status).toBe(400);
    expect((await give(stranger, id, { command: 'return', note: '不在辖区' })).status).toBe(200);
    expect((await give(supervisor, id, { command: 'dispatch', unit: 'fz-team' })).status).toBe(200);
    expect((await unit.call('GET', api(`/cases/${id}`))).status).toBe(200);
    expect((await stranger.call('GET', api(`/cases/${id}`))).status).toBe(404);
  });
});

describe('a case that goes to another unit', () => {
  test('the stream tells it that a case is its own no more, and not whose it is now; the package has its photographs', async () => {
    const { unit, operator, supervisor, admin } = seeded.people;
    const own = await oneIn('pending-review');
    await give(operator, own.id, { command: 'confirm' });
    await give(supervisor, own.id, { command: 'dispatch', unit: 'fz-team' });
    await give(unit, own.id, { command: 'handle' });
    const photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#345' } })
      .png()
      .toBuffer();
    expect((await unit.upload(api(`/cases/${own.id}/photos`), photo)).status).toBe(201);
    const file = join(seeded.folder, 'case.tar');
    writeFileSync(file, Buffer.from(await (await admin.call('GET', api(`/cases/${own.id}/package`))).arrayBuffer()));
    const contents = await readPackage(file);
    const { sha256 } = (await detailOf(operator, own.id)).photos?.[0] ?? { sha256: '' };
    expect([...contents.files.keys()]).toContain(`evidence/${sha256}.png`);
    const report = verifyPackage(contents, null);
    expect(report.checks.flatMap(({ faults }) => faults)).toEqual([]);
    // Without it, the package is not what the hub signed.
    const less = { ...contents, files: new Map([...contents.files].filter(([path]) => !path.includes(sha256))) };
    expect(verifyPackage(less, null).checks.flatMap(({ faults }) => faults)).toEqual([
      `evidence/${sha256}.png is missing`,
    ]);

    const answer = await unit.call('GET', api('/stream'));
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await give(unit, own.id, { command: 'return', note: '不在辖区' });
    await give(supervisor, own.id, { command: 'dispatch', unit: 'lj-team', override: '就近' });
    let text = '';
    while (!text.includes('"left"')) text += Buffer.from((await reader.read()).value ?? []).toString('utf8');
    await reader.cancel();
    expect(text).toContain(JSON.stringify({ type: 'left', case: own.id, unit: 'fz-team' }));
    expect(text).not.toContain('lj-team');
  });
});
