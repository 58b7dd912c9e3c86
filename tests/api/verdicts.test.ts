/** The export of verdicts over real HTTP: what operators decided, with what they had been shown. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseSummary } from '../../contracts/api/case.ts';
import { Verdict, VerdictEnd, VerdictHeader } from '../../contracts/verdicts.ts';
import { faultsOf } from '../../platform/validate.ts';
import { startSeededHub } from './seeded-hub.ts';

let seeded: Awaited<ReturnType<typeof startSeededHub>>;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

async function exported(query = ''): Promise<{ header: VerdictHeader; verdicts: Verdict[]; end: VerdictEnd }> {
  const answer = await seeded.people.supervisor.call('GET', `/api/v1/verdicts${query}`);
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
  const lines = (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  const [header, ...rest] = lines as [VerdictHeader, ...Verdict[]];
  const end = rest.pop() as unknown as VerdictEnd;
  expect(faultsOf(VerdictHeader, header)).toEqual([]);
  for (const line of rest) expect(faultsOf(Verdict, line)).toEqual([]);
  expect(faultsOf(VerdictEnd, end)).toEqual([]);
  return { header, verdicts: rest, end };
}

async function cases(filter: string): Promise<CaseSummary[]> {
  const answer = await seeded.people.viewer.call('GET', `/api/v1/cases?limit=200&${filter}`);
  return ((await answer.json()) as { cases: CaseSummary[] }).cases;
}

test('every decided case is one line, with verdict, reason, model, scores, boxes and stills of its first report', async () => {
  const { header, verdicts, end } = await exported();
  expect(header).toMatchObject({ exportedBy: 'supervisor', camera: null });
  expect(end.verdicts).toBe(verdicts.length);
  const decided = await cases('state=rejected,filed,dispatched,returned,handling,feedback,inspecting,closed');
  expect(verdicts.map((line) => line.case).sort()).toEqual(decided.map(({ id }) => id).sort());
  const rejected = verdicts.filter(({ verdict }) => verdict === 'rejected');
  expect(rejected).toHaveLength(1);
  expect(rejected[0]).toMatchObject({
    ...{ camera: 'fz-dongtu-03', kind: 'road-stall', reason: 'parked-vehicle', score: 0.91, sightings: 1 },
    model: { name: 'seed', version: '1' },
    objects: [{ class: 'stall', score: 0.93, box: [0.45, 0.45, 0.12, 0.25] }],
  });
  expect(rejected[0]?.stills.map(({ role }) => role)).toEqual(['before', 'start', 'threshold']);
  for (const { verdict, reason } of verdicts) if (verdict === 'confirmed') expect(reason).toBeNull();
});

test('a camera and a time narrow it; a decision is in it from the next export on', async () => {
  const { verdicts } = await exported('?camera=fz-dongtu-03');
  expect(new Set(verdicts.map(({ camera }) => camera))).toEqual(new Set(['fz-dongtu-03']));
  expect((await exported('?to=2020-01-01T00:00:00.000Z')).verdicts).toEqual([]);
  const [waiting] = await cases('state=pending-review&camera=fz-dongtu-03');
  const { operator } = seeded.people;
  const command = async (body: unknown, version: number) => {
    const headers = { 'if-match': String(version) };
    const answer = await operator.call('POST', `/api/v1/cases/${waiting?.id}/commands`, { body, headers });
    return (await answer.json()) as CaseSummary;
  };
  const after = await command({ command: 'reject', reason: 'wrong-class' }, waiting?.version ?? 0);
  expect(after.state).toBe('rejected');
  expect((await exported('?camera=fz-dongtu-03')).verdicts).toHaveLength(verdicts.length + 1);
});

test('only a supervisor may have it, and a day must be one', async () => {
  expect((await seeded.people.operator.call('GET', '/api/v1/verdicts')).status).toBe(403);
  expect((await seeded.people.supervisor.call('GET', '/api/v1/verdicts?from=2026-02-31T00:00:00.000Z')).status).toBe(
    400,
  );
  expect((await seeded.people.supervisor.call('GET', '/api/v1/verdicts?colour=red')).status).toBe(400);
});
