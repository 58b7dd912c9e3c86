/** A file that is lost is noticed, shown, asked for and brought again. On both databases. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../platform/canonical.ts';
import { logIn } from '../api/seeded-hub.ts';
import { until } from '../processes.ts';
import { A, codeOf, DAY, picture, refOf, useEvidenceStage } from './evidence-stage.ts';
import { START } from './node.ts';
import { testDatabases } from './stores.ts';

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`lost evidence on ${database.dialect}`, () => {
    const { stage, start, connect, announce, put, head, view, stateIn, onDisk } = useEvidenceStage(database);

    test('a byte that changed is never served; it is shown, asked for and brought again', async () => {
      for (const still of [await picture('#111'), Buffer.concat([await picture('#222'), Buffer.alloc(2_000_000, 5)])]) {
        stage.orders = [];
        const caseId = await announce(A, [refOf(still)], sha256Hex(still).slice(0, 8));
        expect((await put(A, still)).status).toBe(201);
        expect((await view(still)).status).toBe(200);
        const rotten = Buffer.from(still);
        rotten[40] = (rotten[40] ?? 0) ^ 1;
        writeFileSync(onDisk(still), rotten);
        utimesSync(onDisk(still), new Date(START), new Date(START));
        expect(await codeOf(await view(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
        expect(await stateIn(caseId)).toEqual(['damaged']);
        expect(await head(A, still)).toEqual([204, '0', '?0']);
        await until('the node is asked', () => stage.orders.some(({ sha256 }) => sha256.includes(sha256Hex(still))));
        expect(stage.orders.map(({ node }) => node)).toEqual([A]);
        expect(readFileSync(join(stage.folder, 'evidence', 'damaged', sha256Hex(still))).equals(rotten)).toBe(true);
        const metrics = await (await fetch(`${stage.hub.url}/metrics`)).text();
        expect(metrics).toContain('kerbwatch_evidence_lost 1');
        expect((await put(A, still)).status).toBe(201);
        expect(await stateIn(caseId)).toEqual(['stored']);
        expect(Buffer.from(await (await view(still)).arrayBuffer()).equals(still)).toBe(true);
        expect(existsSync(join(stage.folder, 'evidence', 'damaged', sha256Hex(still)))).toBe(false);
      }
    });

    test('a missing file: HEAD says so, the export goes on without it, and a disk that comes back heals it', async () => {
      const [there, away] = [await picture('#abc'), await picture('#cba')];
      const caseId = await announce(A, [refOf(there), refOf(away, { role: 'after' })]);
      for (const bytes of [there, away]) expect((await put(A, bytes)).status).toBe(201);
      rmSync(onDisk(away));
      const answer = await stage.people.supervisor.call('GET', `/api/v1/cases/${caseId}/package`);
      const tar = Buffer.from(await answer.arrayBuffer());
      // Whole to its last block, with the one that is there and a word on the other.
      expect(tar.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);
      expect(tar.includes(`${sha256Hex(there)}.jpg`)).toBe(true);
      expect(tar.includes(`${sha256Hex(away)}.jpg`)).toBe(false);
      expect((await stateIn(caseId)).sort()).toEqual(['missing', 'stored']);
      writeFileSync(onDisk(away), away);
      expect(await head(A, away)).toEqual([204, String(away.length), '?1']);
      expect(await stateIn(caseId)).toEqual(['stored', 'stored']);
      rmSync(onDisk(away));
      expect(await head(A, away)).toEqual([204, '0', '?0']);
      expect((await stateIn(caseId)).sort()).toEqual(['missing', 'stored']);
    });

    test('the slow look finds what nobody opens, asks again each hour, and goes on over a restart', async () => {
      const files = await Promise.all(['#100', '#200', '#300'].map(picture));
      const [lost, rotten] = files as [Buffer, Buffer, Buffer];
      const caseId = await announce(
        A,
        files.map((bytes, i) => refOf(bytes, { at: new Date(START + i).toISOString() })),
      );
      for (const bytes of files) expect((await put(A, bytes)).status).toBe(201);
      await stage.hub.scrub();
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
      rmSync(onDisk(lost));
      writeFileSync(onDisk(rotten), 'something else');
      await stage.hub.scrub();
      // Its time has not come: each file is read once in thirty days.
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
      for (const link of stage.links) await link.close();
      stage.links = [];
      await stage.hub.close();
      stage.shift = 31 * DAY;
      stage.hub = await start();
      stage.people.viewer = await logIn(stage.hub.url, 'viewer');
      stage.orders = [];
      await connect(A);
      const asked = () => new Set(stage.orders.flatMap(({ sha256 }) => sha256));
      await stage.hub.scrub();
      await until('both are found', async () => (await stateIn(caseId)).join() === 'missing,damaged,stored');
      stage.shift += 2 * 3_600_000;
      await stage.hub.scrub();
      await until('both are asked for', () => asked().size === 2);
      expect(asked()).toEqual(new Set([sha256Hex(lost), sha256Hex(rotten)]));
      for (const bytes of [lost, rotten]) expect((await put(A, bytes)).status).toBe(201);
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
    });

    test('a database restored from before the files came: those on the disk are found, the others asked for', async () => {
      const [here, gone, fresh] = await Promise.all([picture('#110'), picture('#220'), picture('#330')]);
      const caseId = await announce(A, [refOf(here), refOf(gone, { role: 'after' })]);
      for (const bytes of [here, gone]) expect((await put(A, bytes)).status).toBe(201);
      // The rows as the copy has them: announced, and nothing more.
      await stage.hub.store.db
        .updateTable('evidence')
        .set({ stored_at: null, checked_at: null, received: 0 })
        .execute();
      rmSync(onDisk(gone));
      expect(await stateIn(caseId)).toEqual(['waiting', 'waiting']);
      stage.shift = 7 * 3_600_000;
      // What was announced a moment ago is on its way.
      await announce(A, [refOf(fresh)], 'fresh');
      await stage.hub.scrub();
      expect((await stateIn(caseId)).sort()).toEqual(['stored', 'waiting']);
      await until('the other one is asked for', () => stage.orders.length > 0);
      await stage.hub.scrub();
      stage.shift = 8 * 3_600_000;
      await stage.hub.scrub();
      await announce(A, [], 'behind-all-orders');
      // Once in six hours: who does not have it any more is not asked each minute.
      expect(stage.orders).toEqual([{ node: A, sha256: [sha256Hex(gone)] }]);
      expect((await put(A, gone)).status).toBe(201);
      expect(await stateIn(caseId)).toEqual(['stored', 'stored']);
    });

    test('whatever lies in its place is never served, and the right file takes the place again', async () => {
      const still = await picture('#987');
      await announce(A, [refOf(still)]);
      const others: ((path: string) => void)[] = [
        (path) => mkdirSync(path),
        (path) => symlinkSync('/etc/hostname', path),
        (path) => execFileSync('sh', ['-c', 'mkfifo "$0"', path]),
        (path) => writeFileSync(path, ''),
        (path) => writeFileSync(path, Buffer.concat([still, Buffer.from('x')])),
        (path) => writeFileSync(path, still.subarray(0, -1)),
      ];
      for (const place of others) {
        expect((await put(A, still)).status).toBe(201);
        rmSync(onDisk(still));
        place(onDisk(still));
        expect(await codeOf(await view(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
        expect(await codeOf(await view(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
      }
      expect((await put(A, still)).status).toBe(201);
      expect((await view(still)).status).toBe(200);
    });
  });
}
