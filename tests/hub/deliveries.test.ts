/** The delivery queue over both databases: at least once, again when a channel fails, never what is no notice yet or any more. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openChannels } from '../../hub/notices/channels/index.ts';
import { MAX_ATTEMPTS } from '../../hub/notices/deliveries.ts';
import { until } from '../processes.ts';
import { sue, who } from './case-stage.ts';
import { type NoticeStage, openNoticeStage } from './notice-stage.ts';
import { testDatabases } from './stores.ts';

const HOUR = 3_600_000;
const max = who('max', 'supervisor');
const both = openChannels({ portal: {}, noop: {} });

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`deliveries on ${database.dialect}`, () => {
    let stage: NoticeStage;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    afterEach(() => stage.store.close());

    /** A notice that is ready to go by these channels. */
    async function openReady(...channels: string[]) {
      stage = await openNoticeStage(database, channels);
      await stage.confirm();
      await stage.handOver();
      return stage;
    }
    const states = async () => (await stage.deliveries()).map(({ channel, state }) => [channel, state]);

    test('a draft waits; once it is ready it goes by each channel once, and stays what it was', async () => {
      stage = await openNoticeStage(database, ['portal', 'noop']);
      await stage.confirm();
      const worker = stage.worker(Object.fromEntries(both));
      expect(await worker.round()).toBe(0);
      await stage.handOver();
      expect([await worker.round(), await worker.round()]).toEqual([2, 0]);
      expect(await states()).toEqual([
        ['noop', 'delivered'],
        ['portal', 'delivered'],
      ]);
      const notice = await stage.store.db.selectFrom('notices').selectAll().executeTakeFirstOrThrow();
      expect([notice.state, notice.sent_at]).toEqual(['ready', null]);
      expect(await worker.metrics.metrics()).toContain('{channel="portal",state="delivered"} 1');
    });

    test('notice and deliveries are there together or not at all, and go together', async () => {
      stage = await openNoticeStage(database, ['portal'], true);
      await expect(stage.confirm()).rejects.toThrow('cut off');
      expect(await stage.deliveries()).toEqual([]);
      await stage.store.close();
      stage = await openNoticeStage(database, ['portal']);
      await stage.confirm();
      expect(await states()).toEqual([['portal', 'queued']]);
      await stage.give({ command: 'undo' }, sue);
      expect(await stage.deliveries()).toEqual([]);
    });

    test('a portal whose link was closed refuses, for good', async () => {
      await openReady('portal');
      await stage.store.db.updateTable('notices').set({ revoked_at: '2026-11-23T02:00:00.000Z' }).execute();
      const worker = stage.worker(Object.fromEntries(both));
      await worker.round();
      expect(await stage.deliveries()).toMatchObject([{ state: 'refused', reason: expect.stringContaining('link') }]);
      stage.advance(HOUR);
      expect(await worker.round()).toBe(0);
    });

    test('a channel that fails is tried again later, one that fails for a day is given up', async () => {
      await openReady('mail');
      let failures = 2;
      let tries = 0;
      const worker = stage.worker({
        async mail() {
          tries += 1;
          if (failures-- > 0) throw new Error('451 try again later');
          return { state: 'delivered' };
        },
      });
      expect([await worker.round(), await worker.round()]).toEqual([1, 0]);
      const [first] = await stage.deliveries();
      expect(first).toMatchObject({ state: 'queued', attempts: 1, reason: '451 try again later', settled_at: null });
      expect(Date.parse(first?.next_at ?? '') - stage.now()).toBeGreaterThanOrEqual(10_000);
      for (let round = 0; round < 2; round += 1) {
        stage.advance(HOUR);
        await worker.round();
      }
      expect(await stage.deliveries()).toMatchObject([
        { state: 'delivered', attempts: 3, reason: null, next_at: null },
      ]);
      expect(tries).toBe(3);

      await stage.store.db
        .updateTable('notice_deliveries')
        .set({ state: 'queued', attempts: 0, next_at: '' })
        .execute();
      failures = Number.POSITIVE_INFINITY;
      for (let round = 0; round < MAX_ATTEMPTS + 1; round += 1) {
        stage.advance(HOUR);
        await worker.round();
      }
      expect(tries).toBe(3 + MAX_ATTEMPTS);
      expect(await stage.deliveries()).toMatchObject([{ state: 'failed', reason: '451 try again later' }]);
    });

    test('what was withdrawn waits, and goes once it is reinstated', async () => {
      await openReady('noop');
      const worker = stage.worker(Object.fromEntries(both));
      await stage.give({ command: 'void', note: 'not theirs' }, max);
      expect(await worker.round()).toBe(0);
      await stage.give({ command: 'reopen', note: 'it was theirs' }, max);
      expect(await worker.round()).toBe(1);
    });

    test('two workers at once deliver once; what another hub alone can deliver is left to it', async () => {
      await openReady('mail', 'post');
      let delivered = 0;
      const mail = async () => {
        delivered += 1;
        return { state: 'delivered' } as const;
      };
      await Promise.all([stage.worker({ mail }).round(), stage.worker({ mail }).round()]);
      expect(delivered).toBe(1);
      expect(await states()).toEqual([
        ['mail', 'delivered'],
        ['post', 'queued'],
      ]);
    });

    test('a delivery that hangs when the hub stops is ended, and tried again when its lease is over', async () => {
      await openReady('mail');
      const hanging = stage.worker({ mail: () => new Promise(() => {}) });
      const round = hanging.round();
      await until('it is claimed', async () => (await stage.deliveries())[0]?.attempts === 1);
      hanging.stop();
      await round;
      expect(await stage.deliveries()).toMatchObject([{ state: 'queued', attempts: 1, reason: null }]);
      const next = stage.worker({ mail: async () => ({ state: 'delivered' }) });
      expect(await next.round()).toBe(0);
      stage.advance(HOUR);
      expect(await next.round()).toBe(1);
      expect(await states()).toEqual([['mail', 'delivered']]);
    });

    test('a wait that a clock ahead has given does not outlast the clock', async () => {
      await openReady('noop');
      await stage.store.db.updateTable('notice_deliveries').set({ next_at: '2099-01-01T00:00:00.000Z' }).execute();
      expect(await stage.worker(Object.fromEntries(both)).round()).toBe(1);
    });

    test.each([
      ['claimed', 1],
      ['sent', 2],
      ['settled', 1],
    ])('kill -9 when it is %s: it arrives, and is written down', async (step, arrivals) => {
      await openReady('file');
      const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-deliver-'));
      const file = join(folder, 'sent');
      writeFileSync(file, '');
      const child = fileURLToPath(new URL('./delivery-child.ts', import.meta.url));
      const work = async (at: string) => {
        const args = ['--import', 'tsx', child, stage.url, file, at, String(stage.now())];
        const worker = spawn(process.execPath, args, { stdio: 'inherit' });
        return (await once(worker, 'exit')) as [number | null, string | null];
      };
      try {
        expect((await work(step))[1]).toBe('SIGKILL');
        stage.advance(HOUR);
        expect(await work('never')).toEqual([0, null]);
        const [notice] = await stage.deliveries();
        expect(notice).toMatchObject({ state: 'delivered', attempts: step === 'settled' ? 1 : 2 });
        expect(readFileSync(file, 'utf8')).toBe(`${notice?.notice_id}\n`.repeat(arrivals));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}
