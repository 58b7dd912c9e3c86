/** One root of trust on each database: made once, kept, and never silently another one. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRootKey, ROOT_KEY_FILE, renewRootKey } from '../../hub/registry/root-key.ts';
import type { Store } from '../../hub/storage/store.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { isSignedStatement, signStatement } from '../../platform/statement.ts';
import { START } from './node.ts';
import { openFresh, testDatabases } from './stores.ts';

const privatePem = () => createNodeKey().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`root of trust on ${database.dialect}`, () => {
    let store: Store;
    let folder: string;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      store = await openFresh(database);
      folder = mkdtempSync(join(tmpdir(), 'kerbwatch-root-'));
    });
    afterEach(async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const place = (name: string) => ({ dataDir: join(folder, name) });
    const open = (name: string) => openRootKey(store, place(name), START);

    test('is made at the first start for this user alone, signs, and is the same at the next start', async () => {
      const root = await open('one');
      expect(statSync(join(folder, 'one', ROOT_KEY_FILE)).mode & 0o777).toBe(0o600);
      const signed = signStatement({ type: 'test' }, root.privateKey);
      expect(isSignedStatement(signed, root.pem)).toBe(true);
      expect((await open('one')).fingerprint).toBe(root.fingerprint);
    });

    test('a second hub without the key is refused, makes none, and starts once the key is copied', async () => {
      const root = await open('one');
      mkdirSync(join(folder, 'two'));
      await expect(open('two')).rejects.toMatchObject({
        code: 'HUB_ROOT_OTHER',
        message: expect.stringContaining(root.fingerprint),
      });
      expect(readdirSync(join(folder, 'two'))).toEqual([]);
      writeFileSync(join(folder, 'two', ROOT_KEY_FILE), readFileSync(join(folder, 'one', ROOT_KEY_FILE)));
      expect((await open('two')).fingerprint).toBe(root.fingerprint);
    });

    test('a hub with another key is refused, and one that starts at the same time too', async () => {
      const started = await Promise.allSettled([open('one'), open('two'), open('three')]);
      expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of started) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'HUB_ROOT_OTHER' });
      }
    });

    test('the key may lie elsewhere, and must be a private Ed25519 key', async () => {
      const file = join(folder, 'elsewhere.pem');
      writeFileSync(file, privatePem());
      const root = await openRootKey(store, { ...place('one'), secret: `file:${file}` }, START);
      expect(
        (await openRootKey(store, { ...place('x'), secret: 'file:elsewhere.pem', configDir: folder }, START)).pem,
      ).toBe(root.pem);
      writeFileSync(file, root.pem);
      await expect(openRootKey(store, { ...place('one'), secret: `file:${file}` }, START)).rejects.toMatchObject({
        code: 'HUB_ROOT_KEY',
      });
      await expect(openRootKey(store, { ...place('one'), secret: 'file:/nowhere' }, START)).rejects.toMatchObject({
        code: 'CFG_SECRET',
      });
    });

    test('a damaged key is refused with its code, and stays as it is', async () => {
      await open('one');
      const file = join(folder, 'one', ROOT_KEY_FILE);
      chmodSync(file, 0o600);
      writeFileSync(file, 'damaged');
      await expect(open('one')).rejects.toMatchObject({ code: 'HUB_ROOT_KEY' });
      expect(readFileSync(file, 'utf8')).toBe('damaged');
    });

    test('where every copy is lost, a new root is begun on demand', async () => {
      const lost = await open('one');
      const root = await renewRootKey(store, place('two'), START);
      expect(root.fingerprint).not.toBe(lost.fingerprint);
      expect((await open('two')).fingerprint).toBe(root.fingerprint);
      await expect(open('one')).rejects.toMatchObject({ code: 'HUB_ROOT_OTHER' });
    });
  });
}
