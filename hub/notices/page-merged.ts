/** The site manager's page of a merged notice: acknowledged at once, corrected and defended case by case. */
import { escapeHtml } from '../../platform/escape-html.ts';
import { localTime } from './content.ts';
import {
  correctionForms,
  findingsOf,
  form,
  headOf,
  historyOf,
  messageOf,
  orderOf,
  type PageState,
  pageDocument,
  requiredOf,
  scriptOf,
  stillsOf,
} from './page.ts';
import { pageWords } from './page-words.ts';

export type MergedPageState = {
  /** That it goes out with. */
  readonly number: string;
  /** Two at least, in the order in which they are listed; `state` is `withdrawn` for what nobody waits for any more. */
  readonly cases: readonly PageState[];
};

const isOver = ({ state }: PageState) => state === 'withdrawn';

function caseSection(page: PageState, i: number, n: number): string {
  const { content, lang, replies } = page;
  const w = pageWords[lang];
  const head = `<h2>${w.oneOf(i + 1, n)} · ${escapeHtml(content.number)}</h2>`;
  const facts = `<dt>${w.caseNumber}</dt><dd>${escapeHtml(content.caseNumber)}</dd>`;
  if (isOver(page))
    return `<section>${head}<dl>${facts}</dl>${orderOf(page)}<p class="note">${w.withdrawnOne}</p></section>`;
  const done = replies.length === 0 ? '' : `<h3>${w.replies}</h3><ul>${historyOf(page)}</ul>`;
  return `<section>${head}<dl>${facts}${findingsOf(page)}</dl>${orderOf(page)}
${stillsOf(page)}<h3>${w.required}</h3>${requiredOf(page)}
${correctionForms(page, false)}${done}</section>`;
}

/** The earliest limit among what is still awaited. */
function earliestOf(open: readonly PageState[]): string | null {
  const awaited = open.filter(({ state }) => state !== 'corrected' && state !== 'verified');
  return awaited.map(({ content }) => content.correctBy).sort()[0] ?? null;
}

/** Every case with its stills, its limit and its forms. @returns an HTML document; every text of people is escaped */
export function renderMergedPage({ number, cases }: MergedPageState): string {
  const [first] = cases as readonly [PageState];
  const { lang, content, linkUntil } = first;
  const w = pageWords[lang];
  const local = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  const open = cases.filter((page) => !isOver(page));
  const received = open.every(({ replies }) => replies.some(({ kind }) => kind === 'acknowledge'));
  const earliest = earliestOf(open);
  const all = { ...first, among: null };
  return pageDocument(
    lang,
    `${w.title} ${number}`,
    `${headOf(first, number)}
${messageOf(first)}
<section><dl><dt>${w.site}</dt><dd>${escapeHtml(content.site.name[lang])}</dd><dt>${w.scope}</dt><dd>${w.cases(cases.length)}</dd>${
      earliest === null ? '' : `<dt>${w.earliest}</dt><dd class="due">${local(earliest)}</dd>`
    }<dt>${w.contact}</dt><dd>${escapeHtml(content.contact)}</dd></dl>${
      received ? '' : form(all, 'acknowledge', '', first.draft === null, w.acknowledgeAll)
    }</section>
${cases.map((page, i) => caseSection(page, i, cases.length)).join('\n')}
<section><p class="soft">${w.rights}</p><p class="soft">${w.linkUntil(local(linkUntil))}</p></section>`,
    scriptOf(lang, number),
  );
}
