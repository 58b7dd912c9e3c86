/** The site manager's page, drawn by the server: works on an old phone, without a log-in and without scripts. */
import type { NoticeReplyBody } from '../../contracts/api/notice.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { haulageText, listed, localTime, type NoticeContent, roleText, wordsOf } from './content.ts';

export type PageState = {
  readonly content: NoticeContent;
  readonly token: string;
  readonly lang: 'zh' | 'en';
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
  readonly draft: { readonly kind: string; readonly name: string; readonly text: string } | null;
};

const words = {
  zh: {
    title: '整改提醒（违规告知）',
    site: '工地',
    problem: '发现问题',
    plate: '车牌',
    permit: '运输路线牌',
    when: '时间',
    where: '地点',
    deadline: '整改期限',
    required: '整改要求',
    stills: '画面',
    waiting: '画面仍在上传',
    replies: '已提交',
    acknowledge: '我已收到',
    correction: '提交整改结果',
    statement: '陈述申辩',
    name: '您的姓名',
    text: '说明',
    photo: '整改照片（可多张）',
    send: '提交',
    thanks: '已收到，谢谢。',
    again: '文字已保留，照片请重新选择。',
    rights: '如有异议，您有权陈述和申辩。本提醒由算法辅助发现、人工确认，不是处罚决定。',
    photoOf: '整改照片',
    pdf: '下载 PDF',
    contact: '联系电话',
    other: 'English',
    later: '请稍候再试；返回上一页，填写的内容仍在。',
    gone: '链接已失效',
    goneText: '链接有误或已过期，请联系管理部门获取新的链接。',
    withdrawn: '本提醒已撤回',
    withdrawnText: '该提醒已由管理部门撤回或关闭，无须整改，也不再接收答复。如有疑问请联系管理部门。',
  },
  en: {
    title: 'Violation notice (reminder to correct)',
    site: 'Site',
    problem: 'What was found',
    plate: 'Plate',
    permit: 'Haulage permit',
    when: 'When',
    where: 'Where',
    deadline: 'Correct by',
    required: 'What to do',
    stills: 'Pictures',
    waiting: 'picture still on its way',
    replies: 'Sent so far',
    acknowledge: 'I have received this',
    correction: 'Send the correction',
    statement: 'State or defend',
    name: 'Your name',
    text: 'What you want to say',
    photo: 'Photos of the correction',
    send: 'Send',
    thanks: 'Received, thank you.',
    again: 'Your text is kept; please choose the photos again.',
    rights:
      'If you disagree you have the right to state and defend. An algorithm found this and a person confirmed it; it is not a penalty.',
    photoOf: 'Photo of the correction',
    pdf: 'Download PDF',
    contact: 'Phone',
    other: '中文',
    later: 'Try again in a while; go back one page, what you wrote is still there.',
    gone: 'This link is not valid any more',
    goneText: 'The link is wrong or has expired. Ask the office for a new one.',
    withdrawn: 'This notice was withdrawn',
    withdrawnText:
      'The office has withdrawn or closed it: there is nothing to correct, and no answer is taken any more. Ask the office if in doubt.',
  },
} as const;

