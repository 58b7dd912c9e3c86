/** Confirming and taking back over HTTP: no notice leaves before nobody can take its confirmation back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseDetail, CasePage, CaseSummary } from '../../contracts/api/case.ts';
import type { NoticeView } from '../../contracts/api/notice.ts';
import type { Problem } from '../../contracts/api/problem.ts';
import { handOverDue } from '../../hub/notices/hand-over.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { systemClock } from '../../platform/clock.ts';
import { firstBrokenEntry } from '../hub/broken-entry.ts';
import { knownToken } from './known-link.ts';
import { type Person, startSeededHub } from './seeded-hub.ts';

const WINDOW_MS = 60_000;
let seeded: Awaited<ReturnType<typeof startSeededHub>>;
let truck: CaseSummary;
beforeAll(async () => {
  seeded = await startSeededHub({ undoSeconds: WINDOW_MS / 1000 });
  const waiting = '/api/v1/cases?kind=muck-truck&state=pending-review';
  const { cases } = (await (await seeded.people.operator.call('GET', waiting)).json()) as CasePage;
  const found = cases.find((row) => row.site === 'donghai' && row.claimedBy === null);
  if (!found) throw new Error('no truck of a site waits for review');
  truck = found;
});
afterAll(() => seeded.close());

const detailOf = async (person: Person) =>
  (await (await person.call('GET', `/api/v1/cases/${truck.id}`)).json()) as CaseDetail;

async function give(person: Person, body: Record<string, unknown>): Promise<Response> {
  const { version } = (await detailOf(person)).case;
  const headers = { 'if-match': String(version) };
  return person.call('POST', `/api/v1/cases/${truck.id}/commands`, { body, headers });
}

async function noticeOf(person: Person): Promise<NoticeView | undefined> {
  const views = (await (await person.call('GET', '/api/v1/notices')).json()) as NoticeView[];
  return views.find((view) => view.case === truck.id);
}

/** The page of the notice, by the token that nobody has been given yet. */
async function pageOf(id: string): Promise<string> {
  return `${seeded.hub.url}/n/${await knownToken(seeded.hub.store.db, id)}`;
}

test('confirm and undo: no notice, and the trail shows both', async () => {
  const { operator } = seeded.people;
  expect((await give(operator, { command: 'confirm' })).status).toBe(200);
  const draft = await noticeOf(operator);
  expect(draft).toMatchObject({ state: 'drafted', link: null, sentAt: null });
  const page = await pageOf(draft?.id ?? '');
  expect((await fetch(page)).status).toBe(404);
  expect((await operator.call('GET', `/api/v1/notices/${draft?.id}.pdf`)).status).toBe(409);
  expect((await detailOf(operator)).undoUntil).not.toBeNull();
  expect((await give(operator, { command: 'undo' })).status).toBe(200);
  const after = await detailOf(operator);
  expect(after.case.state).toBe('pending-review');
  expect(after.notices).toEqual([]);
  expect((await fetch(page)).status).toBe(404);
  expect(after.history.slice(-4).map((entry) => entry.action)).toEqual([
    'confirm',
    'notice-drafted',
    'undo',
    'notice-withdrawn',
  ]);
  expect(firstBrokenEntry(await historyOf(seeded.hub.store.db, truck.id))).toBeNull();
});

test('after the window the notice is ready, undo is refused in both languages, and a void withdraws the notice', async () => {
  const { operator, supervisor } = seeded.people;
  await give(operator, { command: 'confirm' });
  seeded.advance(WINDOW_MS);
  const refused = await give(operator, { command: 'undo' });
  const problem = (await refused.json()) as Problem;
  expect([refused.status, problem.code]).toEqual([409, 'API_UNDO']);
  expect(problem.errors?.[0]?.messageZh).toContain('作废');
  const ready = await noticeOf(operator);
  expect(ready).toMatchObject({ state: 'ready', sentAt: null });
  const page = await pageOf(ready?.id ?? '');
  expect((await fetch(page)).status).toBe(200);
  const { store, changes } = seeded.hub;
  const clock = { now: () => systemClock.now() + WINDOW_MS };
  await handOverDue({ store, changes, clock });
  expect(await handOverDue({ store, changes, clock })).toBe(0);
  expect((await detailOf(operator)).history.map((entry) => entry.action)).toContain('notice-ready');

  await give(supervisor, { command: 'void', note: 'not theirs' });
  expect((await noticeOf(operator))?.state).toBe('withdrawn');
  const html = await (await fetch(`${page}?lang=en`)).text();
  expect(html).toContain('withdrawn');
  expect(html).not.toContain('<form');
  const form = new FormData();
  for (const [name, value] of Object.entries({ kind: 'acknowledge', name: 'x' })) form.set(name, value);
  await fetch(page, { method: 'POST', body: form });
  expect((await noticeOf(operator))?.replies).toEqual([]);

  await give(supervisor, { command: 'reopen', note: 'it was theirs' });
  expect((await noticeOf(operator))?.state).toBe('ready');
});

test('two notices never have one number, although a draft was taken back between them', async () => {
  const numbers = await seeded.hub.store.db
    .selectFrom('case_history')
    .select(['data', 'action'])
    .where('action', '=', 'notice-drafted')
    .execute();
  const given = numbers.map(({ data }) => (JSON.parse(data) as { number: string }).number);
  expect(new Set(given).size).toBe(given.length);
  expect(given.length).toBeGreaterThan(2);
});

test('blanks are no unit and no note', async () => {
  const { supervisor } = seeded.people;
  expect((await give(supervisor, { command: 'dispatch', unit: '  ' })).status).toBe(400);
  expect((await give(supervisor, { command: 'comment', note: '\n' })).status).toBe(400);
  expect((await give(supervisor, { command: 'dispatch', unit: ' fz-team ' })).status).toBe(200);
  const last = (await detailOf(supervisor)).history.at(-1);
  expect(last).toMatchObject({ action: 'dispatch', data: { unit: 'fz-team' } });
});
