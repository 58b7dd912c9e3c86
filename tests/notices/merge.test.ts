/** Notices of one site and one shift: gathered, sent as one by a real mail server when the shift ends, urgent ones at once. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { openChannels } from '../../hub/notices/channels/index.ts';
import { shiftsByDefault } from '../../hub/notices/config.ts';
import { createDeadLetters } from '../../hub/notices/dead-letters.ts';
import { gathering, isUrgent } from '../../hub/notices/merge-rule.ts';
import { createNoticePrinter } from '../../hub/notices/printing.ts';
import { queueReminders } from '../../hub/notices/reminders.ts';
import { historyOf } from '../../hub/storage/case-history.ts';
import { standingNotices } from '../../hub/storage/ladder.ts';
import { updateNotice } from '../../hub/storage/notices.ts';
import { writeSite } from '../../hub/storage/sites.ts';
import { sue, who } from '../hub/case-stage.ts';
import { type NoticeStage, openNoticeStage, stageSite } from '../hub/notice-stage.ts';
import { testDatabases } from '../hub/stores.ts';
import { needs } from '../needs.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

const HOUR = 3_600_000;
const max = who('max', 'supervisor');
const { calendar } = caseSettings();
/** Local time of the city. */
const at = (local: string) => Date.parse(`${local}:00.000+08:00`);

