/** Links of cases: proposed from stored events, merged, split, refused and taken up again, over both databases. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { Location } from '../../contracts/geometry.ts';
import { checkAudit, readAudit } from '../../hub/audit.ts';
import { proposeLinks } from '../../hub/cases/links.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { firstBrokenEntry } from './broken-entry.ts';
import { ann, type CaseStage, openCaseStage, sue, who } from './case-stage.ts';
import { START, type Telling } from './node.ts';
import { testDatabases } from './stores.ts';

const MINUTE = 60_000;
const settings = caseSettings();
const GATE: Location = { lon: 118.66, lat: 24.86 };
const ROAD: Location = { lon: 118.66, lat: 24.86 + 180 / 111_195 };
const wu = who('wu', 'viewer');

const truck = (camera: string, location: Location, after: number, detail: Telling['detail'] = {}): Telling => ({
  ...{ kind: 'muck-truck', camera, location, key: `${camera} ${after}`, startedAt: START + after * 1000 },
  detail: { site: 'donghai', ...detail },
});
const atGate = (detail?: Telling['detail']) => truck('gate', GATE, 0, detail);
const onRoad = (after = 40, detail?: Telling['detail']) => truck('road', ROAD, after, detail);

/** Ten metres of pavement from straight above; `east` moves the whole survey, m. */
const surveyed = (east: number) => {
  const lon = 118.6 + east / (111_195 * Math.cos((24.9 * Math.PI) / 180));
  const side = 10 / 111_195;
  return {
    points: [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.75, 0.75],
      [0.25, 0.75],
    ],
    sidesM: [10, 10, 10, 10],
    diagonalM: Math.hypot(10, 10),
    locations: [
      { lon, lat: 24.9 },
      { lon: lon + side / Math.cos((24.9 * Math.PI) / 180), lat: 24.9 - side },
    ],
  };
};

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`links of cases on ${database.dialect}`, () => {
    let stage: CaseStage;
    let now = START;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START + MINUTE;
      stage = await openCaseStage(database, () => now, {});
    });
    afterEach(() => stage.store.close());

    /** Reports each and looks for its links, as the hub does behind a batch. @returns ids of the cases, as told */
    async function see(...told: readonly Telling[]): Promise<string[]> {
      const ids: string[] = [];
      for (const one of told) {
        const event = await stage.report(one);
        await proposeLinks(stage.store, settings, [event], now);
        ids.push(event);
      }
      return ids;
    }
    const links = (id: string, actor = ann) => stage.reads.links(id, actor);
    const give = (command: CaseCommand, id: string, actor = ann) => stage.give(command, actor, id);
    const caseOf = async (id: string) => (await stage.reads.get(id, sue)).case;
    const actions = async (id: string) => (await historyOf(stage.store.db, id)).map(({ action }) => action);
    async function pair(): Promise<[string, string]> {
      const [gate = '', road = ''] = await see(atGate(), onRoad());
      return [gate, road];
    }

    test('one truck at two cameras: proposed to both, in words and figures, and nothing is merged by itself', async () => {
      const [gate, road] = await pair();
      const figures = { by: 'pass', plate: null, metres: 180, seconds: 40, kmh: 16 };
      expect(await links(gate)).toMatchObject([
        {
          other: { id: road },
          state: 'proposed',
          reason: figures,
          steps: ['link-merge', 'link-refuse'],
          giveTo: 'this',
        },
      ]);
      expect(await links(road)).toMatchObject([{ other: { id: gate }, reason: figures }]);
      expect((await links(gate, wu)).map(({ steps }) => steps)).toEqual([[]]);
      expect([(await caseOf(gate)).state, (await caseOf(road)).state]).toEqual(['pending-review', 'pending-review']);
      // Nobody who works on one of them is held up.
      expect([(await caseOf(gate)).version, (await caseOf(road)).version]).toEqual([1, 1]);
      expect(await actions(road)).toEqual(['opened', 'link-proposed']);
      // Looked at again, it is the same proposal.
      expect(await proposeLinks(stage.store, settings, [gate, road], now)).toEqual([]);
      expect(await actions(road)).toEqual(['opened', 'link-proposed']);
    });

    test('an operator merges, splits again, and the proposal stands as before', async () => {
      const [gate, road] = await pair();
      expect(await give({ command: 'link-merge', other: gate }, road)).toMatchObject({
        ...{ state: 'merged', mergedInto: gate },
      });
      expect(await caseOf(gate)).toMatchObject({ sightings: 2, camera: 'gate' });
      for (const [id, giveTo] of [
        [gate, 'other'],
        [road, 'this'],
      ] as const)
        expect(await links(id)).toMatchObject([{ state: 'merged', decidedBy: 'ann', steps: ['link-split'], giveTo }]);
      // What the camera says of it later stays with it.
      await stage.report({ ...onRoad(), rev: 2, at: START + 45_000 });
      expect((await stage.reads.get(gate, sue)).events.map(({ camera }) => camera)).toEqual(['gate', 'road']);

      expect(await give({ command: 'link-split', other: gate }, road)).toMatchObject({ state: 'pending-review' });
      expect([(await caseOf(gate)).sightings, (await caseOf(road)).sightings]).toEqual([1, 1]);
      expect(await links(gate)).toMatchObject([{ state: 'proposed', decidedBy: null }]);
      for (const id of [gate, road]) expect(firstBrokenEntry(await historyOf(stage.store.db, id))).toBeNull();
      expect(await actions(road)).toEqual(['opened', 'link-proposed', 'link-merge', 'link-split']);
      expect(await actions(gate)).toEqual(['opened', 'link-proposed', 'merged-in', 'merged-out']);
      const audit = await readAudit(stage.store, { thing: 'case-link' });
      expect(audit.entries.map(({ actor, data }) => [actor, data.changes])).toEqual([
        ['ann', [{ field: 'state', from: 'merged', to: 'proposed' }]],
        ['ann', [{ field: 'state', from: 'proposed', to: 'merged' }]],
      ]);
      expect((await checkAudit(stage.store)).sound).toBe(true);
    });

    test('refused, it is not proposed again until somebody takes it up', async () => {
      const [gate, road] = await pair();
      await give({ command: 'link-refuse', other: gate }, road);
      expect(await links(gate)).toMatchObject([{ state: 'refused', decidedBy: 'ann', steps: ['link-restore'] }]);
      expect(await proposeLinks(stage.store, settings, [gate, road], now)).toEqual([]);
      expect((await links(gate))[0]?.state).toBe('refused');
      await expect(give({ command: 'link-merge', other: gate }, road)).rejects.toMatchObject({
        code: 'API_TRANSITION',
      });
      await give({ command: 'link-restore', other: road }, gate);
      expect(await links(road)).toMatchObject([{ state: 'proposed', steps: ['link-merge', 'link-refuse'] }]);
      expect(await actions(gate)).toEqual(['opened', 'link-proposed', 'link-refuse', 'link-restore']);
      expect(await actions(road)).toEqual(['opened', 'link-proposed', 'link-refuse', 'link-restore']);
      for (const id of [gate, road]) expect(firstBrokenEntry(await historyOf(stage.store.db, id))).toBeNull();
    });

    test('without a proposal two cameras are not merged, and what is confirmed does not go into what is not', async () => {
      const [gate, road] = await see(atGate(), onRoad(240));
      expect(await links(gate ?? '')).toEqual([]);
      await expect(give({ command: 'link-merge', other: gate ?? '' }, road ?? '')).rejects.toMatchObject({
        code: 'API_NOT_FOUND',
      });
      await expect(give({ command: 'merge', into: gate ?? '' }, road ?? '', sue)).rejects.toMatchObject({
        ...{ code: 'API_TRANSITION', faults: [{ path: 'into', message: expect.stringContaining('another camera') }] },
      });
      const [next] = await see(onRoad(44, { plate: null }));
      // 44 s behind the gate's: the two of the road fit no better than each other, but only one fits at all.
      expect((await links(gate ?? '')).map(({ other }) => other.id)).toEqual([next]);
      await give({ command: 'confirm' }, gate ?? '');
      expect((await links(gate ?? ''))[0]?.steps).toEqual(['link-refuse']);
      expect((await links(next ?? ''))[0]?.steps).toEqual(['link-merge', 'link-refuse']);
      await expect(give({ command: 'link-merge', other: next ?? '' }, gate ?? '')).rejects.toMatchObject({
        code: 'API_TRANSITION',
      });
      await expect(give({ command: 'link-merge', other: gate ?? '' }, next ?? '', wu)).rejects.toMatchObject({
        code: 'API_FORBIDDEN',
      });
    });

    test('a plate that a person types at the confirmation finds the other pass', async () => {
      const known = { plate: { text: '闽C·12345', score: 0.9 }, site: null };
      const [gate = '', road = ''] = await see(atGate({ site: null }), onRoad(400, known));
      expect(await links(road)).toEqual([]);
      await give({ command: 'confirm', plate: '闽c12345' }, gate);
      await proposeLinks(stage.store, settings, [gate], now);
      expect(await links(road)).toMatchObject([
        { other: { id: gate }, reason: { by: 'plate', plate: '闽C12345', seconds: 400 } },
      ]);
    });

    test('a rejected case is proposed to nobody', async () => {
      const [gate = ''] = await see(atGate());
      await give({ command: 'reject', reason: 'permitted' }, gate);
      const [road = ''] = await see(onRoad());
      expect(await links(road)).toEqual([]);
    });

    describe('stalls on surveyed ground', () => {
      beforeEach(async () => {
        const square: [number, number][] = [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ];
        for (const [id, east] of [
          ['east', 0],
          ['west', -3],
        ] as const) {
          const zone = { id: 'z1', kind: 'road-stall' as const, polygon: square, groundPlane: surveyed(east) };
          const name = { zh: id, en: id };
          const camera = { id, node: 'node-a', name, kind: 'street' as const, location: null, zones: [zone] };
          await upsertCamera(stage.store, camera as never);
        }
      });
      /** `x` of its foot, as a share of the picture: 0.05 is one metre. */
      const stallAt = (camera: string, x: number, more: Telling = {}): Telling => ({
        ...{ camera, key: `${camera} ${x}`, box: [x - 0.05, 0.4, 0.1, 0.2], at: START + 3 * MINUTE, ...more },
      });

      test('one stall seen from both sides, by its place on the ground', async () => {
        const [east = '', west = ''] = await see(stallAt('east', 0.4), stallAt('west', 0.6));
        expect(await links(east)).toMatchObject([
          { other: { id: west }, reason: { by: 'ground', metres: 1, seconds: 0, kmh: null } },
        ]);
        await give({ command: 'link-merge', other: east }, west);
        // Each camera goes on seeing it: nothing new is opened.
        const at = START + 20 * MINUTE;
        await see(stallAt('west', 0.6, { key: 'again', startedAt: at, at: at + MINUTE }));
        await see(stallAt('east', 0.4, { key: 'again', startedAt: at, at: at + MINUTE }));
        const { cases } = await stage.reads.list({ state: 'pending-review' });
        expect(cases.map(({ id, sightings }) => [id, sightings])).toEqual([[east, 4]]);
        // Split by hand, the other camera's events are a case of that camera.
        const events = (await stage.reads.get(east, sue)).events.filter(({ camera }) => camera === 'west');
        await give({ command: 'split', events: events.map(({ id }) => id) }, east, sue);
        const after = (await stage.reads.list({ state: 'pending-review' })).cases;
        expect(after.map(({ camera, sightings }) => `${camera} ${sightings}`).sort()).toEqual(['east 2', 'west 2']);
        await proposeLinks(
          stage.store,
          settings,
          events.map(({ id }) => id),
          now,
        );
        const own = after.find(({ camera }) => camera === 'west')?.id ?? '';
        expect(await links(own)).toMatchObject([{ state: 'refused', decidedBy: 'sue', steps: ['link-restore'] }]);
      });

      test('two stalls 6 m apart are two', async () => {
        const [east = ''] = await see(stallAt('east', 0.4), stallAt('west', 0.85));
        expect(await links(east)).toEqual([]);
      });
    });
  });
}
