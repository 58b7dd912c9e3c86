/** What goes by age goes in slices: everybody else gets their turn meanwhile, and all of it goes; on both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Hub, startHub } from '../../hub/main.ts';
import { openStore } from '../../hub/storage/store.ts';
import { systemClock } from '../../platform/clock.ts';
import { inSlices } from '../../platform/in-slices.ts';
import { temporaryFolder } from '../upkeep/hub-place.ts';
import { addAgedRows } from './aged-rows.ts';
import { quiet, testDatabases } from './stores.ts';

const ROWS = 1000;
/** Cases go by 50, so there are as many turns at least. */
const SLICES = ROWS / 50;

test('slices end with one that is not full, or when told to', async () => {
  const left = [10, 10, 3];
  expect(await inSlices(async () => left.shift() ?? 0, 10)).toBe(23);
  const ending = new AbortController();
  let done = 0;
  const some = async () => {
    if (++done === 2) ending.abort();
    return 10;
  };
  expect(await inSlices(some, 10, ending.signal)).toBe(20);
});

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`what goes by age on ${database.dialect}`, () => {
    const folder = temporaryFolder('slices');
    let hub: Hub;
    let url = '';
    beforeAll(() => database.start());
    afterAll(async () => {
      await database.close();
      folder.remove();
    });
    beforeEach(async () => {
      url = await database.url();
      hub = await startHub(
        {
          ...{ database: url, dataDir: folder.path, http: { port: 0 }, broker: { port: 0 } },
          ...{ evidence: { freeMegabytes: 0, scrubDays: 0 } },
        },
        { log: quiet, clock: systemClock },
      );
      await addAgedRows(hub.store.db, ROWS);
    });
    afterEach(() => hub.close());

    const left = async () => {
      const count = async (table: 'observation_hours' | 'memory_orders') =>
        (await hub.store.db.selectFrom(table).select('node').execute()).length;
      const open = await hub.store.db.selectFrom('cases').select('id').where('state', '=', 'pending-review').execute();
      const files = await hub.store.db
        .selectFrom('evidence')
        .select('sha256')
        .where('stored_at', 'is not', null)
        .execute();
      return [open.length, files.length, await count('observation_hours'), await count('memory_orders')];
    };

    test('all of it goes, and timers have their turns between', async () => {
      let turns = 0;
      const timer = setInterval(() => {
        turns += 1;
      }, 1);
      await hub.sweep();
      clearInterval(timer);
      expect(await left()).toEqual([0, 0, 0, 0]);
      expect(turns).toBeGreaterThan(SLICES);
    });

    test('a hub that stops does not go on to the end', async () => {
      const sweeping = hub.sweep();
      await hub.close();
      await sweeping;
      const store = await openStore(url, { log: quiet });
      const hours = await store.db.selectFrom('observation_hours').select('node').execute();
      await store.close();
      expect(hours.length).toBeGreaterThan(0);
    });
  });
}
