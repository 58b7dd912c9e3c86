/** What the office sets about notices: words on them, times, channels. */
import { Type } from '@sinclair/typebox';
import { violationKinds } from '../../contracts/violations/index.ts';
import { ChannelsConfig } from './channels/index.ts';

const closed = { additionalProperties: false } as const;

const Articles = Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 10 });

const TemplateFile = (what: string) =>
  Type.Optional(Type.String({ minLength: 1, description: `Template of ${what}, YAML file; see docs/notices.md` }));

export const TemplateFiles = Type.Object(
  { reminder: TemplateFile('the notice'), correctionOrder: TemplateFile('the correction order') },
  { ...closed, description: 'An office’s own words instead of the shipped ones' },
);

export const NoticesConfig = Type.Object(
  {
    issuer: Type.Optional(Type.String({ default: '城市管理局', description: 'Issuing body on the notice' })),
    contact: Type.Optional(Type.String({ default: '12319' })),
    correctWithinHours: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 720,
        default: 24,
        description:
          'Time to correct, h, counted round the clock; what would be due outside of working time is due when the next working day closes',
      }),
    ),
    linkDays: Type.Optional(Type.Number({ minimum: 1, maximum: 365, default: 30 })),
    stateWithinDays: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 365,
        default: 5,
        description: 'Time to state and defend, days, counted like the time to correct',
      }),
    ),
    legalBasis: Type.Optional(
      Type.Object(Object.fromEntries(violationKinds.map((kind) => [kind, Type.Optional(Articles)])), {
        ...closed,
        description: 'Articles that a notice rests on, by kind of violation, where a county applies others',
      }),
    ),
    reminders: Type.Optional(
      Type.Object(
        {
          beforeHours: Type.Optional(
            Type.Number({
              minimum: 0,
              maximum: 240,
              default: 4,
              description: 'A site that has not corrected is reminded so long before its limit, h; 0 = not',
            }),
          ),
          atLimit: Type.Optional(
            Type.Boolean({ default: true, description: 'It is reminded when the limit is reached' }),
          ),
        },
        { ...closed, description: 'Sent by every channel that reaches out' },
      ),
    ),
    templates: Type.Optional(TemplateFiles),
    channels: Type.Optional(ChannelsConfig),
  },
  closed,
);
