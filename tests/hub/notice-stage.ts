/** A truck of a site, confirmed: a notice on its way, over a fresh database and with a clock that stands until it is set. */
import { Registry } from 'prom-client';
import { caseSettings } from '../../hub/cases/settings.ts';
import { createChanges } from '../../hub/changes.ts';
import type { HubConfig } from '../../hub/config.ts';
import type { Deliver } from '../../hub/notices/channels/contract.ts';
import { createDeliveries } from '../../hub/notices/deliveries.ts';
import { handOverDue, reinstateNotices, withdrawNotices } from '../../hub/notices/hand-over.ts';
import { issueNotice } from '../../hub/notices/issue.ts';
import { createLinkTokens } from '../../hub/notices/link-token.ts';
import { createNoticeReads } from '../../hub/notices/reads.ts';
import { noticeSettings } from '../../hub/notices/settings.ts';
import { writeSite } from '../../hub/storage/sites.ts';
import { createNodeKey } from '../../platform/signing.ts';
import { openCaseStage, sue } from './case-stage.ts';
import { START } from './node.ts';
import { quiet, type TestDatabase } from './stores.ts';

export const stageSite = { id: 's', name: { zh: '工地', en: 'Site' }, address: 'x', manager: { name: '王' } };

export type NoticeStage = Awaited<ReturnType<typeof openNoticeStage>>;

/** @param failing the transaction that issues fails at its very end. @param notices what the office has set about them */
export async function openNoticeStage(
  database: TestDatabase,
  channels: readonly string[],
  failing = false,
  notices: HubConfig['notices'] = {},
) {
  let now = START;
  const clock = { now: () => now };
  const links = createLinkTokens(createNodeKey().privateKey);
  const { calendar, undoMs } = caseSettings();
  const settings = noticeSettings(notices, { holdMs: undoMs, calendar, links, channels });
  const stage = await openCaseStage(database, clock.now, {
    onConfirmed: async (trx, row, actor, at, plate) => {
      await issueNotice(trx, row, { actor, now: at, plate }, settings);
      if (failing) throw new Error('cut off');
    },
    onTakenBack: withdrawNotices,
    onReinstated: reinstateNotices,
  });
  const { store, report, give } = stage;
  await writeSite(store.db, stageSite);
  await report({ kind: 'muck-truck' });
  await store.db.updateTable('cases').set({ site: 's' }).execute();
  const { linkOf } = createNoticeReads({ store, clock, publicUrl: () => 'http://hub', links });
  return {
    ...stage,
    now: clock.now,
    advance(ms: number) {
      now += ms;
    },
    confirm: () => give({ command: 'confirm' }, sue),
    /** Another truck of the site, confirmed now. @returns its case */
    async confirmTruck(key: string, findings: readonly string[] = ['uncovered'], to = 's'): Promise<string> {
      await report({ kind: 'muck-truck', key, findings, startedAt: now });
      const { id } = await store.db
        .selectFrom('cases')
        .select('id')
        .orderBy('number', 'desc')
        .executeTakeFirstOrThrow();
      await store.db.updateTable('cases').set({ site: to }).where('id', '=', id).execute();
      await give({ command: 'confirm' }, sue, id);
      return id;
    },
    /** Drafts come due, as each hub looks for them. */
    round: () => handOverDue({ store, clock, changes: createChanges() }),
    notices: () => store.db.selectFrom('notices').selectAll().orderBy('number').execute(),
    /** The confirmation can no longer be taken back: the notice is ready. */
    async handOver(): Promise<void> {
      now += undoMs;
      await handOverDue({ store, clock, changes: createChanges() });
    },
    deliveries: () => store.db.selectFrom('notice_deliveries').selectAll().orderBy('channel').execute(),
    /** A worker as each hub has one. */
    worker(own: Readonly<Record<string, Deliver>>) {
      const metrics = new Registry();
      const sending = { changes: createChanges(), print: async () => Buffer.from('%PDF-') };
      const parts = { store, clock, channels: new Map(Object.entries(own)), linkOf, log: quiet, metrics, ...sending };
      return { ...createDeliveries(parts), metrics };
    },
  };
}
