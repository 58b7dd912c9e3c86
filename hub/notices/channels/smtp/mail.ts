/** A notice as a mail: Chinese first, English below, as plain text and as HTML; the document goes with it. Pure. */
import { escapeHtml } from '../../../../platform/escape-html.ts';
import { listed, localTime, type NoticeContent, wordsOf } from '../../content.ts';
import { type DeliverableNotice, isAlone } from '../contract.ts';

export type MailText = { readonly subject: string; readonly text: string; readonly html: string };

const words = {
  zh: {
    title: '整改提醒（违规告知）',
    dear: (name: string) => `${name}：`,
    lead: (site: string) => `您负责的工地“${site}”有一份整改提醒，请查看并答复。`,
    before: (site: string) => `工地“${site}”的整改期限将至，尚未收到整改结果，请尽快整改并答复。`,
    limit: (site: string) => `工地“${site}”的整改期限已到，尚未收到整改结果，请立即整改并答复。`,
    scope: '内容',
    cases: (n: number) => `本班次 ${n} 起，请逐起整改并答复`,
    number: '编号',
    found: '发现问题',
    when: '时间',
    where: '地点',
    deadline: '整改期限',
    contact: '联系电话',
    open: '打开并答复（签收、提交整改照片、陈述申辩）',
    attached: '正式文书见附件。',
    apart: '正式文书较大，请在上述页面下载。',
    secret: '上述链接仅供您使用，请勿转发。',
    note: '本提醒由算法辅助发现、人工确认，不是处罚决定。如有异议，您有权陈述和申辩。',
  },
  en: {
    title: 'Violation notice (reminder to correct)',
    dear: (name: string) => `Dear ${name},`,
    lead: (site: string) => `there is a notice for your site “${site}”. Please read and answer it.`,
    before: (site: string) =>
      `the limit for your site “${site}” is near and no correction has come in. Please correct it and answer.`,
    limit: (site: string) =>
      `the limit for your site “${site}” is reached and no correction has come in. Please correct it now and answer.`,
    scope: 'What it is of',
    cases: (n: number) => `${n} cases of this shift: correct and answer each of them`,
    number: 'Number',
    found: 'What was found',
    when: 'When',
    where: 'Where',
    deadline: 'Correct by',
    contact: 'Phone',
    open: 'Open and answer (acknowledge, send photos of the correction, state and defend)',
    attached: 'The document is attached.',
    apart: 'The document is large; download it from that page.',
    secret: 'The link is for you alone: do not pass it on.',
    note: 'An algorithm found this and a person confirmed it; it is not a penalty. If you disagree you have the right to state and defend.',
  },
} as const;

type Lang = keyof typeof words;
type Facts = readonly (readonly [label: string, value: string])[];

/** The facts of one case, or of the whole where it is of one case alone. */
function factsOf(content: NoticeContent, lang: Lang): Facts {
  const w = words[lang];
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  const found = wordsOf(content).reasons.map((reason) => reason.found);
  return [
    [w.number, content.number],
    [w.found, listed(found, lang)],
    [w.when, time(content.startedAt)],
    [w.where, `${content.camera.name[lang]}（${content.camera.id}）`],
    [w.deadline, time(content.correctBy)],
  ];
}

/** Tables of facts: one, or that of the whole and one for each case. */
function tablesOf({ content, cases }: Pick<DeliverableNotice, 'content' | 'cases'>, lang: Lang): Facts[] {
  const w = words[lang];
  const contact = [w.contact, content.contact] as const;
  if (isAlone({ content, cases })) return [[...factsOf(content, lang), contact]];
  const whole = [[w.number, content.number] as const, [w.scope, w.cases(cases.length)] as const, contact];
  return [whole, ...cases.map((one) => factsOf(one, lang))];
}

const htmlTable = (facts: Facts) => {
  const cell = 'color:#56636f;padding:2px 14px 2px 0;vertical-align:top';
  const rows = facts.map(([label, value]) => `<tr><td style="${cell}">${label}</td><td>${escapeHtml(value)}</td></tr>`);
  return `<table style="border-collapse:collapse;font-size:15px;margin-bottom:12px">${rows.join('')}</table>`;
};

const prefix = { before: '【临期】', limit: '【到期】' } as const;

/** @param attached whether the document goes with the mail */
export function mailOf(
  notice: Pick<DeliverableNotice, 'content' | 'cases' | 'recipient' | 'reminder'>,
  link: string,
  attached: boolean,
): MailText {
  const { content, recipient, reminder } = notice;
  const to = recipient.name;
  const parts = (['zh', 'en'] as const).map((lang) => {
    const w = words[lang];
    const lead = w[reminder ?? 'lead'](content.site.name[lang]);
    return { w, lang, lead, tables: tablesOf(notice, lang), file: attached ? w.attached : w.apart };
  });
  const text = parts
    .map(({ w, lead, tables, file }) =>
      [
        w.title,
        '',
        `${w.dear(to)} ${lead}`,
        '',
        ...tables.flatMap((facts) => [...facts.map(([label, value]) => `${label}: ${value}`), '']),
        `${w.open}:`,
        link,
        '',
        `${file} ${w.secret}`,
        w.note,
        '',
        content.issuer,
      ].join('\n'),
    )
    .join('\n\n----\n\n');
  const html = parts
    .map(({ w, lang, lead, tables, file }) => {
      return `<div lang="${lang === 'zh' ? 'zh-CN' : 'en'}"><h2 style="font-size:18px;margin:0 0 10px">${w.title}</h2>
<p>${escapeHtml(w.dear(to))} ${escapeHtml(lead)}</p>
${tables.map(htmlTable).join('')}
<p><a href="${escapeHtml(link)}" style="display:inline-block;background:#0b5fa5;color:#fff;padding:10px 16px;border-radius:6px;text-decoration:none">${w.open}</a></p>
<p style="color:#56636f;font-size:13px">${file} ${w.secret}<br>${w.note}</p><p>${escapeHtml(content.issuer)}</p></div>`;
    })
    .join('<hr style="border:0;border-top:1px solid #c9d1d8;margin:24px 0">');
  return {
    subject: `${reminder === null ? '' : prefix[reminder]}${words.zh.title} ${content.number} · ${content.site.name.zh}`,
    text,
    html: `<!doctype html><html><body style="font-family:sans-serif;color:#12202c;max-width:640px">${html}</body></html>`,
  };
}
