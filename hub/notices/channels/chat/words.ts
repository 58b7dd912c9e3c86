/** A notice as a card of a chat group, and where its robot is: what WeCom, DingTalk and Feishu have in common. Pure. */
import { type Static, Type } from '@sinclair/typebox';
import { listed, localTime, type NoticeContent, wordsOf } from '../../content.ts';
import { type DeliverableNotice, isAlone } from '../contract.ts';
import { secretReference } from '../secret-reference.ts';

export const Robot = Type.Object(
  {
    url: secretReference('Address of the group’s robot (it holds a key)'),
    secret: Type.Optional(secretReference('Secret that its messages are signed with, where the group asks for it')),
    sites: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Sites whose notices go to this group; without it, those of every site that no other robot names',
      }),
    ),
    link: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'Whoever has the manager’s link answers for the site: false where others read the group. Without the link a notice is announced and not sent',
      }),
    ),
  },
  { additionalProperties: false },
);
export type Robot = Static<typeof Robot>;

/** The group of a site: the one that names it, else the one for all. */
export function robotOf(robots: readonly Robot[], site: string): Robot | null {
  return robots.find(({ sites }) => sites?.includes(site)) ?? robots.find(({ sites }) => !sites) ?? null;
}

export type CardText = {
  readonly title: string;
  /** Markdown: one fact a line. */
  readonly lines: readonly string[];
  readonly link: string | null;
  readonly open: string;
};

/** Signs that markdown reads as more than themselves; what people typed is shown as it is. */
const plain = (text: string) => text.replace(/[\\`*_[\]()#<>~|!]/g, ' ').replace(/\s+/g, ' ');

const prefix = { before: '【临期】', limit: '【到期】' } as const;

/** What several cases were found for, case by case; a card is short, and the page says the rest. */
function caseLines(cases: readonly NoticeContent[]): [string, string][] {
  return cases.map((content, i) => {
    const found = wordsOf(content).reasons.map((reason) => reason.found);
    const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
    const when = `${time(content.startedAt)}，限 by ${time(content.correctBy)}`;
    return [`${i + 1}/${cases.length} ${content.number}`, `${listed(found, 'zh')} / ${listed(found, 'en')}，${when}`];
  });
}

function factsOf(content: NoticeContent): [string, string][] {
  const found = wordsOf(content).reasons.map((reason) => reason.found);
  const time = (iso: string) => localTime(iso, content.utcOffsetMinutes);
  return [
    ['问题 Found', `${listed(found, 'zh')} / ${listed(found, 'en')}`],
    ['时间 When', time(content.startedAt)],
    ['地点 Where', plain(`${content.camera.name.zh} ${content.camera.id}`)],
    ['整改期限 Correct by', time(content.correctBy)],
  ];
}

/** @param link null where the group is not to have it. `reminder`: null for the notice itself */
export function cardOf(
  { content, cases, reminder }: Pick<DeliverableNotice, 'content' | 'cases' | 'reminder'>,
  link: string | null,
): CardText {
  const facts = [
    ['工地 Site', plain(content.site.name.zh)],
    ...(isAlone({ content, cases }) ? factsOf(content) : caseLines(cases)),
    ['联系 Contact', plain(content.contact)],
  ];
  return {
    title: `${reminder === null ? '' : prefix[reminder]}整改提醒 ${content.number}`,
    lines: [
      ...facts.map(([label, value]) => `**${label}**: ${value}`),
      link === null ? '负责人链接由经办单位另行发送。' : '算法辅助发现、人工确认，不是处罚决定；可陈述申辩。',
    ],
    link,
    open: '打开并答复 Open and answer',
  };
}
