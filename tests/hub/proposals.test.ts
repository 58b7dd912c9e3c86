/** What has stood since the first look: a proposal in a state of its own, until a person says fixture or violation. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countCasesOpened } from '../../hub/storage/reports.ts';
import { type CaseStage, openCaseStage } from './case-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

const DAY = 86_400_000;
const proposal = { key: 'cabinet', startedAt: START, at: START + DAY, endedAt: START + DAY, presentSinceStart: true };

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`proposals on ${database.dialect}`, () => {
    let stage: CaseStage;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      stage = await openCaseStage(database, () => START + DAY + 60_000, {});
      await stage.report(proposal);
      return () => stage.store.close();
    });

    const states = async () => (await stage.reads.list({ order: 'oldest' })).cases.map(({ state }) => state);

    test('it waits apart, without a deadline, and counts for no report', async () => {
      const row = await stage.only();
      expect([row.state, row.dueAt]).toEqual(['proposed', null]);
      expect(await countCasesOpened(stage.store.db, new Date(START).toISOString(), '2030-01-01T00:00:00.000Z')).toEqual(
        [],
      );
    });

    test('a person says fixture, or violation; both can be taken back', async () => {
      await stage.give({ command: 'reject', reason: 'fixture' });
      expect(await states()).toEqual(['rejected']);
      await stage.give({ command: 'undo' });
      expect(await states()).toEqual(['proposed']);
      await stage.give({ command: 'confirm' });
      const row = await stage.only();
      expect(row.state).toBe('filed');
      expect(row.dueAt).not.toBeNull();
    });

    test('a stall that arrives on the spot is a case of its own', async () => {
      await stage.report({ key: 'stall', startedAt: START + DAY });
      expect((await states()).sort()).toEqual(['pending-review', 'proposed']);
    });
  });
}
