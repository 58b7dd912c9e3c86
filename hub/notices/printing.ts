/** A notice's document as people get it: filled in with how it was served so far, and with the stills that have arrived. */
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { storedHashes } from '../storage/evidence.ts';
import { deliveriesOf } from '../storage/notice-deliveries.ts';
import { type NoticeRow, repliesOf } from '../storage/notices.ts';
import type { Store } from '../storage/store.ts';
import type { NoticeContent } from './content.ts';
import { type PrintedStill, renderPdf } from './document.ts';
import { renderDocumentHtml } from './document-html.ts';
import { envelopeOf, isStanding } from './envelope.ts';
import { type Filling, fillTemplate, type ServiceRecord } from './fill.ts';
import { fillMerged, type MergedCase } from './fill-merged.ts';
import { printableStill } from './stills.ts';
import { type NoticeTemplates, shippedTemplates } from './templates/read.ts';

/** A stored file, or null when it has not arrived or is lost; `reader` goes into the access log. */
type ReadFile = (sha256: string, reader: string) => Promise<Buffer | null>;

const channelText: Readonly<Record<string, Bilingual>> = {
  portal: { zh: '答复页面', en: 'reply page' },
  smtp: { zh: '电子邮件', en: 'mail' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  dingtalk: { zh: '钉钉', en: 'DingTalk' },
  feishu: { zh: '飞书', en: 'Feishu' },
};

export type NoticePrinter = ReturnType<typeof createNoticePrinter>;

type PrinterParts = {
  readonly store: Pick<Store, 'db'>;
  /** The bytes of a stored file. */
  readonly read: ReadFile;
  readonly templates?: NoticeTemplates | undefined;
};

/** @param parts `templates`: an office's own; the shipped ones if left out */
export function createNoticePrinter({ store, read, templates = shippedTemplates }: PrinterParts) {
  async function serviceOf(row: NoticeRow): Promise<ServiceRecord> {
    const went = (await deliveriesOf(store.db, row.id, row.merged_id)).filter(({ state }) => state === 'delivered');
    const first = (await repliesOf(store.db, [row.id])).at(0);
    return {
      methods: went.map(({ channel }) => channelText[channel] ?? { zh: channel, en: channel }),
      sentAt: row.sent_at,
      receivedAt: row.acknowledged_at ?? first?.at ?? null,
      receivedBy: first?.name ?? null,
    };
  }

  async function stillsOf(files: readonly Pick<EvidenceRef, 'sha256'>[], reader: string): Promise<PrintedStill[]> {
    const stills: PrintedStill[] = [];
    for (const { sha256 } of files) {
      const bytes = await read(sha256, reader);
      if (bytes) stills.push({ sha256, jpeg: await printableStill(bytes) });
    }
    return stills;
  }

  async function fillingOf(row: NoticeRow, link: string | null): Promise<Filling> {
    const content = JSON.parse(row.body) as NoticeContent;
    return { content, link, linkUntil: link === null ? null : row.token_expires_at, service: await serviceOf(row) };
  }

  /** The whole of what the notice goes out with: one case, or those of its site's shift. */
  async function filledOf(row: NoticeRow, link: string | null, lang: 'zh' | 'en') {
    const { number, notices } = await envelopeOf(store.db, row);
    // What was taken back before it went out was never said.
    const shown = notices.filter((notice) => isStanding(notice) || notice.sent_at !== null);
    const cases: MergedCase[] = [];
    for (const notice of shown.length > 0 ? shown : [row])
      cases.push({ filling: await fillingOf(notice, link), withdrawn: notice.state === 'withdrawn' });
    const [only] = cases;
    const files = cases.flatMap(({ filling, withdrawn }) => (withdrawn ? [] : filling.content.evidence));
    const document =
      only && notices.length === 1
        ? fillTemplate(templates.reminder, only.filling, lang)
        : fillMerged(templates.reminder, { number, cases }, lang);
    return { document, files };
  }

  return {
    templates,
    fillingOf,
    stillsOf,
    /** @param link the manager's page; null where it does not open. @param reader goes into the access log */
    async pdf(row: NoticeRow, link: string | null, reader: string, lang: 'zh' | 'en' = 'zh'): Promise<Buffer> {
      const { document, files } = await filledOf(row, link, lang);
      return renderPdf(document, await stillsOf(files, reader));
    },
    /** @param pathOf address of a still for whoever reads the page */
    async html(
      row: NoticeRow,
      link: string | null,
      pathOf: (sha256: string) => string,
      lang: 'zh' | 'en' = 'zh',
    ): Promise<string> {
      const { document, files } = await filledOf(row, link, lang);
      const hashes = files.map(({ sha256 }) => sha256);
      const stored = await storedHashes(store.db, hashes);
      const srcOf = (sha256: string) => (stored.has(sha256) ? pathOf(sha256) : null);
      return renderDocumentHtml(document, srcOf);
    },
  };
}
