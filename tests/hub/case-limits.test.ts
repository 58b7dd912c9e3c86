/** Limits that the office edits, escalation by the clock, closure codes with versions: over both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAudit } from '../../hub/audit.ts';
import { addClosureCodes, listClosureCodes } from '../../hub/cases/closure-codes.ts';
import { limitView } from '../../hub/cases/limit-view.ts';
import { editMatter, listMatters } from '../../hub/cases/matters.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { timestamp } from '../../platform/clock.ts';
import { firstBrokenEntry } from './broken-entry.ts';
import { ann, bob, type CaseStage, eve, openCaseStage, sue, who } from './case-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { scheme } = caseSettings();

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`limits of cases on ${database.dialect}`, () => {
    let stage: CaseStage;
    let now = START;
    let levels: number[];
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START + HOUR;
      levels = [];
      stage = await openCaseStage(database, () => now, { onEscalated: (level) => levels.push(level) });
      await stage.report({});
      await stage.give({ command: 'confirm' }, ann);
    });
    afterEach(() => stage.store.close());

    const by = () => ({ actor: 'sue', address: null, now });
    const dispatch = () => stage.give({ command: 'dispatch', unit: 'team 3' }, sue);
    async function toInspection() {
      await dispatch();
      await stage.give({ command: 'handle' }, bob);
      await stage.bringPhoto();
      await stage.give({ command: 'feedback', note: 'cleared' }, bob);
      await stage.give({ command: 'recheck', result: 'start' }, eve);
    }

    test('a limit that the office edits counts from the next dispatch on', async () => {
      const { store } = stage;
      expect((await dispatch()).dueAt).toBe(timestamp(now + 2 * HOUR));
      const before = await listMatters(store.db, scheme);
      for (const { code, ...matter } of before.filter(({ kind, counts }) => kind === 'road-stall' && counts)) {
        const { title, kind, reasons } = matter;
        const limit = { amount: 6, unit: 'urgent_hour' } as const;
        await editMatter(store, { scheme, code, title, kind, reasons, limit }, by());
      }
      expect((await stage.only()).dueAt).toBe(timestamp(now + 2 * HOUR));
      await stage.give({ command: 'return', note: 'not ours' }, bob);
      expect((await dispatch()).dueAt).toBe(timestamp(now + 6 * HOUR));
      const after = await listMatters(store.db, scheme);
      expect(after).toHaveLength(before.length);
      const edited = after.filter(({ editedBy }) => editedBy === 'sue');
      expect(edited.map(({ source }) => source.zh)).toEqual(edited.map(() => '本单位录入'));
      expect(after.find(({ editedBy, counts }) => editedBy === null && counts)?.source.zh).toContain('默认值');
    });

    test('a case rises before its limit, at it and after it, once each; the trail says so', async () => {
      const { commands, store } = stage;
      const { id, dueAt, version } = await dispatch();
      const due = Date.parse(dueAt ?? '');
      const at = async (minutes: number) => {
        now = due + minutes * MINUTE;
        await commands.escalate();
        return (await stage.only()).escalation;
      };
      expect([await at(-31), await at(-30), await at(-1), await at(0), await at(239)]).toEqual([0, 1, 1, 2, 2]);
      expect(await at(241)).toBe(3);
      expect(levels).toEqual([1, 2, 3]);
      expect((await stage.only()).version).toBe(version);
      const trail = await historyOf(store.db, id);
      expect(trail.filter(({ action }) => action === 'escalated').map(({ data }) => JSON.parse(data))).toEqual(
        [-30, 0, 240].map((minutes, i) => ({ level: i + 1, minutes, dueAt })),
      );
      expect(firstBrokenEntry(trail)).toBeNull();
      // Another limit begins anew.
      await stage.give({ command: 'extend', until: timestamp(now + 9 * HOUR), note: 'rain' }, bob);
      expect((await stage.give({ command: 'grant-extension' }, sue)).escalation).toBe(0);
      expect(await commands.escalate()).toBe(0);
    });

    test('who was away for long finds a case at its level, not three entries', async () => {
      await dispatch();
      now += 24 * HOUR;
      expect(await stage.commands.escalate()).toBe(1);
      expect(levels).toEqual([3]);
    });

    test('the filing table is read only where a limit is set', async () => {
      const { store, give } = stage;
      // A row that cannot be read: whoever reads the table fails.
      const row = { scheme, code: 'broken', body: 'no JSON', edited_at: timestamp(now), edited_by: 'sue' };
      await store.db.insertInto('matters').values(row).execute();
      await give({ command: 'comment', note: 'seen' }, ann);
      await give({ command: 'claim' }, ann);
      await give({ command: 'undo' }, ann);
      await give({ command: 'confirm' }, ann);
      await expect(dispatch()).rejects.toThrow(/JSON/);
      await store.db.deleteFrom('matters').where('code', '=', 'broken').execute();
      await dispatch();
      await store.db.insertInto('matters').values(row).execute();
      expect(await give({ command: 'handle' }, bob)).toMatchObject({ state: 'handling' });
    });

    test('what applies is told with its origin, and with a time that follows from the edit', async () => {
      const { store } = stage;
      const view = async () => limitView(store.db, caseSettings(), now);
      const spill = ({ inForce }: Awaited<ReturnType<typeof view>>) =>
        inForce.find(({ kind, reason }) => kind === 'muck-truck' && reason === 'spill');
      expect((await view()).schemes).toEqual(['city-table-b', 'gbt30428.2-2013']);
      expect(spill(await view())).toMatchObject({ limit: { amount: 4, unit: 'work_hour' }, from: 'table' });
      const matter = (await listMatters(store.db, scheme)).find(({ code, counts }) => counts && code === '01-14');
      const { code, title, kind = null, reasons = [] } = matter ?? { code: '', title: { zh: '', en: '' } };
      const limit = { amount: 3, unit: 'urgent_hour' } as const;
      await editMatter(store, { scheme, code, title, kind, reasons, limit }, by());
      expect(spill(await view())).toMatchObject({ limit, dueAt: timestamp(now + 3 * HOUR) });
      const audit = await readAudit(store, { thing: 'matter' });
      expect(audit.entries.map(({ actor, id, data }) => [actor, id, data.changes?.map(({ field }) => field)])).toEqual([
        ['sue', `${scheme} 01-14`, ['limit.amount', 'limit.unit']],
      ]);
    });

    test('where the office requires a closure code, no case is closed without one', async () => {
      const strict = await openCaseStage(
        database,
        () => now,
        {},
        caseSettings({ limits: { closureCode: 'required' } }),
      );
      await strict.report({});
      await strict.give({ command: 'confirm' }, ann);
      await strict.give({ command: 'dispatch', unit: 'team 3' }, sue);
      await strict.give({ command: 'handle' }, bob);
      await strict.bringPhoto();
      await strict.give({ command: 'feedback', note: 'cleared' }, bob);
      await strict.give({ command: 'recheck', result: 'start' }, eve);
      await strict.give({ command: 'recheck', result: 'pass' }, eve);
      await expect(strict.give({ command: 'close', outcome: 'service' }, sue)).rejects.toMatchObject({
        code: 'API_VALIDATION',
        faults: [{ path: 'closure', message: expect.stringContaining('closure code'), messageZh: expect.any(String) }],
      });
      expect(await strict.give({ command: 'close', outcome: 'service', closure: 'gone' }, sue)).toMatchObject({
        ...{ state: 'closed', closure: { code: 'gone' } },
      });
      await strict.store.close();
    });

    test('a closure code means what its version says', async () => {
      const { store, give } = stage;
      await toInspection();
      await give({ command: 'recheck', result: 'pass' }, eve);
      const close = (closure: string) => give({ command: 'close', outcome: 'service', closure }, sue);
      await expect(close('nothing-like-it')).rejects.toMatchObject({ faults: [{ path: 'closure' }] });
      await expect(close('filed-for-penalty')).rejects.toMatchObject({ faults: [{ path: 'closure' }] });
      expect(await close('persuaded')).toMatchObject({ state: 'closed', closure: { version: 1, code: 'persuaded' } });
      const codes = [{ code: 'done', title: { zh: '办结', en: 'Done' }, outcome: 'service' as const }];
      await addClosureCodes(store, { codes }, by());
      await expect(addClosureCodes(store, { codes }, by(), 1)).rejects.toMatchObject({ code: 'API_VERSION' });
      await expect(addClosureCodes(store, { codes: [...codes, ...codes] }, by())).rejects.toMatchObject({
        code: 'API_VALIDATION',
      });
      expect((await listClosureCodes(store.db)).map(({ version, codes: own }) => `${version} ${own.length}`)).toEqual([
        '2 1',
        '1 8',
      ]);
      expect((await stage.only()).closure).toEqual({ version: 1, code: 'persuaded' });
      expect(await give({ command: 'reopen', note: 'still there' }, who('max', 'supervisor'))).toMatchObject({
        state: 'handling',
        closure: null,
        rework: 1,
      });
    });
  });
}
