/** Each thing that can be damaged is damaged, and the examination says which; on both databases. */
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { errors } from '../../contracts/errors.ts';
import type { Database } from '../../hub/storage/schema.ts';
import { describeExamination } from '../../hub/upkeep/doctor/describe.ts';
import { examineHub } from '../../hub/upkeep/doctor/examine-hub.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { A, picture, refOf, useEvidenceStage } from '../hub/evidence-stage.ts';
import { testDatabases } from '../hub/stores.ts';
import { findingsAt, noProgress, placeAt } from './hub-place.ts';

type Damage = {
  readonly what: string;
  readonly by: (db: Kysely<Database>) => Promise<unknown>;
  /** Code and where, both at their beginning. */
  readonly found: readonly (readonly [code: string, where: RegExp])[];
};

const damages: readonly Damage[] = [
  {
    what: 'a message whose body was changed',
    by: (db) => sql`update messages set body = replace(body, '"score":0.9', '"score":0.8') where seq = 2`.execute(db),
    found: [['HUB_CHECK_MESSAGES', /^node node-a seq 2$/]],
  },
  {
    what: 'a message that is gone',
    by: (db) => db.deleteFrom('messages').where('seq', '=', 2).execute(),
    found: [['HUB_CHECK_SEQUENCE', /^node node-a$/]],
  },
  {
    what: 'a node that was set back',
    by: (db) => db.updateTable('nodes').set({ last_seq: 1 }).where('id', '=', A).execute(),
    found: [['HUB_CHECK_SEQUENCE', /^node node-a$/]],
  },
  {
    what: 'a message signed by a key that is not there',
    by: (db) =>
      sql`update node_keys set public_key = (select public_key from node_keys where node = 'node-b')
      where node = 'node-a'`.execute(db),
    found: [
      ['HUB_CHECK_MESSAGES', /seq 1$/],
      ['HUB_CHECK_MESSAGES', /seq 2$/],
    ],
  },
  {
    what: 'counts of lists that are wrong',
    by: (db) => sql`update case_counts set cases = cases + 1`.execute(db),
    found: [['HUB_CHECK_COUNTER', /^case_counts: /]],
  },
  {
    what: 'an entry of a trail that was changed',
    by: (db) => db.updateTable('case_history').set({ actor: 'nobody' }).execute(),
    found: [
      ['HUB_CHECK_TRAIL', /^case \d+$/],
      ['HUB_CHECK_TRAIL', /^case \d+$/],
    ],
  },
  {
    what: 'a trail that was cut at its end',
    by: (db) => sql`delete from case_history where case_id = (select min(id) from cases)`.execute(db),
    found: [['HUB_CHECK_TRAIL', /^case \d+$/]],
  },
  {
    what: 'an entry of the audit log that was removed',
    by: (db) => db.deleteFrom('audit').where('n', '=', 1).execute(),
    found: [['HUB_CHECK_AUDIT', /^entry 1$/]],
  },
  {
    what: 'a signed bulletin that was never signed here',
    by: (db) => {
      const signed = { signed_by: 'sue', signed_name: 'Sue', signed_at: '2026-11-01T00:00:00.000Z', note: null };
      const hashes = { body_hash: 'x', digest: 'x', prev_hash: 'x', hash: 'x' };
      return db
        .insertInto('monthly_reports')
        .values({ month: '2026-10', version: 1, n: 1, body: '{}', ...hashes, ...signed })
        .execute();
    },
    found: [['HUB_CHECK_REPORTS', /^2026-10 version 1$/]],
  },
  {
    what: 'a series of numbers that was set back',
    by: (db) => db.updateTable('counters').set({ value: 0 }).where('name', 'like', 'cases %').execute(),
    found: [['HUB_CHECK_COUNTER', /^counters: cases \d{8}$/]],
  },
  {
    what: 'events whose case is gone',
    by: (db) => sql`delete from cases where id = (select min(id) from cases)`.execute(db),
    found: [
      ['HUB_CHECK_ORPHAN', /^events$/],
      ['HUB_CHECK_ORPHAN', /^case_history$/],
    ],
  },
  {
    what: 'a schema of another program',
    by: (db) => sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(db),
    found: [['HUB_CHECK_SCHEMA', /^migrations$/]],
  },
];

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`hub doctor on ${database.dialect}`, () => {
    const at = useEvidenceStage(database);
    const { stage, announce, put, onDisk } = at;
    const place = () => placeAt(at.url(), stage.folder);
    let file: Buffer;
    beforeEach(async () => {
      file = await picture('teal');
      await announce(A, [refOf(file)], 'k1');
      await announce(A, [], 'k2');
      expect((await put(A, file)).status).toBe(201);
      await stage.people.viewer.call('GET', `/api/v1/evidence/${sha256Hex(file)}`);
    });
    afterEach(() => expect.hasAssertions());

    test('a hub that runs is sound, and everything of it was looked at', async () => {
      const examination = await examineHub(place(), { readFiles: true, onProgress: noProgress });
      expect(examination).toMatchObject({ findings: [], counts: {}, examined: { messages: 2, cases: 2, files: 1 } });
      expect(examination.examined.audit).toBeGreaterThan(0);
      expect(describeExamination(examination)).toMatch(/^sound: 2 messages, 2 cases/);
    });

    test.each(damages)('$what is found, and nothing else', async ({ by, found }) => {
      await by(stage.hub.store.db);
      const findings = await findingsAt(place());
      expect(findings).toEqual(found.map(([code, where]) => [code, expect.stringMatching(where)]));
    });

    test('missing, damaged and surplus files are told apart, by their bytes or by their presence', async () => {
      const path = onDisk(file);
      appendFileSync(path, 'x');
      expect(await findingsAt(place())).toEqual([['HUB_CHECK_EVIDENCE_DAMAGED', path]]);
      expect(await findingsAt(place(), false)).toEqual([['HUB_CHECK_EVIDENCE_MISSING', path]]);
      rmSync(path);
      const surplus = join(stage.folder, 'evidence', 'blobs', '00', '0'.repeat(64));
      mkdirSync(join(surplus, '..'), { recursive: true });
      writeFileSync(surplus, 'x');
      // What came a moment ago may be just about to be written down.
      expect(await findingsAt(place())).toEqual([['HUB_CHECK_EVIDENCE_MISSING', path]]);
      utimesSync(surplus, 0, 0);
      const examination = await examineHub(place(), { readFiles: true, onProgress: noProgress });
      expect(examination.counts).toEqual({ HUB_CHECK_EVIDENCE_MISSING: 1, HUB_CHECK_EVIDENCE_SURPLUS: 1 });
      const text = describeExamination(examination);
      for (const part of [path, surplus, errors.HUB_CHECK_EVIDENCE_SURPLUS.fix]) expect(text).toContain(part);
    });

    // From the one page the schema is damaged, too; from the other it can be read.
    test.each([60, 130])('a database damaged from page %i on is a finding and not a crash', async (first) => {
      if (database.dialect === 'postgres') {
        await sql`update pg_index set indisvalid = false where indexrelid = 'events_case'::regclass`.execute(
          stage.hub.store.db,
        );
        expect(await findingsAt(place())).toEqual([['HUB_CHECK_DATABASE', 'postgres']]);
        return;
      }
      await stage.hub.store.db.executeQuery(sql`pragma wal_checkpoint(truncate)`.compile(stage.hub.store.db));
      const copy = join(stage.folder, 'damaged.db');
      await sql`vacuum into ${copy}`.execute(stage.hub.store.db);
      const handle = openSync(copy, 'r+');
      const { size } = statSync(copy);
      expect(size).toBeGreaterThan(first * 4096);
      for (let page = first; page * 4096 < size; page += 3)
        writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, page * 4096);
      closeSync(handle);
      const codes = (await findingsAt(placeAt(`sqlite:${copy}`, stage.folder))).map(([code]) => code);
      expect(codes).toContain('HUB_CHECK_DATABASE');
    });
  });
}
