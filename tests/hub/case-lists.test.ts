/** Lists by counts, cells and trigrams say what reading every case would say, on both databases, after every kind of change. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caseStates } from '../../contracts/api/case.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import type { CaseFilters } from '../../hub/storage/case-lists/filters.ts';
import { type CaseCursor, listCases } from '../../hub/storage/case-lists/pages.ts';
import { readSearch } from '../../hub/storage/case-lists/search.ts';
import { type CaseRow, writeCases } from '../../hub/storage/cases.ts';
import { searchParts } from '../../hub/storage/search-text.ts';
import type { Store } from '../../hub/storage/store.ts';
import { timestamp } from '../../platform/clock.ts';
import { createRandom } from '../../sim/random.ts';
import { caseRow } from './case-rows.ts';
import { START } from './node.ts';
import { openFresh, testDatabases } from './stores.ts';

/** More than a search may find before it counts as common. */
const CASES = 2600;
const NOW = timestamp(START);
const RARE_STATE = 'field-check';

/** Whole numbers below a bound, the same each time. */
function below(seed: string) {
  const random = createRandom(seed);
  return (bound: number) => Math.floor(random() * bound);
}

function makeRows(random: (below: number) => number): CaseRow[] {
  return Array.from({ length: CASES }, (_, i) => {
    const kind = violationKinds[random(violationKinds.length)] as string;
    const states = caseStates.filter((state) => state !== RARE_STATE);
    return caseRow(i, {
      kind,
      state: i % 900 === 7 ? RARE_STATE : (states[random(states.length)] as string),
      camera: `cam-${random(12)}`,
      site: random(3) === 0 ? `site-${random(4)}` : null,
      unit: random(5) === 0 ? `unit-${random(3)}` : null,
      // Several at one instant: the id decides their order.
      opened_at: timestamp(START - Math.floor(i / 3) * 60_000),
      due_at: random(4) === 0 ? timestamp(START + (random(2) === 0 ? -1 : 1) * 3_600_000) : null,
      plate: random(10) === 0 ? `闽C${10_000 + random(400)}` : null,
    });
  });
}

/** What a list says when every case is read and looked at. */
async function slowList({ db }: Store, filters: Omit<CaseFilters, 'search'>, words: string | null) {
  const rows = await db.selectFrom('cases').selectAll().execute();
  const within = (value: string | null, wanted: string | undefined) =>
    wanted === undefined || wanted.split(',').includes(value ?? '\0');
  const parts = words === null ? [] : searchParts(words).map(({ text }) => text);
  const fits = rows.filter(
    (row) =>
      within(row.kind, filters.kind) &&
      within(row.camera, filters.camera) &&
      within(row.site, filters.site) &&
      within(row.unit, filters.unit) &&
      (filters.from === undefined || row.opened_at >= filters.from) &&
      (filters.to === undefined || row.opened_at < filters.to) &&
      (filters.dueBefore === undefined || (row.due_at !== null && row.due_at < filters.dueBefore)) &&
      (words === null || parts.some((part) => row.search.includes(part))),
  );
  const counts: Record<string, number> = {};
  for (const { state } of fits) counts[state] = (counts[state] ?? 0) + 1;
  const ids = fits
    .filter(({ state }) => within(state, filters.state))
    .sort((a, b) => (a.opened_at === b.opened_at ? (a.id < b.id ? 1 : -1) : a.opened_at < b.opened_at ? 1 : -1))
    .map(({ id }) => id);
  return { counts, ids };
}

/** Every page of the list, one after another. */
async function quickList(store: Store, filters: CaseFilters, newestFirst: boolean, limit: number, pages: number) {
  const ids: string[] = [];
  let after: CaseCursor | null = null;
  let first: Awaited<ReturnType<typeof listCases>> | null = null;
  for (let page = 0; page < pages; page += 1) {
    const listed = await listCases(store.db, filters, { after, newestFirst, limit });
    first ??= listed;
    ids.push(...listed.rows.slice(0, limit).map(({ id }) => id));
    const last = listed.rows[limit - 1];
    if (listed.rows.length <= limit || !last) break;
    after = { openedAt: last.opened_at, id: last.id };
  }
  return { ids, counts: first?.counts, exact: first?.exact };
}

