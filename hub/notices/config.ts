/** What the office sets about notices: words on them, times, channels. */
import { type Static, Type } from '@sinclair/typebox';
import { WeeklyWindow } from '../../contracts/schedule.ts';
import { words } from '../../contracts/text.ts';
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

const Shift = Type.Object(
  { name: words(60, 'Name of the shift'), windows: Type.Array(WeeklyWindow, { minItems: 1, maxItems: 28 }) },
  closed,
);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
/** Day and night, as construction sites work. */
export const shiftsByDefault: Static<typeof Shift>[] = [
  { name: '白班', windows: [{ days: everyDay, from: '07:00', to: '19:00' }] },
  { name: '夜班', windows: [{ days: everyDay, from: '19:00', to: '07:00' }] },
];

/** How the notices of one site and one shift become one. */
const merging = {
  merge: Type.Optional(
    Type.Union([Type.Literal('off'), Type.Literal('shift')], {
      default: 'off',
      description: '`shift`: the notices of one site and one shift go out as one, when the shift ends',
    }),
  ),
  shifts: Type.Optional(
    Type.Array(Shift, {
      minItems: 1,
      maxItems: 24,
      default: shiftsByDefault,
      description:
        'Shifts that notices are gathered over; of several at once the one that ends last counts. Outside of all of them a notice goes alone',
    }),
  ),
  mergeLeadMinutes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 10_080,
      default: 60,
      description:
        'What is gathered goes out at the latest so long before the first of its limits is reminded of (`reminders.beforeHours`), min',
    }),
  ),
  urgent: Type.Optional(
    Type.Object(
      Object.fromEntries(
        violationKinds.map((kind) => [
          kind,
          Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
        ]),
      ),
      {
        ...closed,
        description: 'Reasons whose notice never waits for others, by kind of violation; muck trucks: [spill]',
      },
    ),
  ),
};

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
    ...merging,
    templates: Type.Optional(TemplateFiles),
    channels: Type.Optional(ChannelsConfig),
  },
  closed,
);