describe('until when it is gathered', () => {
  const rule = { shifts: shiftsByDefault, leadMs: HOUR, beforeMs: 4 * HOUR };
  test.each([
    ['the day shift ends at seven in the evening', '2026-11-23T10:00', '2026-11-24T10:00', '2026-11-23T19:00'],
    ['the night shift ends in the morning', '2026-11-23T23:30', '2026-11-24T18:00', '2026-11-24T07:00'],
    ['a shift takes the minute at which it begins', '2026-11-23T19:00', '2026-11-24T18:00', '2026-11-24T07:00'],
    ['an hour before it would be warned of a near limit', '2026-11-23T10:00', '2026-11-23T20:00', '2026-11-23T15:00'],
    ['not at all, where that is now', '2026-11-23T10:00', '2026-11-23T15:00', null],
  ])('%s', (_name, now, limit, sendAt) => {
    const found = gathering({ now: at(now), limit: at(limit) }, rule, calendar);
    expect(found?.sendAt ?? null).toBe(sendAt === null ? null : at(sendAt));
  });

  test('outside of every shift nothing is gathered', () => {
    const shifts = [{ name: '白班', windows: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }] }];
    const found = gathering(
      { now: at('2026-11-23T18:00'), limit: at('2026-11-25T18:00') },
      { ...rule, shifts },
      calendar,
    );
    expect(found).toBeNull();
  });

  test('what is urgent is the entry’s to say, and the office’s before it', () => {
    expect(isUrgent('muck-truck', ['uncovered', 'spill'], { urgent: {} })).toBe(true);
    expect(isUrgent('muck-truck', ['uncovered'], { urgent: {} })).toBe(false);
    expect(isUrgent('muck-truck', ['uncovered'], { urgent: { 'muck-truck': ['uncovered'] } })).toBe(true);
    expect(isUrgent('muck-truck', ['spill'], { urgent: { 'muck-truck': [] } })).toBe(false);
  });
});

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`a shift’s notices on ${database.dialect}`, () => {
    let stage: NoticeStage;
    let mailbox: Mailbox;
    beforeAll(() => database.start());
    afterAll(() => database.close());
    beforeEach(async () => {
      mailbox = await openMailbox();
      // The shift is the day shift of 23 November, at ten in the morning.
      stage = await openNoticeStage(database, ['smtp'], false, { merge: 'shift' });
      await writeSite(stage.store.db, { ...stageSite, manager: { name: '陈志强', email: 'chen@site.example' } });
    });
    afterEach(async () => {
      await stage.store.close();
      await mailbox.close();
    });
    const mails = () => {
      const smtp = { host: '127.0.0.1', port: mailbox.port, from: 'notice@city.example', encryption: 'none' };
      return stage.worker(Object.fromEntries(openChannels({ smtp })));
    };
    const letters = () => createDeadLetters({ ...stage, clock: { now: stage.now }, changes: createChanges() });
    const subjects = () => mailbox.arrived.map(({ mail }) => mail.subject);
    const advanceTo = (time: number) => stage.advance(time - stage.now());
    const send = async (worker = mails()) => {
      await stage.round();
      return worker.round();
    };
    const shiftEnd = at('2026-11-23T19:00');

    test('gathered, and sent as one when the shift ends: each case with its own number, time, violation and limit', async () => {
      const first = await stage.confirmTruck('a');
      stage.advance(HOUR);
      const second = await stage.confirmTruck('b', ['unwashed']);
      advanceTo(shiftEnd - 1000);
      expect(await send()).toBe(0);
      expect((await stage.notices()).map(({ state }) => state)).toEqual(['drafted', 'drafted']);
      expect(await standingNotices(stage.store.db, 's')).toEqual([]);
      advanceTo(shiftEnd);
      expect([await send(), await send()]).toEqual([1, 0]);
      const [a, b] = await stage.notices();
      expect(subjects()).toEqual(['整改提醒（违规告知） KWM-20261123-0001 · 工地']);
      const [{ mail } = {}] = mailbox.arrived;
      for (const text of [mail?.text, mail?.html])
        for (const part of [
          a?.number,
          b?.number,
          '渣土车装载未苫盖驶出工地',
          'without being washed',
          '2026-11-23 10:00:00',
        ])
          expect(text).toContain(part);
      expect(mail?.messageId).toBe(`<${a?.merged_id}@city.example>`);
      expect([a?.token, a?.state, a?.sent_at]).toEqual([b?.token, 'sent', b?.sent_at]);
      expect(await standingNotices(stage.store.db, 's')).toHaveLength(2);
      for (const id of [first, second]) {
        const entry = (await historyOf(stage.store.db, id)).at(-1);
        expect(entry?.action).toBe('notice-channel-sent');
        expect(JSON.parse(entry?.data ?? '{}')).toMatchObject({ merged: 'KWM-20261123-0001', to: 'c***@site.example' });
      }
    });

    test('one that is urgent does not wait, and holds nothing up', async () => {
      await stage.confirmTruck('a');
      await stage.confirmTruck('spilling', ['uncovered', 'spill']);
      await stage.confirmTruck('b');
      await stage.handOver();
      expect(await send()).toBe(1);
      const [, urgent] = await stage.notices();
      expect(subjects()).toEqual([`整改提醒（违规告知） ${urgent?.number} · 工地`]);
      expect(urgent).toMatchObject({ state: 'sent', merged_id: null });
      advanceTo(shiftEnd);
      expect(await send()).toBe(1);
      expect(mailbox.arrived).toHaveLength(2);
    });

    test('what is taken back before it is sent drops out; what is left alone goes as a notice like any other', async () => {
      await stage.confirmTruck('a');
      const undone = await stage.confirmTruck('b');
      await stage.give({ command: 'undo' }, sue, undone);
      const voided = await stage.confirmTruck('c');
      stage.advance(HOUR);
      await stage.give({ command: 'void', note: 'not theirs' }, max, voided);
      advanceTo(shiftEnd);
      expect([await send(), await send()]).toEqual([1, 0]);
      const rows = await stage.notices();
      expect(rows).toMatchObject([{ state: 'sent', merged_id: null }]);
      expect(subjects()).toEqual([`整改提醒（违规告知） ${rows[0]?.number} · 工地`]);
      expect(await stage.store.db.selectFrom('merged_notices').selectAll().execute()).toEqual([]);
      expect(await stage.deliveries()).toMatchObject([{ notice_id: rows[0]?.id, state: 'delivered' }]);
    });

    test('all of it taken back leaves nothing behind', async () => {
      const only = await stage.confirmTruck('a');
      await stage.give({ command: 'undo' }, sue, only);
      advanceTo(shiftEnd);
      expect(await send()).toBe(0);
      for (const table of ['merged_notices', 'notice_deliveries', 'notices'] as const)
        expect(await stage.store.db.selectFrom(table).selectAll().execute()).toEqual([]);
    });

    test('the next shift, and another site, are another notice', async () => {
      await writeSite(stage.store.db, { ...stageSite, id: 't', manager: { name: '林', email: 'lin@site.example' } });
      await stage.confirmTruck('a');
      await stage.confirmTruck('b');
      await stage.confirmTruck('t1', ['uncovered'], 't');
      await stage.confirmTruck('t2', ['uncovered'], 't');
      advanceTo(shiftEnd);
      await stage.confirmTruck('night 1');
      await stage.confirmTruck('night 2');
      expect(await send()).toBe(2);
      expect(mailbox.arrived.map(({ to }) => to[0]).sort()).toEqual(['chen@site.example', 'lin@site.example']);
      advanceTo(at('2026-11-24T07:00'));
      expect(await send()).toBe(1);
      expect(subjects().at(-1)).toContain('KWM-20261124-0001');
    });

    test('a confirmation in the last seconds is waited for, and still goes with the others', async () => {
      await stage.confirmTruck('a');
      advanceTo(shiftEnd - 1000);
      await stage.confirmTruck('b');
      advanceTo(shiftEnd);
      expect(await send()).toBe(0);
      await stage.handOver();
      expect(await send()).toBe(1);
      expect(subjects()).toEqual(['整改提醒（违规告知） KWM-20261123-0001 · 工地']);
    });

    test('cut off between gathering and sending, it is sent once', async () => {
      await stage.confirmTruck('a');
      await stage.confirmTruck('b');
      advanceTo(shiftEnd);
      // Handed over and not sent: the hub that did so is gone, and two others start.
      await Promise.all([stage.round(), stage.round()]);
      await Promise.all([mails().round(), mails().round()]);
      expect(await send()).toBe(0);
      expect(mailbox.arrived).toHaveLength(1);
      expect(await stage.store.db.selectFrom('merged_notices').select('number').execute()).toHaveLength(1);
    });

    test('a dead letter is one for all of them, tried again from any of their cases', async () => {
      const first = await stage.confirmTruck('a');
      const second = await stage.confirmTruck('b');
      advanceTo(shiftEnd);
      mailbox.refuse(550, 'no such user');
      await send();
      const [a, b] = await stage.notices();
      expect(await letters().list(null)).toMatchObject([{ notice: a?.id, number: 'KWM-20261123-0001', case: first }]);
      expect(await letters().ofNotice(b?.id ?? '')).toMatchObject([{ channel: 'smtp', state: 'refused' }]);
      await letters().settle(b?.id ?? '', 'smtp', { command: 'retry' }, 'max');
      expect((await historyOf(stage.store.db, second)).at(-1)?.action).toBe('notice-delivery-retried');
      expect(await send()).toBe(1);
      expect(mailbox.arrived).toHaveLength(1);
      expect(await letters().list(null)).toEqual([]);
    });

    test('those with one limit are reminded of as one, without what is corrected or withdrawn', async () => {
      const cases = [await stage.confirmTruck('a'), await stage.confirmTruck('b'), await stage.confirmTruck('c')];
      advanceTo(shiftEnd);
      await send();
      const [a, b, c] = await stage.notices();
      await updateNotice(stage.store.db, b?.id ?? '', { state: 'corrected' });
      await stage.give({ command: 'void', note: 'not theirs' }, max, cases[2]);
      advanceTo(Date.parse(a?.correct_by ?? '') - 2 * HOUR);
      const settings = { beforeMs: 4 * HOUR, atLimit: true };
      const queue = () =>
        queueReminders({ store: stage.store, clock: { now: stage.now }, channels: ['smtp'], settings });
      expect([await queue(), await queue()]).toEqual([1, 0]);
      await mails().round();
      const reminder = mailbox.arrived.at(-1)?.mail;
      expect(reminder?.subject).toBe('【临期】整改提醒（违规告知） KWM-20261123-0001 · 工地');
      expect(reminder?.text).toContain(a?.correct_by ? a.number : '');
      for (const other of [b, c]) expect(reminder?.text).not.toContain(other?.number);
    });

    test.skipIf(!needs('pdftotext'))(
      'the document lists every case, and says of one that was withdrawn that it was',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-merged-'));
        try {
          await stage.confirmTruck('a');
          const taken = await stage.confirmTruck('b', ['unwashed']);
          await stage.confirmTruck('c');
          advanceTo(shiftEnd);
          await send();
          await stage.give({ command: 'void', note: 'not theirs' }, max, taken);
          const [a, b, c] = await stage.notices();
          const printer = createNoticePrinter({ store: stage.store, read: async () => null });
          const textOf = async (lang: 'zh' | 'en') => {
            writeFileSync(join(folder, 'm.pdf'), await printer.pdf(a as never, 'http://hub/n/x', 'max', lang));
            return execFileSync('pdftotext', ['-layout', join(folder, 'm.pdf'), '-'], { encoding: 'utf8' });
          };
          const english = await textOf('en');
          for (const part of [
            'KWM-20261123-0001',
            a?.number,
            b?.number,
            c?.number,
            'Case 2 of 3',
            'left the site without a cover',
          ])
            expect(english).toContain(part);
          expect(english.match(/Withdrawn: there is nothing to correct/g)).toHaveLength(1);
          expect(english).not.toContain('without being washed');
          // What the law says is the same for both, and is said once.
          expect((await textOf('zh')).match(/大气污染防治法/g)).toHaveLength(1);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );
  });
}