const questions: (Omit<CaseFilters, 'now' | 'search'> & { readonly q?: string })[] = [
  {},
  { state: 'closed' },
  { state: RARE_STATE },
  { state: `closed,${RARE_STATE},rejected` },
  { kind: 'muck-truck' },
  { kind: 'muck-truck,road-stall', state: 'expired' },
  { camera: 'cam-3' },
  { camera: 'cam-3', state: RARE_STATE },
  { camera: 'nowhere' },
  { site: 'site-1', kind: 'bike-clutter' },
  { unit: 'unit-2', state: 'closed,voided' },
  { from: timestamp(START - 200 * 60_000), to: timestamp(START - 50 * 60_000) },
  { kind: 'road-stall', from: timestamp(START - 200 * 60_000) },
  { dueBefore: NOW },
  { dueBefore: NOW, state: 'dispatched' },
  { q: '闽C10123' },
  { q: '闽C·10123' },
  { q: 'c101' },
  { q: '闽' },
  { q: '闽c' },
  { q: '粤' },
  { q: '23' },
  { q: 'no such words' },
  { q: '%' },
  { q: 'site-2', state: 'closed' },
  { q: 'cam-1' },
  { q: 'cam', state: RARE_STATE },
  { q: 'cam', kind: 'muck-truck' },
  { q: '"or" -' },
];

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`lists on ${database.dialect}`, () => {
    let store: Store;
    beforeAll(async () => {
      await database.start();
      store = await openFresh(database);
      const rows = makeRows(below('lists'));
      for (let i = 0; i < rows.length; i += 400) await writeCases(store.db, store.dialect, rows.slice(i, i + 400));
    });
    afterAll(async () => {
      await store.close();
      await database.close();
    });

    test.each(questions.map((question) => [JSON.stringify(question), question] as const))('%s', async (_, question) => {
      const { q, ...filters } = question;
      const search = q === undefined ? {} : { search: await readSearch(store.db, q) };
      const slow = await slowList(store, { ...filters, now: NOW }, q ?? null);
      for (const newestFirst of [true, false]) {
        const quick = await quickList(store, { ...filters, ...search, now: NOW }, newestFirst, 40, 5);
        const ids = newestFirst ? slow.ids : [...slow.ids].reverse();
        expect(quick.ids).toEqual(ids.slice(0, 200));
        if (quick.exact) expect(quick.counts).toEqual(slow.counts);
        else
          for (const [state, n] of Object.entries(quick.counts ?? {}))
            expect(n).toBeLessThanOrEqual(slow.counts[state] ?? 0);
      }
      // Only a search that finds more than it gathers may say “at least”.
      const found = Object.values(slow.counts).reduce((sum, n) => sum + n, 0);
      const quick = await listCases(
        store.db,
        { ...filters, ...search, now: NOW },
        { after: null, newestFirst: true, limit: 1 },
      );
      if (found <= 2000 && q !== 'cam') expect(quick.exact).toBe(true);
    });

    test('counts follow every change of a case, and what was counted before there were counts', async () => {
      const counted = async () =>
        (
          await sql<{
            n: number;
          }>`select sum(cases) as n from case_counts where state = 'voided' and camera = 'cam-3'`.execute(store.db)
        ).rows[0]?.n ?? 0;
      const before = Number(await counted());
      const rows = await store.db.selectFrom('cases').selectAll().where('camera', '=', 'cam-4').limit(3).execute();
      const moved = rows.map(({ search: _search, ...row }) => ({
        ...row,
        camera: 'cam-3',
        state: 'voided',
        plate: '粤B99999',
      }));
      await writeCases(store.db, store.dialect, moved);
      expect(Number(await counted())).toBe(before + 3);
      const ids = moved.map(({ id }) => id);
      const found = await quickList(store, { now: NOW, search: await readSearch(store.db, '粤b999') }, true, 10, 1);
      expect([...found.ids].sort()).toEqual([...ids].sort());
      await store.db.deleteFrom('cases').where('id', 'in', ids).execute();
      expect(Number(await counted())).toBe(before);
      expect(
        (await quickList(store, { now: NOW, search: await readSearch(store.db, '粤b999') }, true, 10, 1)).ids,
      ).toEqual([]);
    });
  });
}