const kindWords: Readonly<Record<NoticeReplyBody['kind'], keyof (typeof words)['zh']>> = {
  acknowledge: 'acknowledge',
  correction: 'correction',
  statement: 'statement',
};

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const style = `
:root{color-scheme:light dark;--ink:#14212c;--soft:#5a6772;--line:#d7dde3;--back:#f4f6f8;--card:#fff;--act:#0b5cad}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b3;--line:#33404b;--back:#11181e;--card:#19232c;--act:#6db3ff}}
*{box-sizing:border-box}body{margin:0;font:17px/1.55 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);background:var(--back)}
main{max-width:640px;margin:0 auto;padding:16px}header{display:flex;justify-content:space-between;align-items:baseline;gap:12px}
header a{white-space:nowrap}h1{font-size:1.3rem;margin:.4rem 0}h2{font-size:1.05rem;margin:0 0 .6rem}section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px;margin:14px 0}
dl{display:grid;grid-template-columns:6.2rem 1fr;gap:.35rem .6rem;margin:0}dt{color:var(--soft)}dd{margin:0}
img{width:100%;height:auto;border-radius:8px;display:block}figure{margin:0 0 12px}figcaption,.soft{color:var(--soft);font-size:.88rem}
.due{color:#b3261e;font-weight:600}@media(prefers-color-scheme:dark){.due{color:#ff9b93}}
label{display:block;margin:.6rem 0 .2rem}input,textarea{width:100%;font:inherit;padding:.6rem;border:1px solid var(--line);border-radius:8px;background:var(--back);color:var(--ink)}
button{font:inherit;font-weight:600;width:100%;padding:.8rem;margin-top:.8rem;border:0;border-radius:10px;background:var(--act);color:#fff}
@media(prefers-color-scheme:dark){button{color:#04121f}}a{color:var(--act)}:focus-visible{outline:3px solid var(--act);outline-offset:2px}
details{border-top:1px solid var(--line);padding:.7rem 0}summary{font-weight:600;cursor:pointer}.note{padding:.8rem;border-radius:8px;border:1px solid var(--act)}.bad{border-color:#b3261e}li img{margin:.4rem 0}ul{padding-left:1.2rem}`;

function document(lang: 'zh' | 'en', title: string, body: string): string {
  return `<!doctype html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`;
}

/** For a link that is wrong or has expired. @returns an HTML document */
export function renderGone(lang: 'zh' | 'en'): string {
  const w = words[lang];
  return document(lang, w.gone, `<section><h1>${w.gone}</h1><p>${w.goneText}</p></section>`);
}

/** For a notice that was withdrawn or whose link was closed. @returns an HTML document */
export function renderWithdrawn(lang: 'zh' | 'en'): string {
  const w = words[lang];
  return document(lang, w.withdrawn, `<section><h1>${w.withdrawn}</h1><p>${w.withdrawnText}</p></section>`);
}

/** Nothing was recorded; what was typed is there one step back. @returns an HTML document */
export function renderRefusal(lang: 'zh' | 'en', why: string): string {
  const w = words[lang];
  const title = why.charAt(0).toUpperCase() + why.slice(1);
  return document(lang, title, `<section><h1>${escapeHtml(title)}</h1><p>${w.later}</p></section>`);
}

type Kind = NoticeReplyBody['kind'];

function form(page: PageState, kind: Kind, fields: string, open: boolean): string {
  const w = words[page.lang];
  const draft = page.draft?.kind === kind ? page.draft : null;
  const name = draft ? ` value="${escapeHtml(draft.name)}"` : '';
  return `<details${open || draft ? ' open' : ''}><summary>${w[kindWords[kind]]}</summary><form method="post" action="/n/${page.token}?lang=${page.lang}" enctype="multipart/form-data">
<input type="hidden" name="kind" value="${kind}"><label for="${kind}-name">${w.name}</label><input id="${kind}-name" name="name" required maxlength="60" autocomplete="name"${name}>${fields}<button>${w.send}</button></form></details>`;
}

function textArea(page: PageState, kind: Kind): string {
  const text = page.draft?.kind === kind ? escapeHtml(page.draft.text) : '';
  // A browser drops the first line break of a field, the one that is put here.
  return `<label for="${kind}-text">${words[page.lang].text}</label><textarea id="${kind}-text" name="text" rows="4" maxlength="4000">\n${text}</textarea>`;
}

function answersTo(page: PageState): string {
  const w = words[page.lang];
  const received = page.replies.some((reply) => reply.kind === 'acknowledge');
  const photo = `<label for="correction-photo">${w.photo}</label><input id="correction-photo" type="file" name="photo" accept="image/jpeg,image/png" multiple>`;
  return [
    received ? '' : form(page, 'acknowledge', '', page.draft === null),
    form(page, 'correction', textArea(page, 'correction') + photo, received && page.draft === null),
    form(page, 'statement', textArea(page, 'statement'), false),
  ].join('');
}

