/** The site manager's page, drawn by the server: works on an old phone, without a log-in and without scripts. */
import type { NoticeReplyBody, NoticeState } from '../../contracts/api/notice.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { escapeHtml } from '../../platform/escape-html.ts';
import { haulageText, listed, localTime, type NoticeContent, roleText, wordsOf } from './content.ts';
import { pageStyle } from './page-style.ts';
import { pageWords } from './page-words.ts';

export type PageState = {
  /** The notice's number where it is one of several on the page: what its forms and their fields are told apart by. */
  readonly among: string | null;
  readonly content: NoticeContent;
  readonly token: string;
  readonly lang: 'zh' | 'en';
  readonly state: NoticeState;
  /** The correction order that was served on its party; null where none was. */
  readonly order: {
    readonly number: string;
    /** Local day. */
    readonly servedOn: string;
    /** RFC 3339 UTC; null while it stands. */
    readonly cancelledAt: string | null;
  } | null;
  /** RFC 3339 UTC; null where no channel has sent it. */
  readonly sentAt: string | null;
  /** Until when this page opens. */
  readonly linkUntil: string;
  /** ms since the epoch */
  readonly now: number;
  /** Hashes of the stills that have arrived. */
  readonly stored: ReadonlySet<string>;
  readonly replies: readonly {
    readonly at: string;
    readonly kind: string;
    readonly name: string;
    readonly text: string | null;
    /** sha256 */
    readonly photos: readonly string[];
  }[];
  /** What the last form sent came to: received, or what it lacks. */
  readonly message: 'thanks' | Bilingual | null;
  /** What was written in a form that was refused: it is not to be written again. */
  readonly draft: {
    readonly kind: string;
    readonly name: string;
    readonly text: string;
    /** The number of the notice that it answers, where the page has several. */
    readonly notice?: string;
  } | null;
};

const kindWords: Readonly<Record<NoticeReplyBody['kind'], keyof (typeof pageWords)['zh']>> = {
  acknowledge: 'acknowledge',
  correction: 'correction',
  statement: 'statement',
};

