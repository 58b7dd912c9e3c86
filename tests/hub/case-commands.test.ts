/** Case commands over both databases: every command, who may give it, and that the trail shows a change of its past. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { CaseCommands } from '../../hub/cases/commands.ts';
import type { CaseReads } from '../../hub/cases/reads.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import type { Store } from '../../hub/storage/store.ts';
import { firstBrokenEntry } from './broken-entry.ts';
import { ann, bob, type CaseStage, eve, openCaseStage, sue, who } from './case-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

const HOUR = 3_600_000;

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`case commands on ${database.dialect}`, () => {
    let store: Store;
    let reads: CaseReads;
    let commands: CaseCommands;
    let now = START;
    let confirmed: string[];
    let { report, only, give, bringPhoto } = {} as Pick<CaseStage, 'report' | 'only' | 'give' | 'bringPhoto'>;

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START + HOUR;
      confirmed = [];
      const onConfirmed = async (_trx: unknown, row: { id: string }) => {
        confirmed.push(row.id);
      };
      ({ store, reads, commands, report, only, give, bringPhoto } = await openCaseStage(database, () => now, {
        onConfirmed,
      }));
    });
    afterEach(() => store.close());

    test('from review to the close, with rework, and the trail holds', async () => {
      await report({});
      const steps: [CaseCommand, typeof ann, string][] = [
        [{ command: 'claim' }, ann, 'pending-review'],
        [{ command: 'confirm', note: 'seen' }, ann, 'filed'],
        [{ command: 'dispatch', unit: 'team 3' }, sue, 'dispatched'],
        [{ command: 'handle' }, bob, 'handling'],
        [{ command: 'feedback', note: 'cleared' }, bob, 'feedback'],
        [{ command: 'recheck', result: 'start' }, eve, 'inspecting'],
        [{ command: 'recheck', result: 'fail' }, eve, 'handling'],
        [{ command: 'feedback', note: 'cleared again' }, bob, 'feedback'],
        [{ command: 'recheck', result: 'start' }, eve, 'inspecting'],
        [{ command: 'recheck', result: 'pass' }, eve, 'inspecting'],
        [{ command: 'close', outcome: 'service' }, sue, 'closed'],
      ];
      for (const [command, actor, state] of steps) {
        now += 60_000;
        // Each round of handling has a photograph of its own.
        if (command.command === 'feedback') {
          await expect(give(command, actor)).rejects.toMatchObject({ code: 'API_TRANSITION' });
          await bringPhoto();
        }
        expect((await give(command, actor)).state).toBe(state);
      }
      const { id, rework } = await only();
      expect(rework).toBe(1);
      expect(confirmed).toEqual([id]);
      const trail = await historyOf(store.db, id);
      expect(trail.map((entry) => entry.action)).toEqual([
        'opened',
        ...steps.flatMap(([{ command }]) => (command === 'feedback' ? ['photo', command] : [command])),
      ]);
      expect((await reads.get(id, ann)).photos?.map(({ by, round }) => `${by} ${round}`)).toEqual(['bob 0', 'bob 1']);
      expect(firstBrokenEntry(trail)).toBeNull();
      expect(firstBrokenEntry(trail.map((row) => (row.n === 3 ? { ...row, note: 'unseen' } : row)))).toBe(3);
      expect(firstBrokenEntry(trail.filter((row) => row.n !== 2))).toBe(2);
      now += HOUR;
      await report({ key: 'back', startedAt: now });
      const { cases } = await reads.list({ state: 'pending-review' });
      expect(cases).toMatchObject([{ recurrenceOf: id }]);
    });

    test('who is late, locked out or not entitled is told so', async () => {
      await report({});
      const { id, version } = await only();
      await expect(commands.apply(id, { command: 'claim' }, who('v', 'viewer'), version)).rejects.toMatchObject({
        code: 'API_FORBIDDEN',
      });
      await commands.apply(id, { command: 'claim' }, ann, version);
      await expect(commands.apply(id, { command: 'confirm' }, bob, version)).rejects.toMatchObject({
        code: 'API_VERSION',
      });
      await expect(give({ command: 'confirm' }, bob)).rejects.toMatchObject({ code: 'API_TRANSITION' });
      await expect(give({ command: 'dispatch', unit: 'x' }, ann)).rejects.toMatchObject({ code: 'API_FORBIDDEN' });
      await expect(give({ command: 'handle' }, ann)).rejects.toMatchObject({ code: 'API_TRANSITION' });
      expect((await give({ command: 'reject', reason: 'parked-vehicle' }, ann)).state).toBe('rejected');
      await expect(reads.get('none', ann)).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
      expect((await give({ command: 'reopen', note: 'look again' })).state).toBe('pending-review');
    });

    test('two operators at once: one confirms, the other is told', async () => {
      await report({});
      const { id, version } = await only();
      const both = [ann, bob].map((actor) => commands.apply(id, { command: 'confirm' }, actor, version));
      const results = await Promise.allSettled(both);
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('a case is voided by a second person', async () => {
      await report({});
      await give({ command: 'confirm' }, sue);
      await expect(give({ command: 'void', note: 'test' }, sue)).rejects.toMatchObject({ code: 'API_TRANSITION' });
      expect((await give({ command: 'void', note: 'test' }, who('max', 'supervisor'))).state).toBe('voided');
    });

    test('split, and merged again, and taken apart once more; a later event does not undo it', async () => {
      await report({ key: 'one' });
      await report({ key: 'two', startedAt: START + 1000 });
      const first = await only();
      const events = (await reads.get(first.id, sue)).events.map((event) => event.id);
      expect(events).toHaveLength(2);
      await give({ command: 'split', events: [events[1] as string] });
      const { cases } = await reads.list({});
      expect(cases.map((row) => row.sightings)).toEqual([1, 1]);
      const other = cases.find((row) => row.id !== first.id) as (typeof cases)[number];
      await report({ key: 'two', rev: 2, startedAt: START + 1000 });
      expect((await reads.list({ state: 'pending-review' })).cases).toHaveLength(2);
      await give({ command: 'merge', into: first.id }, sue, other.id);
      expect((await reads.get(first.id, sue)).case.sightings).toBe(2);
      expect((await reads.get(other.id, sue)).case).toMatchObject({ state: 'merged', mergedInto: first.id });
      await give({ command: 'reopen', note: 'not the same' }, sue, other.id);
      expect((await reads.get(other.id, sue)).case).toMatchObject({ state: 'pending-review', sightings: 1 });
      expect((await reads.get(first.id, sue)).case.sightings).toBe(1);
      expect(firstBrokenEntry(await historyOf(store.db, other.id))).toBeNull();
    });

    test('what nobody reviews expires and is never confirmed by itself', async () => {
      await report({});
      expect(await commands.expire()).toBe(0);
      now += 25 * HOUR;
      expect(await commands.expire()).toBe(1);
      expect((await only()).state).toBe('expired');
    });

    test('lists page by page without gap or repetition, and count by state', async () => {
      for (let i = 0; i < 23; i += 1) {
        if (i % 5 === 0) now += 1000;
        await report({ key: `k${i}`, zone: `z${i}` });
      }
      for (const order of ['newest', 'oldest'] as const) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<CaseReads['list']>> = await reads.list({
            limit: 7,
            order,
            ...(cursor ? { cursor } : {}),
          });
          seen.push(...page.cases.map((row) => row.id));
          expect(page.counts).toEqual({ 'pending-review': 23 });
          cursor = page.next;
        } while (cursor);
        expect(new Set(seen).size).toBe(23);
        expect(seen).toHaveLength(23);
      }
      expect((await reads.list({ q: 'z22' })).cases).toHaveLength(1);
      expect((await reads.list({ q: '%' })).cases).toHaveLength(0);
      await expect(reads.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'API_VALIDATION' });
      await expect(reads.list({ state: 'odd' })).rejects.toMatchObject({ code: 'API_VALIDATION' });
    });
  });
}
