/** Fills a template with what a case says: names in braces, lists, and the facts that the violation's entry adds. Pure. */
import type { Bilingual } from '../../contracts/text.ts';
import { haulageText, listed, localTime, type NoticeContent, roleText, wordsOf } from './content.ts';
import type { DocumentBlock, FilledDocument } from './filled.ts';
import type { NoticeTemplate, noticeNames } from './templates/template.ts';

type Lang = 'zh' | 'en';
/** What is known under each name; null: not known. */
export type NamedValues = Readonly<Record<string, Bilingual | string | null>>;

/** How it was served, as far as that is known when it is printed. */
export type ServiceRecord = {
  readonly methods: readonly Bilingual[];
  readonly sentAt: string | null;
  readonly receivedAt: string | null;
  readonly receivedBy: string | null;
};

export type Filling = {
  readonly content: NoticeContent;
  /** The manager's page, and until when it opens; null where it does not. */
  readonly link: string | null;
  readonly linkUntil: string | null;
  readonly service: ServiceRecord;
  /** What this document says beside or instead of the notice's content. */
  readonly values?: NamedValues;
  readonly legalBasis?: readonly string[];
  readonly requirements?: readonly string[];
  readonly officers?: readonly { readonly name: string; readonly certificate: string }[];
  readonly mark?: Bilingual | null;
};

const BLANK = '＿＿＿＿＿＿';
const OFFICERS = 2;

const w = {
  unknown: { zh: '—', en: '—' },
  unregistered: { zh: '未登记', en: 'none on record' },
  to: { zh: ' 至 ', en: ' to ' },
  beijing: { zh: '（北京时间）', en: ' (Beijing time)' },
  plate: { zh: '车牌', en: 'Plate' },
  typed: { zh: '（人工录入）', en: ' (typed by a person)' },
  read: { zh: '（算法识别，请核对）', en: ' (read by an algorithm, please check)' },
  unread: { zh: '未识别', en: 'not read' },
  carrier: { zh: '运输单位', en: 'Carrier' },
  permit: { zh: '运输路线牌', en: 'Haulage permit' },
  unchecked: { zh: '未核验', en: 'not checked' },
  missing: {
    zh: '画面暂缺：仍在上传，或正由节点重新上传',
    en: 'Not here yet: on its way, or being sent again',
  },
  broken: {
    zh: '画面文件无法显示，原始文件按哈希留存',
    en: 'The file cannot be shown; the original is kept under its hash',
  },
  clip: { zh: '视频短片（在答复页面播放）', en: 'Clip (plays on the reply page)' },
  reply: { zh: '回复链接：', en: 'Reply page: ' },
  until: { zh: '，有效期至 ', en: ', open until ' },
  method: { zh: '送达方式', en: 'Method' },
  sentAt: { zh: '发出时间', en: 'Sent' },
  receivedAt: { zh: '收到时间', en: 'Received' },
  receivedBy: { zh: '签收人', en: 'Received by (signature)' },
  officer: { zh: '执法人员', en: 'Officer' },
  certificate: { zh: '，执法证号 ', en: ', certificate no. ' },
  party: { zh: '当事人（签名）', en: 'Party (signature)' },
  seal: { zh: '（印章）　　年　　月　　日', en: '(seal)   date' },
} as const;

const inLang = (value: Bilingual | string | null, lang: Lang): string | null =>
  value === null || typeof value === 'string' ? value : value[lang];

function periodOf({ startedAt, endedAt, utcOffsetMinutes }: NoticeContent, lang: Lang): string {
  const end = endedAt ? `${w.to[lang]}${localTime(endedAt, utcOffsetMinutes)}` : '';
  return `${localTime(startedAt, utcOffsetMinutes)}${end}${w.beijing[lang]}`;
}

const both = (make: (lang: Lang) => string): Bilingual => ({ zh: make('zh'), en: make('en') });

