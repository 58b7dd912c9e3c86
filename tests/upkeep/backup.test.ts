/** A backup taken while events come in, put back elsewhere, and examined there; on both databases. */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Hub, startHub } from '../../hub/main.ts';
import { appliedMigrations } from '../../hub/storage/backup/reading.ts';
import { knownMigrations } from '../../hub/storage/backup/replace.ts';
import { openStore } from '../../hub/storage/store.ts';
import { restoreBackup } from '../../hub/upkeep/backup/restore-backup.ts';
import { writeBackup } from '../../hub/upkeep/backup/write-backup.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { A, picture, refOf, useEvidenceStage } from '../hub/evidence-stage.ts';
import { openOldDatabase } from '../hub/old-database.ts';
import { quiet, testDatabases } from '../hub/stores.ts';
import { findingsAt, noProgress, placeAt, temporaryFolder } from './hub-place.ts';

const options = { rootKey: false, onProgress: noProgress };
const into = { replace: false, onProgress: noProgress };

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`backup and restore on ${database.dialect}`, () => {
    const at = useEvidenceStage(database);
    const { stage, announce, put } = at;
    let folder: ReturnType<typeof temporaryFolder>;
    beforeEach(() => {
      folder = temporaryFolder('backup');
    });
    afterEach(() => folder.remove());

    const here = () => placeAt(at.url(), stage.folder);
    const other = async () => placeAt(await database.url(), join(folder.path, 'other'));
    const to = () => join(folder.path, 'backup');

    async function bring(key: string): Promise<Buffer> {
      const file = await picture(`rgb(${key.length}, ${key.charCodeAt(key.length - 1)}, 7)`);
      await announce(A, [refOf(file)], key);
      expect((await put(A, file)).status).toBe(201);
      return file;
    }

    test('events keep arriving, and what is put back is of one moment, sound and whole', async () => {
      for (const key of ['k1', 'k2', 'k3']) await bring(key);
      let stop = false;
      let told = 0;
      const arriving = (async () => {
        while (!stop) await announce(A, [], `later-${told++}`);
      })();
      const manifest = await writeBackup(here(), to(), options);
      const during = told;
      stop = true;
      await arriving;
      expect(during).toBeGreaterThan(1);
      expect(manifest.evidence).toMatchObject({ files: 3, removed: 0, lost: [] });

      const place = await other();
      const restored = await restoreBackup(place, to(), into);
      expect(restored.rootKey).toBe('missing');
      expect(await findingsAt(place)).toEqual([]);
      const store = await openStore(place.url, place.options);
      const { n } = (await store.db
        .selectFrom('events')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirst()) as { n: number };
      await store.close();
      expect(Number(n)).toBeGreaterThanOrEqual(3);
      expect(Number(n)).toBeLessThan(3 + told);
    });

    test('a hub runs on what was restored, takes what comes next, and gives numbers that nobody has', async () => {
      const file = await bring('k1');
      await stage.people.viewer.call('GET', `/api/v1/evidence/${sha256Hex(file)}`);
      // The look is written behind the answer.
      const looks = () => stage.hub.store.db.selectFrom('evidence_access').select('id').execute();
      await expect.poll(async () => (await looks()).length, { timeout: 10_000 }).toBe(1);
      const manifest = await writeBackup(here(), to(), { ...options, rootKey: true });
      expect(manifest.rootKey).toBe(true);
      const place = await other();
      expect((await restoreBackup(place, to(), into)).rootKey).toBe('restored');
      expect(statSync(join(place.dataDir, 'root-key.pem')).mode & 0o777).toBe(0o600);
      let second: Hub | null = null;
      try {
        second = await startHub(
          { database: place.url, dataDir: place.dataDir, http: { port: 0 }, broker: { port: 0 } },
          { log: quiet, clock: systemClock },
        );
        // The row after the one that was restored must get a number of its own.
        await second.store.db.insertInto('evidence_access').values({ sha256: 'x', actor: 'a', at: '2026' }).execute();
        const rows = await second.store.db.selectFrom('evidence_access').select('id').orderBy('id').execute();
        expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
      } finally {
        await second?.close();
      }
    });

    test('a file that was changed or is missing is named, and nothing is restored', async () => {
      const file = await bring('k1');
      const manifest = await writeBackup(here(), to(), options);
      const [{ path } = { path: '' }] = manifest.parts;
      const place = await other();
      const whole = readFileSync(join(to(), path));
      appendFileSync(join(to(), path), 'x');
      await expect(restoreBackup(place, to(), into)).rejects.toMatchObject({
        code: 'HUB_BACKUP_DAMAGED',
        faults: [{ path, message: 'was changed' }],
      });
      writeFileSync(join(to(), path), whole);
      const sha256 = sha256Hex(file);
      rmSync(join(to(), 'blobs', sha256.slice(0, 2), sha256));
      await expect(restoreBackup(place, to(), into)).rejects.toMatchObject({
        code: 'HUB_BACKUP_DAMAGED',
        faults: [{ path: `blobs/${sha256}`, message: 'missing' }],
      });
      rmSync(join(to(), 'manifest.json'));
      await expect(restoreBackup(place, to(), into)).rejects.toMatchObject({ code: 'HUB_BACKUP_DAMAGED' });
      expect(existsSync(place.evidenceDir)).toBe(false);
    });

    test('a place that holds something gives way only when told to, and not while its hub runs', async () => {
      await bring('k1');
      await writeBackup(here(), to(), options);
      const running = await restoreBackup(here(), to(), { ...into, replace: true }).catch((error: unknown) => error);
      expect(running).toMatchObject({ code: 'HUB_DATABASE_IN_USE' });
      await bring('k2');
      for (const link of stage.links) await link.close();
      await stage.hub.close();
      await expect(restoreBackup(here(), to(), into)).rejects.toMatchObject({ code: 'HUB_RESTORE_OCCUPIED' });
      const { setAside } = await restoreBackup(here(), to(), { ...into, replace: true });
      expect(setAside === null).toBe(database.dialect === 'postgres');
      if (setAside) expect(existsSync(setAside)).toBe(true);
      const store = await openStore(at.url(), { log: quiet });
      expect(await store.db.selectFrom('events').select('zone').execute()).toEqual([{ zone: 'k1' }]);
      await store.close();
      // The file of what the database does not know any more stays, and is told.
      const surplus = (await findingsAt(here())).map(([code]) => code);
      expect(surplus.every((code) => code === 'HUB_CHECK_EVIDENCE_SURPLUS')).toBe(true);
      stage.hub = await at.start();
    });

    test('a newer schema, the other database and another root are refused in one line', async () => {
      await writeBackup(here(), to(), options);
      const place = await other();
      const file = join(to(), 'manifest.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { schema: string[]; dialect: string; program: string };
      const refused = async (changed: object, code: string, inPlace = place) => {
        writeFileSync(file, JSON.stringify({ ...manifest, ...changed }));
        await expect(restoreBackup(inPlace, to(), into)).rejects.toMatchObject({ code });
      };
      await refused({ schema: [...manifest.schema, '9999-later'] }, 'HUB_BACKUP_NEWER');
      await refused({ dialect: database.dialect === 'sqlite' ? 'postgres' : 'sqlite' }, 'HUB_BACKUP_DIALECT');
      await refused({ root: '0'.repeat(64) }, 'HUB_ROOT_OTHER', here());
    });

    test('a backup of an older schema is brought up to date where it is restored', async () => {
      const url = await database.url();
      const old = await openOldDatabase(url, database.dialect, '0012-units');
      await old.insertInto('units').values({ id: 'u1', body: '{}' }).execute();
      await old.destroy();
      const manifest = await writeBackup(placeAt(url, join(folder.path, 'old')), to(), options);
      expect(manifest.schema.at(-1)).toBe('0012-units');
      const place = await other();
      expect((await restoreBackup(place, to(), into)).rootKey).toBe('not-needed');
      const store = await openStore(place.url, place.options);
      expect(await store.db.selectFrom('units').selectAll().execute()).toEqual([{ id: 'u1', body: '{}' }]);
      expect(await appliedMigrations(store.db)).toEqual(knownMigrations());
      await store.close();
    });

    test('nothing is written over, and what cannot become whole leaves nothing behind', async () => {
      await expect(writeBackup(here(), stage.folder, options)).rejects.toMatchObject({ code: 'HUB_BACKUP_TARGET' });
      const away = { ...here(), dataDir: join(folder.path, 'nowhere') };
      await expect(writeBackup(away, to(), { ...options, rootKey: true })).rejects.toMatchObject({
        code: 'HUB_ROOT_KEY',
      });
      expect(readdirSync(folder.path)).toEqual([]);
    });

    test('a file that the hub itself has lost is said, and the rest is backed up', async () => {
      const file = await bring('k1');
      const kept = await bring('k22');
      rmSync(at.onDisk(file));
      const { evidence } = await writeBackup(here(), to(), options);
      expect(evidence).toMatchObject({ files: 1, bytes: kept.length, lost: [sha256Hex(file)] });
      const place = await other();
      await restoreBackup(place, to(), into);
      expect((await findingsAt(place)).map(([code]) => code)).toEqual(['HUB_CHECK_EVIDENCE_MISSING']);
    });
  });
}
