/** Fills a template with several cases of one site: what is of one case stands once for each, what is of all of them once. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { localTime, type NoticeContent } from './content.ts';
import { type Filling, fillSection, fillText, type NamedValues, noticeValues } from './fill.ts';
import type { DocumentBlock, FilledDocument } from './filled.ts';
import type { NoticeTemplate } from './templates/template.ts';

type Lang = 'zh' | 'en';
type Section = NoticeTemplate['sections'][number];

/** A case of a merged notice, as it stands when the document is printed. */
export type MergedCase = {
  readonly filling: Filling;
  /** It was taken back after it had gone out: the document says so, and nothing else of it. */
  readonly withdrawn: boolean;
};

/** Names and lists that each case fills in with something of its own. */
const ofOneCase: ReadonlySet<string> = new Set([
  ...['found', 'period', 'camera', 'deadline'],
  ...['reasons', 'requirements', 'legalBasis', 'kindFacts', 'stills'],
]);

const w = {
  one: {
    zh: (i: number, n: number) => `第 ${i} 起（共 ${n} 起）`,
    en: (i: number, n: number) => `Case ${i} of ${n}`,
  },
  number: { zh: '编号 / 案件', en: 'No. / case' },
  deadline: { zh: '整改期限', en: 'Correct by' },
  statementBy: { zh: '申辩期限', en: 'State by' },
  withdrawn: { zh: '本起已撤回，无须整改。', en: 'Withdrawn: there is nothing to correct in this case.' },
} as const;

function namesIn({ lines }: Section, lang: Lang): string[] {
  return lines.flatMap((line) => {
    if ('list' in line) return [line.list];
    const text = 'label' in line ? line.value : line.text[lang];
    return [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  });
}

const earliest = (times: readonly string[]) => [...times].sort()[0] ?? '';
const once = (texts: readonly string[], lang: Lang) => [...new Set(texts)].join(lang === 'zh' ? '、' : ', ');

/** What stands under each name outside of the cases: of all of them, or of the one that is due first. */
function sharedValues(number: string, contents: readonly NoticeContent[], lang: Lang): NamedValues {
  const [first] = contents as readonly [NoticeContent];
  const { utcOffsetMinutes } = first;
  const local = (iso: string) => localTime(iso, utcOffsetMinutes);
  return {
    ...noticeValues(first),
    number,
    caseNumber: once(
      contents.map(({ caseNumber }) => caseNumber),
      lang,
    ),
    // With the last of them it was complete.
    issuedAt: local(
      contents
        .map(({ issuedAt }) => issuedAt)
        .sort()
        .at(-1) ?? first.issuedAt,
    ),
    confirmedBy: once(
      contents.map(({ confirmedBy }) => confirmedBy),
      lang,
    ),
    deadline: local(earliest(contents.map(({ correctBy }) => correctBy))),
    statementBy: local(earliest(contents.map(({ statementBy, correctBy }) => statementBy ?? correctBy))),
  };
}

/** What tells a case apart, above what it says. */
function caseHead({ filling }: MergedCase, i: number, n: number, lang: Lang): DocumentBlock[] {
  const { number, caseNumber, correctBy, statementBy, utcOffsetMinutes } = filling.content;
  const local = (iso: string) => localTime(iso, utcOffsetMinutes);
  return [
    { type: 'case', text: `${w.one[lang](i + 1, n)}　${number}` },
    {
      type: 'facts',
      rows: [
        [w.number[lang], `${number} / ${caseNumber}`],
        [w.deadline[lang], local(correctBy)],
        [w.statementBy[lang], local(statementBy ?? correctBy)],
      ],
    },
  ];
}

function caseSection(section: Section, cases: readonly MergedCase[], whole: boolean, lang: Lang): DocumentBlock[] {
  const own = cases.map(({ filling, withdrawn }) =>
    withdrawn ? [] : fillSection(section, noticeValues(filling.content), filling, { lang }),
  );
  const said = own.filter((blocks) => blocks.length > 0);
  // A duty that is the same in every case is said once.
  if (!whole && said.every((blocks) => isDeepStrictEqual(blocks, said[0]))) return said[0] ?? [];
  return cases.flatMap((one, i): DocumentBlock[] => {
    const [title, facts] = caseHead(one, i, cases.length, lang);
    const blocks = own[i] ?? [];
    if (!title || !facts || (!whole && blocks.length === 0)) return [];
    if (one.withdrawn) return [title, { type: 'text', text: w.withdrawn[lang] }];
    return whole ? [title, facts, ...blocks] : [title, ...blocks];
  });
}

/**
 * @param number of the merged notice
 * @param cases one at least, in the order in which they are listed
 */
export function fillMerged(
  template: NoticeTemplate,
  { number, cases }: { readonly number: string; readonly cases: readonly MergedCase[] },
  lang: Lang,
): FilledDocument {
  const standing = cases.filter(({ withdrawn }) => !withdrawn);
  const shown = (standing.length > 0 ? standing : cases).map(({ filling }) => filling.content);
  const [{ filling }] = cases as readonly [MergedCase];
  const values = sharedValues(number, shown, lang);
  const text = (words: string) => fillText(words, values, lang, '—');
  const ofCases = template.sections.filter((section) => namesIn(section, lang).some((name) => ofOneCase.has(name)));
  return {
    lang,
    title: template.title[lang],
    subtitle: text(template.subtitle[lang]),
    sections: template.sections.map((section) => ({
      heading: section.heading[lang],
      blocks: ofCases.includes(section)
        ? caseSection(section, cases, section === ofCases[0], lang)
        : fillSection(section, values, filling, { lang }),
    })),
    footer: text(template.footer[lang]),
    mark: null,
    info: { author: filling.content.issuer, createdAt: filling.content.issuedAt },
  };
}
