/** From a node's signed message to a stranger's check: a real hub's export over HTTP, on both databases, with `verify` itself. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CasePage } from '../../contracts/api/case.ts';
import { NodeKeyView, TrustView } from '../../contracts/api/trust.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { readPackage } from '../../platform/package/read-package.ts';
import { verifyPackage } from '../../platform/package/verify.ts';
import { packageRoot } from '../../platform/paths.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { faultsOf } from '../../platform/validate.ts';
import { logIn, PASSWORD, type Person } from '../api/seeded-hub.ts';
import { connectNode, createTestNode, NODE_PASSWORD, START } from '../hub/node.ts';
import { quiet, testDatabases } from '../hub/stores.ts';

const NODE = 'node-a';
const picture = Buffer.from('what the camera saw');
const still = (role: EvidenceRef['role'], bytes: Buffer): EvidenceRef => ({
  ...{ role, sha256: sha256Hex(bytes), mime: 'image/jpeg', bytes: bytes.length },
  ...{ at: new Date(START).toISOString(), width: 4, height: 4 },
});

/** Exit code and output of the command as people run it. */
function verify(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const line = ['--import', 'tsx', join(packageRoot(), 'cli', 'main.ts'), 'verify', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: packageRoot() }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`an export of a hub on ${database.dialect}`, () => {
    let folder: string;
    let hub: Hub;
    let admin: Person;
    let exported = '';
    const node = createTestNode(NODE);

    /** @returns what the hub says of the node's next message */
    async function send(told: Parameters<typeof node.tell>[0]): Promise<string> {
      const link = await connectNode(hub.mqttUrl ?? '', NODE);
      await link.send(node.tell(told));
      await link.until((acks) => acks.length === 1);
      await link.close();
      const [ack] = link.acks;
      return `${ack?.status} ${ack?.reason ?? ''}`.trim();
    }

    async function exportCase(name: string): Promise<string> {
      const page = (await (await admin.call('GET', `/api/v1/cases?camera=${NODE}-cam`)).json()) as CasePage;
      const answer = await admin.call('GET', `/api/v1/cases/${page.cases[0]?.id}/package`);
      expect(answer.status).toBe(200);
      const file = join(folder, name);
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      return file;
    }

    const trust = async () => (await (await admin.call('GET', '/api/v1/trust')).json()) as TrustView;
    const faults = async (file: string) =>
      verifyPackage(await readPackage(file), (await trust()).fingerprint).checks.flatMap((check) => check.faults);

    beforeAll(async () => {
      await database.start();
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-export-'));
      hub = await startHub(
        {
          database: await database.url(),
          dataDir: join(folder, 'hub'),
          mqtt: 'embedded',
          broker: { host: '127.0.0.1', port: 0 },
          http: { host: '127.0.0.1', port: 0 },
        },
        { log: quiet, clock: systemClock },
      );
      await node.register(hub.store);
      await upsertUser(hub.store, { name: 'admin', displayName: 'Admin', role: 'admin', password: PASSWORD });
      admin = await logIn(hub.url, 'admin');
      const evidence = [still('start', picture), still('during', Buffer.from('never sent'))];
      expect(await send({ evidence })).toBe('stored');
      expect(await send({ key: 'of another case', camera: 'cam-2' })).toBe('stored');
      expect(await send({ rev: 2 })).toBe('stored');
      const upload = await fetch(`${hub.url}/api/v1/evidence/${sha256Hex(picture)}`, {
        method: 'PUT',
        headers: { authorization: `Basic ${Buffer.from(`${NODE}:${NODE_PASSWORD}`).toString('base64')}` },
        body: new Uint8Array(picture),
      });
      expect(upload.status).toBe(201);
      exported = await exportCase('case.tar');
    });
    afterAll(async () => {
      await hub?.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    });

    // What the command says does not depend on the hub's database: tried with one.
    const ofTheCommand = database.dialect === 'sqlite' ? test : () => {};

    ofTheCommand('is proved under the fingerprint, the public root, and the answer of the API as a file', async () => {
      const view = await trust();
      expect(faultsOf(TrustView, view)).toEqual([]);
      // As an editor of another system saves it.
      writeFileSync(join(folder, 'trust.json'), `\ufeff${JSON.stringify(view)}\r\n`);
      writeFileSync(join(folder, 'root.pem'), view.publicKey);
      const colons = view.fingerprint.toUpperCase().match(/../g)?.join(':') ?? '';
      for (const anchor of [view.fingerprint, colons, join(folder, 'root.pem'), join(folder, 'trust.json')]) {
        const done = await verify(exported, '--trust', anchor);
        expect([anchor, done.code, done.err]).toEqual([anchor, 0, '']);
        expect(done.out).toContain(`proved: signed by ${view.fingerprint}`);
      }
      const json = await verify(exported, '--json', '--trust', view.fingerprint);
      expect(JSON.parse(json.out)).toMatchObject({
        path: exported,
        ok: true,
        verdict: 'proved',
        root: view.fingerprint,
      });
      expect(json.out).toContain('(during) had not arrived at the hub');
    });

    ofTheCommand(
      'is consistent and not proved without an anchor; refused under another; a wrong anchor is misuse',
      async () => {
        const { fingerprint } = await trust();
        const without = await verify(exported);
        expect([without.code, without.err]).toEqual([3, '']);
        expect(without.out).toContain('author not proved');
        expect(without.out).toContain(`its root is ${fingerprint}`);
        const other = await verify(exported, '--trust', 'f'.repeat(64));
        expect([other.code, other.err]).toEqual([1, expect.stringMatching(/^kerbwatch: VERIFY_FAILED .*signed by /)]);
        expect(other.err).toContain(`signed by ${fingerprint}, you trust ${'f'.repeat(64)}`);
        const file = join(folder, 'wrong');
        for (const text of [
          '',
          'not a key',
          JSON.stringify({ fingerprint }),
          JSON.stringify({ ...(await trust()), fingerprint: 'f'.repeat(64) }),
        ]) {
          writeFileSync(file, text);
          const misuse = await verify(exported, '--trust', file);
          expect([text, misuse.code, misuse.err]).toEqual([text, 2, expect.stringContaining('VERIFY_TRUST')]);
        }
        for (const anchor of ['f'.repeat(63), 'nowhere', folder]) {
          expect(await verify(exported, '--trust', anchor)).toMatchObject({
            code: 2,
            err: expect.stringContaining('VERIFY_TRUST'),
          });
        }
      },
    );

    ofTheCommand('is found changed, with the name of what was, and misuse is told apart', async () => {
      const out = join(folder, 'unpacked');
      mkdirSync(out);
      execFileSync('tar', ['xf', exported, '-C', out, '--strip-components=1']);
      const { fingerprint } = await trust();
      expect((await verify(out, '--trust', fingerprint)).code).toBe(0);
      const document = join(out, 'case.json');
      writeFileSync(document, String(readFileSync(document)).replace('"pending-review"', '"filed"'));
      const changed = await verify(join(out, 'case.json'), '--trust', fingerprint);
      expect([changed.code, changed.err]).toEqual([1, expect.stringContaining('VERIFY_FAILED')]);
      expect(changed.out).toContain('case.state is "filed", the hub signed "pending-review"');
      expect(await verify(join(folder, 'none'))).toMatchObject({
        code: 2,
        err: expect.stringContaining('VERIFY_INPUT'),
      });
      execFileSync('gzip', ['-kf', exported]);
      expect(await verify(`${exported}.gz`)).toMatchObject({ code: 2, err: expect.stringContaining('gzip') });
      expect((await verify()).code).toBe(2);
    });

    test('still verifies after the key was replaced and then revoked, exported before or anew; what came in later is named', async () => {
      const next = createNodeKey();
      const put = await admin.call('PUT', '/api/v1/nodes', { body: { id: NODE, publicKey: next.publicKeyPem } });
      expect(put.status).toBe(204);
      expect(await faults(exported)).toEqual([]);
      // Of before the change, and still waiting on the node.
      expect(await send({ rev: 3 })).toBe('stored');
      expect(await faults(await exportCase('rotated.tar'))).toEqual([]);

      const keys = (await (await admin.call('GET', `/api/v1/nodes/${NODE}/keys`)).json()) as NodeKeyView[];
      expect(keys.flatMap((key) => faultsOf(NodeKeyView, key))).toEqual([]);
      expect(keys.map(({ publicKey, rotatedAt }) => [publicKey, rotatedAt === null])).toEqual([
        [next.publicKeyPem, true],
        [node.key.publicKeyPem, false],
      ]);
      const revoke = (body: object) => admin.call('POST', `/api/v1/nodes/${NODE}/keys/revoke`, { body });
      expect((await revoke({ reason: 'stolen', fingerprint: keys[1]?.fingerprint })).status).toBe(200);
      expect((await revoke({ reason: 'stolen', fingerprint: keys[1]?.fingerprint })).status).toBe(404);
      expect((await revoke({})).status).toBe(400);
      expect(await send({ rev: 4 })).toMatch(/^quarantined ING_KEY_REVOKED: .*stolen/);
      const file = await exportCase('revoked.tar');
      expect(await faults(file)).toEqual([]);
      const { checks } = verifyPackage(await readPackage(file), null);
      expect(checks.find(({ check }) => check === 'keys')?.notes.join()).toContain('(stolen)');

      // Only a hub that is deceived about its own table would have taken it: its clock is behind.
      await hub.store.db
        .updateTable('node_keys')
        .set({ revoked_at: '2026-01-01T00:00:00.000Z' })
        .where('reason', '=', 'stolen')
        .execute();
      const named = await faults(await exportCase('named.tar'));
      expect(named).toHaveLength(3);
      expect(named[0]).toMatch(/^node-a seq 1 .*the key was revoked at 2026-01-01T00:00:00.000Z \(stolen\)$/);
    });
  });
}
