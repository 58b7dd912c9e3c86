/** What a document is made of, as data: headings and lines in two languages, with names in braces for what a case fills in. */
import { type Static, Type } from '@sinclair/typebox';
import { words } from '../../../contracts/text.ts';

const closed = { additionalProperties: false } as const;

/** Names in braces, e.g. `{deadline}`, stand for what the case says. */
const TemplateText = Type.Object({ zh: words(2000), en: words(2000) }, closed);

const Line = Type.Union([
  Type.Object({ label: TemplateText, value: words(200, 'Text with names in braces') }, closed),
  Type.Object(
    {
      text: TemplateText,
      when: Type.Optional(Type.String({ description: 'Left out where nothing is known under this name' })),
    },
    closed,
  ),
  Type.Object(
    {
      list: Type.Union([
        Type.Literal('reasons'),
        Type.Literal('requirements'),
        Type.Literal('legalBasis'),
        Type.Literal('kindFacts'),
        Type.Literal('officers'),
        Type.Literal('service'),
        Type.Literal('stills'),
        Type.Literal('reply'),
        Type.Literal('signatures'),
      ]),
    },
    closed,
  ),
]);

/** What a notice fills in. */
export const noticeNames = [
  ...(['issuer', 'number', 'caseNumber', 'issuedAt', 'site', 'address', 'permitNumber', 'developer'] as const),
  ...(['contractor', 'manager', 'managerPhone', 'responsibilityLetter', 'found', 'period', 'camera'] as const),
  ...(['deadline', 'statementBy', 'contact', 'confirmedBy'] as const),
] as const;

/** What people fill into a correction order beside that. */
export const orderNames = ['orderNumber', 'party', 'approvedBy', 'approvedAt', 'reconsiderationBody', 'court'] as const;

export const NoticeTemplate = Type.Object(
  {
    title: TemplateText,
    subtitle: TemplateText,
    sections: Type.Array(Type.Object({ heading: TemplateText, lines: Type.Array(Line, { maxItems: 40 }) }, closed), {
      minItems: 1,
      maxItems: 20,
    }),
    footer: TemplateText,
  },
  closed,
);
export type NoticeTemplate = Static<typeof NoticeTemplate>;