/** A whole page. */
export function pageDocument(lang: 'zh' | 'en', title: string, body: string, script = ''): string {
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${pageStyle}</style></head><body><main>${body}</main>${script}</body></html>`;
}

/** For a link that is wrong or has expired. @returns an HTML document */
export function renderGone(lang: 'zh' | 'en'): string {
  const w = pageWords[lang];
  return pageDocument(lang, w.gone, `<section><h1>${w.gone}</h1><p>${w.goneText}</p></section>`);
}

/** For a notice that was withdrawn or whose link was closed. @returns an HTML document */
export function renderWithdrawn(lang: 'zh' | 'en'): string {
  const w = pageWords[lang];
  return pageDocument(lang, w.withdrawn, `<section><h1>${w.withdrawn}</h1><p>${w.withdrawnText}</p></section>`);
}

/** Nothing was recorded; what was typed is there one step back. @returns an HTML document */
export function renderRefusal(lang: 'zh' | 'en', why: string): string {
  const w = pageWords[lang];
  const title = why.charAt(0).toUpperCase() + why.slice(1);
  return pageDocument(lang, title, `<section><h1>${escapeHtml(title)}</h1><p>${w.later}</p></section>`);
}

type Kind = NoticeReplyBody['kind'];

/** Ids of fields are unique on a page with the forms of several notices. */
const idOf = ({ among }: Pick<PageState, 'among'>, name: string) => (among === null ? name : `${among}-${name}`);

const draftFor = ({ draft, among }: PageState, kind: Kind) =>
  draft?.kind === kind && (among === null || draft.notice === among) ? draft : null;

/** One way to answer. @param label what it says instead of the words of its kind */
export function form(page: PageState, kind: Kind, fields: string, open: boolean, label?: string): string {
  const w = pageWords[page.lang];
  const draft = draftFor(page, kind);
  const value = draft ? ` value="${escapeHtml(draft.name)}"` : '';
  const name = idOf(page, `${kind}-name`);
  const notice = page.among === null ? '' : `<input type="hidden" name="notice" value="${escapeHtml(page.among)}">`;
  return `<details${open || draft ? ' open' : ''}><summary>${label ?? w[kindWords[kind]]}</summary><form method="post" action="/n/${page.token}?lang=${page.lang}" enctype="multipart/form-data" data-kind="${kind}" data-key="${idOf(page, kind)}">
<p class="note bad" role="alert" hidden></p><input type="hidden" name="kind" value="${kind}">${notice}<label for="${name}">${w.name}</label><input id="${name}" name="name" required maxlength="60" autocomplete="name"${value}>${fields}<button>${w.send}</button></form></details>`;
}

function textArea(page: PageState, kind: Kind): string {
  const text = escapeHtml(draftFor(page, kind)?.text ?? '');
  const id = idOf(page, `${kind}-text`);
  // A browser drops the first line break of a field, the one that is put here.
  return `<label for="${id}">${pageWords[page.lang].text}</label><textarea id="${id}" name="text" rows="4" maxlength="4000">\n${text}</textarea>`;
}

/** To correct, and to state or defend. @param open whether the first stands open */
export function correctionForms(page: PageState, open: boolean): string {
  const w = pageWords[page.lang];
  const [id, hint] = [idOf(page, 'correction-photo'), idOf(page, 'photo-hint')];
  const photo = `<label for="${id}">${w.photo}</label><input id="${id}" type="file" name="photo" accept="image/jpeg,image/png" multiple aria-describedby="${hint}"><p class="soft" id="${hint}">${w.photoHint}</p><div class="previews"></div>`;
  return [
    form(page, 'correction', textArea(page, 'correction') + photo, open),
    form(page, 'statement', textArea(page, 'statement'), false),
  ].join('');
}

function answersTo(page: PageState): string {
  const received = page.replies.some((reply) => reply.kind === 'acknowledge');
  const acknowledge = received ? '' : form(page, 'acknowledge', '', page.draft === null);
  return acknowledge + correctionForms(page, received && page.draft === null);
}

export function historyOf(page: PageState): string {
  const w = pageWords[page.lang];
  const time = (iso: string) => localTime(iso, page.content.utcOffsetMinutes);
  const replies = page.replies.map((reply) => {
    const kind = w[kindWords[reply.kind as Kind]];
    const text = reply.text ? `<br><span class="soft">${escapeHtml(reply.text)}</span>` : '';
    const photos = reply.photos
      .map((sha256) => `<img src="/n/${page.token}/evidence/${sha256}" alt="${w.photoOf}" loading="lazy">`)
      .join('');
    return `<li>${time(reply.at)} · ${escapeHtml(reply.name)} · ${kind}${text}${photos}</li>`;
  });
  const sent = page.sentAt === null ? [] : [`<li>${time(page.sentAt)} · ${w.sent}</li>`];
  return [`<li>${time(page.content.issuedAt)} · ${w.issued}</li>`, ...sent, ...replies].join('');
}

const HOUR = 3_600_000;

/** How much time is left, or how late it is, as long as the correction is awaited. */
function timeLeft({ content, now, lang, state }: PageState): string {
  if (state === 'corrected' || state === 'verified') return '';
  const w = pageWords[lang];
  const ms = Date.parse(content.correctBy) - now;
  const hours = Math.floor(Math.abs(ms) / HOUR);
  const minutes = Math.floor((Math.abs(ms) % HOUR) / 60_000);
  const span = hours >= 48 ? w.days(Math.floor(hours / 24), hours % 24) : w.hours(hours, minutes);
  return ms >= 0 ? w.left(span) : w.late(span);
}

function stateText({ state, lang }: PageState): string {
  const w = pageWords[lang];
  if (state === 'acknowledged' || state === 'corrected' || state === 'verified' || state === 'overdue') return w[state];
  return w.open;
}

export function messageOf({ message, lang }: PageState): string {
  if (message === null) return '';
  const w = pageWords[lang];
  return message === 'thanks'
    ? `<p class="note" role="status">${w.thanks}</p>`
    : `<p class="note bad" role="alert">${escapeHtml(message[lang])} <span class="again">${w.again}</span></p>`;
}

function clipOf({ content: { clip }, stored, token, lang }: PageState): string {
  if (!clip || !stored.has(clip.sha256)) return '';
  return `<figure><video controls preload="none" src="/n/${token}/evidence/${clip.sha256}"></video><figcaption>${pageWords[lang].clip}</figcaption></figure>`;
}

export function stillsOf(page: PageState): string {
  const w = pageWords[page.lang];
  const { evidence, utcOffsetMinutes } = page.content;
  const stills = evidence
    .map((ref) => {
      const caption = `${roleText[ref.role][page.lang]} · ${localTime(ref.at, utcOffsetMinutes)}`;
      if (!page.stored.has(ref.sha256)) return `<p class="soft">${caption}: ${w.waiting}</p>`;
      return `<figure><img src="/n/${page.token}/evidence/${ref.sha256}" alt="${caption}" width="${ref.width}" height="${ref.height}"><figcaption>${caption}</figcaption></figure>`;
    })
    .join('');
  return `${stills}${clipOf(page)}<p class="soft">${w.blurred}</p>`;
}

/** The vehicle by its plate, where it is known, and what the register says of it. */
function truckOf({ plate, haulage }: NoticeContent, lang: 'zh' | 'en'): string {
  const w = pageWords[lang];
  const permit = haulage ? [haulage.permit, haulageText[haulage.state][lang]].filter(Boolean).join(' · ') : null;
  return [
    plate ? `<dt>${w.plate}</dt><dd>${escapeHtml(plate.text)}</dd>` : '',
    permit === null ? '' : `<dt>${w.permit}</dt><dd>${escapeHtml(permit)}</dd>`,
  ].join('');
}

/** What was found where and when, until when it is to be corrected, and how far that is. */
export function findingsOf(page: PageState): string {
  const { content, lang } = page;
  const w = pageWords[lang];
  const left = timeLeft(page);
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  const problem = listed(
    wordsOf(content).reasons.map(({ found }) => found),
    lang,
  );
  return `<dt>${w.problem}</dt><dd>${problem}</dd>
${truckOf(content, lang)}<dt>${w.when}</dt><dd>${time(content.startedAt)}</dd><dt>${w.where}</dt><dd>${escapeHtml(content.camera.name[lang])}</dd><dt>${w.deadline}</dt><dd class="due">${time(content.correctBy)}${left === '' ? '' : ` · ${left}`}</dd>${
    content.statementBy ? `<dt>${w.until}</dt><dd>${time(content.statementBy)}</dd>` : ''
  }<dt>${w.state}</dt><dd class="state">${stateText(page)}</dd>`;
}

function factsOf(page: PageState): string {
  const { content, lang } = page;
  const w = pageWords[lang];
  return `<dl><dt>${w.site}</dt><dd>${escapeHtml(content.site.name[lang])}</dd>${findingsOf(page)}<dt>${w.contact}</dt><dd>${escapeHtml(content.contact)}</dd></dl>`;
}

/** A legal document that people have served, and whether it stands. */
export function orderOf({ order, content, lang }: PageState): string {
  if (order === null) return '';
  const w = pageWords[lang];
  const { number, servedOn, cancelledAt } = order;
  const said =
    cancelledAt === null
      ? w.orderServed(number, servedOn)
      : w.orderCancelled(number, localTime(cancelledAt, content.utcOffsetMinutes));
  return `<p class="note">${escapeHtml(said)}</p>`;
}

/** What each reason asks for. */
export function requiredOf({ content, lang }: PageState): string {
  return wordsOf(content)
    .reasons.map((reason) => `<p>${reason.required[lang]}</p>`)
    .join('');
}

/** The title, the other language, and the ways to the document. @param number that it goes out with */
export function headOf({ content, lang, token }: PageState, number: string): string {
  const w = pageWords[lang];
  return `<header><h1>${w.title}</h1><a href="/n/${token}?lang=${lang === 'zh' ? 'en' : 'zh'}">${w.other}</a></header>
<p class="soft">${escapeHtml(content.issuer)} · ${number} · <a href="/n/${token}/notice.html?lang=${lang}">${w.html}</a> · <a href="/n/${token}/notice.pdf?lang=${lang}">${w.pdf}</a></p>`;
}

/** What keeps on the phone what was typed. @param number under which it is kept */
export function scriptOf(lang: 'zh' | 'en', number: string): string {
  const w = pageWords[lang];
  return `<script src="/n/page/script.js" data-number="${escapeHtml(number)}" data-offline="${w.offline}" data-busy="${w.busy}" defer></script>`;
}

/** The notice with its stills, its answers and the forms to answer. @returns an HTML document; every text of people is escaped */
export function renderPage(page: PageState): string {
  const { content, lang } = page;
  const w = pageWords[lang];
  return pageDocument(
    lang,
    `${w.title} ${content.number}`,
    `${headOf(page, content.number)}
${messageOf(page)}
<section>${factsOf(page)}${orderOf(page)}</section>
<section><h2>${w.stills}</h2>${stillsOf(page)}</section>
<section><h2>${w.required}</h2>${requiredOf(page)}</section>
<section>${answersTo(page)}<p class="soft">${w.rights}</p></section>
<section><h2>${w.replies}</h2><ul>${historyOf(page)}</ul><p class="soft">${w.linkUntil(localTime(page.linkUntil, content.utcOffsetMinutes))}</p></section>`,
    scriptOf(lang, content.number),
  );
}
