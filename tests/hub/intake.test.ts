/** Citizens' reports on both databases: which case each joins, whatever came first, and what is kept of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Open311Report } from '../../contracts/api/citizen-report.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { readContact } from '../../hub/intake/contacts.ts';
import { createApiKey, holderOf, type KeyHolder } from '../../hub/intake/keys.ts';
import { receiveReport } from '../../hub/intake/receive.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { removeContacts } from '../../hub/storage/citizen-reports.ts';
import { ann, type CaseStage, openCaseStage, sue } from './case-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Where every event of the test node lies. */
const here = { lat: 24.9, long: 118.6 };
const north = (metres: number) => ({ lat: here.lat + metres / 111_195, long: here.long });
const iso = (at: number) => new Date(at).toISOString();
const by = { actor: 'root', address: null, now: START };

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`reports on ${database.dialect}`, () => {
    let now = START;
    let stage: CaseStage;
    let hotline: KeyHolder;
    beforeAll(() => database.start(), 60_000);
    afterAll(() => database.close());
    beforeEach(async () => {
      await stage?.store.close();
      now = START;
      stage = await openCaseStage(database, () => now, {});
      const made = await createApiKey(stage.store, { name: '12319', purpose: 'hotline' }, by);
      hotline = (await holderOf(stage.store, { now: () => now }, made.key)) as KeyHolder;
    }, 60_000);

    const report = async (body: Partial<Open311Report> = {}, holder = hotline) => {
      const clock = { now: () => now };
      const parts = { store: stage.store, clock, changes: createChanges(), settings: caseSettings(), contactDays: 90 };
      const { service_request_id: number } = await receiveReport(parts, holder, {
        ...{ service_code: 'road-stall', ...here },
        ...body,
      });
      return number;
    };
    const list = async () => (await stage.reads.list({ order: 'oldest' })).cases;
    const trail = async (id: string) => (await stage.reads.get(id, sue)).history;

    test('after the camera’s event: one case, with why', async () => {
      await stage.report({});
      now += 30 * MINUTE;
      const number = await report({ ...north(20), description: '占道摆摊', address_string: '东涂街 3 号' });
      const [only, ...others] = await list();
      expect([others, only?.number, only?.source, only?.sightings]).toEqual([[], number, 'video_ai', 1]);
      const detail = await stage.reads.get(only?.id ?? '', sue);
      expect(detail.history.at(-1)).toMatchObject({ actor: 'key:12319', action: 'report', from: 'pending-review' });
      expect(detail.history.at(-1)?.data).toMatchObject({ source: 'hotline', metres: 20, minutes: 30, others: 0 });
      expect(detail.reports).toMatchObject([{ source: 'hotline', text: '占道摆摊', hasContact: false, at: iso(now) }]);
    });

    test('before the camera’s event: the event joins, and the case keeps its source', async () => {
      const number = await report();
      const [alone] = await list();
      expect(alone).toMatchObject({ number, source: 'hotline', camera: '', sightings: 0, thumbnail: null });
      now += 10 * MINUTE;
      await stage.report({ startedAt: now });
      await stage.report({ startedAt: START + 10 * MINUTE, rev: 2 });
      const [only, ...others] = await list();
      expect([others, only?.id, only?.source]).toEqual([[], alone?.id, 'hotline']);
      expect(only).toMatchObject({ camera: 'node-a-cam', zone: 'z1', sightings: 1, score: 0.9 });
      expect((await trail(only?.id ?? '')).map(({ action }) => action)).toEqual(['opened', 'sighting']);
      expect((await trail(only?.id ?? '')).at(-1)?.data).toMatchObject({ metres: 0, minutes: 10 });
      // A second spot of the camera is another incident: the reported case is taken.
      await stage.report({ key: 'two', box: [0.8, 0.1, 0.1, 0.1], startedAt: START + 11 * MINUTE });
      expect(await list()).toHaveLength(2);
    });

    test('too far, too late, of another kind, without a position: a case of its own', async () => {
      await stage.report({});
      await report(north(60));
      await report({ service_code: 'bike-clutter' });
      const { lat: _, long: __, ...nowhere } = { service_code: 'road-stall' as const, ...here };
      const parts = { store: stage.store, clock: { now: () => now }, changes: createChanges() };
      await receiveReport({ ...parts, settings: caseSettings(), contactDays: 90 }, hotline, {
        ...nowhere,
        address_string: '涂门街',
      });
      now += 5 * 60 * MINUTE;
      await report();
      const cases = await list();
      expect(cases).toHaveLength(5);
      expect(cases.filter(({ location }) => location === null)).toHaveLength(1);
      // An event too far in time joins none of them.
      await stage.report({ key: 'late', startedAt: now + 10 * 60 * MINUTE, zone: 'z2' });
      expect(await list()).toHaveLength(6);
    });

    test('a proposal of a fixture takes no report, and is none', async () => {
      await stage.report({ presentSinceStart: true });
      await report();
      await stage.report({ key: 'two', zone: 'z2', presentSinceStart: true });
      expect((await list()).map(({ state }) => state).sort()).toEqual(['pending-review', 'proposed', 'proposed']);
    });

    test('repeated: one ticket is one report, another joins the case of the first', async () => {
      const first = await report({ 'attribute[ticket]': 'T-1' });
      expect(await report({ 'attribute[ticket]': 'T-1', ...north(900) })).toBe(first);
      now += 20 * MINUTE;
      expect(await report({ 'attribute[ticket]': 'T-2', ...north(10) })).toBe(first);
      const [only] = await list();
      expect((await stage.reads.get(only?.id ?? '', sue)).reports).toHaveLength(2);
      expect(only).toMatchObject({ sightings: 0, startedAt: iso(START), lastSeenAt: iso(now) });
      // Another key's ticket of that number is another report.
      const made = await createApiKey(stage.store, { name: 'app', purpose: 'app' }, by);
      const app = (await holderOf(stage.store, { now: () => now }, made.key)) as KeyHolder;
      expect(await report({ 'attribute[ticket]': 'T-1', ...north(900) }, app)).not.toBe(first);
      expect((await stage.reads.list({ source: 'app,wechat' })).cases.map(({ source }) => source)).toEqual(['app']);
      await expect(stage.reads.list({ source: 'rumour' })).rejects.toMatchObject({ code: 'API_VALIDATION' });
    });

    test('it does not expire, is decided like any other, and rejected takes no further report', async () => {
      await report();
      now += 3 * DAY;
      expect(await stage.commands.expire()).toBe(0);
      await stage.give({ command: 'claim' }, ann);
      await stage.give({ command: 'reject', reason: 'other' }, ann);
      await report({ 'attribute[observed_at]': iso(START) });
      expect((await list()).map(({ state }) => state)).toEqual(['rejected', 'pending-review']);
    });

    test('merged by hand, its report is read with the other case', async () => {
      await stage.report({});
      now += 5 * 60 * MINUTE;
      await report({ description: '又来了' });
      const [camera, reported] = await list();
      await stage.give({ command: 'merge', into: camera?.number ?? '' }, sue, reported?.id);
      expect((await stage.reads.get(camera?.id ?? '', sue)).reports).toMatchObject([{ text: '又来了' }]);
    });

    test('its district is what is registered close by, where that agrees; else unknown', async () => {
      const camera = (id: string, metres: number, district: string) => {
        const place = { lat: north(metres).lat, lon: here.long };
        const name = { zh: id, en: id };
        return upsertCamera(stage.store, {
          id,
          node: 'node-a',
          name,
          kind: 'street',
          location: place,
          district,
          zones: [],
        });
      };
      await camera('near', 100, '350503');
      await report();
      await camera('beyond', 280, '350502');
      now += 5 * 60 * MINUTE;
      await report();
      await report(north(5000));
      expect((await list()).map(({ district }) => district)).toEqual(['350503', null, null]);
    });

    test('whom to call stands apart: looked up under the eyes of the audit log, and removed in time', async () => {
      await report({ first_name: '丽', last_name: '陈', phone: '13900000000', description: '堵了人行道' });
      const [only] = await list();
      const detail = await stage.reads.get(only?.id ?? '', sue);
      expect(JSON.stringify(detail)).not.toContain('13900000000');
      const [own] = detail.reports ?? [];
      expect(own?.hasContact).toBe(true);
      const contact = await readContact(stage.store, only?.id ?? '', own?.id ?? '', by);
      expect(contact).toEqual({ name: '丽 陈', phone: '13900000000', email: null, until: iso(START + 90 * DAY) });
      const views = await stage.store.db.selectFrom('audit').selectAll().where('thing', '=', 'contact').execute();
      expect(views.map(({ action, thing_id }) => [action, thing_id])).toEqual([['view', own?.id]]);
      await expect(readContact(stage.store, 'other', own?.id ?? '', by)).rejects.toMatchObject({
        code: 'API_NOT_FOUND',
      });
      expect(await removeContacts(stage.store.db, iso(START + 90 * DAY - 1))).toBe(0);
      expect(await removeContacts(stage.store.db, iso(START + 90 * DAY))).toBe(1);
      expect((await stage.reads.get(only?.id ?? '', sue)).reports?.[0]?.hasContact).toBe(false);
    });

    test.each<[string, Partial<Open311Report>]>([
      ['attribute[observed_at]', { 'attribute[observed_at]': iso(START + DAY) }],
      ['attribute[observed_at]', { 'attribute[observed_at]': iso(START - 32 * DAY) }],
    ])('%s is refused by name', async (path, body) => {
      await expect(report(body)).rejects.toMatchObject({ code: 'API_VALIDATION', faults: [{ path }] });
      expect(await list()).toEqual([]);
    });
  });
}
