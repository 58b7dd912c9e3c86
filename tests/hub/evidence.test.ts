/** Evidence belongs to its content, whoever brings it; what was removed stays removed. On both databases. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../platform/canonical.ts';
import { logIn } from '../api/seeded-hub.ts';
import { A, B, basic, codeOf, DAY, picture, refOf, useEvidenceStage } from './evidence-stage.ts';
import { testDatabases } from './stores.ts';

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`evidence on ${database.dialect}`, () => {
    const { stage, file, announce, put, head, view, stateIn, onDisk } = useEvidenceStage(database);

    test('the second node that has the same file may bring it, whatever the first one said of it', async () => {
      const still = await picture('#345');
      const first = await announce(A, [refOf(still, { bytes: 7, mime: 'video/mp4' })]);
      const second = await announce(B, [refOf(still)]);
      expect(await head(B, still)).toEqual([204, '0', '?0']);
      // The first one's part is its own: what it sends wrong is in nobody's way.
      expect((await put(A, Buffer.from('seven!!'), { name: still, range: 'bytes 0-6/7' })).status).toBe(422);
      await put(A, Buffer.from('abc'), { name: still, range: `bytes 0-2/${still.length}` });
      expect(await head(A, still)).toEqual([204, '3', '?0']);
      expect((await put(B, still)).status).toBe(201);
      expect(await head(A, still)).toEqual([204, String(still.length), '?1']);
      expect(Buffer.from(await (await view(still)).arrayBuffer()).equals(still)).toBe(true);
      // Each claim is kept; the one that was not true shows.
      expect(await stateIn(first)).toEqual([{ state: 'stored', actual: { mime: 'image/jpeg', bytes: still.length } }]);
      expect(await stateIn(second)).toEqual(['stored']);
    });

    test('only a node whose stored event names a file may bring it', async () => {
      const still = await picture('#543');
      await announce(A, [refOf(still)]);
      expect(await codeOf(await put(B, still))).toEqual([404, 'API_NOT_FOUND']);
      expect(existsSync(onDisk(still))).toBe(false);
      expect((await put(A, still, { range: `bytes 0-${still.length - 1}/999999` })).status).toBe(416);
      expect((await put(A, Buffer.concat([still, still]), { name: still })).status).toBe(413);
      expect(await head(A, still)).toEqual([204, '0', '?0']);
      expect((await put(A, still)).status).toBe(201);
      expect(await stateIn(await announce(A, [refOf(still)], 'two'))).toEqual(['stored']);
    });

    test('two nodes bring one file at the same time, in pieces, and both are told the truth', async () => {
      const clip = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom', 'latin1'), Buffer.alloc(3_000_000, 7)]);
      const ref = refOf(clip, { mime: 'video/mp4', role: 'clip' });
      await announce(A, [ref]);
      const caseId = await announce(B, [ref]);
      const pieces = async (node: string, size: number) => {
        for (let from = 0; from < clip.length; ) {
          const part = clip.subarray(from, from + size);
          const range = `bytes ${from}-${from + part.length - 1}/${clip.length}`;
          const answer = await put(node, part, { name: clip, range });
          expect([200, 201]).toContain(answer.status);
          from = Number(answer.headers.get('upload-offset'));
        }
      };
      await Promise.all([pieces(A, 400_000), pieces(B, 700_000)]);
      expect(await stateIn(caseId)).toEqual(['stored']);
      expect(Buffer.from(await (await view(clip)).arrayBuffer()).equals(clip)).toBe(true);
      await stage.hub.sweep();
      expect(readdirSync(join(stage.folder, 'evidence', 'uploads'))).toEqual([]);
    });

    test('a file that is no picture is kept as it came, served as nothing that a browser shows, and said so', async () => {
      const page = Buffer.from('<script>alert(1)</script>');
      const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 1)]);
      for (const bytes of [page, broken]) {
        const caseId = await announce(A, [refOf(bytes)], sha256Hex(bytes).slice(0, 8));
        expect((await put(A, bytes)).status).toBe(201);
        const answer = await view(bytes);
        expect(answer.headers.get('content-type')).toBe('application/octet-stream');
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        const actual = { mime: 'application/octet-stream', bytes: bytes.length };
        expect(await stateIn(caseId)).toEqual([{ state: 'stored', actual }]);
      }
    });

    test('twenty uploads of one file at once, and ranges that are none, do no harm', async () => {
      const still = Buffer.concat([await picture('#456'), Buffer.alloc(500_000, 3)]);
      const caseId = await announce(A, [refOf(still)]);
      const n = still.length;
      const ranges = [
        'bytes 5-4/10',
        `bytes 0-${n - 1}/*`,
        `bytes -1-5/${n}`,
        `bytes 9-${n - 1}/${n}`,
        'bytes 0-0/0',
        'x',
      ];
      for (const range of [...ranges, `bytes 0-5/${'9'.repeat(30)}`])
        expect((await put(A, still, { range })).status).toBe(416);
      const many = await Promise.all(Array.from({ length: 20 }, () => put(A, still).then(({ status }) => status)));
      expect(many).toContain(201);
      expect(many.every((status) => status === 201 || status === 416)).toBe(true);
      expect(await stateIn(caseId)).toEqual(['stored']);
      expect(Buffer.from(await (await view(still)).arrayBuffer()).equals(still)).toBe(true);
    });

    test('what retention removed does not come back, unless somebody needs it', async () => {
      const still = await picture('#777');
      const caseId = await announce(A, [refOf(still)]);
      expect((await put(A, still)).status).toBe(201);
      mkdirSync(join(stage.folder, 'evidence', 'uploads'), { recursive: true });
      writeFileSync(join(stage.folder, 'evidence', 'uploads', `${'0'.repeat(64)}.${A}`), 'of nobody');
      stage.shift = 31 * DAY;
      await stage.hub.sweep();
      stage.people.viewer = await logIn(stage.hub.url, 'viewer');
      expect(existsSync(onDisk(still))).toBe(false);
      expect(readdirSync(join(stage.folder, 'evidence', 'uploads'))).toEqual([]);
      expect(await stateIn(caseId)).toEqual(['removed']);
      // A final word: the node stops asking.
      expect(await codeOf(await put(A, still))).toEqual([410, 'API_GONE']);
      expect((await fetch(file(sha256Hex(still)), { method: 'HEAD', headers: basic(A) })).status).toBe(410);
      expect(existsSync(onDisk(still))).toBe(false);
      // A fresh event of another node that shows the same needs it.
      await announce(B, [refOf(still)], 'fresh');
      expect((await put(B, still)).status).toBe(201);
      expect((await view(still)).status).toBe(200);
      stage.shift = 62 * DAY;
      await stage.hub.store.db.updateTable('cases').set({ confirmed_at: new Date().toISOString() }).execute();
      await stage.hub.sweep();
      stage.people.viewer = await logIn(stage.hub.url, 'viewer');
      expect((await view(still)).status).toBe(200);
    });
  });
}
