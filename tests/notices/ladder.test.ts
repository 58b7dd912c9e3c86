/** The ladder of a site and its letters: each step by a named person, none before the one below it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ResponsibilityLetter, SiteLadder } from '../../contracts/api/ladder.ts';
import { nextSteps } from '../../hub/notices/ladder-rule.ts';
import { startSeededHub } from '../api/seeded-hub.ts';

test.each([
  [[], 0, []],
  [[], 1, ['bulletin']],
  [['bulletin'], 1, ['bulletin', 'summons']],
  [['bulletin', 'summons'], 2, ['bulletin', 'summons', 'credit']],
  [['bulletin', 'summons', 'credit'], 1, ['bulletin', 'summons', 'credit']],
  [['bulletin'], 0, []],
] as const)('after %j with %i late: %j', (taken, overdue, next) => {
  expect(nextSteps(taken, overdue)).toEqual(next);
});

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded?.close());

const DAYS = 10 * 86_400_000;

test('a step needs the one below it and a person; it stands on the site', async () => {
  const { operator, supervisor } = seeded.people;
  const path = '/api/v1/sites/donghai/ladder';
  const read = async () => (await (await operator.call('GET', path)).json()) as SiteLadder;
  expect(await read()).toMatchObject({ notices: 2, overdue: 0, steps: [], next: [] });
  const take = (step: string, who = supervisor) => who.call('POST', path, { body: { step, note: '两次未苫盖' } });
  expect((await take('bulletin')).status).toBe(409);

  seeded.advance(DAYS);
  for (const role of ['operator', 'supervisor'] as const) seeded.people[role] = await seeded.again(role);
  const late = seeded.people.supervisor;
  expect((await take('bulletin', seeded.people.operator)).status).toBe(403);
  expect((await take('summons', late)).status).toBe(409);
  for (const step of ['bulletin', 'summons', 'credit']) expect((await take(step, late)).status).toBe(200);
  const after = (await (await late.call('GET', path)).json()) as SiteLadder;
  expect(after.steps.map(({ step, by, note }) => [step, by, note])).toEqual([
    ['bulletin', 'supervisor', '两次未苫盖'],
    ['summons', 'supervisor', '两次未苫盖'],
    ['credit', 'supervisor', '两次未苫盖'],
  ]);
  expect((await late.call('GET', '/api/v1/sites/nowhere/ladder')).status).toBe(404);
});

test('a signed letter is kept with its hash; what is no document is refused', async () => {
  const { supervisor } = seeded.people;
  const path = '/api/v1/sites/donghai/letters';
  const body = { number: '责任书 2026-031', signedOn: '2026-03-01', signatory: '陈志强' };
  const pdf = `data:application/pdf;base64,${Buffer.from('%PDF-1.7 a letter').toString('base64')}`;
  const letters = (await (
    await supervisor.call('POST', path, { body: { ...body, file: pdf } })
  ).json()) as ResponsibilityLetter[];
  expect(letters).toMatchObject([
    { ...body, recordedBy: 'supervisor', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  const script = `data:application/pdf;base64,${Buffer.from('<script>').toString('base64')}`;
  expect((await supervisor.call('POST', path, { body: { ...body, file: script } })).status).toBe(400);
  expect((await supervisor.call('POST', path, { body: { ...body, signatory: ' ' } })).status).toBe(400);
});
