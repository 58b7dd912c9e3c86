/** Evidence belongs to its content; a lost file is noticed, shown and asked for; what was removed stays removed. On both databases. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaseDetail } from '../../contracts/api/case.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { topic } from '../../contracts/topics.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { openStore } from '../../hub/storage/store.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { logIn, PASSWORD, type Person } from '../api/seeded-hub.ts';
import { until } from '../processes.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START, type TestLink } from './node.ts';
import { quiet, testDatabases } from './stores.ts';

const [A, B] = ['node-a', 'node-b'];
const DAY = 86_400_000;

const basic = (node: string) => ({
  authorization: `Basic ${Buffer.from(`${node}:${NODE_PASSWORD}`).toString('base64')}`,
});

const refOf = (file: Buffer, more: Partial<EvidenceRef> = {}): EvidenceRef => ({
  ...{ role: 'during', sha256: sha256Hex(file), mime: 'image/jpeg', bytes: file.length, width: 64, height: 48 },
  at: new Date(START).toISOString(),
  ...more,
});

async function picture(background: string): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`evidence on ${database.dialect}`, () => {
    let hub: Hub;
    let folder = '';
    let url = '';
    let links: TestLink[] = [];
    let people: { viewer: Person; supervisor: Person };
    const nodes = { [A]: createTestNode(A), [B]: createTestNode(B) };
    /** What people do to the hub's clock. */
    let shift = 0;
    let orders: { node: string; sha256: string[] }[] = [];

    const start = () =>
      startHub(
        {
          database: url,
          dataDir: folder,
          http: { host: '127.0.0.1', port: 0 },
          mqtt: 'embedded',
          broker: { host: '127.0.0.1', port: 0 },
          evidence: { freeMegabytes: 0 },
        },
        // Time that really passes: both clocks agree, so no step is seen.
        { log: quiet, clock: { now: () => systemClock.now() + shift }, elapsed: () => performance.now() + shift },
      );

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      shift = 0;
      orders = [];
      links = [];
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-evidence-'));
      url = await database.url();
      // Before it starts, so that the hub knows them at once and not when it looks again.
      const store = await openStore(url, { log: quiet });
      for (const name of [A, B] as const) {
        nodes[name] = createTestNode(name);
        await nodes[name]?.register(store);
      }
      await store.close();
      hub = await start();
      for (const role of ['viewer', 'supervisor'] as const)
        await upsertUser(hub.store, { name: role, displayName: role, role, password: PASSWORD });
      people = { viewer: await logIn(hub.url, 'viewer'), supervisor: await logIn(hub.url, 'supervisor') };
      for (const name of [A, B] as const) {
        const link = await connectNode(hub.mqttUrl ?? '', name);
        links.push(link);
        link.client.on('message', (to, payload) => {
          if (to === topic(name, 'commands'))
            orders.push({ node: name, sha256: (JSON.parse(payload.toString()) as { sha256: string[] }).sha256 });
        });
        await link.client.subscribeAsync(topic(name, 'commands'), { qos: 1 });
      }
    });
    afterEach(async () => {
      for (const link of links) await link.close();
      await hub.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** An event of a node that names these files; gives its case once it is stored. */
    async function announce(name: string, evidence: EvidenceRef[], key = 'one'): Promise<string> {
      const link = links[name === A ? 0 : 1] as TestLink;
      const before = link.acks.length;
      const event = nodes[name]?.tell({ key, zone: key, evidence });
      if (!event) throw new Error('no such node');
      await link.send(event);
      await link.until((acks) => acks.length > before);
      expect(link.acks.at(-1)?.status).toBe('stored');
      const row = await hub.store.db
        .selectFrom('events')
        .select('case_id')
        .where('id', '=', event.id)
        .executeTakeFirst();
      return row?.case_id ?? '';
    }
    const file = (sha256: string) => `${hub.url}/api/v1/evidence/${sha256}`;
    const put = (node: string, bytes: Buffer, more: { name?: Buffer; range?: string } = {}) =>
      fetch(file(sha256Hex(more.name ?? bytes)), {
        method: 'PUT',
        headers: { ...basic(node), ...(more.range ? { 'content-range': more.range } : {}) },
        body: new Uint8Array(bytes),
      });
    const head = async (node: string, bytes: Buffer) => {
      const answer = await fetch(file(sha256Hex(bytes)), { method: 'HEAD', headers: basic(node) });
      return [answer.status, answer.headers.get('upload-offset'), answer.headers.get('upload-complete')];
    };
    const look = (bytes: Buffer) => people.viewer.call('GET', `/api/v1/evidence/${sha256Hex(bytes)}`);
    const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
    const stateIn = async (caseId: string) => {
      const answer = await people.viewer.call('GET', `/api/v1/cases/${caseId}`);
      const { events } = (await answer.json()) as CaseDetail;
      return events.flatMap(({ evidence }) =>
        evidence.map(({ state, actual }) => (actual ? { state, actual } : state)),
      );
    };
    const onDisk = (bytes: Buffer) => {
      const sha256 = sha256Hex(bytes);
      return join(folder, 'evidence', 'blobs', sha256.slice(0, 2), sha256);
    };

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
      expect(Buffer.from(await (await look(still)).arrayBuffer()).equals(still)).toBe(true);
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
      expect(Buffer.from(await (await look(clip)).arrayBuffer()).equals(clip)).toBe(true);
      await hub.sweep();
      expect(readdirSync(join(folder, 'evidence', 'uploads'))).toEqual([]);
    });

    test('a file that is no picture is kept as it came, served as nothing that a browser shows, and said so', async () => {
      const page = Buffer.from('<script>alert(1)</script>');
      const broken = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200, 1)]);
      for (const bytes of [page, broken]) {
        const caseId = await announce(A, [refOf(bytes)], sha256Hex(bytes).slice(0, 8));
        expect((await put(A, bytes)).status).toBe(201);
        const answer = await look(bytes);
        expect(answer.headers.get('content-type')).toBe('application/octet-stream');
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        const actual = { mime: 'application/octet-stream', bytes: bytes.length };
        expect(await stateIn(caseId)).toEqual([{ state: 'stored', actual }]);
      }
    });

    test('a byte that changed is never served; it is shown, asked for and brought again', async () => {
      for (const still of [await picture('#111'), Buffer.concat([await picture('#222'), Buffer.alloc(2_000_000, 5)])]) {
        orders = [];
        const caseId = await announce(A, [refOf(still)], sha256Hex(still).slice(0, 8));
        expect((await put(A, still)).status).toBe(201);
        expect((await look(still)).status).toBe(200);
        const rotten = Buffer.from(still);
        rotten[40] = (rotten[40] ?? 0) ^ 1;
        writeFileSync(onDisk(still), rotten);
        utimesSync(onDisk(still), new Date(START), new Date(START));
        expect(await codeOf(await look(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
        expect(await stateIn(caseId)).toEqual(['damaged']);
        expect(await head(A, still)).toEqual([204, '0', '?0']);
        await until('the node is asked', () => orders.some(({ sha256 }) => sha256.includes(sha256Hex(still))));
        expect(orders.map(({ node }) => node)).toEqual([A]);
        expect(readFileSync(join(folder, 'evidence', 'damaged', sha256Hex(still))).equals(rotten)).toBe(true);
        const metrics = await (await fetch(`${hub.url}/metrics`)).text();
        expect(metrics).toContain('kerbwatch_evidence_lost 1');
        expect((await put(A, still)).status).toBe(201);
        expect(await stateIn(caseId)).toEqual(['stored']);
        expect(Buffer.from(await (await look(still)).arrayBuffer()).equals(still)).toBe(true);
        expect(existsSync(join(folder, 'evidence', 'damaged', sha256Hex(still)))).toBe(false);
      }
    });

    test('a missing file: HEAD says so, the export goes on without it, and a disk that comes back heals it', async () => {
      const [there, away] = [await picture('#abc'), await picture('#cba')];
      const caseId = await announce(A, [refOf(there), refOf(away, { role: 'after' })]);
      for (const bytes of [there, away]) expect((await put(A, bytes)).status).toBe(201);
      rmSync(onDisk(away));
      const answer = await people.supervisor.call('GET', `/api/v1/cases/${caseId}/package`);
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
      await hub.scrub();
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
      rmSync(onDisk(lost));
      writeFileSync(onDisk(rotten), 'something else');
      await hub.scrub();
      // Its time has not come: each file is read once in thirty days.
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
      for (const link of links) await link.close();
      links = [];
      await hub.close();
      shift = 31 * DAY;
      hub = await start();
      people.viewer = await logIn(hub.url, 'viewer');
      const link = await connectNode(hub.mqttUrl ?? '', A);
      links.push(link);
      const asked: string[] = [];
      link.client.on('message', (to, payload) => {
        if (to === topic(A, 'commands')) asked.push(...(JSON.parse(payload.toString()) as { sha256: string[] }).sha256);
      });
      await link.client.subscribeAsync(topic(A, 'commands'), { qos: 1 });
      await hub.scrub();
      await until('both are found', async () => (await stateIn(caseId)).join() === 'missing,damaged,stored');
      shift += 2 * 3_600_000;
      await hub.scrub();
      await until('both are asked for', () => new Set(asked).size === 2);
      expect(new Set(asked)).toEqual(new Set([sha256Hex(lost), sha256Hex(rotten)]));
      for (const bytes of [lost, rotten]) expect((await put(A, bytes)).status).toBe(201);
      expect(await stateIn(caseId)).toEqual(['stored', 'stored', 'stored']);
    });

    test('a database restored from before the files came: those on the disk are found, the others asked for', async () => {
      const [here, gone, fresh] = await Promise.all([picture('#110'), picture('#220'), picture('#330')]);
      const caseId = await announce(A, [refOf(here), refOf(gone, { role: 'after' })]);
      for (const bytes of [here, gone]) expect((await put(A, bytes)).status).toBe(201);
      // The rows as the copy has them: announced, and nothing more.
      await hub.store.db.updateTable('evidence').set({ stored_at: null, checked_at: null, received: 0 }).execute();
      rmSync(onDisk(gone));
      expect(await stateIn(caseId)).toEqual(['waiting', 'waiting']);
      shift = 7 * 3_600_000;
      // What was announced a moment ago is on its way.
      await announce(A, [refOf(fresh)], 'fresh');
      await hub.scrub();
      expect((await stateIn(caseId)).sort()).toEqual(['stored', 'waiting']);
      await until('the other one is asked for', () => orders.length > 0);
      await hub.scrub();
      shift = 8 * 3_600_000;
      await hub.scrub();
      await announce(A, [], 'behind-all-orders');
      // Once in six hours: who does not have it any more is not asked each minute.
      expect(orders).toEqual([{ node: A, sha256: [sha256Hex(gone)] }]);
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
        expect(await codeOf(await look(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
        expect(await codeOf(await look(still))).toEqual([404, 'API_EVIDENCE_FAULT']);
      }
      expect((await put(A, still)).status).toBe(201);
      expect((await look(still)).status).toBe(200);
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
      expect(Buffer.from(await (await look(still)).arrayBuffer()).equals(still)).toBe(true);
    });

    test('what retention removed does not come back, unless somebody needs it', async () => {
      const still = await picture('#777');
      const caseId = await announce(A, [refOf(still)]);
      expect((await put(A, still)).status).toBe(201);
      mkdirSync(join(folder, 'evidence', 'uploads'), { recursive: true });
      writeFileSync(join(folder, 'evidence', 'uploads', `${'0'.repeat(64)}.${A}`), 'of nobody');
      shift = 31 * DAY;
      await hub.sweep();
      people.viewer = await logIn(hub.url, 'viewer');
      expect(existsSync(onDisk(still))).toBe(false);
      expect(readdirSync(join(folder, 'evidence', 'uploads'))).toEqual([]);
      expect(await stateIn(caseId)).toEqual(['removed']);
      // A final word: the node stops asking.
      expect(await codeOf(await put(A, still))).toEqual([410, 'API_GONE']);
      expect((await fetch(file(sha256Hex(still)), { method: 'HEAD', headers: basic(A) })).status).toBe(410);
      expect(existsSync(onDisk(still))).toBe(false);
      // A fresh event of another node that shows the same needs it.
      await announce(B, [refOf(still)], 'fresh');
      expect((await put(B, still)).status).toBe(201);
      expect((await look(still)).status).toBe(200);
      shift = 62 * DAY;
      await hub.store.db.updateTable('cases').set({ confirmed_at: new Date().toISOString() }).execute();
      await hub.sweep();
      people.viewer = await logIn(hub.url, 'viewer');
      expect((await look(still)).status).toBe(200);
    });
  });
}