/** What the notice says under each name that a template may use. */
export function noticeValues(
  content: NoticeContent,
): Readonly<Record<(typeof noticeNames)[number], Bilingual | string | null>> {
  const { site, camera, utcOffsetMinutes } = content;
  const time = (iso: string) => localTime(iso, utcOffsetMinutes);
  const found = wordsOf(content).reasons.map((reason) => reason.found);
  return {
    issuer: content.issuer,
    number: content.number,
    caseNumber: content.caseNumber,
    issuedAt: time(content.issuedAt),
    site: site.name,
    address: site.address,
    permitNumber: site.permitNumber ?? null,
    developer: site.developer ?? null,
    contractor: site.contractor ?? null,
    manager: site.manager.name,
    managerPhone: site.manager.phone ?? '',
    responsibilityLetter: site.responsibilityLetter ?? w.unregistered,
    found: both((lang) => listed(found, lang)),
    period: both((lang) => periodOf(content, lang)),
    camera: both((lang) => `${camera.name[lang]}（${camera.id}）`),
    deadline: time(content.correctBy),
    // Notices from before it was said: as long as there is time to correct.
    statementBy: time(content.statementBy ?? content.correctBy),
    contact: content.contact,
    confirmedBy: content.confirmedBy,
  };
}

/** @param blank what stands for a name that nothing is known of */
export function fillText(text: string, values: NamedValues, lang: Lang, blank: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => inLang(values[name] ?? null, lang) ?? blank);
}

function kindFacts(content: NoticeContent, lang: Lang): [string, string][] {
  const { plate, haulage, carrier } = content;
  const { facts, hasPlate, needsHaulagePermit } = wordsOf(content);
  const read = plate ? `${plate.text}${(plate.typed ? w.typed : w.read)[lang]}` : w.unread[lang];
  const state = haulage ? haulageText[haulage.state][lang] : w.unchecked[lang];
  const permit = haulage?.permit ? `${haulage.permit}（${state}）` : state;
  return [
    ...(hasPlate ? [[w.plate[lang], read] as [string, string]] : []),
    ...(carrier ? [[w.carrier[lang], carrier] as [string, string]] : []),
    ...facts.map(({ label, values }): [string, string] => [
      label[lang],
      values.map((value) => value[lang]).join(' / '),
    ]),
    ...(needsHaulagePermit ? [[w.permit[lang], permit] as [string, string]] : []),
  ];
}

function stillsBlocks({ content, link, linkUntil }: Filling, lang: Lang): DocumentBlock[] {
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  const files = content.evidence.map((ref) => ({
    file: ref,
    caption: `${roleText[ref.role][lang]}　${time(ref.at)}\nSHA-256 ${ref.sha256}`,
    missing: w.missing[lang],
    broken: w.broken[lang],
  }));
  const { clip } = content;
  const until = linkUntil === null ? '' : `${w.until[lang]}${time(linkUntil)}`;
  const text = clip && link !== null ? `${w.clip[lang]}${until}\nSHA-256 ${clip.sha256}` : null;
  return [{ type: 'stills', files }, ...(text === null ? [] : [{ type: 'text' as const, text }])];
}

function serviceRows({ content, service }: Filling, lang: Lang): [string, string][] {
  const time = (iso: string | null) => (iso === null ? BLANK : localTime(iso, content.utcOffsetMinutes));
  const methods = service.methods.map((method) => method[lang]).join(lang === 'zh' ? '、' : ', ');
  return [
    [w.method[lang], methods || BLANK],
    [w.sentAt[lang], time(service.sentAt)],
    [w.receivedAt[lang], time(service.receivedAt)],
    [w.receivedBy[lang], service.receivedBy ?? BLANK],
  ];
}

