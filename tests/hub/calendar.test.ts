/** A hub counts deadlines, notices and permits by one calendar, and says where it ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CalendarView } from '../../contracts/api/calendar.ts';
import type { CaseCommand } from '../../contracts/api/case.ts';
import { watchCalendar } from '../../hub/calendar-watch.ts';
import { createCaseCommands } from '../../hub/cases/commands.ts';
import { createCaseReads } from '../../hub/cases/reads.ts';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import { commitBatch } from '../../hub/ingest/commit.ts';
import { checkSignature } from '../../hub/ingest/message.ts';
import { startHub } from '../../hub/main.ts';
import { issueNotice } from '../../hub/notices/issue.ts';
import { createLinkTokens } from '../../hub/notices/link-token.ts';
import { upsertPermit, upsertSite } from '../../hub/registry/sites.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { calendarOf } from '../../platform/calendar.ts';
import type { Log } from '../../platform/log.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { logIn, PASSWORD } from '../api/seeded-hub.ts';
import { createTestNode } from './node.ts';
import { openFresh, quiet, testDatabases } from './stores.ts';

/** Beijing time. */
const at = (local: string) => Date.parse(`${local}:00.000+08:00`);
const beijing = (iso: string | null) =>
  iso === null ? null : new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 16);
const sue = { name: 'sue', role: 'supervisor' } as const;
const site = { id: 's', name: { zh: '工地', en: 'Site' }, address: 'x', manager: { name: '王' } };

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`calendar on ${database.dialect}`, () => {
    beforeAll(() => database.start());
    afterAll(() => database.close());

    /** An uncovered truck of a site, reported and dispatched at this minute. */
    async function dispatchAt(local: string) {
      const now = at(local);
      const store = await openFresh(database);
      const settings = caseSettings();
      const notices = {
        issuer: 'x',
        contact: 'x',
        correctWithinHours: 24,
        linkDays: 30,
        stateWithinDays: 5,
        legalBasis: {},
        holdMs: 0,
        merge: null,
        channels: [],
        calendar: settings.calendar,
        links: createLinkTokens(createNodeKey().privateKey),
      };
      const clock = { now: () => now };
      const reads = createCaseReads({ store, clock, settings });
      const commands = createCaseCommands({
        store,
        clock,
        changes: createChanges(),
        settings,
        onConfirmed: async (trx, row, actor, when, plate) => {
          await issueNotice(trx, row, { actor, now: when, plate }, notices);
        },
      });
      const node = createTestNode('node-a');
      await node.register(store);
      await upsertSite(store, site);
      const windows = [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }];
      const validity = { validFrom: '2026-01-01', validTo: '2027-12-31' };
      await upsertPermit(store, { id: 'p', site: 's', carrier: 'c', plates: ['闽C12345'], windows, ...validity });
      const result = await checkSignature(node.tell({ kind: 'muck-truck', startedAt: now }), node.key.publicKeyPem);
      await commitBatch(store, [{ node: 'node-a', payload: Buffer.alloc(0), result }], settings, now);
      await store.db.updateTable('cases').set({ site: 's' }).execute();
      const [first] = (await reads.list({})).cases;
      const id = first?.id ?? '';
      const steps: CaseCommand[] = [
        { command: 'confirm', plate: '闽C12345' },
        { command: 'dispatch', unit: 'team' },
      ];
      for (const step of steps) await commands.apply(id, step, sue, (await reads.get(id, sue)).case.version);
      const detail = await reads.get(id, sue);
      const notice = await store.db.selectFrom('notices').select('correct_by').executeTakeFirstOrThrow();
      await store.close();
      return {
        due: beijing(detail.case.dueAt),
        note: detail.dueNote,
        permit: detail.haulage?.state,
        correctBy: beijing(notice.correct_by),
      };
    }

    test('two working days from the eve of the National Day week end after it; so does the notice', async () => {
      expect(await dispatchAt('2026-09-30T17:00')).toEqual({
        due: '2026-10-09T17:00',
        note: null,
        permit: 'found',
        correctBy: '2026-10-08T18:00',
      });
    });

    test('a weekday in the holidays is no weekday of a permit, a make-up Saturday is one', async () => {
      expect((await dispatchAt('2026-10-05T10:00')).permit).toBe('off-hours');
      expect((await dispatchAt('2026-10-10T10:00')).permit).toBe('found');
    });

    test('a deadline beyond what is known is given, and said to be unsure', async () => {
      expect(await dispatchAt('2026-12-31T17:00')).toMatchObject({
        due: '2027-01-04T17:00',
        note: { zh: '工作日历已知至 2026-12-31', en: 'calendar known to 2026-12-31' },
      });
    });
  });
}

test('a hub shows its calendar to people, to machines and in its log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-calendar-'));
  const hub = await startHub(
    {
      database: `sqlite:${join(folder, 'hub.db')}`,
      dataDir: folder,
      broker: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
      calendar: { holidays: ['2027-01-01'], knownUntil: '2027-12-31' },
    },
    { log: quiet, clock: { now: () => at('2027-12-01T12:00') } },
  );
  try {
    await upsertUser(hub.store, { name: 'viewer', displayName: 'V', role: 'viewer', password: PASSWORD });
    const viewer = await logIn(hub.url, 'viewer');
    const shown = (await (await viewer.call('GET', '/api/v1/calendar')).json()) as CalendarView;
    expect(shown).toMatchObject({ utcOffsetMinutes: 480, knownUntil: '2027-12-31', daysLeft: 30, endsSoon: true });
    expect(shown.holidays).toEqual([...calendarOf().holidays, '2027-01-01']);
    expect(await (await fetch(`${hub.url}/metrics`)).text()).toContain('\nkerbwatch_calendar_known_days 30\n');
  } finally {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the end is said sixty days before it, not earlier', async () => {
  const said = async (local: string) => {
    const lines: unknown[] = [];
    const log = { warn: (...line: unknown[]) => lines.push(line) } as unknown as Log;
    const clock = { now: () => at(local) };
    await watchCalendar({ calendar: calendarOf(), clock, metrics: new Registry(), log }).close();
    return lines;
  };
  expect(await said('2026-11-01T12:00')).toEqual([]);
  expect(await said('2026-11-27T12:00')).toEqual([
    [{ knownUntil: '2026-12-31' }, expect.stringContaining('ends in 34 days')],
  ]);
});
