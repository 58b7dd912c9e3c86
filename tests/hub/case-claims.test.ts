/** Claims, decisions taken back and merging, on both databases: what a second person finds when the first one is gone. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { CaseCommands } from '../../hub/cases/commands.ts';
import type { CaseReads } from '../../hub/cases/reads.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { casesByIds } from '../../hub/storage/cases.ts';
import type { Store } from '../../hub/storage/store.ts';
import { firstBrokenEntry } from './broken-entry.ts';
import { ann, bob, type CaseStage, openCaseStage, sue, who } from './case-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

const MINUTE = 60_000;

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`claims and undo on ${database.dialect}`, () => {
    let store: Store;
    let reads: CaseReads;
    let commands: CaseCommands;
    let now = START;
    let takenBack: string[];
    let { report, only, give, bringPhoto } = {} as Pick<CaseStage, 'report' | 'only' | 'give' | 'bringPhoto'>;

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START + 60 * MINUTE;
      takenBack = [];
      const onTakenBack = async (_trx: unknown, row: { id: string }) => {
        takenBack.push(row.id);
      };
      ({ store, reads, commands, report, only, give, bringPhoto } = await openCaseStage(database, () => now, {
        onTakenBack,
      }));
    });
    afterEach(() => store.close());

    const actionsOf = async (id: string) => (await historyOf(store.db, id)).map((entry) => entry.action);

    test('a claim keeps colleagues off, says who and until when, and ends when nobody renews it', async () => {
      await report({});
      const { id, version } = await only();
      const claimed = await commands.apply(id, { command: 'claim' }, ann, version);
      expect(Date.parse(claimed.claimedUntil ?? '') - now).toBe(5 * MINUTE);
      await expect(give({ command: 'claim' }, bob)).rejects.toMatchObject({
        code: 'API_TRANSITION',
        faults: [{ message: expect.stringContaining('ann'), messageZh: expect.stringMatching(/ann .*\d\d:\d\d:\d\d/) }],
      });
      now += 4 * MINUTE;
      // With an old version, as a browser renews it that has not looked again.
      expect((await commands.apply(id, { command: 'claim' }, ann, version)).version).toBe(claimed.version);
      now += 4 * MINUTE;
      expect((await only()).claimedBy).toBe('ann');
      expect((await reads.list({ claimedBy: 'ann' })).cases).toHaveLength(1);
      now += 2 * MINUTE;
      expect((await only()).claimedBy).toBeNull();
      expect((await reads.list({ claimedBy: 'ann' })).cases).toHaveLength(0);
      expect((await reads.get(id, bob)).steps).toContain('confirm');
      expect((await give({ command: 'claim' }, bob)).claimedBy).toBe('bob');
      expect(await actionsOf(id)).toEqual(['opened', 'claim', 'claim']);
    });

    test('the clock frees what lapsed and says so once; a claim from a clock that was ahead is freed too', async () => {
      await report({});
      await give({ command: 'claim' }, ann);
      expect(await commands.lapse()).toBe(0);
      now += 6 * MINUTE;
      expect(await commands.lapse()).toBe(1);
      expect(await commands.lapse()).toBe(0);
      const { id } = await only();
      expect((await casesByIds(store.db, [id]))[0]).toMatchObject({ claimed_by: null, claim_until: null });
      await give({ command: 'claim' }, ann);
      now -= 60 * MINUTE;
      expect(await commands.lapse()).toBe(1);
      const trail = await historyOf(store.db, id);
      expect(trail.map((entry) => entry.action)).toEqual(['opened', 'claim', 'claim-lapsed', 'claim', 'claim-lapsed']);
      expect(firstBrokenEntry(trail)).toBeNull();
    });

    test('a claim is put back by its holder, whatever became of the case meanwhile', async () => {
      await report({});
      const { id, version } = await only();
      await commands.apply(id, { command: 'claim' }, ann, version);
      await commands.apply(id, { command: 'comment', note: 'seen' }, bob, version);
      expect((await commands.apply(id, { command: 'release' }, ann, version)).claimedBy).toBeNull();
    });

    test.each([
      [{ command: 'confirm', note: 'seen' }, 'filed'],
      [{ command: 'reject', reason: 'other' }, 'rejected'],
      [{ command: 'field-check' }, 'field-check'],
    ] as const)('an operator takes back their own %o; the trail shows both', async (command, state) => {
      await report({});
      const before = await only();
      now += MINUTE;
      const decided = await give(command, ann);
      expect(decided.state).toBe(state);
      expect((await reads.get(before.id, ann)).steps).toContain('undo');
      expect((await reads.get(before.id, bob)).steps).not.toContain('undo');
      await expect(give({ command: 'undo' }, bob)).rejects.toMatchObject({ code: 'API_UNDO' });
      now += 59_000;
      const back = await commands.apply(before.id, { command: 'undo' }, ann, decided.version);
      expect(back).toMatchObject({ state: 'pending-review', dueAt: before.dueAt, claimedBy: 'ann' });
      const [row] = await casesByIds(store.db, [before.id]);
      expect(row).toMatchObject({ confirmed_at: null, closed_at: null });
      expect(takenBack).toEqual(command.command === 'confirm' ? [before.id] : []);
      const trail = await historyOf(store.db, before.id);
      expect(trail.map((entry) => entry.action)).toEqual(['opened', command.command, 'undo']);
      expect(firstBrokenEntry(trail)).toBeNull();
      await expect(give({ command: 'undo' }, ann)).rejects.toMatchObject({ code: 'API_UNDO' });
    });

    test('too late, or moved on by a colleague: it stays, and says why in both languages', async () => {
      await report({});
      const { id } = await only();
      await give({ command: 'confirm' }, ann);
      now += MINUTE;
      await expect(give({ command: 'undo' }, ann)).rejects.toMatchObject({
        code: 'API_UNDO',
        faults: [{ message: expect.stringContaining('supervisor'), messageZh: expect.stringContaining('值班长') }],
      });
      expect((await reads.get(id, ann)).steps).not.toContain('undo');
      // A clock that is set back gives the time no second time.
      now -= 5 * MINUTE;
      await expect(give({ command: 'undo' }, ann)).rejects.toMatchObject({ code: 'API_UNDO' });
      now += 5 * MINUTE - 30_000;
      await give({ command: 'dispatch', unit: 'team 3' }, sue);
      await expect(give({ command: 'undo' }, ann)).rejects.toMatchObject({ code: 'API_UNDO' });
      expect((await only()).state).toBe('dispatched');
    });

    test('who confirmed or handled a case does not inspect it, and who handled does not close it', async () => {
      await report({});
      const max = who('max', 'supervisor');
      const start: CaseCommand = { command: 'recheck', result: 'start' };
      await give({ command: 'confirm' }, ann);
      for (const command of [{ command: 'dispatch', unit: 'team 3' }, { command: 'handle' }] as const)
        await give(command, sue);
      await bringPhoto(sue);
      await give({ command: 'feedback', note: 'cleared' }, sue);
      for (const actor of [ann, sue]) {
        expect((await reads.get((await only()).id, actor)).steps).not.toContain('recheck');
        await expect(give(start, actor)).rejects.toMatchObject({ code: 'API_TRANSITION' });
      }
      await give(start, max);
      await give({ command: 'recheck', result: 'pass' }, max);
      await expect(give({ command: 'close', outcome: 'service' }, sue)).rejects.toMatchObject({
        code: 'API_TRANSITION',
      });
      expect((await give({ command: 'close', outcome: 'service' }, max)).state).toBe('closed');
    });

    test('a case is merged by its number; what cannot be is said of the field', async () => {
      await report({ key: 'one' });
      await report({ key: 'two', zone: 'other' });
      await report({ key: 'three', camera: 'elsewhere' });
      const { cases } = await reads.list({});
      const of = (camera: string, zone: string) => {
        const found = cases.find((row) => row.camera === camera && row.zone === zone);
        if (!found) throw new Error(`no case of ${camera} ${zone}`);
        return found;
      };
      const target = of('node-a-cam', 'z1');
      const from = of('node-a-cam', 'other');
      const merge = (into: string) => give({ command: 'merge', into }, sue, from.id);
      await expect(merge(from.number)).rejects.toMatchObject({ code: 'API_VALIDATION', faults: [{ path: 'into' }] });
      for (const odd of ['\u0000', "' or 1=1 --", `${target.number}%`]) {
        await expect(merge(odd)).rejects.toMatchObject({ code: 'API_NOT_FOUND', faults: [{ path: 'into' }] });
      }
      const nowhere = '3505002026112399999';
      await expect(merge(nowhere)).rejects.toMatchObject({
        code: 'API_NOT_FOUND',
        faults: [{ path: 'into', messageZh: expect.stringContaining(nowhere) }],
      });
      await expect(merge(of('elsewhere', 'z1').number)).rejects.toMatchObject({
        code: 'API_TRANSITION',
        faults: [{ path: 'into', messageZh: expect.stringContaining('摄像机') }],
      });
      const fullWidth = target.number.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
      expect(await merge(` ${fullWidth} `)).toMatchObject({ state: 'merged', mergedInto: target.id });
    });
  });
}