function officerRows({ officers = [] }: Filling, lang: Lang): [string, string][] {
  const places = Math.max(OFFICERS, officers.length);
  return Array.from({ length: places }, (_, i): [string, string] => {
    const { name = BLANK, certificate = BLANK } = officers[i] ?? {};
    return [`${w.officer[lang]} ${i + 1}`, `${name}${w.certificate[lang]}${certificate}`];
  });
}

type ListName = Extract<NoticeTemplate['sections'][number]['lines'][number], { list: string }>['list'];

function listBlocks(list: ListName, filling: Filling, lang: Lang): DocumentBlock[] {
  const { content, link, linkUntil } = filling;
  const { reasons, legalBasis } = wordsOf(content);
  const items = (texts: readonly string[]) => texts.map((text) => ({ type: 'item' as const, text }));
  switch (list) {
    case 'reasons':
      return items(reasons.map(({ found }) => found[lang]));
    case 'requirements':
      return items(filling.requirements ?? reasons.map(({ required }) => required[lang]));
    case 'legalBasis':
      return items(filling.legalBasis ?? content.legalBasis ?? legalBasis);
    case 'kindFacts':
      return [{ type: 'facts', rows: kindFacts(content, lang) }];
    case 'officers':
      return [{ type: 'facts', rows: officerRows(filling, lang) }];
    case 'service':
      return [{ type: 'facts', rows: serviceRows(filling, lang) }];
    case 'stills':
      return stillsBlocks(filling, lang);
    case 'signatures':
      return [{ type: 'signatures', labels: [w.party[lang], w.seal[lang]] }];
    case 'reply': {
      if (link === null) return [];
      const until = linkUntil === null ? '' : `${w.until[lang]}${localTime(linkUntil, content.utcOffsetMinutes)}`;
      return [{ type: 'reply', link, label: `${w.reply[lang]}${link}${until}` }];
    }
  }
}

/** Facts that follow each other stand in one table. */
function joined(blocks: readonly DocumentBlock[]): DocumentBlock[] {
  const all: DocumentBlock[] = [];
  for (const block of blocks) {
    const last = all.at(-1);
    if (block.type === 'facts' && last?.type === 'facts')
      all[all.length - 1] = { type: 'facts', rows: [...last.rows, ...block.rows] };
    else all.push(block);
  }
  return all;
}

/** The blocks of one section. @param blank what stands for a name that nothing is known of */
export function fillSection(
  { lines }: Pick<NoticeTemplate['sections'][number], 'lines'>,
  values: NamedValues,
  filling: Filling,
  { lang, blank = w.unknown[lang] }: { readonly lang: Lang; readonly blank?: string },
): DocumentBlock[] {
  const text = (words: string) => fillText(words, values, lang, blank);
  const blocks = lines.flatMap((line): DocumentBlock[] => {
    if ('list' in line) return listBlocks(line.list, filling, lang);
    if ('label' in line) return [{ type: 'facts', rows: [[line.label[lang], text(line.value)]] }];
    if (line.when !== undefined && (values[line.when] ?? null) === null) return [];
    return [{ type: 'text', text: text(line.text[lang]) }];
  });
  return joined(blocks);
}

/** @param lang of the document: each is whole in one language */
export function fillTemplate(template: NoticeTemplate, filling: Filling, lang: Lang): FilledDocument {
  const values: NamedValues = { ...noticeValues(filling.content), ...filling.values };
  // A document that waits for people has room to write; one that is sent says that something is not known.
  const blank = filling.mark ? BLANK : w.unknown[lang];
  const text = (words: string) => fillText(words, values, lang, blank);
  return {
    lang,
    title: template.title[lang],
    subtitle: text(template.subtitle[lang]),
    sections: template.sections.map((section) => ({
      heading: section.heading[lang],
      blocks: fillSection(section, values, filling, { lang, blank }),
    })),
    footer: text(template.footer[lang]),
    mark: filling.mark?.[lang] ?? null,
    info: { author: filling.content.issuer, createdAt: filling.content.issuedAt },
  };
}
