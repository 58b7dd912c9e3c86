/** The simulated fleet: the same seed tells the same day, and a real hub over a real broker owes it nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationEventSchemas } from '../../contracts/event.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { countEvidence } from '../../hub/storage/evidence.ts';
import { countMessages } from '../../hub/storage/messages.ts';
import { systemClock } from '../../platform/clock.ts';
import { lifeOf, type Telling } from '../../sim/camera-life.ts';
import { layOut, QUANZHOU } from '../../sim/fleet.ts';
import { talliesOf } from '../../sim/hours.ts';
import { isAway, planOutages } from '../../sim/outages.ts';
import { busiestRate, rhythms } from '../../sim/rhythm.ts';
import { describeSim, isOwed, runSim, type SimOptions } from '../../sim/run-sim.ts';
import { PASSWORD } from '../api/seeded-hub.ts';
import { quiet, testDatabases } from '../hub/stores.ts';
import { findingsAt, noProgress, placeAt, temporaryFolder } from '../upkeep/hub-place.ts';

const MIDNIGHT = Date.parse('2026-11-23T16:00:00.000Z');
const DAY = 86_400_000;
const street = { id: 'street-1', kind: 'street', node: 'n' } as const;

function day(seed: string, camera: Parameters<typeof lifeOf>[0] = street): Telling[] {
  const told: Telling[] = [];
  for (const telling of lifeOf(camera, seed, MIDNIGHT)) {
    if (telling.at > MIDNIGHT + DAY) return told;
    told.push(telling);
  }
  return told;
}

describe('what a fleet tells', () => {
  test('the same seed tells the same day, another one another', () => {
    expect(day('a')).toEqual(day('a'));
    expect(day('b')).not.toEqual(day('a'));
  });

  test('each event begins, goes on and ends in the order of time, and fits the wire', () => {
    const told = day('a', { ...street, kind: 'heritage' });
    expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).sort((a, b) => a - b));
    expect(new Set(told.map(({ draft }) => draft.phase))).toEqual(new Set(['start', 'update', 'end']));
    for (const { draft } of told) expect(Object.keys(violationEventSchemas)).toContain(draft.kind);
  });

  test('a day has about as many as it should, and most of them when that kind is busy', () => {
    const cameras = Array.from({ length: 60 }, (_, i) => ({ id: `g-${i}`, kind: 'gate', node: 'n' }) as const);
    const told = cameras.flatMap((camera) => day('a', camera));
    const [rhythm] = rhythms.gate;
    expect(told.length / cameras.length / (rhythm?.perDay ?? 1)).toBeGreaterThan(0.85);
    expect(told.length / cameras.length / (rhythm?.perDay ?? 1)).toBeLessThan(1.15);
    const hourOf = ({ at }: Telling) => Math.floor((at - MIDNIGHT) / 3_600_000);
    const within = (from: number, to: number) => told.filter((one) => hourOf(one) >= from && hourOf(one) < to).length;
    expect(within(20, 24)).toBeGreaterThan(4 * within(10, 14));
    expect(busiestRate({ kind: 'muck-truck', perDay: 24, hours: Array(24).fill(1), lasts: [0, 0] })).toBe(1);
  });

  test('the fleet of the mission, each camera on one node', () => {
    const nodes = layOut(QUANZHOU, 8, 'sim');
    const cameras = nodes.flatMap((node) => node.cameras);
    expect(cameras).toHaveLength(145 + 16 + 30 + 80);
    expect(new Set(cameras.map(({ id }) => id)).size).toBe(cameras.length);
    expect(Math.max(...nodes.map((node) => node.cameras.length))).toBe(8);
  });

  test('parts of an hour add up to it, and outages end before the run does', () => {
    const half = MIDNIGHT + 1_800_000;
    const watched = [...talliesOf([street], MIDNIGHT, half), ...talliesOf([street], half, MIDNIGHT + 3_600_000)];
    expect(watched.map(({ watchedMs }) => watchedMs)).toEqual([1_800_000, 1_800_000]);
    const outages = planOutages(8, 3, 10_000, 60_000, 'a');
    expect(outages).toHaveLength(6);
    expect(Math.max(...outages.map(({ to }) => to))).toBeLessThanOrEqual(60_000);
    const [first] = outages;
    expect(isAway(outages, first?.node ?? 0, (first?.from ?? 0) + 1)).toBe(true);
    expect(isAway([], 0, 0)).toBe(false);
  });
});

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`a fleet against a hub on ${database.dialect}`, () => {
    const folder = temporaryFolder('sim');
    let hub: Hub;
    let url = '';
    beforeAll(async () => {
      await database.start();
      url = await database.url();
      hub = await startHub(
        { database: url, dataDir: folder.path, http: { port: 0 }, broker: { port: 0 }, evidence: { freeMegabytes: 0 } },
        { log: quiet, clock: systemClock },
      );
      await upsertUser(hub.store, { name: 'admin', displayName: 'Admin', role: 'admin', password: PASSWORD });
    });
    afterAll(async () => {
      await hub.close();
      await database.close();
      folder.remove();
    });

    const options = (more: Partial<SimOptions> = {}): SimOptions => ({
      addresses: { mqtt: hub.mqttUrl ?? '', hub: hub.url, ca: null },
      login: { hub: hub.url, user: 'admin', password: async () => PASSWORD },
      ...{ size: { street: 4, heritage: 1, bike: 1, gate: 2 }, each: 4, prefix: 'sim', seed: 'test', speedup: 1000 },
      ...{ seconds: 13, until: Date.now() + 13_000, outages: 1, outageSeconds: 2, repeat: 0.2, drainSeconds: 60 },
      ...{ onProgress: noProgress, stop: new AbortController().signal, log: quiet, ...more },
    });

    test('through outages and lost answers everything comes once, with its evidence, and the hub is sound', async () => {
      const result = await runSim(options());
      expect(result).toMatchObject({ refused: 0, outstanding: 0, evidenceOwed: 0, cameras: 8, nodes: 4, kept: null });
      expect(isOwed(result)).toBe(false);
      expect(result.made).toBeGreaterThan(5);
      expect(result.duplicates).toBeGreaterThan(0);
      expect(await countMessages(hub.store)).toBe(result.made);
      expect((await countEvidence(hub.store)).files).toBe(result.evidenceMade);
      expect(describeSim(result)).toContain('0 outstanding');
      const hours = await hub.store.db.selectFrom('observation_hours').selectAll().execute();
      expect(new Set(hours.map(({ camera }) => camera)).size).toBe(8);
      const nodes = await hub.store.db.selectFrom('nodes').select(['status', 'health']).execute();
      expect(nodes.every(({ status }) => status?.includes('offline'))).toBe(true);
      expect(nodes.some(({ health }) => health !== null)).toBe(true);
      expect(await hub.store.db.selectFrom('quarantine').select(['code', 'reason']).execute()).toEqual([]);
      expect(await findingsAt(placeAt(url, folder.path))).toEqual([]);
    }, 90_000);

    test('what a hub does not answer is owed, and kept to go on with', async () => {
      const data = temporaryFolder('sim-data');
      try {
        const result = await runSim(
          options({
            ...{ addresses: { mqtt: 'mqtt://127.0.0.1:1', hub: hub.url, ca: null }, seconds: 6, drainSeconds: 0 },
            ...{
              outages: 0,
              repeat: 0,
              data: data.path,
              prefix: 'owed',
              size: { street: 0, heritage: 0, bike: 0, gate: 6 },
            },
          }),
        );
        expect(isOwed(result)).toBe(true);
        expect(result).toMatchObject({ stored: 0, outstanding: result.made, kept: data.path });
        expect(result.evidenceOwed).toBe(result.evidenceMade);
      } finally {
        data.remove();
      }
    }, 60_000);
  });
}
