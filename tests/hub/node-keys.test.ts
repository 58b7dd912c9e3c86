/** The life of a node's keys on both databases: registered, replaced, revoked, and what ingest takes under each. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import { createChecker } from '../../hub/ingest/check.ts';
import { listNodeKeys, revokeNodeKey } from '../../hub/registry/node-keys.ts';
import { listNodes, upsertNode } from '../../hub/registry/nodes.ts';
import { nodeKeysMigration } from '../../hub/storage/migrations/0002-node-keys.ts';
import type { Store } from '../../hub/storage/store.ts';
import { timestamp } from '../../platform/clock.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { createTestNode, START } from './node.ts';
import { openFresh, testDatabases } from './stores.ts';

const NODE = 'node-a';
const HOUR = 3_600_000;

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`keys of nodes on ${database.dialect}`, () => {
    let store: Store;
    let now = START;
    const clock = { now: () => now };
    const [first, second, third] = [createNodeKey(), createNodeKey(), createNodeKey()];
    const node = createTestNode(NODE);

    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      now = START;
      store = await openFresh(database);
    });
    afterEach(() => store.close());

    const register = (key: { publicKeyPem: string }) =>
      upsertNode(store, { id: NODE, publicKey: key.publicKeyPem }, clock);
    const lives = async () =>
      (await listNodeKeys(store, NODE)).map(({ publicKey, registeredAt, rotatedAt, revokedAt, reason }) => ({
        publicKey,
        life: [registeredAt, rotatedAt, revokedAt, reason],
      }));
    /** What a fresh hub says of a message, and what one says that knew the keys of before. */
    const checker = () => createChecker(store, clock);
    async function verdict(event: ViolationEvent, by = checker()) {
      const [checked] = await by.check([{ node: NODE, payload: Buffer.from(JSON.stringify(event)) }]);
      if (!checked) throw new Error('nothing was checked');
      return checked.result.ok ? 'ok' : `${checked.result.code}: ${checked.result.reason}`;
    }

    test('another key replaces and keeps the one before; the same key in another dress does not', async () => {
      await register(first);
      now += HOUR;
      await register({ publicKeyPem: `\n${first.publicKeyPem.replaceAll('\n', '\r\n')}` });
      expect(await lives()).toEqual([{ publicKey: first.publicKeyPem, life: [timestamp(START), null, null, null] }]);
      await register(second);
      expect(await lives()).toEqual([
        { publicKey: second.publicKeyPem, life: [timestamp(now), null, null, null] },
        { publicKey: first.publicKeyPem, life: [timestamp(START), timestamp(now), null, null] },
      ]);
      expect(await listNodes(store)).toMatchObject([{ publicKey: second.publicKeyPem }]);
    });

    test('back to an earlier key is a life of its own', async () => {
      for (const key of [first, second, first]) {
        await register(key);
        now += HOUR;
      }
      expect((await lives()).map(({ publicKey }) => publicKey)).toEqual(
        [first, second, first].map(({ publicKeyPem }) => publicKeyPem),
      );
      expect(await verdict(node.forge({ at: now }, 1, first))).toBe('ok');
    });

    test('a replaced key counts for what was seen before, whenever it comes in; not for what is seen long after', async () => {
      await register(first);
      const knowing = checker();
      expect(await verdict(node.forge({}, 1, first), knowing)).toBe('ok');
      now += HOUR;
      await register(second);
      expect(await verdict(node.forge({ at: now }, 2, second), knowing)).toBe('ok');
      const rotated = now;
      now += 40 * 24 * HOUR;
      for (const by of [knowing, checker()]) {
        expect(await verdict(node.forge({ at: now }, 3, second), by)).toBe('ok');
        expect(await verdict(node.forge({ at: START + HOUR / 2 }, 4, first), by)).toBe('ok');
        expect(await verdict(node.forge({ at: rotated + 23 * HOUR }, 5, first), by)).toBe('ok');
        expect(await verdict(node.forge({ at: rotated + 25 * HOUR }, 6, first), by)).toMatch(
          /^ING_SIGNATURE: .*was replaced at/,
        );
        expect(await verdict(node.forge({ at: START }, 7, third), by)).toMatch(/^ING_SIGNATURE/);
      }
    });

    test('a key revoked at another hub counts for seconds at most, also when this hub’s clock is set back', async () => {
      let passed = 1000;
      await register(first);
      const knowing = createChecker(store, clock, undefined, () => passed);
      expect(await verdict(node.forge({}, 1, first), knowing)).toBe('ok');
      await revokeNodeKey(store, NODE, timestamp(now), 'the box was stolen');
      now -= 24 * HOUR;
      passed += 10_000;
      expect(await verdict(node.forge({ at: now }, 2, first), knowing)).toMatch(/^ING_KEY_REVOKED/);
    });

    test('a revoked key counts for nothing that comes in from then on, and cannot be registered again', async () => {
      await register(first);
      now += HOUR;
      await register(second);
      now += HOUR;
      expect(await revokeNodeKey(store, NODE, timestamp(now), 'the box was stolen')).toBe(2);
      expect(await revokeNodeKey(store, NODE, timestamp(now), 'again')).toBe(0);
      for (const key of [first, second]) {
        expect(await verdict(node.forge({ at: START }, 1, key))).toMatch(/^ING_KEY_REVOKED: .*the box was stolen/);
        for (const id of [NODE, 'node-b']) {
          const again = upsertNode(store, { id, publicKey: key.publicKeyPem }, clock);
          await expect(again).rejects.toMatchObject({ code: 'API_NODE_KEY' });
        }
      }
      await register(third);
      expect(await verdict(node.forge({ at: now }, 2, third))).toBe('ok');
      expect((await lives()).map(({ life }) => life[3])).toEqual([null, 'the box was stolen', 'the box was stolen']);
    });

    test('one key alone is revoked: the other goes on', async () => {
      await register(first);
      await register(second);
      const [, old] = await listNodeKeys(store, NODE);
      expect(await revokeNodeKey(store, NODE, timestamp(now), 'copied', old?.fingerprint)).toBe(1);
      expect(await verdict(node.forge({}, 1, first))).toMatch(/^ING_KEY_REVOKED/);
      expect(await verdict(node.forge({}, 1, second))).toBe('ok');
    });

    test('a node that was removed sends nothing more, and its keys stay known', async () => {
      await register(first);
      await store.db.deleteFrom('nodes').where('id', '=', NODE).execute();
      expect(await verdict(node.forge({}, 1, first))).toMatch(/^ING_UNKNOWN_NODE/);
      expect(await lives()).toHaveLength(1);
    });

    test('two that register at once leave one current key and a whole life of the other', async () => {
      await Promise.all([first, second, third].map(register));
      const all = await lives();
      expect(all.map(({ life }) => life[1] === null)).toEqual([true, false, false]);
      expect(await listNodes(store)).toMatchObject([{ publicKey: all[0]?.publicKey }]);
    });

    test('an older database brings its keys along; what was no key is left behind', async () => {
      await store.db.schema.dropTable('node_keys').execute();
      await store.db.schema.dropTable('trust_root').execute();
      const blank = { name: null, password_hash: null, status: null, health: null, last_event_at: null, last_seq: 0 };
      await store.db
        .insertInto('nodes')
        .values([
          { ...blank, id: NODE, public_key: `  ${first.publicKeyPem.trim()}` },
          { ...blank, id: 'node-b', public_key: 'not a key at all' },
        ])
        .execute();
      await nodeKeysMigration(store.dialect).up(store.db as never);
      expect(await lives()).toEqual([{ publicKey: first.publicKeyPem, life: [null, null, null, null] }]);
      expect((await listNodes(store))[0]?.publicKey).toBe(first.publicKeyPem);
      expect(await verdict(node.forge({}, 1, first))).toBe('ok');
      await expect(listNodeKeys(store, 'node-b')).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
    });
  });
}