function repliesOf(page: PageState): string {
  const w = words[page.lang];
  return page.replies
    .map((reply) => {
      const kind = w[kindWords[reply.kind as Kind]];
      const text = reply.text ? `<br><span class="soft">${escapeHtml(reply.text)}</span>` : '';
      const photos = reply.photos
        .map((sha256) => `<img src="/n/${page.token}/evidence/${sha256}" alt="${w.photoOf}" loading="lazy">`)
        .join('');
      const at = localTime(reply.at, page.content.utcOffsetMinutes);
      return `<li>${at} · ${escapeHtml(reply.name)} · ${kind}${text}${photos}</li>`;
    })
    .join('');
}

function messageOf({ message, lang }: PageState): string {
  if (message === null) return '';
  const w = words[lang];
  return message === 'thanks'
    ? `<p class="note" role="status">${w.thanks}</p>`
    : `<p class="note bad" role="alert">${escapeHtml(message[lang])} ${w.again}</p>`;
}

function stillsOf(page: PageState): string {
  const w = words[page.lang];
  const { evidence, utcOffsetMinutes } = page.content;
  return evidence
    .map((ref) => {
      const caption = `${roleText[ref.role][page.lang]} · ${localTime(ref.at, utcOffsetMinutes)}`;
      if (!page.stored.has(ref.sha256)) return `<p class="soft">${caption}: ${w.waiting}</p>`;
      return `<figure><img src="/n/${page.token}/evidence/${ref.sha256}" alt="${caption}" width="${ref.width}" height="${ref.height}"><figcaption>${caption}</figcaption></figure>`;
    })
    .join('');
}

/** The vehicle by its plate, where it is known, and what the register says of it. */
function truckOf({ plate, haulage }: NoticeContent, lang: 'zh' | 'en'): string {
  const w = words[lang];
  const permit = haulage ? [haulage.permit, haulageText[haulage.state][lang]].filter(Boolean).join(' · ') : null;
  return [
    plate ? `<dt>${w.plate}</dt><dd>${escapeHtml(plate.text)}</dd>` : '',
    permit === null ? '' : `<dt>${w.permit}</dt><dd>${escapeHtml(permit)}</dd>`,
  ].join('');
}

function factsOf({ content, lang }: PageState): string {
  const w = words[lang];
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  const problem = listed(
    wordsOf(content).reasons.map(({ found }) => found),
    lang,
  );
  return `<dl><dt>${w.site}</dt><dd>${escapeHtml(content.site.name[lang])}</dd><dt>${w.problem}</dt><dd>${problem}</dd>
${truckOf(content, lang)}<dt>${w.when}</dt><dd>${time(content.startedAt)}</dd><dt>${w.where}</dt><dd>${escapeHtml(content.camera.name[lang])}</dd><dt>${w.deadline}</dt><dd class="due">${time(content.correctBy)}</dd><dt>${w.contact}</dt><dd>${escapeHtml(content.contact)}</dd></dl>`;
}

/** The notice with its stills, its answers and the forms to answer. @returns an HTML document; every text of people is escaped */
export function renderPage(page: PageState): string {
  const { content, lang } = page;
  const w = words[lang];
  const required = wordsOf(content)
    .reasons.map((reason) => `<p>${reason.required[lang]}</p>`)
    .join('');
  return document(
    lang,
    `${w.title} ${content.number}`,
    `<header><h1>${w.title}</h1><a href="/n/${page.token}?lang=${lang === 'zh' ? 'en' : 'zh'}">${w.other}</a></header>
<p class="soft">${escapeHtml(content.issuer)} · ${content.number} · <a href="/n/${page.token}/notice.pdf">${w.pdf}</a></p>
${messageOf(page)}
<section>${factsOf(page)}</section>
<section><h2>${w.stills}</h2>${stillsOf(page)}</section>
<section><h2>${w.required}</h2>${required}</section>
<section>${answersTo(page)}<p class="soft">${w.rights}</p></section>
${page.replies.length > 0 ? `<section><h2>${w.replies}</h2><ul>${repliesOf(page)}</ul></section>` : ''}`,
  );
}
